import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {newCourse} from '../../../src/commands/check/enough.ts';
import {toJson} from '../../../src/commands/check/json.ts';
import {exitCode, type Report, toReport} from '../../../src/commands/check/report.ts';
import type {Finding, Severity} from '../../../src/store/finding.ts';
import {noCluster} from '../../../src/store/fleet.ts';
import {emptyResource, failed, received} from '../../../src/store/resource.ts';
import type {StateKind} from '../../../src/store/server-state.ts';
import {nullPaths} from '../../helpers/check-run.ts';
import {blockedWorker, client, consoleClient, groupFigures, keptClients, noonMs, type StateParts, serverInfo, stateWith} from '../../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../../helpers/fleet.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const ended = {phase: 'ended', keys: 10, endedAtMs: noonMs, isComplete: true, unknown: []} as const;

function report(parts: StateParts = {}): Report {
	const course = {...newCourse(noonMs - 1000), firstInfoAtMs: noonMs - 1000};
	return toReport({state: stateWith(parts), course, endedAtMs: noonMs}, 'cache 10.0.0.9:6379');
}

const finding = (severity: Severity): Finding => ({
	id: `x.${severity}`,
	severity,
	title: 't',
	evidence: 'e',
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});

describe('severity and exit code', () => {
	it.each<[readonly Severity[], string, number]>([
		[[], 'ok', 0],
		[['P2'], 'P2', 1],
		[['P1', 'P2'], 'P1', 1],
		[['P0', 'P1'], 'P0', 2],
	])('%j: %s, %i', (severities, severity, code) => {
		const made = report({findings: severities.map(finding)});
		expect([made.severity, exitCode(made)]).toEqual([severity, code]);
	});

	it.each<[StateKind, 'open' | 'broken', string, number]>([
		['NOAUTH', 'broken', 'NOAUTH', 3],
		['WRONGPASS', 'broken', 'NOAUTH', 3],
		['NOPERM', 'broken', 'NOPERM', 3],
		['NOPERM', 'open', 'NOPERM', 0],
		['CONNECTING', 'broken', 'DOWN', 3],
		['UNREACHABLE', 'broken', 'DOWN', 0],
		['MASTERDOWN', 'open', 'READONLY', 0],
		['NOREPLICAS', 'open', 'READONLY', 0],
		['CLUSTERDOWN', 'open', 'DOWN', 0],
	])('%s with the link %s is called %s and ends with %i', (kind, link, state, code) => {
		const made = report({server: {kind, detail: 'its words'}, contact: {link}});
		expect(made.state).toBe(state);
		expect(exitCode(made)).toBe(code);
		if (code === 3) expect(made.unavailable[0]).toMatchObject({command: 'HELLO', reason: expect.any(String)});
	});
});

describe('unavailable', () => {
	const reasonsOf = ({unavailable}: Report, command: string) => unavailable.filter(gap => gap.command === command).map(({reason}) => reason);

	it('says why --cluster has shown no other node', () => {
		expect(reasonsOf(report({fleet: clusterOf([], {problem: noCluster})}), 'CLUSTER NODES')).toEqual([noCluster]);
		expect(reasonsOf(report({fleet: clusterOf([fleetNode()])}), 'CLUSTER NODES')).toEqual([]);
		expect(reasonsOf(report(), 'CLUSTER NODES')).toEqual([]);
	});

	it('explains every null of what has been read', () => {
		const queues = received([queueStatus(), queueStatus({id: 'celery:x', system: 'celery', failed: undefined, version: undefined})], noonMs);
		const made = report({clients: [], permissions: {}, snapshot: {queues, queueSearch: ended}});
		const reasons = made.unavailable.map(({reason}) => reason).join('\n');
		expect(nullPaths(made).length).toBeGreaterThan(20);
		expect(nullPaths(made).filter(path => !reasons.includes(path))).toEqual([]);
	});

	it('says why queues are not all there', () => {
		const search = {...ended, keys: 123_456, isComplete: false};
		const whyNot = (parts: StateParts) => reasonsOf(report(parts), 'SCAN');
		expect(whyNot({snapshot: {queues: received([], noonMs), queueSearch: search}})).toEqual([
			'stopped after 123,456 keys: a check takes 8 s at most, and there may be more queues',
		]);
		expect(whyNot({snapshot: {queueSearch: {...search, phase: 'running'}}})).toEqual([expect.stringMatching(/^stopped after 123,456 keys/)]);
		expect(whyNot({snapshot: {queues: failed(emptyResource, 'reset'), queueSearch: ended}})).toEqual(['reset']);
		expect(whyNot({server: {kind: 'LOADING', detail: 'LOADING x'}})).toEqual(['LOADING x']);
		expect(whyNot({session: {ownClientIds: new Set(['1'])}})).toEqual(['there was no second connection to read queues with']);
		const unknown = [{command: 'SCAN', reason: 'NOPERM x'}];
		expect(whyNot({snapshot: {queueSearch: {...ended, isComplete: false, unknown}}})).toEqual(['NOPERM x']);
	});

	it('names the reason of a rate that took one look', () => {
		const one = toReport({state: stateWith(), course: {...newCourse(noonMs), firstInfoAtMs: noonMs}, endedAtMs: noonMs}, 't');
		expect(reasonsOf(one, 'INFO')).toContainEqual(
			'vitals.cpuPercent, vitals.hitRate, vitals.evictedPerSecond: it takes two looks, and the server answered one',
		);
	});

	it('takes the server’s own ops/s where there was one look, and else what two have counted', () => {
		const info = received(serverInfo({opsPerSecond: 54}), noonMs);
		expect(report({snapshot: {info}}).vitals.opsPerSecond).toBe(54);
		expect(report({snapshot: {info, vitals: {opsPerSecond: 0}}}).vitals.opsPerSecond).toBe(0);
	});

	it('dates what was read before the server fell silent', () => {
		const made = report({server: {kind: 'SILENT'}});
		expect(reasonsOf(made, 'INFO')[0]).toBe('all figures are those of 2025-01-01T12:00:00.000Z: the server does not answer');
	});
});

