import {describe, expect, it} from 'vitest';
import {clientKill} from '../../../src/actions/clients/client-kill.ts';
import {answered, bindIn, failureIn} from '../../helpers/action-run.ts';
import {blockedWorker, client, consoleClient, frozenAt, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';

const crowd = [
	consoleClient({id: '1'}),
	client({id: '7', name: 'api-1'}),
	client({id: '8', name: 'api-2', idleSeconds: 90}),
	blockedWorker({id: '9', name: 'job-1'}),
	client({id: '10', name: 'job-2', kind: 'replica'}),
];
const plan = (parts: StateParts) => bindIn(clientKill, {clients: crowd, ...parts}).plan;
const kills = (...ids: readonly string[]) => ids.map(id => ['CLIENT', 'KILL', 'ID', id]);

describe('the target', () => {
	it.each<[string, StateParts, readonly string[]]>([
		['the client under the cursor', {selectedClientId: '8'}, ['8']],
		['the marked ones, whatever the cursor is on', {markedClientIds: ['10', '7'], selectedClientId: '8'}, ['7', '10']],
		['those of the marked that are still there', {markedClientIds: ['7', '77']}, ['7']],
		['the group under the cursor', {panes: {clients: {grouping: 'name', selectedId: 'group:api-*'}}}, ['7', '8']],
		['of a group those that pass the filter', {panes: {clients: {grouping: 'name', selectedId: 'group:api-*', filter: 'api-2'}}}, ['8']],
		['of a group with a console in it the others', {panes: {clients: {grouping: 'address', selectedId: 'group:10.0.0.1'}}}, ['7', '8', '9', '10']],
		['of the marked not what this console is', {markedClientIds: ['1', '7']}, ['7']],
	])('is %s', (_what, parts, ids) => expect(plan(parts)).toEqual(kills(...ids)));

	it.each<[string, StateParts, string]>([
		['no cursor and no mark', {}, 'Select a client first, or mark some with m'],
		['a cursor whose client has gone', {selectedClientId: '77'}, 'Select a client first, or mark some with m'],
		['marks whose clients have gone', {markedClientIds: ['77']}, 'The marked clients have gone'],
		['a console under the cursor', {selectedClientId: '1'}, 'This is a console: it does not close itself or its like'],
		['another console', {clients: [consoleClient({id: '50'})], selectedClientId: '50'}, 'This is a console: it does not close itself or its like'],
		[
			'own connection that could not be named',
			{clients: [client({id: '2'})], selectedClientId: '2'},
			'This is a console: it does not close itself or its like',
		],
	])('is refused with %s', (_what, parts, refused) => {
		expect(clientKill.refusal(stateWith({clients: crowd, ...parts}))?.refused).toBe(refused);
	});

	it('is refused without a client list, with the server’s reason where there is one', () => {
		expect(clientKill.refusal(stateWith())).toEqual({refused: 'The client list has not been read yet'});
		const {clients} = stateWith().snapshot;
		const snapshot = {clients: {...clients, refused: {command: 'CLIENT LIST', reason: 'NOPERM …'}}};
		expect(clientKill.refusal(stateWith({snapshot}))).toEqual({refused: 'NOPERM …'});
	});

	it('is what the frozen display shows', () => {
		const {snapshot} = stateWith({clients: [client({id: '8'}), client({id: '7'})]});
		expect(plan({selectedClientId: '8', ui: {frozen: {...frozenAt(stateWith()), snapshot}}})).toEqual(kills('8'));
	});
});

describe('the dialog', () => {
	it.each([
		[['7', '8', '9', '10'], 4, '100% of all 4 connections: nearly every application loses its own'],
		[['7', '8', '9', '10'], 5, '80% of all 5 connections'],
		[['7', '8', '9', '10'], 9, undefined],
		[['7'], 1, undefined],
	])('says loudly when it is most of them: %j of %i', (markedClientIds, connectedClients, expected) => {
		const effect = bindIn(clientKill, {clients: crowd, markedClientIds, snapshot: {vitals: {connectedClients}}}).request.effect;
		expect(effect.find(text => text.includes('of all'))).toBe(expected);
	});

	const {request} = bindIn(clientKill, {clients: crowd, selectedClientId: '9'});
	const many = bindIn(clientKill, {clients: crowd, markedClientIds: ['7', '8', '9', '10']}).request;

	it('says who one is and what it does', () => {
		expect(request.facts).toEqual([
			['client', 'id 9  10.0.0.1:5000  job-1'],
			['doing', 'blpop, idle 3s: a worker waiting for jobs'],
		]);
	});

	it('says how many, of which kind, and how long idle', () => {
		expect(many.facts).toEqual([
			['clients', '4: normal 2, blocked-worker 1, replica 1'],
			['from', expect.stringMatching(/^10\.0\.0\.\d+ \d/)],
			['last', expect.any(String)],
			['idle', expect.stringMatching(/^3s to 1m30s, connected for /)],
		]);
		expect(many.affects).toBe('api-* 2, job-* 2');
		expect(many.cost).toBe('4 passes over the list of 12 clients');
	});

	it('warns of a replication link, and only then', () => {
		expect(many.effect.join('\n')).toContain('replication link');
		expect(request.effect.join('\n')).not.toContain('replication link');
	});

	it('names at most three groups and counts the rest', () => {
		const names = ['a', 'b', 'c', 'd', 'e', ''].map((name, index) => client({id: String(index + 10), name}));
		const {affects} = bindIn(clientKill, {clients: names, markedClientIds: names.map(({id}) => id)}).request;
		expect(affects).toBe('a 1, b 1, c 1, 3 more');
	});

	it('says that it cannot be undone', () => expect(request.undo).toContain('cannot be undone'));
});

describe('checks', () => {
	const one = bindIn(clientKill, {clients: crowd, selectedClientId: '7'});
	const two = bindIn(clientKill, {clients: crowd, markedClientIds: ['7', '8']});

	it.each<[string, typeof one, StateParts, string | undefined]>([
		['all is as it was', one, {clients: crowd}, undefined],
		['the client has gone', one, {clients: []}, 'Client 7 has already gone'],
		['its address has a new client', one, {clients: [client({id: '70'})]}, 'Client 7 has already gone'],
		['one of two has gone', two, {clients: [client({id: '8'})]}, undefined],
		['both have gone', two, {clients: []}, 'All of them have already gone'],
		['it turns out to be ours', one, {clients: crowd, session: {ownClientIds: new Set(['7'])}}, 'This is the console’s own connection'],
		['it may not be run', one, {clients: crowd, permissions: {'CLIENT KILL': false}}, 'This user has no permission to run CLIENT KILL'],
		['it may be run', one, {clients: crowd, permissions: {'CLIENT KILL': true}}, undefined],
		['the server is BUSY', one, {clients: crowd, server: {kind: 'BUSY'}}, 'The server is BUSY and refuses this: stop the script first'],
		['every slot is taken', one, {clients: crowd, server: {kind: 'MAXCLIENTS'}}, undefined],
		['memory is full', one, {clients: crowd, server: {kind: 'OOM'}}, undefined],
	])('%s', (_what, bound, now, expected) => expect(failureIn(bound, now)).toBe(expected));

	it('count who is left', () => {
		const labels = two.checks(stateWith({clients: [client({id: '8'})]})).map(({label}) => label);
		expect(labels).toContain('1 of 2 are still connected');
	});
});

describe('verification', () => {
	const one = bindIn(clientKill, {clients: crowd, selectedClientId: '7'});
	const three = bindIn(clientKill, {clients: crowd, markedClientIds: ['7', '8', '9']});

	it.each([
		['killed and gone', one, [1], [], {ok: true, detail: 'client 7 is disconnected'}],
		['killed and still listed', one, [1], ['7'], {ok: false, detail: '1 of 1 are still listed'}],
		['gone by itself', one, [0], [], {ok: false, detail: 'the server closed nobody: it had gone by itself', isFinal: true}],
		['all killed', three, [1, 1, 1], [], {ok: true, detail: '3 clients are disconnected'}],
		['one had gone', three, [1, 0, 1], [], {ok: true, detail: '2 clients are disconnected, 1 had gone by themselves'}],
		['all had gone', three, [0, 0, 0], [], {ok: false, detail: 'the server closed nobody: all of them had gone by themselves', isFinal: true}],
		['one is left', three, [1, 1, 1], ['8'], {ok: false, detail: '1 of 3 are still listed'}],
	] as const)('%s', (_what, bound, replies, left, expected) => {
		expect(bound.verify(answered(...replies), stateWith({clients: left.map(id => client({id}))}))).toEqual(expected);
	});

	it('asks for the client list', () => expect(one.evidence).toEqual(['clients']));
});

describe('a server that has been restarted', () => {
	const before = bindIn(clientKill, {clients: [client({id: '6', address: '10.0.0.6:5000'})], selectedClientId: '6'});

	it('has given the id to somebody else: that one is not killed', () => {
		expect(failureIn(before, {clients: [client({id: '6', address: '10.0.0.7:5001'})]})).toBe('Client 6 has already gone');
	});

	it('has not been listed yet: nobody is killed by the old list', () => {
		const listed = stateWith({clients: [client({id: '6', address: '10.0.0.6:5000'})]}).snapshot.clients;
		const later = {snapshot: {clients: listed}, nowMs: noonMs + 9, contact: {linkSinceMs: noonMs + 5}};
		expect(failureIn(before, later)).toContain('from before the connection');
	});
});
