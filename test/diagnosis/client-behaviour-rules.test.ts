import {describe, expect, it} from 'vitest';
import type {Grouping} from '../../src/redis/parse/client-grouping.ts';
import type {ClientRow} from '../../src/redis/parse/client-list.ts';
import type {GroupHistory} from '../../src/store/client-groups.ts';
import {blockedWorker, client, consoleClient, keptClients, noonMs, type StateParts} from '../helpers/fixtures.ts';
import {find, mib, standing, times} from './healthy.ts';

describe('clients.leak', () => {
	type Counts = Partial<Record<Grouping, Readonly<Record<string, number>>>>;
	const toMap = (counts: Readonly<Record<string, number>> = {}) => new Map(Object.entries(counts));
	/** Seconds before noon, and how many each group had then. */
	const history = (...moments: readonly (readonly [agoSeconds: number, counts: Counts])[]): GroupHistory =>
		moments.map(([ago, {name, library, address, user}]) => ({
			atMs: noonMs - ago * 1000,
			counts: {name: toMap(name), library: toMap(library), address: toMap(address), user: toMap(user)},
		}));
	const jobs = (...moments: readonly (readonly [agoSeconds: number, count: number])[]): StateParts => ({
		snapshot: {clientGroups: history(...moments.map(([ago, count]) => [ago, {name: {'job-*': count}}] as const))},
	});

	it.each([
		['ten a minute', jobs([60, 100], [30, 105], [0, 110]), false, true],
		['nine a minute', jobs([60, 101], [30, 105], [0, 110]), false, false],
		['ten a minute, over two minutes', jobs([120, 100], [30, 117], [0, 120]), false, true],
		['100 of them', jobs([60, 90], [30, 95], [0, 100]), false, true],
		['99 of them', jobs([60, 89], [30, 94], [0, 99]), false, false],
		['seen for less than a minute', jobs([59, 100], [30, 150], [0, 200]), false, false],
		['a start: it grows no more', jobs([90, 0], [20, 200], [0, 200]), false, false],
		['a new group that goes on growing', jobs([60, 0], [30, 100], [0, 200]), false, true],
		['once found, five a minute', jobs([60, 105], [30, 110], [0, 110]), true, true],
		['once found, four a minute', jobs([60, 106], [30, 108], [0, 110]), true, false],
		['once found, 95 of them', jobs([60, 85], [30, 90], [0, 95]), true, true],
		['nothing counted yet', jobs(), false, false],
	])('%s: standing %s, found %s', (_what, parts, isStanding, expected) => {
		expect(find('clients.leak', {...parts, ...(isStanding ? standing('clients.leak') : {})}) !== undefined).toBe(expected);
	});

	it.each([
		['was not among them before', [{}, {'job-*': 190}], false],
		['was among them before, not lately', [{'job-*': 100}, {}], false],
		['was among them at both ends', [{'job-*': 100}, {'job-*': 190}], true],
	] as const)('where only the largest groups are counted, one that %s: found %s', (_what, [then, lately], expected) => {
		const moments = history([60, {name: then}], [20, {name: lately}], [0, {name: {'job-*': 200}}]);
		const clientGroups = moments.map(moment => ({...moment, cut: ['name'] as const}));
		expect(find('clients.leak', {snapshot: {clientGroups}}) !== undefined).toBe(expected);
	});

	it('of several groups that grow names the smallest, and never those without a name', () => {
		const then = {name: {'': 500}, address: {'10.0.7.9': 100, '10.0.7.10': 50}, user: {default: 700}};
		const now = {name: {'': 600}, address: {'10.0.7.9': 200, '10.0.7.10': 50}, user: {default: 800}};
		const parts = {info: {connectedClients: 800, maxClients: 1000}, snapshot: {clientGroups: history([60, then], [20, then], [0, now])}};
		expect(find('clients.leak', {...parts, clients: [client({idleSeconds: 950_400})]})).toMatchObject({
			severity: 'P1',
			title: 'Connections of address 10.0.7.9 only grow: 200, 100 more a minute',
			components: ['address 10.0.7.9', 'every client that wants to connect'],
			remedies: ['client.kill-idle', 'client.kill', 'config.timeout', 'config.maxclients'],
		});
	});

	it('tells how long it takes, and how long they have been idle', () => {
		const clientGroups = history([60, {name: {job: 100}}], [20, {name: {job: 190}}], [0, {name: {job: 200}}]);
		const clients = [client({idleSeconds: 950_400}), blockedWorker({idleSeconds: 10_000_000})];
		// Whoever reads figures of connections is not to be alarmed by those of clients.high.
		const parts = {info: {connectedClients: 700, maxClients: 1000}, clients, snapshot: {clientGroups}};
		expect(find('clients.leak', parts)?.evidence).toBe('700 of 1,000 connections are taken, at this rate all in about 3 min; the longest idle one for 11d');
	});
});