it('counts clients by what they are for, and names the largest groups', () => {
	const clients = [
		consoleClient(),
		client({id: '2', name: 'web-1'}),
		client({id: '3', name: 'web-2', address: '10.0.0.2:1'}),
		blockedWorker({id: '4', name: 'w'}),
		blockedWorker({id: '5'}),
	];
	expect(report({clients, info: {blockedClients: 3, rejectedConnections: 4}}).clients).toEqual({
		connected: 12,
		max: 1000,
		blocked: 3,
		blockedWorkers: 2,
		rejected: 4,
		byKind: {normal: 2, blockedWorker: 2, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 1},
		largestGroups: [
			{by: 'name', key: 'web-*', count: 2},
			{by: 'address', key: '10.0.0.1', count: 3},
		],
	});
});

it('names the largest groups of all clients where only a part of them is kept', () => {
	const address = new Map([
		['10.0.0.1', groupFigures(30_002)],
		['10.0.0.2', groupFigures(19_998)],
		['10.0.0.3', groupFigures(2)],
	]);
	const name = new Map([
		['', groupFigures(49_000)],
		['redis-triage:tester@host:observe', groupFigures(2)],
		['web-*', groupFigures(1000)],
	]);
	const [observe, act] = [consoleClient(), consoleClient({id: '2'})];
	const clients = keptClients([observe, act, client({id: '3', name: 'web-1'})], {groups: {name, address, library: name, user: name}});
	expect(report({snapshot: {clients}}).clients.largestGroups).toEqual([
		{by: 'name', key: 'web-*', count: 1000},
		{by: 'address', key: '10.0.0.1', count: 30_000},
		{by: 'address', key: '10.0.0.2', count: 19_998},
		{by: 'address', key: '10.0.0.3', count: 2},
	]);
});

it('tells persistence, replication and memory as INFO does', () => {
	const {persistence, replication, memory} = report({
		info: {
			lastSaveAtSeconds: 1_735_732_800,
			lastSaveOk: false,
			changesSinceSave: 7,
			aofEnabled: true,
			aofLastWriteOk: true,
			aofLastRewriteOk: false,
			role: 'replica',
			connectedReplicas: 0,
			masterLinkUp: false,
			keyspace: [
				{db: 0, keys: 10, expires: 4, avgTtlMs: 0},
				{db: 3, keys: 5, expires: 5, avgTtlMs: 0},
			],
		},
	});
	expect(persistence).toEqual({lastSaveAt: '2025-01-01T12:00:00.000Z', lastSaveOk: false, changesSinceSave: 7, aofEnabled: true, aofOk: false});
	expect(replication).toEqual({role: 'replica', connectedReplicas: 0, lagSeconds: null, linkUp: false});
	expect(memory).toMatchObject({usedBytes: 1_000_000, maxBytes: 0, policy: 'noeviction', keys: 15, keysWithoutTtl: 6});
});

it('prints one line of JSON in which nothing can act on a terminal, and which says the same', () => {
	const name = 'a\u001b[31m\u009b31m\u202e\u200b\u2028ö';
	const made = report({snapshot: {queues: received([queueStatus({name})], noonMs), queueSearch: ended}});
	const text = toJson(made);
	expect(text).toMatch(/^\{[^\p{C}\u2028]*\}\n$/u);
	expect((JSON.parse(text) as Report).queues?.[0]?.name).toBe(name);
	expect(Object.keys((JSON.parse(text) as Report).unavailable[0] ?? {})).toEqual(['command', 'reason']);
});

/** Names of everything that is an object, as `a.b: x,y`. */
function shapeOf(value: unknown, path = ''): readonly string[] {
	if (Array.isArray(value)) return value.flatMap(item => shapeOf(item, path));
	if (typeof value !== 'object' || value === null) return [];
	return [`${path}: ${Object.keys(value)}`, ...Object.entries(value).flatMap(([key, item]) => shapeOf(item, `${path}.${key}`))];
}

it('has the shape that docs/check.md shows', () => {
	const [, example = ''] = /```json\n(.*?)\n```/s.exec(readFileSync(new URL('../../../docs/check.md', import.meta.url), 'utf8')) ?? [];
	const made = report({clients: [], findings: [finding('P1')], snapshot: {queues: received([queueStatus()], noonMs), queueSearch: ended}});
	expect(new Set(shapeOf(JSON.parse(example)))).toEqual(new Set(shapeOf(JSON.parse(toJson(made)))));
});
