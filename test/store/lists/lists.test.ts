import {describe, expect, it} from 'vitest';
import type {CommandStat} from '../../../src/redis/parse/command-stats.ts';
import {clientItems, clientOrders, clientsOf} from '../../../src/store/lists/client-list.ts';
import {paneItems, selectedItem} from '../../../src/store/lists/pane-lists.ts';
import {scriptItems, slowlogOrders} from '../../../src/store/lists/script-list.ts';
import {received} from '../../../src/store/resource.ts';
import {client, consoleClient, frozenAt, keptClients, noonMs, type StateParts, slowlogEntry, stateWith} from '../../helpers/fixtures.ts';

const clientIds = (parts: StateParts) => clientItems(stateWith(parts)).map(({id}) => id);
const scriptIds = (parts: StateParts) => scriptItems(stateWith(parts)).map(({id}) => id);

describe('sorting the clients', () => {
	const low = {
		idleSeconds: 1,
		ageSeconds: 1,
		outputBufferBytes: 1,
		queryBufferBytes: 1,
		totalMemoryBytes: 1,
		db: 1,
		lastCommand: 'get',
		name: 'a',
		address: '10.0.0.1:1',
	};
	const high = {
		idleSeconds: 10,
		ageSeconds: 10,
		outputBufferBytes: 10,
		queryBufferBytes: 10,
		totalMemoryBytes: 10,
		db: 10,
		lastCommand: 'set',
		name: 'b',
		address: '10.0.0.2:1',
	};
	const clients = [client({id: '30', ...low}), client({id: '4', ...high}), client({id: '1', ...low}), client({id: '20', ...high}), client({id: '5', ...low})];

	it('walks through the columns of the contract', () => {
		expect(clientOrders.map(({column}) => column)).toEqual(['idle', 'age', 'output', 'query', 'memory', 'db', 'command', 'name', 'address']);
	});

	it.each(clientOrders.map(({column}) => column))('by %s both ways; equal ones by id, as the server’s own order changes from poll to poll', column => {
		for (const rows of [clients, clients.toReversed()]) {
			expect(clientIds({clients: rows, panes: {clients: {sort: {column, descending: false}}}})).toEqual(['1', '5', '30', '4', '20']);
			expect(clientIds({clients: rows, panes: {clients: {sort: {column, descending: true}}}})).toEqual(['4', '20', '1', '5', '30']);
		}
	});

	it.each([
		['idle', 'idleSeconds'],
		['age', 'ageSeconds'],
		['output', 'outputBufferBytes'],
		['query', 'queryBufferBytes'],
		['memory', 'totalMemoryBytes'],
		['db', 'db'],
		['command', 'lastCommand'],
		['name', 'name'],
		['address', 'address'],
	] as const)('by %s is by %s and nothing else', (column, field) => {
		const others = {...high, [field]: low[field]};
		const rows = [client({id: '1', ...others}), client({id: '2', ...low, [field]: high[field]})];
		expect(clientIds({clients: rows, panes: {clients: {sort: {column, descending: false}}}})).toEqual(['1', '2']);
		expect(clientIds({clients: rows, panes: {clients: {sort: {column, descending: true}}}})).toEqual(['2', '1']);
	});

	it('begins with the largest figure, and with the first text', () => {
		const first = client(high);
		expect(clientOrders.map(({value, descending}) => [typeof value(first), descending])).toEqual(
			clientOrders.map(({column, value}) => [typeof value(first), typeof value(first) === 'number' && column !== 'db']),
		);
	});

	it('leaves the server’s order for a column nobody knows', () => {
		expect(clientIds({clients, panes: {clients: {sort: {column: 'shoe size', descending: true}}}})).toEqual(['30', '4', '1', '20', '5']);
	});
});

