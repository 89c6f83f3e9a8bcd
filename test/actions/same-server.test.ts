import {describe, expect, it} from 'vitest';
import {clientPauseWrites} from '../../src/actions/clients/client-pause-writes.ts';
import {hookActions} from '../../src/actions/hooks/hook-actions.ts';
import {replicaPromote} from '../../src/actions/server/replica-promote.ts';
import {emptyResource, received} from '../../src/store/resource.ts';
import {bindIn, failureIn, setUp} from '../helpers/action-run.ts';
import {noonMs, type StateParts, serverInfo, stateWith} from '../helpers/fixtures.ts';

type Writable<T> = {-readonly [Key in keyof T]: T[Key]};

const again = 'close this and look again';
const known: StateParts = {info: {processId: 7}};
const bound = bindIn(clientPauseWrites, known);
const unread: StateParts = {snapshot: {info: emptyResource}};
/** Over a connection that was made a moment ago. */
const anew = (parts: StateParts = {}): StateParts => ({...parts, nowMs: noonMs + 5000, contact: {linkSinceMs: noonMs + 4000}});

describe('the server that it was opened on', () => {
	it('takes no room in the dialog as long as it is the same, and leaves the first word to what keeps it away', () => {
		const labels = bound.checks(stateWith(known)).map(({label}) => label);
		expect(labels.filter(label => label.includes('same'))).toEqual([]);
		expect(failureIn(bound, {server: {kind: 'DOWN'}, contact: {link: 'broken', linkSinceMs: noonMs + 1}})).toBe('The server is down');
	});

	it.each<[string, StateParts, string]>([
		['was restarted', anew({info: {runId: 'b2', processId: 8}}), `The server was restarted since this was opened (process 8 instead of 7): ${again}`],
		['was restarted in a container', anew({info: {runId: 'b2', processId: 7, uptimeSeconds: 2}}), `The server was restarted since this was opened: ${again}`],
		[
			'was replaced by one that ran before',
			anew({info: {runId: 'b2', processId: 8, uptimeSeconds: 900}}),
			`Another server answers here since this was opened (process 8 instead of 7): ${again}`,
		],
		['answers as another one behind the same connection', {info: {runId: 'b2'}}, `The server was restarted since this was opened: ${again}`],
		['became a replica', {info: {role: 'replica', processId: 7}}, `It has become a replica since this was opened, and was a master then: ${again}`],
		[
			'is not the one that is looked at',
			{session: {target: {name: 'cache', address: '10.0.0.2:6379', environment: undefined, db: 0}}},
			`The console looks at 10.0.0.2:6379 now, and this was opened on 10.0.0.9:6379: ${again}`,
		],
		['has lost the connection', {contact: {link: 'broken', linkSinceMs: noonMs + 1}}, 'The connection that this was opened on has ended'],
		[
			'has not told who it is over the new connection',
			{contact: {linkSinceMs: noonMs + 1}},
			`The connection was made anew since this was opened, and who answers has not been told yet: wait for that, or ${again}`,
		],
	])('%s: refused', (_what, parts, reason) => expect(failureIn(bound, parts)).toBe(reason));

	it.each<[string, StateParts]>([
		['nothing has happened', known],
		['it has told over a new connection that it is the same process', anew(known)],
		['INFO is refused by now, on the same connection', unread],
	])('%s: it goes on', (_what, parts) => expect(failureIn(bound, parts)).toBeUndefined());

	it('what it told an earlier connection is not frozen: that may have been another process', () => {
		const stale = {...known, snapshot: {info: received(serverInfo({runId: 'a1'}), noonMs - 90_000)}};
		expect(failureIn(bindIn(clientPauseWrites, stale), {info: {runId: 'b2'}})).toBeUndefined();
	});
});

