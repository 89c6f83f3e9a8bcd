import {describe, expect, it} from 'vitest';
import {resourceOf, type Source, type SourceName, sources} from '../../src/poll/sources.ts';
import {received} from '../../src/store/resource.ts';
import type {StateKind} from '../../src/store/server-state.ts';
import {type ConsoleState, createConsoleStore} from '../../src/store/store.ts';
import {serverInfo} from '../helpers/fixtures.ts';

const target = {name: 'test', address: '127.0.0.1:6379', environment: undefined, db: 0};
const empty = (intervalMs = 1000): ConsoleState =>
	createConsoleStore(
		{target, mode: 'guarded', operator: 'tester', intervalMs, ownClientIds: new Set(), auditFile: '/dev/null', acting: 'open', components: []},
		0,
	).getState();

const withClients = (state: ConsoleState, connectedClients: number): ConsoleState => ({...state, snapshot: {...state.snapshot, vitals: {connectedClients}}});
const inState = (state: ConsoleState, kind: StateKind, running?: 'script' | 'function'): ConsoleState => ({
	...state,
	snapshot: {...state.snapshot, server: {kind, sinceMs: 0, detail: '', ...(running ? {running} : {})}},
});

function source(name: SourceName): Source {
	const found = sources.find(one => one.name === name);
	if (!found) throw new Error(`no source ${name}`);
	return found;
}

/** Asks with the replies given, in order; what was asked comes back. */
async function read(name: SourceName, state: ConsoleState, replies: readonly unknown[]) {
	const asked: string[] = [];
	const left = [...replies];
	const ask = (argv: readonly string[]) => {
		asked.push(argv.join(' '));
		return Promise.resolve(left.shift());
	};
	const change = await source(name).read(ask, state, () => 7);
	return {asked, snapshot: change(state.snapshot, 5000)};
}

describe('how often', () => {
	it.each([
		[0, 2000],
		[100, 2000],
		[2000, 2000],
		[5000, 5000],
		[10_000, 10_000],
	])('CLIENT LIST with %i clients: every %i ms, for it stalls the server for all of them', (clients, everyMs) => {
		expect(source('clients').everyMs(withClients(empty(), clients))).toBe(everyMs);
	});

	it('CLIENT LIST on a server that is slow at it: seldom enough for 0.3 % of a core', () => {
		const stat = {name: 'client|list', calls: 4, totalMicros: 100_000, microsPerCall: 25_000, rejectedCalls: 0, failedCalls: 0};
		const state = withClients(empty(), 2000);
		const slow = {...state, snapshot: {...state.snapshot, commandStats: received([stat], 0)}};
		expect(source('clients').everyMs(slow)).toBeCloseTo(8333, 0);
	});

	it('CLIENT LIST for whoever asks: for 2 % of a core at most', () => {
		const pauseMs = (state: ConsoleState) => source('clients').leastPauseMs?.(state);
		expect(pauseMs(withClients(empty(), 100))).toBeCloseTo(6.5);
		expect(pauseMs(withClients(empty(), 10_000))).toBeCloseTo(650);
		const stat = {name: 'client|list', calls: 4, totalMicros: 100_000, microsPerCall: 25_000, rejectedCalls: 0, failedCalls: 0};
		const state = withClients(empty(), 2000);
		expect(pauseMs({...state, snapshot: {...state.snapshot, commandStats: received([stat], 0)}})).toBeCloseTo(1250);
	});

	it('a running function until it is described, then seldom: the reply may be megabytes', () => {
		const {everyMs} = source('functionStats');
		const running = {name: 'spin', command: ['FCALL', 'spin', '0'], durationMs: 1};
		expect(everyMs(empty())).toBe(1000);
		expect(everyMs({...empty(), snapshot: {...empty().snapshot, functionStats: received({running}, 0)}})).toBe(5000);
	});

	it('nothing is asked more often than the interval says, and the statistics seldom', () => {
		const slow = empty(10_000);
		expect(Object.fromEntries(sources.map(({name, everyMs}) => [name, everyMs(slow)]))).toMatchObject({
			info: 10_000,
			clients: 10_000,
			slowlog: 10_000,
			settings: 30_000,
			permissions: 60_000,
		});
		expect(source('commandStats').everyMs({...slow, snapshot: {...slow.snapshot, ownCostPercent: 0.1}})).toBe(10_000);
	});
});

