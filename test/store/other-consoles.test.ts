import {describe, expect, it} from 'vitest';
import type {ClientRow} from '../../src/redis/parse/client-list.ts';
import {justActed, otherConsoles} from '../../src/store/other-consoles.ts';
import {client, consoleClient, noonMs, stateWith} from '../helpers/fixtures.ts';

const of = (who: string, role: string, change: Partial<ClientRow>): ClientRow =>
	client({name: `redis-triage:${who}:${role}`, kind: 'console', idleSeconds: 0, ...change});
const bob = [
	of('bob@b2', 'observe', {id: '11'}),
	of('bob@b2', 'act', {id: '12', lastCommand: 'client|kill', idleSeconds: 4}),
	of('bob@b2', 'queues', {id: '13'}),
];
const seen = (...clients: readonly ClientRow[]) => stateWith({clients: [consoleClient(), client(), ...clients]});

describe('other consoles', () => {
	it('are counted by their observing connections, ours left out', () => {
		expect(otherConsoles(seen())).toEqual([]);
		expect(otherConsoles(seen(...bob, of('tester@host', 'observe', {id: '21'})))).toMatchObject([{who: 'bob@b2'}, {who: 'tester@host', lastAct: undefined}]);
	});

	it('are none where only their dead connections are left, and none in a list that is older than our own connection', () => {
		expect(otherConsoles(seen(of('bob@b2', 'observe', {id: '11', idleSeconds: 300})))).toEqual([]);
		const state = seen(...bob);
		expect(otherConsoles({...state, snapshot: {...state.snapshot, contact: {...state.snapshot.contact, linkSinceMs: noonMs + 1}}})).toEqual([]);
	});

	it('have just acted when their acting connection says so, for a minute', () => {
		const state = seen(...bob);
		expect(justActed(state)).toEqual([{who: 'bob@b2', command: 'CLIENT KILL', agoMs: 4000}]);
		expect(justActed({...state, nowMs: noonMs + 50_000})).toHaveLength(1);
		expect(justActed({...state, nowMs: noonMs + 57_000})).toEqual([]);
	});

	it.each(['hello', 'client|setname', 'select', 'acl|dryrun', 'config|get', 'slowlog|get', 'info', 'NULL', ''])(
		'have not acted when all they sent was %j',
		lastCommand => {
			expect(justActed(seen(of('bob@b2', 'observe', {id: '11'}), of('bob@b2', 'act', {id: '12', lastCommand})))).toEqual([]);
		},
	);
});