describe('one of which nothing was known', () => {
	const unknown = bindIn(clientPauseWrites, unread);

	it('is not refused for ignorance, nor when it tells who it is over the connection that stood then', () => {
		expect(failureIn(unknown, unread)).toBeUndefined();
		expect(failureIn(unknown, {info: {runId: 'b2', role: 'replica'}})).toBeUndefined();
	});

	it('goes on where the connection that acts still stands, whatever becomes of the other one: a full server lets in nobody else', () => {
		const full = (sinceMs: number): StateParts => ({
			...unread,
			session: {actingSinceMs: noonMs - 70_000},
			server: {kind: 'MAXCLIENTS'},
			contact: {link: 'broken', linkSinceMs: sinceMs, failure: {kind: 'maxclients', detail: '', nextTryAtMs: 0}},
		});
		const shut = bindIn(clientPauseWrites, full(noonMs - 1000));
		expect(failureIn(shut, full(noonMs))).toBeUndefined();
		expect(failureIn(shut, {...anew(unread), session: {actingSinceMs: noonMs - 70_000}})).toBeUndefined();
		expect(failureIn(shut, {...full(noonMs), session: {actingSinceMs: noonMs}})).toBe('The connection that this was opened on has ended');
	});

	it.each([
		['tells who it is', anew({info: {runId: 'b2'}})],
		['tells nothing', anew(unread)],
	])('is refused when a new connection %s: nothing says that it is the same', (_what, parts) => {
		expect(failureIn(unknown, parts)).toBe(`The connection was made anew since this was opened, and which process answered before is not known: ${again}`);
	});
});

it('what is about the role has its own word on that', () => {
	const replica: StateParts = {info: {role: 'replica', masterHost: '10.0.0.1', masterPort: 6379}};
	expect(failureIn(bindIn(replicaPromote, replica), {info: {role: 'master'}})).toBe('It is a master by now');
	expect(failureIn(bindIn(replicaPromote, replica), {info: {...replica.info, runId: 'b2'}})).toContain('The server was restarted');
});

it('a program on this machine runs whatever becomes of the server', () => {
	const [hook] = hookActions([{name: 'look', command: ['uptime'], danger: 'disruptive', timeoutSeconds: 9}]);
	if (!hook) throw new Error('no hook');
	expect(failureIn(bindIn(hook, known), anew({info: {runId: 'b2', role: 'replica'}, server: {kind: 'DOWN'}}))).toBeUndefined();
});

describe('the last guard', () => {
	const run = (ageMs: number) => {
		const setting = setUp({action: clientPauseWrites, state: {snapshot: {info: received(serverInfo(), noonMs - ageMs)}}, replies: ['OK']});
		const {deps, store} = setting;
		let told = 0;
		const refresh = async () => {
			told += 1;
			store.setState(({snapshot}) => ({snapshot: {...snapshot, info: received(serverInfo({role: 'replica'}), noonMs)}}));
		};
		return {...setting, told: () => told, deps: Object.assign(deps as Writable<typeof deps>, {refresh})};
	};

	it('reads anew what was read long ago, and refuses what has changed since', async () => {
		const {run: act, send, notes} = run(30_000);
		await expect(act()).resolves.toMatchObject({outcome: 'refused', detail: expect.stringContaining('It has become a replica')});
		expect(send).not.toHaveBeenCalled();
		expect(notes.map(({phase, outcome}) => [phase, outcome])).toEqual([['outcome', 'refused']]);
	});

	it('is said again when the disk has taken its time for the intent: then it has failed, and nothing was sent', async () => {
		const {run: act, send, store, deps} = run(0);
		const {audit} = deps;
		deps.audit = async note => {
			await audit(note);
			if (note.phase === 'intent') store.setState(({snapshot}) => ({snapshot: {...snapshot, info: received(serverInfo({runId: 'b2'}), noonMs)}}));
		};
		await expect(act()).resolves.toMatchObject({outcome: 'failed', detail: expect.stringContaining('Nothing was sent: The server was restarted')});
		expect(send).not.toHaveBeenCalled();
	});

	it('reads nothing anew that is of a moment ago', async () => {
		const {run: act, send, told} = run(900);
		send.mockImplementation(async () => {
			expect(told()).toBe(0);
			return 'OK';
		});
		await act();
		expect(send).toHaveBeenCalledOnce();
	});
});
