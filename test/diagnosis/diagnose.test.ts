import {describe, expect, it} from 'vitest';
import {diagnose, rules} from '../../src/diagnosis/diagnose.ts';
import {stepsByHand} from '../../src/diagnosis/steps.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import {emptyResource, refused} from '../../src/store/resource.ts';
import {client, noonMs, type StateParts, slowlogEntry, stateWith} from '../helpers/fixtures.ts';
import {owed, sightsAt} from '../helpers/sentinel-replies.ts';
import {course, find, found, gib, healthyState, mib, replica, standing, times} from './healthy.ts';
import {steady} from './queue-looks.ts';

const ids = (parts: StateParts) => found(parts).map(({id}) => id);

const groups = (agoMs: number, count: number) => ({
	atMs: noonMs - agoMs,
	counts: {name: new Map([['job-*', count]]), library: new Map(), address: new Map(), user: new Map()},
});

/** One state of the world for every rule. */
const troubles: Readonly<Record<string, StateParts>> = {
	'script.busy': {server: {kind: 'BUSY', running: 'script'}},
	'script.unkillable': {server: {kind: 'BUSY', running: 'script'}, snapshot: {unkillableSinceMs: noonMs}},
	'server.silent': {server: {kind: 'SILENT'}},
	'server.down': {server: {kind: 'DOWN'}, contact: {link: 'broken'}},
	'server.loading': {server: {kind: 'LOADING', loadedPercent: 41}, info: {loading: {percent: 41, etaSeconds: 12}, uptimeSeconds: 8}},
	'clients.maxed': {server: {kind: 'MAXCLIENTS'}},
	'clients.high': {info: {connectedClients: 90, maxClients: 100}},
	'clients.leak': {snapshot: {clientGroups: [groups(60_000, 100), groups(20_000, 190), groups(0, 200)]}},
	'clients.blocked': {clients: times(11, client({isBlocked: true, lastCommand: 'wait'}))},
	'clients.output-buffer': {clients: [client({outputBufferBytes: 20 * mib})]},
	'server.oom': {server: {kind: 'OOM'}, info: {usedMemoryBytes: 4 * gib + 1}},
	'memory.high': {info: {usedMemoryBytes: 3.6 * gib}},
	'memory.growing': {
		snapshot: {
			history: course(
				'usedMemoryBytes',
				Array.from({length: 300}, (_, second) => second * 2 * mib),
			),
		},
	},
	'memory.no-limit': {info: {maxMemoryBytes: 0}},
	'memory.evicting': {info: {maxMemoryPolicy: 'allkeys-lru'}, snapshot: {history: course('evictedPerSecond', times(20, 5))}},
	'memory.fragmented': {info: {usedMemoryRssBytes: 2 * gib}},
	'persistence.misconf': {server: {kind: 'MISCONF', detail: 'MISCONF Errors writing to the AOF file: No space left on device'}},
	'persistence.bgsave-failed': {info: {lastSaveOk: false}},
	'persistence.off': {info: {aofEnabled: false}, settings: {save: ''}},
	'persistence.stale': {info: {aofEnabled: undefined, lastSaveAtSeconds: noonMs / 1000 - 900, changesSinceSave: 3}, settings: {save: '3600 1'}},
	'replication.link-down': {info: {role: 'replica', masterLinkUp: false}},
	'replication.lag': {info: {replicas: [{...replica, lagSeconds: 9}]}},
	'sentinel.failover-near': {snapshot: {sentinels: sightsAt(noonMs, {masters: owed(20_000, 20_100, 20_200)})}},
	'replication.lost-writes-risk': {server: {kind: 'BUSY', running: 'script'}, snapshot: {sentinels: sightsAt(noonMs, {masters: owed(20_000, 20_100, 20_200)})}},
	'sentinel.no-quorum': {snapshot: {sentinels: sightsAt(noonMs, {quorum: new Error('NOQUORUM 1 usable Sentinels. Not enough'), silent: 2})}},
	'queue.depth': {snapshot: steady([{waiting: 12_041, processedPerSecond: 88}])},
	'queue.stuck': {snapshot: steady([{waiting: 5, processedPerSecond: 0}], 13)},
	'queue.stalled': {snapshot: steady([{active: 4, activeWithoutLock: 4}])},
	'queue.overdue': {snapshot: steady([{delayed: 9, overdue: 2, oldestOverdueMs: 900_000}])},
	'queue.failing': {snapshot: steady([{processedPerSecond: 9, failedPerSecond: 3}])},
	'queue.no-workers': {snapshot: steady([{waiting: 5, workers: undefined, processedPerSecond: 0}])},
	'queue.paused': {snapshot: steady([{paused: true, waiting: 5}])},
	'queue.mixed-majors': {snapshot: steady([{mixedMajors: {jobsAtRisk: 5, evidence: ['5 jobs in wait and 3 jobs in paused']}}])},
	'replication.too-few': {server: {kind: 'NOREPLICAS'}, info: {role: 'master', goodReplicas: 0}},
	'cluster.down': {server: {kind: 'CLUSTERDOWN'}, info: {clusterEnabled: true}},
	'ha.none': {info: {connectedReplicas: 0, replicas: []}},
	'latency.high': {snapshot: {roundTrips: times(10, {atMs: noonMs, ms: 250})}},
	'ops.drop': {snapshot: {history: course('opsPerSecond', [...times(100, 200), ...times(3, 20)])}},
	'slowlog.burst': {slowlog: times(12, slowlogEntry({atMs: noonMs - 1000}))},
	'script.slow': {slowlog: [slowlogEntry({isScript: true, durationMicros: 2_000_000})]},
	'access.limited': {snapshot: {clients: refused(emptyResource, 'CLIENT LIST', 'NOPERM')}},
	'observer.cost': {snapshot: {ownCostPercent: 2}},
};