describe('clients.blocked', () => {
	const waiting = client({flags: 'b', isBlocked: true, lastCommand: 'wait'});

	it.each([
		['ten in WAIT', times(10, waiting), false, false],
		['eleven in WAIT', times(11, waiting), false, true],
		['fifty workers', times(50, blockedWorker()), false, false],
		['ten in WAIT among fifty workers', [...times(10, waiting), ...times(50, blockedWorker())], false, false],
		['ten in WAIT and a console', [...times(10, waiting), consoleClient({isBlocked: true})], false, false],
		['ten in WAIT, once found', times(10, waiting), true, true],
		['nine in WAIT, once found', times(9, waiting), true, false],
	])('%s', (_what, clients, isStanding, expected) => {
		expect(find('clients.blocked', {clients, ...(isStanding ? standing('clients.blocked') : {})}) !== undefined).toBe(expected);
	});

	it('are counted in all of a list that is too long to be kept', () => {
		const clients = keptClients(times(9, waiting), {
			heldUp: new Map([
				['set', 3],
				['wait', 8000],
			]),
		});
		expect(find('clients.blocked', {snapshot: {clients}})).toMatchObject({
			title: '8,003 clients are held up inside a command',
			evidence: 'wait 8,000, set 3; workers that wait for jobs are not counted',
		});
	});

	it('cannot be told without the list: INFO counts the workers too', () => {
		expect(find('clients.blocked', {info: {blockedClients: 500}})).toBeUndefined();
	});

	it('says in which commands', () => {
		const paused = client({isBlocked: true, lastCommand: 'set'});
		expect(find('clients.blocked', {clients: [...times(3, paused), ...times(9, waiting)]})).toMatchObject({
			severity: 'P1',
			title: '12 clients are held up inside a command',
			evidence: 'wait 9, set 3; workers that wait for jobs are not counted',
			remedies: ['client.unblock', 'client.kill'],
		});
	});
});

describe('clients.output-buffer', () => {
	const buffer = (bytes: number, change: Partial<ClientRow> = {}) => client({outputBufferBytes: bytes, name: 'feed', ...change});

	it.each([
		[16 * mib, false, true],
		[16 * mib - 1, false, false],
		[15.2 * mib, true, true],
		[15.1 * mib, true, false],
	])('%i bytes, standing %s: %s', (bytes, isStanding, expected) => {
		expect(find('clients.output-buffer', {clients: [buffer(bytes), buffer(10)], ...(isStanding ? standing('clients.output-buffer') : {})}) !== undefined).toBe(
			expected,
		);
	});

	it('is not told of a console', () => expect(find('clients.output-buffer', {clients: [consoleClient({outputBufferBytes: 99 * mib})]})).toBeUndefined());

	const settings = {'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60'};
	it.each([
		['normal', settings, 'no limit is set at which the server would close it'],
		['subscriber', settings, 'the server closes it at 32.0M'],
		['replica', settings, 'the server closes it at 256M'],
		['normal', {}, 'the limit at which the server closes it is not known'],
	] as const)('of a %s client: %s', (kind, known, expected) => {
		expect(find('clients.output-buffer', {clients: [buffer(20 * mib, {kind})], settings: known})).toMatchObject({
			severity: 'P2',
			title: 'Client feed does not read its replies: 20.0M wait for it',
			evidence: `id 7, 10.0.0.1:5000, ${kind}, last command get; ${expected}`,
			remedies: ['client.kill'],
		});
	});
});