describe('filter', () => {
	const clients = [
		client({id: '101', address: '10.0.0.1:5000', name: 'Api', user: 'alice', lastCommand: 'hgetall', libraryName: 'ioredis'}),
		client({id: '102', address: '10.0.0.2:5000', name: 'worker-1', user: 'bob', lastCommand: 'blpop', kind: 'blocked-worker'}),
		client({id: '103', address: '10.9.9.9:5000', name: 'api-2', lastCommand: 'get', kind: 'replica'}),
	];

	it.each([
		['', ['101', '102', '103']],
		['   ', ['101', '102', '103']],
		['api', ['101', '103']],
		['API', ['101', '103']],
		['api alice', ['101']],
		['alice api', ['101']],
		['api bob', []],
		['10.0.0.', ['101', '102']],
		['102', ['102']],
		['hgetall', ['101']],
		['blocked', ['102']],
		['replica', ['103']],
		['ioredis', ['101']],
		['.*', []],
	])('%j leaves %j: every word must occur', (filter, expected) => {
		const sort = {column: 'none', descending: false};
		expect(clientIds({clients, panes: {clients: {filter, sort}}})).toEqual(expected);
	});

	it('comes before grouping, and the members of a group are those that pass', () => {
		const state = stateWith({clients, panes: {clients: {grouping: 'name', filter: '5000 api'}}});
		const [first, second, ...others] = clientItems(state);
		expect([first?.id, second?.id, others]).toEqual(['group:Api', 'group:api-*', []]);
		expect(first && clientsOf(state, first).map(({id}) => id)).toEqual(['101']);
	});
});

describe('groups in the list', () => {
	const clients = [client({id: '1', name: 'job-1'}), client({id: '2', name: 'job-2'}), client({id: '3', name: 'api'})];

	it('stand for all of their members', () => {
		const state = stateWith({clients, panes: {clients: {grouping: 'name'}}});
		const items = clientItems(state);
		expect(items.map(({id, kind}) => [kind, id])).toEqual([
			['group', 'group:job-*'],
			['group', 'group:api'],
		]);
		expect(items.map(item => clientsOf(state, item).map(({id}) => id))).toEqual([['1', '2'], ['3']]);
	});

	it('a client stands for itself', () => {
		const state = stateWith({clients});
		expect(clientItems(state).map(item => clientsOf(state, item).map(({id}) => id))).toEqual([['1'], ['2'], ['3']]);
	});

	it('tell growth from the counts before', () => {
		const counts = {name: new Map([['job-*', 1]]), library: new Map(), address: new Map(), user: new Map()};
		const state = stateWith({clients, panes: {clients: {grouping: 'name'}}, snapshot: {clientGroups: [{atMs: noonMs - 60_000, counts}]}});
		const [jobs] = clientItems(state);
		expect(jobs).toMatchObject({group: {key: 'job-*', count: 2, growthPerMinute: 1}});
	});

	it('tell none of a filtered group where only a part of the list is kept', () => {
		const counts = {name: new Map([['job-*', 40_000]]), library: new Map(), address: new Map(), user: new Map()};
		const clientGroups = [{atMs: noonMs - 60_000, counts}];
		const state = stateWith({panes: {clients: {grouping: 'name', filter: 'job'}}, snapshot: {clients: keptClients(clients), clientGroups}});
		expect(clientItems(state)).toMatchObject([{group: {key: 'job-*', count: 2, growthPerMinute: undefined}}]);
	});

	it('tell none of a group of which a filter hides a part', () => {
		const counts = {name: new Map([['job-*', 2]]), library: new Map(), address: new Map(), user: new Map()};
		const state = stateWith({
			clients,
			panes: {clients: {grouping: 'name', filter: 'job-1'}},
			snapshot: {clientGroups: [{atMs: noonMs - 60_000, counts}]},
		});
		expect(clientItems(state)).toMatchObject([{group: {key: 'job-*', count: 1, growthPerMinute: undefined}}]);
	});
});

describe('the row under the cursor', () => {
	const clients = [client({id: '1', idleSeconds: 1}), client({id: '2', idleSeconds: 2}), client({id: '3', idleSeconds: 3})];
	const under = (parts: StateParts) => {
		const state = stateWith(parts);
		return selectedItem(state, 'clients', clientItems(state))?.id;
	};

	it.each(
		clientOrders.flatMap(
			({column}) =>
				[
					[column, true],
					[column, false],
				] as const,
		),
	)('stays the same when sorted by %s (descending %s)', (column, descending) => {
		expect(under({clients, selectedClientId: '2', panes: {clients: {sort: {column, descending}}}})).toBe('2');
	});

	it('is none when its client has gone: it must not silently be another one', () => {
		expect(under({clients: clients.filter(({id}) => id !== '2'), selectedClientId: '2'})).toBeUndefined();
	});

	it('is none when a filter hides it', () => expect(under({clients, selectedClientId: '2', panes: {clients: {filter: 'nobody'}}})).toBeUndefined());

	it('is none when nothing was chosen', () => expect(under({clients})).toBeUndefined());
});