/** The table of actions as the product has it; those that are not built yet are not offered by the views. */
const actionIds: ReadonlySet<string> = new Set([
	...['script.kill', 'script.raise-limit', 'server.shutdown-nosave', 'client.kill', 'client.kill-idle', 'client.unblock', 'client.pause-writes'],
	...['maxclients', 'timeout', 'maxmemory', 'maxmemory-policy', 'slowlog-log-slower-than', 'save', 'appendonly', 'stop-writes-on-bgsave-error'].map(
		setting => `config.${setting}`,
	),
	...['slowlog.reset', 'latency.reset', 'memory.purge', 'keys.unlink', 'persistence.bgsave', 'persistence.aof-rewrite', 'replica.promote'],
	...['queue.pause', 'queue.resume', 'queue.retry-failed', 'queue.recover-stalled', 'queue.promote-overdue', 'queue.clean'],
	...['sentinel.failover', 'sentinel.down-after', 'monitor.sample'],
]);

it('finds nothing on a healthy server', () => expect(found({})).toEqual([]));

it('has no two rules of one id, and a test for each', () => {
	expect(rules.map(({id}) => id)).toEqual([...new Set(rules.map(({id}) => id))]);
	expect(Object.keys(troubles).toSorted()).toEqual(rules.map(({id}) => id).toSorted());
});

/** What cannot stand alone. */
const comesWith: Readonly<Record<string, readonly string[]>> = {'replication.lost-writes-risk': ['script.busy', 'sentinel.failover-near']};

describe.each(Object.entries(troubles))('%s', (id, parts) => {
	it('is found, and over when its cause has gone', () => {
		expect(ids(parts)).toEqual([...(comesWith[id] ?? []), id]);
		expect(ids({findings: found(parts)})).toEqual([]);
	});

	it('says in full what it is, whom it hits and how one sees that it is over', () => {
		const finding = find(id, parts);
		const texts = [finding?.title, finding?.evidence, finding?.over, ...(finding?.meaning ?? []), ...(finding?.components ?? [])];
		expect(finding?.meaning.length).toBeGreaterThan(0);
		expect(finding?.components.length).toBeGreaterThan(0);
		// What a state fixture does not tell stays empty in the evidence; no text may show a hole.
		for (const text of texts) expect(text).not.toMatch(/undefined|NaN|\[object/);
		for (const text of [finding?.title, finding?.over, ...(finding?.meaning ?? [])]) expect(text?.trim()).not.toBe('');
	});

	it('names only remedies of the product', () => {
		const finding = find(id, parts);
		expect(finding?.remedies.filter(remedy => !actionIds.has(remedy))).toEqual([]);
	});
});

it('puts the worst first, whatever the order of the rules', () => {
	const high = {info: {connectedClients: 90, maxClients: 100}, server: {kind: 'SILENT'}} as const;
	for (const table of [rules, rules.toReversed()]) {
		expect(diagnose(healthyState(high), defaultThresholds, {table}).map(({severity, id}) => [severity, id])).toEqual([
			['P0', 'server.silent'],
			['P1', 'clients.high'],
		]);
	}
});

it('keeps the order of the rules among findings of one severity', () => {
	expect(ids({server: {kind: 'SILENT'}, snapshot: {unkillableSinceMs: noonMs}})).toEqual(['script.unkillable', 'server.silent']);
});

it('returns the very findings it found before while they say the same, and new ones when they do not', () => {
	const parts = {info: {connectedClients: 90, maxClients: 100}};
	const before = found(parts);
	expect(found({...parts, findings: before})).toBe(before);
	expect(found({info: {connectedClients: 91, maxClients: 100}, findings: before})).not.toBe(before);
});

describe('what needs the figures of now', () => {
	const high = {info: {usedMemoryBytes: 3.6 * gib}} as const;
	const now = {...standing('memory.high'), ...high};

	it.each(['BUSY', 'SILENT'] as const)('in %s stays as it was, and nothing new is found', kind => {
		expect(ids({...high, server: {kind}})).not.toContain('memory.high');
		expect(found({...now, server: {kind}}).find(({id}) => id === 'memory.high')?.title).toBe('as it was');
		// Also where the last figures told that it is over.
		expect(ids({...standing('memory.high'), server: {kind}})).toContain('memory.high');
	});

	it.each([
		['without a connection', {link: 'broken'}],
		['until INFO has been read on a new one: it may be another server', {linkSinceMs: noonMs + 1}],
	] as const)('is not told %s', (_when, contact) => expect(ids({...now, contact})).not.toContain('memory.high'));

	it('is told anew once the server answers', () => {
		expect(found(now).find(({id}) => id === 'memory.high')?.title).toBe('90% of maxmemory is used');
	});
});

it('says what is done by hand, by finding; what a rule says itself counts more', () => {
	expect(Object.keys(stepsByHand).filter(id => !rules.some(rule => rule.id === id))).toEqual([]);
	const found = {severity: 'P2', title: 't', evidence: '', meaning: [], components: [], remedies: [], over: ''} as const;
	const table = [
		{id: 'ha.none', judge: () => found},
		{id: 'memory.high', judge: () => ({...found, steps: ['its own']})},
		{id: 'other', judge: () => found},
	];
	const told = diagnose(stateWith(), defaultThresholds, {table});
	expect(told.map(({steps}) => steps)).toEqual([stepsByHand['ha.none'], ['its own'], undefined]);
});
