import {describe, expect, it} from 'vitest';
import {shutdownNosave} from '../../../src/actions/server/shutdown-nosave.ts';
import {ReplyLostError, ServerRefusedError} from '../../../src/errors.ts';
import {received} from '../../../src/store/resource.ts';
import type {StateKind} from '../../../src/store/server-state.ts';
import {answered, bindIn, failureIn, setUp} from '../../helpers/action-run.ts';
import {client, noonMs, type StateParts, serverInfo, stateWith} from '../../helpers/fixtures.ts';

const stuck: StateParts = {server: {kind: 'BUSY', running: 'script'}, snapshot: {unkillableSinceMs: noonMs}};
const bound = bindIn(shutdownNosave, stuck);
const fact = (label: string, parts: StateParts) => bindIn(shutdownNosave, parts).request.facts.find(([name]) => name === label)?.[1];

it.each([
	['7.0.15', ['SHUTDOWN', 'NOSAVE', 'NOW']],
	['8.6.3', ['SHUTDOWN', 'NOSAVE', 'NOW']],
	['6.2.16', ['SHUTDOWN', 'NOSAVE']],
	[undefined, ['SHUTDOWN', 'NOSAVE']],
])('on %s is %j', (version, argv) => expect(bindIn(shutdownNosave, {info: {version}, settings: {}}).plan).toEqual([argv]));

it('goes by what the server has, where that can be read, and not by what it calls itself', () => {
	const planWith = (version: string, settings: Readonly<Record<string, string>>) => bindIn(shutdownNosave, {info: {version}, settings}).plan;
	expect(planWith('0.9', {'busy-reply-threshold': '5000', 'lua-time-limit': '5000'})).toEqual([['SHUTDOWN', 'NOSAVE', 'NOW']]);
	expect(planWith('8.0', {'lua-time-limit': '5000'})).toEqual([['SHUTDOWN', 'NOSAVE']]);
});

it.each<[StateKind, boolean, StateParts?]>([
	['OK', true],
	['BUSY', true],
	['LOADING', true],
	['SILENT', false],
	['SILENT', true, {snapshot: {unkillableSinceMs: noonMs}}],
	['DOWN', false],
])('while the server is %s it can run: %s', (kind, can, parts = {}) => {
	expect(shutdownNosave.refusal(stateWith({...parts, server: {kind}})) === undefined).toBe(can);
});

it('waits longer for its end where a script is deaf', () => {
	expect(bound.deadlineMs(stateWith(stuck))).toBe(5000);
	expect(bound.deadlineMs(stateWith({server: {kind: 'SILENT'}}))).toBe(30_000);
});

describe('what would be lost', () => {
	const info = {changesSinceSave: 1204, lastSaveAtSeconds: noonMs / 1000 - 120, aofEnabled: false, connectedReplicas: 0};

	it('without an append-only file', () => {
		expect(fact('saved', {...stuck, info})).toBe('last save 11:58:00Z, 1,204 changes since; append-only file off');
		expect(bindIn(shutdownNosave, {...stuck, info}).request.effect[1]).toBe(
			'1,204 changes since the last save are lost, and the writes of the script that runs are lost',
		);
	});

	it('with one only the writes of the script', () => {
		expect(bindIn(shutdownNosave, {...stuck, info: {...info, aofEnabled: true}}).request.effect[1]).toBe(
			'what is in the append-only file is kept; the writes of the script that runs are lost',
		);
	});

	it('dates what was read before the server fell silent', () => {
		const old = received(serverInfo(info), noonMs - 60_000);
		expect(fact('saved', {...stuck, snapshot: {...stuck.snapshot, info: old}})).toContain('1,204 changes since (as of 11:59:00Z)');
	});

	it('claims nothing where nothing was ever read', () => {
		const {info: none} = stateWith().snapshot;
		const parts = {...stuck, snapshot: {...stuck.snapshot, info: {...none, data: undefined, updatedAtMs: undefined}}};
		expect(fact('saved', parts)).toBe('not known: the server has told nothing of it');
		expect(fact('replicas', parts)).toBe('not known');
		expect(fact('Sentinel', parts)).toBe('not known: the list of clients was not read');
	});
});

it('tells of replicas, and that they copy what comes back', () => {
	const replicas = [{address: '10.0.0.2:6379', state: 'online', offset: 1, lagSeconds: 9}];
	const parts = {...stuck, info: {connectedReplicas: 1, replicas}};
	expect(fact('replicas', parts)).toBe('1 replica, the slowest acknowledged 9s before that was read');
	expect(bindIn(shutdownNosave, parts).request.effect.join('\n')).toContain('they copy that and lose the rest');
});

it('counts the Sentinels among the clients', () => {
	const names = ['sentinel-3f2a91c0-cmd', 'sentinel-3f2a91c0-pubsub', 'sentinel-77aa0011-cmd', 'sentinel-of-mine'];
	const clients = names.map((name, index) => client({id: String(index + 10), name}));
	expect(fact('Sentinel', {...stuck, clients})).toBe('2 seen among the clients: they fail over to a replica unless it is back within their down-after');
	expect(fact('Sentinel', {...stuck, clients: []})).toBe('none seen among the clients');
});