describe('when at all', () => {
	const wanted = (state: ConsoleState) => sources.filter(one => one.isWanted(state)).map(({name}) => name);

	it('nothing while the server is silent, while a script blocks it, or before the login', () => {
		expect(wanted(inState(empty(), 'SILENT'))).toEqual([]);
		expect(wanted(inState(empty(), 'BUSY', 'script'))).toEqual([]);
		expect(wanted(inState(empty(), 'NOAUTH'))).toEqual([]);
	});

	it('only the running function while a function blocks it', () => {
		expect(wanted(inState(empty(), 'BUSY', 'function'))).toEqual(['functionStats']);
	});

	it.each(['OK', 'LOADING', 'MASTERDOWN', 'MISCONF', 'OOM', 'READONLY', 'MAXCLIENTS'] as const)('in %s everything that can be answered', kind => {
		expect(wanted(inState(empty(), kind))).toEqual(['info', 'clients', 'slowlog', 'settings', 'permissions', 'commandStats', 'largeCommands']);
	});

	it.each([
		['OK', true],
		['CLUSTERDOWN', true],
		['LOADING', false],
		['BUSY', false],
	] as const)('of a node of a cluster in %s whether the cluster is up: %s', (kind, expected) => {
		const state = inState({...empty(), snapshot: {...empty().snapshot, info: received(serverInfo({clusterEnabled: true}), 1)}}, kind);
		expect(wanted(state).includes('cluster')).toBe(expected);
	});
});

describe('the slowlog', () => {
	const entry = (id: number) => [id, 1_700_000_000 + id, 20_000, ['GET', 'a'], '127.0.0.1:5000', ''];

	it('is read whole only when its newest entry has changed', async () => {
		const first = await read('slowlog', empty(), [[entry(7)], [entry(7), entry(6)]]);
		expect(first.asked).toEqual(['SLOWLOG GET 1', 'SLOWLOG GET 128']);
		expect(resourceOf(first.snapshot, 'slowlog').updatedAtMs).toBe(5000);

		const known = {...empty(), snapshot: first.snapshot};
		const same = await read('slowlog', known, [[entry(7)]]);
		expect(same.asked).toEqual(['SLOWLOG GET 1']);
		expect(same.snapshot.slowlog.data).toBe(first.snapshot.slowlog.data);

		const grown = await read('slowlog', known, [[entry(8)], [entry(8), entry(7), entry(6)]]);
		expect(grown.asked).toEqual(['SLOWLOG GET 1', 'SLOWLOG GET 128']);
		expect(grown.snapshot.slowlog.data?.entries).toHaveLength(3);
	});

	it('is seen to have been reset, and is not asked twice while it is empty', async () => {
		const full = await read('slowlog', empty(), [[entry(7)], [entry(7)]]);
		const reset = await read('slowlog', {...empty(), snapshot: full.snapshot}, [[], []]);
		expect(reset.snapshot.slowlog.data?.entries).toEqual([]);
		const still = await read('slowlog', {...empty(), snapshot: reset.snapshot}, [[]]);
		expect(still.asked).toEqual(['SLOWLOG GET 1']);
	});
});

describe('commands refused for want of memory', () => {
	const told = (runId: string, count: number, limit = '') =>
		`run_id:${runId}\r\n${limit}# Errorstats\r\n${count === 0 ? '' : `errorstat_OOM:count=${count}\r\n`}`;
	const after = async (...infos: readonly string[]) => {
		let state = empty();
		for (const text of infos) state = {...state, snapshot: (await read('info', state, [text])).snapshot};
		return state.snapshot.oomRefusedAtMs;
	};

	it.each([
		['the first look: it may be long ago', [told('a', 3)], undefined],
		['more of them', [told('a', 0), told('a', 1)], 5000],
		['no more of them: when it was stays', [told('a', 0), told('a', 1), told('a', 1)], 5000],
		['CONFIG RESETSTAT', [told('a', 3), told('a', 0)], undefined],
		['under a limit that has been changed since', [told('a', 0), told('a', 1), told('a', 1, 'maxmemory:9\r\n')], undefined],
		['under a policy that has been changed since', [told('a', 0), told('a', 1), told('a', 2, 'maxmemory_policy:allkeys-lru\r\n')], undefined],
		[
			'and under the new policy too',
			['', 'maxmemory_policy:allkeys-lru\r\n'].flatMap((limit, index) => [told('a', index, limit), told('a', index + 1, limit)]),
			5000,
		],
		['a restart: that was another server', [told('a', 0), told('a', 1), told('b', 9)], undefined],
	])('%s', async (_what, infos, expected) => expect(await after(...infos)).toBe(expected));
});

it.each([
	['nothing', null, 0],
	['a text', 'id=3 addr=10.0.0.1:5000', 1],
	['a number', 7, 0],
])('CLIENT LIST answered with %s ends nothing', async (_what, reply, count) => {
	const {snapshot} = await read('clients', empty(), [reply]);
	expect(snapshot.clients.data?.clients).toHaveLength(count);
});
