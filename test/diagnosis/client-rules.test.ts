import {describe, expect, it} from 'vitest';
import {diagnose} from '../../src/diagnosis/diagnose.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding} from '../../src/store/finding.ts';
import {client, consoleClient, noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

const find = (id: string, parts: StateParts, thresholds = defaultThresholds): Finding | undefined =>
	diagnose(stateWith(parts), thresholds).find(finding => finding.id === id);

const connected = (connectedClients: number | undefined, maxClients: number | undefined = 1000): StateParts => ({info: {connectedClients, maxClients}});
const standing = [{id: 'clients.high', severity: 'P1', title: '', evidence: '', meaning: [], components: [], remedies: [], over: ''}] as const;

describe('clients.high', () => {
	it.each([
		[799, false],
		[800, true],
		[999, true],
		[1000, true],
	])('with %i of 1,000: %s', (count, expected) => expect(find('clients.high', connected(count)) !== undefined).toBe(expected));

	it.each([
		[799, true],
		[760, true],
		[759, false],
	])('once found, with %i of 1,000 it stands: %s', (count, expected) => {
		expect(find('clients.high', {...connected(count), findings: standing}) !== undefined).toBe(expected);
	});

	it.each([
		[499, false],
		[500, true],
	])('follows its threshold: 50 %% and %i of 1,000: %s', (count, expected) => {
		expect(find('clients.high', connected(count), {...defaultThresholds, clientsHighRatio: 0.5}) !== undefined).toBe(expected);
	});

	it.each([
		['the server does not tell its clients', connected(undefined)],
		['the server does not tell its limit', {info: {connectedClients: 900, maxClients: undefined}}],
		['there is no limit', connected(900, 0)],
		['every slot is taken: that is clients.maxed', {...connected(1000), server: {kind: 'MAXCLIENTS'}}],
		['the server is down: the last figures are history', {...connected(900), server: {kind: 'DOWN'}, contact: {link: 'broken'}}],
	] as const)('cannot be told when %s', (_why, parts) => expect(find('clients.high', parts)).toBeUndefined());

	it('is P1 and gives the figures', () => {
		expect(find('clients.high', connected(812))).toMatchObject({
			severity: 'P1',
			title: '81% of all connections are taken',
			evidence: '812 of 1,000',
			remedies: ['client.kill', 'config.maxclients', 'config.timeout'],
		});
	});
});

describe('clients.maxed', () => {
	const inside = {server: {kind: 'MAXCLIENTS'}, ...connected(1000)} as const;
	const outside = {...inside, server: {kind: 'MAXCLIENTS', detail: 'ERR max number of clients reached'}, contact: {link: 'broken'}} as const;

	it.each(['OK', 'BUSY', 'DOWN', 'SILENT'] as const)('is not told of a server that is %s', kind =>
		expect(find('clients.maxed', {...inside, server: {kind}})).toBeUndefined(),
	);

	it('seen from inside gives the figures and who has most', () => {
		const clients = [consoleClient(), client({id: '2', name: 'job-1'}), client({id: '3', name: 'job-2'}), client({id: '4', name: 'api'})];
		const vitals = {connectedClients: 1000, maxClients: 1000, rejectedPerSecond: 3.2};
		expect(find('clients.maxed', {...inside, clients, snapshot: {vitals}})).toMatchObject({
			severity: 'P0',
			title: 'All 1,000 connections are taken: new ones are refused',
			evidence: '1,000 connected; 4 refused a second; largest group job-* with 2',
			remedies: ['client.kill', 'config.maxclients', 'config.timeout'],
		});
	});

	it('seen from outside says that we are refused too, in the server’s words', () => {
		const finding = find('clients.maxed', outside);
		expect(finding?.steps?.join()).toMatch(/ss -tn .* sport = :6379.*Stop or restart/);
		expect(finding).toMatchObject({
			severity: 'P0',
			title: 'No connection is free: the server refuses this console too',
			evidence: 'ERR max number of clients reached',
		});
		expect(finding?.meaning.join(' ')).toContain('takes the first connection that becomes free');
	});
});

describe('the largest group', () => {
	const evidence = (parts: StateParts) => find('clients.high', {...connected(900), ...parts})?.evidence;
	const named = (count: number, name: string, address: string) =>
		Array.from({length: count}, (_, index) => client({id: `${name}${index}`, name, address: `${address}:${index}`}));

	it.each([
		['by name', [...named(5, 'job', '10.0.0.1'), ...named(2, '', '10.0.0.2')], '900 of 1,000; largest group job with 5'],
		['by address where most have no name', [...named(2, 'job', '10.0.0.1'), ...named(9, '', '10.0.0.2')], '900 of 1,000; largest group 10.0.0.2 with 9'],
		['by address where nobody has a name', named(3, '', '10.0.0.2'), '900 of 1,000; largest group 10.0.0.2 with 3'],
		['none in an empty list', [], '900 of 1,000'],
	] as const)('%s', (_how, clients, expected) => expect(evidence({clients})).toBe(expected));

	it('stands beside the one that grows, where that is another one', () => {
		const clients = [...named(70, 'web', '10.0.0.1'), ...named(20, 'leak', '10.0.0.2')];
		const counts = {
			name: new Map([
				['web', 70],
				['leak', 5],
			]),
			library: new Map(),
			address: new Map(),
			user: new Map(),
		};
		expect(evidence({clients, snapshot: {clientGroups: [{atMs: noonMs - 60_000, counts}]}})).toBe(
			'900 of 1,000; largest group web with 70; leak (20) grows by 15 a minute',
		);
	});

	it('grows, where it does', () => {
		const clients = named(70, 'job', '10.0.0.1');
		const counts = {name: new Map([['job', 10]]), library: new Map(), address: new Map(), user: new Map()};
		expect(evidence({clients, snapshot: {clientGroups: [{atMs: noonMs - 60_000, counts}]}})).toBe('900 of 1,000; largest group job with 70, 60 more a minute');
	});
});