describe('while the dialog is open', () => {
	const again = 'close this and look again';
	const busyAt = (sinceMs: number): StateParts => ({server: {kind: 'BUSY', running: 'script', blockedSinceMs: sinceMs}});

	it.each<[string, StateParts, string | undefined]>([
		['the script that it was opened for has ended', {}, `The script that this was opened for has ended: ${again}`],
		['it goes on', busyAt(1), undefined],
		['another one runs', busyAt(2), `What runs now is not known to be what ran when this was opened: ${again}`],
		[
			'it has fallen silent between two heavy calls',
			{server: {kind: 'SILENT', blockedSinceMs: 2, busyBefore: {sinceMs: 1, blockedSinceMs: 1, running: 'script'}}, snapshot: {unkillableSinceMs: noonMs}},
			undefined,
		],
	])('%s', (_what, parts, failure) => expect(failureIn(bindIn(shutdownNosave, busyAt(1)), parts)).toBe(failure));

	it('one that came back BUSY from a long silence is the same as long as UNKILLABLE stands: the server has answered nothing else', () => {
		const unkillable = {snapshot: {unkillableSinceMs: noonMs}};
		const opened = bindIn(shutdownNosave, {...busyAt(1), ...unkillable});
		expect(failureIn(opened, {...busyAt(2), ...unkillable})).toBeUndefined();
		expect(failureIn(opened, {...busyAt(2), snapshot: {unkillableSinceMs: noonMs + 1}})).toContain('not known to be what ran');
	});

	it('a script that comes where nothing held the server is another matter', () => {
		const opened = bindIn(shutdownNosave, {});
		expect(failureIn(opened, {})).toBeUndefined();
		expect(failureIn(opened, busyAt(2))).toBe(`A script holds the server that did not when this was opened: ${again}`);
	});

	it('what would be lost follows what the server tells, and not what another process tells', () => {
		const info = {changesSinceSave: 1800, aofEnabled: false};
		const {request} = bindIn(shutdownNosave, {info});
		const now = request.follow?.(stateWith({info: {...info, changesSinceSave: 4}}));
		expect([request.effect[1], now?.effect[1]]).toEqual(['1,800 changes since the last save are lost', '4 changes since the last save are lost']);
		expect(now?.facts).toContainEqual(['saved', 'last save not known, 4 changes since; append-only file off']);
		expect(request.follow?.(stateWith({info: {...info, runId: 'b2'}}))).toBeUndefined();
	});
});

describe('its end', () => {
	const ended = (parts: StateParts) => bound.verify(answered(), stateWith({nowMs: noonMs + 2000, ...parts}));
	const down = {server: {kind: 'DOWN'}, contact: {link: 'broken', failure: {kind: 'down', detail: '', nextTryAtMs: 0}}} as const;
	const back = {contact: {linkSinceMs: noonMs + 1000}} as const;

	it('is a connection that ends: good, and worth looking on', () => {
		expect(ended(down)).toEqual({
			ok: true,
			isFinal: false,
			detail: 'the server is gone: nothing listens at its address any more. Nobody has started it again so far',
		});
	});

	it('is another process that answers', () => {
		expect(ended({...back, info: {runId: 'b2'}})).toEqual({ok: true, detail: 'it has ended, and was started again: it is OK now'});
	});

	it('is a younger one, where the process was never known', () => {
		const {info} = stateWith().snapshot;
		const unknown = bindIn(shutdownNosave, {...stuck, snapshot: {...stuck.snapshot, info: {...info, data: undefined}}});
		const verdict = (uptimeSeconds: number) => unknown.verify(answered(), stateWith({...back, nowMs: noonMs + 2000, info: {uptimeSeconds}})).ok;
		expect([verdict(0), verdict(500)]).toEqual([true, false]);
	});

	it.each<[string, StateParts]>([
		['the same process answers', back],
		['who answers has not been read yet', {...back, nowMs: noonMs + 500}],
		['it cannot be reached', {...down, server: {kind: 'UNREACHABLE'}}],
		['somebody answers and lets nobody in', {...down, server: {kind: 'NOAUTH'}}],
		['the connection is being made', {contact: {link: 'connecting'}}],
	])('is not claimed when %s', (_what, parts) => expect(ended(parts).ok).toBe(false));

	it('is no reply', () => expect(bound.verify(answered('OK'), stateWith()).ok).toBe(false));
});

it('goes down the road to a lost reply, and is done', async () => {
	const after = {...stuck, server: {kind: 'DOWN'}, contact: {link: 'broken'}} as const;
	const {journal, send, run} = setUp({action: shutdownNosave, state: stuck, after, replies: [new ReplyLostError('gone')]});
	await expect(run()).resolves.toMatchObject({outcome: 'done', detail: expect.stringContaining('Nobody has started it again so far')});
	expect(send).toHaveBeenCalledOnce();
	expect(journal.filter(line => line === 'refresh').length).toBeGreaterThan(1);
});

it('an error reply is the server’s refusal to end', () => {
	expect(bound.explain(new ServerRefusedError('ERR Errors trying to SHUTDOWN. Check logs.'), stateWith())?.detail).toMatch(/^The server did not end/);
	expect(bound.explain(new ServerRefusedError('NOPERM no'), stateWith())).toBeUndefined();
});

it('is refused once the process has gone meanwhile', () => expect(failureIn(bound, {server: {kind: 'DOWN'}})).toBe('The server is down'));
