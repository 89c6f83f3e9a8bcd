import {describe, expect, it} from 'vitest';
import {clientPauseWrites} from '../../../src/actions/clients/client-pause-writes.ts';
import {aofRewrite} from '../../../src/actions/server/aof-rewrite.ts';
import {bgsave} from '../../../src/actions/server/bgsave.ts';
import {memoryPurge} from '../../../src/actions/server/memory-purge.ts';
import {replicaPromote} from '../../../src/actions/server/replica-promote.ts';
import {slowlogReset} from '../../../src/actions/server/slowlog-reset.ts';
import type {AnyAction} from '../../../src/actions/types.ts';
import {parseLatencyHistory, parseLatencyLatest} from '../../../src/redis/parse/latency.ts';
import {answered, bindByReading, bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {client, type StateParts, slowlogEntry, stateWith} from '../../helpers/fixtures.ts';

const gib = 1024 ** 3;
const refused = (action: AnyAction, parts: StateParts) => action.refusal(stateWith(parts))?.refused;

describe('memory.purge', () => {
	it('is refused with libc, where it does nothing', () => {
		expect(refused(memoryPurge, {info: {allocator: 'libc'}})).toBe('The allocator is libc: with it MEMORY PURGE does nothing. Only jemalloc gives pages back');
		expect(refused(memoryPurge, {info: {allocator: 'jemalloc-5.3.0'}})).toBeUndefined();
		expect(refused(memoryPurge, {})).toBeUndefined();
	});

	it('looks on for the figure, which is taken ten times a second', () => {
		const bound = bindIn(memoryPurge, {info: {usedMemoryRssBytes: 5 * gib}});
		expect(bound.verify(answered('OK'), stateWith({info: {usedMemoryRssBytes: 3 * gib}}))).toEqual({ok: true, detail: 'resident memory is 3.0G, 2.0G less'});
		expect(bound.verify(answered('OK'), stateWith({info: {usedMemoryRssBytes: 5 * gib}}))).toMatchObject({ok: true, isFinal: false});
	});
});

describe('a snapshot', () => {
	it.each<[string, StateParts, RegExp]>([
		['one is under way', {info: {saveInProgress: true, savingForSeconds: 7}}, /^A snapshot is under way, for 7s/],
		['a rewrite is under way', {info: {aofRewriteInProgress: true}}, /^The append-only file is being rewritten/],
	])('is refused while %s', (_what, parts, reason) => expect(refused(bgsave, parts)).toMatch(reason));

	it.each<[StateParts, object]>([
		[{info: {saveInProgress: true, savedKeys: 10, keysToSave: 100}}, {ok: true, isFinal: false, detail: 'the snapshot is under way: 10 of 100 keys'}],
		[{info: {saveInProgress: false, lastSaveOk: false}}, {ok: false, isFinal: true}],
		[{info: {saveInProgress: false, lastSaveOk: true, lastSaveTookSeconds: 2}}, {ok: true}],
		[{}, {ok: false}],
	])('is judged by INFO: %j', (after, expected) => {
		expect(bindIn(bgsave, {}).verify(answered('Background saving started'), stateWith(after))).toMatchObject(expected);
	});

	it('costs a fork: as long as the last one, else by its size', () => {
		expect(bindIn(bgsave, {info: {latestForkMicros: 49_328}}).request.cost).toBe('the server stands still for the fork: 49.3 ms last time');
		expect(bindIn(bgsave, {info: {usedMemoryRssBytes: 2 * gib}}).request.cost).toBe('the server stands still for the fork: some 20.0 ms to 200 ms for 2.0G');
		expect(bindIn(bgsave, {info: {usedMemoryRssBytes: 3 * gib, totalSystemMemoryBytes: 4 * gib}}).request.effect[1]).toContain('that may not be enough');
	});
});

it.each<[string, StateParts, RegExp | undefined]>([
	['the file is on', {info: {aofEnabled: true}}, undefined],
	['the file is off', {info: {aofEnabled: false}}, /appendonly no/],
	['one is under way', {info: {aofEnabled: true, aofRewriteInProgress: true}}, /^A rewrite is under way/],
	['one is scheduled', {info: {aofEnabled: true, aofRewriteScheduled: true}}, /^A rewrite is scheduled/],
])('a rewrite, when %s', (_what, parts, reason) => expect(refused(aofRewrite, parts) ?? '').toMatch(reason ?? /^$/));

describe('replica.promote', () => {
	const replica = {role: 'replica', masterHost: '10.0.0.1', masterPort: 6379, masterLinkUp: true} as const;

	it.each<[string, StateParts, RegExp]>([
		['a master', {}, /^This is a master already/],
		['one of an unknown role', {info: {role: undefined}}, /^Whether this is a replica is not known/],
		['a node of a cluster', {info: {...replica, clusterEnabled: true}}, /CLUSTER FAILOVER/],
		['one that is being filled', {info: {...replica, masterSyncInProgress: true}}, /half empty/],
		['one that is loading', {info: replica, server: {kind: 'LOADING'}}, /loading its data/],
	])('is refused on %s', (_what, parts, reason) => expect(refused(replicaPromote, parts)).toMatch(reason));

	it('tells how far it is behind, and of Sentinels that would turn it back', () => {
		const info = {...replica, masterLinkUp: false, masterLinkDownSeconds: 42, replicaReadOffset: 5000, replicaOffset: 3976, connectedReplicas: 1};
		const {request} = bindIn(replicaPromote, {info, clients: [client({name: 'sentinel-3f2a91c0-cmd'})]});
		expect(request.facts).toEqual([
			['follows', '10.0.0.1:6379, the link is down for 42s'],
			['behind', '1.0K received and not yet carried out; what the master has taken in the last 42s cannot be seen from here'],
		]);
		expect(request.effect.join('\n')).toMatch(/the 1 replica of this one goes on with it[\s\S]*1 Sentinel watches it: .*sentinel\.failover/);
	});
});

describe('slowlog.reset', () => {
	const row = (id: number, argv: readonly string[]) => [id, 1_700_000_000 + id, 12_000, argv, '10.0.0.1:5000', 'api'];
	const answer =
		(rows: readonly unknown[], length = rows.length) =>
		([, what]: readonly string[]) =>
			what === 'LEN' ? length : rows;

	it('keeps what was in it: secrets masked, long commands cut', () => {
		const rows = [row(8, ['AUTH', 'hunter2']), row(7, ['SET', 'a', 'x'.repeat(500)])];
		const {exports, request} = bindByReading(slowlogReset, {}, answer(rows, 300));
		expect(exports?.lines).toEqual([
			'22:13:28Z 12.0 ms AUTH *** (10.0.0.1:5000 api)',
			expect.stringMatching(/^22:13:27Z 12\.0 ms SET a x{230,}… \(10\.0\.0\.1:5000 api\)$/),
		]);
		expect(request.facts[0]).toEqual(['slowlog', '300 entries, from 22:13:27Z to 22:13:28Z, the slowest took 12.0 ms']);
		expect(request.effect[1]).toBe('298 older entries are not exported: only the newest 128 are read');
	});

	it('is not sent when it could not be read, and when there is nothing', async () => {
		const {run, send} = setUp({action: slowlogReset, state: {}, answer: () => new Error('NOPERM no')});
		await expect(run()).resolves.toMatchObject({outcome: 'refused', detail: expect.stringContaining('so it is not emptied: NOPERM no')});
		expect(send).not.toHaveBeenCalled();
		expect(() => bindByReading(slowlogReset, {}, answer([]))).toThrow('The slowlog is empty already');
	});

	it('is not sent once something came that was not read', () => {
		const bound = bindByReading(slowlogReset, {}, answer([row(8, ['GET', 'a'])]));
		const failure = (id: number, atMs: number) => failureIn(bound, {slowlog: [slowlogEntry({id, atMs})]});
		const reason = 'New entries since this was read: leave, and open it again';
		expect(failure(8, 1_700_000_008_000)).toBeUndefined();
		expect(failure(7, 1_700_000_008_000)).toBeUndefined();
		expect(failure(9, 1_700_000_008_000)).toBe(reason);
		// The server began anew.
		expect(failure(0, 1_700_000_009_000)).toBe(reason);
	});

	it('is verified by ids: what was slow since may be there', () => {
		const bound = bindByReading(slowlogReset, {}, answer([row(8, ['GET', 'a'])]));
		const isEmptied = (id: number) => bound.verify(answered('OK'), stateWith({slowlog: [slowlogEntry({id, atMs: 1_700_000_008_000})]})).ok;
		expect([isEmptied(8), isEmptied(9)]).toEqual([false, true]);
	});
});

it('latency replies: rows of any width, and nothing from what is none', () => {
	expect(parseLatencyLatest([['command', 1_700_000_000, 12, 40, 9, 9], ['fork', 'x', 1, 1], 'no'])).toEqual([
		{name: 'command', latestAtMs: 1_700_000_000_000, latestMs: 12, worstMs: 40},
	]);
	expect(parseLatencyHistory([[1_700_000_000, 12], [1], 'no'])).toEqual([{atMs: 1_700_000_000_000, ms: 12}]);
	expect([parseLatencyLatest('no'), parseLatencyHistory(null)]).toEqual([[], []]);
});

it('client.pause-writes tells of SCRIPT KILL before 7.0, and never pauses everything', () => {
	const effect = (version: string) => bindIn(clientPauseWrites, {info: {version}}).request.effect.join('\n');
	expect(effect('6.2.16')).toContain('before 7.0 SCRIPT KILL waits too');
	expect(effect('7.0.15')).not.toContain('SCRIPT KILL');
	expect(bindIn(clientPauseWrites, {}).plan).toEqual([['CLIENT', 'PAUSE', '5000', 'WRITE']]);
	const end = bindIn(clientPauseWrites, {}, {on: [], set: {ms: '0'}});
	expect(end).toMatchObject({plan: [['CLIENT', 'UNPAUSE']], undo: {none: 'not needed: writes go on'}});
});