describe('the slowlog', () => {
	const slowlog = [
		slowlogEntry({id: 3, atMs: noonMs - 1000, durationMicros: 50, shape: 'GET *', args: ['GET', 'a'], clientName: 'api'}),
		slowlogEntry({id: 2, atMs: noonMs - 2000, durationMicros: 900, shape: 'EVAL x', args: ['EVAL', 'return 1'], clientAddress: '10.0.0.7:1'}),
		slowlogEntry({id: 1, atMs: noonMs - 3000, durationMicros: 70, shape: 'GET *', args: ['GET', 'b']}),
	];

	it.each([
		['when', true, ['3', '2', '1']],
		['when', false, ['1', '2', '3']],
		['took', true, ['2', '1', '3']],
		['took', false, ['3', '1', '2']],
		['none', false, ['3', '2', '1']],
	] as const)('by %s (descending %s)', (column, descending, expected) => {
		expect(scriptIds({slowlog, panes: {scripts: {sort: {column, descending}}}})).toEqual(expected);
	});

	it('equal ones stay newest first', () => {
		const second = [slowlogEntry({id: 9, durationMicros: 1}), slowlogEntry({id: 8, durationMicros: 1}), slowlogEntry({id: 7, durationMicros: 1})];
		for (const {column} of slowlogOrders) expect(scriptIds({slowlog: second, panes: {scripts: {sort: {column, descending: true}}}})).toEqual(['9', '8', '7']);
	});

	it.each([
		['return', ['2']],
		['get api', ['3']],
		['10.0.0.7', ['2']],
	])('filtered by %j', (filter, expected) => expect(scriptIds({slowlog, panes: {scripts: {filter}}})).toEqual(expected));

	it('grouped by shape: what took most in all comes first', () => {
		const state = stateWith({slowlog: [...slowlog, slowlogEntry({id: 0, durationMicros: 800, shape: 'GET *'})], panes: {scripts: {grouping: 'shape'}}});
		expect(scriptItems(state)).toEqual([
			{kind: 'group', id: 'group:GET *', group: {shape: 'GET *', count: 3, totalMicros: 920, longestMicros: 800, lastAtMs: noonMs - 1000}},
			{kind: 'group', id: 'group:EVAL x', group: {shape: 'EVAL x', count: 1, totalMicros: 900, longestMicros: 900, lastAtMs: noonMs - 2000}},
		]);
	});

	it('gives way to the statistics per command, most time first', () => {
		const stat = (name: string, totalMicros: number): CommandStat => ({name, calls: 1, totalMicros, microsPerCall: 1, rejectedCalls: 0, failedCalls: 0});
		const commandStats = received([stat('get', 5), stat('client|list', 90), stat('set', 7)], noonMs);
		const parts = {slowlog, snapshot: {commandStats}, ui: {showsStatistics: true}};
		expect(scriptIds(parts)).toEqual(['stat:client|list', 'stat:set', 'stat:get']);
		expect(scriptIds({...parts, panes: {scripts: {filter: 'et'}}})).toEqual(['stat:set', 'stat:get']);
	});
});

describe('what is listed', () => {
	it('is nothing before the first read', () => {
		expect(paneItems(stateWith(), 'clients')).toEqual([]);
		expect(paneItems(stateWith(), 'scripts')).toEqual([]);
		expect(paneItems(stateWith({ui: {showsStatistics: true}}), 'scripts')).toEqual([]);
	});

	it('is what a freeze has kept, until it is lifted', () => {
		const frozen = frozenAt(stateWith({clients: [client({id: '1'})]}));
		expect(clientIds({clients: [client({id: '2'}), consoleClient()], ui: {frozen}})).toEqual(['1']);
	});

	it('is the same array for the same inputs, so that nothing renders twice', () => {
		const state = stateWith({clients: [client()], slowlog: [slowlogEntry()]});
		expect(clientItems({...state, nowMs: noonMs + 9000})).toBe(clientItems(state));
		expect(scriptItems({...state, nowMs: noonMs + 9000})).toBe(scriptItems(state));
		expect(clientItems(stateWith({clients: [client()]}))).not.toBe(clientItems(state));
	});
});
