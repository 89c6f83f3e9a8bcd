import {describe, expect, it} from 'vitest';
import {groupings} from '../../src/redis/parse/client-grouping.ts';
import {clientOrders} from '../../src/store/lists/client-list.ts';
import {initialUi} from '../../src/store/ui.ts';
import {changeUi} from '../../src/store/ui-commands.ts';
import {moveCursor, nextGrouping, nextSort, page, reverseSort, setFilter, showClientGroups, toggleMark, type UiChange} from '../../src/store/ui-lists.ts';
import {client, consoleClient, noonMs, type StateParts, slowlogEntry, stateWith, storeWith} from '../helpers/fixtures.ts';

const five = ['1', '2', '3', '4', '5'].map(id => client({id}));
const onClients = {ui: {focus: 'clients'}} as const;

/** The state after some changes, each seen by the next. */
function changed(parts: StateParts, ...changes: readonly UiChange[]) {
	const store = storeWith(parts);
	for (const change of changes) changeUi(store, change);
	return store.getState();
}

const cursorAfter = (parts: StateParts, ...changes: readonly UiChange[]) => changed({...onClients, ...parts}, ...changes).ui.panes.clients.selectedId;

describe('the cursor', () => {
	it.each([
		['down one', '2', 1, '3'],
		['up one', '2', -1, '1'],
		['not above the first', '1', -1, '1'],
		['not below the last', '5', 1, '5'],
		['to the first', '4', Number.NEGATIVE_INFINITY, '1'],
		['to the last', '2', Number.POSITIVE_INFINITY, '5'],
		['a page at most to the end', '2', 12, '5'],
	])('goes %s', (_how, selectedClientId, rows, expected) => {
		expect(
			cursorAfter(
				{clients: five, selectedClientId},
				moveCursor(() => rows),
			),
		).toBe(expected);
	});

	it.each([
		[1, '1'],
		[-1, '1'],
		[Number.POSITIVE_INFINITY, '5'],
	])('starts at the top where there was none, or its row has gone: moved by %s', (rows, expected) => {
		expect(
			cursorAfter(
				{clients: five},
				moveCursor(() => rows),
			),
		).toBe(expected);
		expect(
			cursorAfter(
				{clients: five, selectedClientId: '77'},
				moveCursor(() => rows),
			),
		).toBe(expected);
	});

	it.each([1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('stands nowhere in an empty list: moved by %s', rows => {
		expect(
			cursorAfter(
				{clients: [], selectedClientId: '1'},
				moveCursor(() => rows),
			),
		).toBeUndefined();
	});

	it('moves in the pane that has the focus, and leaves the other alone', () => {
		const {ui} = changed(
			{clients: five, slowlog: [slowlogEntry()], selectedClientId: '2', ui: {focus: 'scripts'}},
			moveCursor(() => 1),
		);
		expect([ui.panes.scripts.selectedId, ui.panes.clients.selectedId]).toEqual(['3', '2']);
	});

	it.each([
		[24, 1, 12],
		[40, 1, 28],
		[24, -0.5, -6],
		[16, 0.5, 2],
		[5, 1, 1],
	])('on %i rows %s pages are %i rows', (rows, pages, expected) => {
		expect(page(pages)(stateWith({ui: {size: {columns: 80, rows}}}))).toBe(expected);
	});
});

describe('sorting', () => {
	it('walks through all columns and comes round', () => {
		const seen = clientOrders.map((_, index) => changed(onClients, ...Array.from({length: index + 1}, () => nextSort)).ui.panes.clients.sort);
		expect(seen).toEqual([...clientOrders.slice(1), clientOrders[0]].map(order => ({column: order?.column, descending: order?.descending})));
	});

	it('reverses, and back', () => {
		const {sort} = initialUi.panes.clients;
		expect(changed(onClients, reverseSort).ui.panes.clients.sort).toEqual({...sort, descending: !sort.descending});
		expect(changed(onClients, reverseSort, reverseSort).ui.panes.clients.sort).toEqual(sort);
	});

	it('keeps the cursor on its client', () => expect(cursorAfter({clients: five, selectedClientId: '4'}, nextSort, reverseSort)).toBe('4'));

	it('has two columns in the slowlog', () => {
		const columns = [1, 2].map(steps => changed({}, ...Array.from({length: steps}, () => nextSort)).ui.panes.scripts.sort.column);
		expect(columns).toEqual(['took', 'when']);
	});
});

describe('grouping', () => {
	it.each([
		['clients', [...groupings, undefined]],
		['scripts', ['shape', undefined]],
	] as const)('of %s goes through %j and the cursor lets go', (focus, expected) => {
		const parts = {clients: five, ui: {focus}, panes: {[focus]: {selectedId: '2'}}};
		const states = expected.map((_, index) => changed(parts, ...Array.from({length: index + 1}, () => nextGrouping)));
		expect(states.map(({ui}) => ui.panes[focus].grouping)).toEqual(expected);
		expect(states.map(({ui}) => ui.panes[focus].selectedId)).toEqual(expected.map(() => undefined));
	});

	it('by name is shown at once where a crowd is looked for, the cursor on the largest', () => {
		const clients = [client({id: '1', name: 'api'}), client({id: '2', name: 'job-1'}), client({id: '3', name: 'job-2'})];
		const {ui} = changed({clients, panes: {clients: {filter: 'api'}}, ui: {overlay: {kind: 'help', offset: 0}}}, showClientGroups);
		expect(ui).toMatchObject({
			view: 'clients',
			focus: 'clients',
			overlay: undefined,
			panes: {clients: {grouping: 'name', filter: '', selectedId: 'group:job-*'}},
		});
	});
});

it('by name the cursor is on what grows fastest: that leaks, and not the largest', () => {
	const clients = [
		...Array.from({length: 5}, (_, index) => client({id: `${index}`, name: 'web'})),
		client({id: '8', name: 'leak'}),
		client({id: '9', name: 'leak'}),
	];
	const counts = {name: new Map([['web', 5]]), library: new Map(), address: new Map(), user: new Map()};
	const parts = {clients, snapshot: {clientGroups: [{atMs: noonMs - 60_000, counts}]}};
	expect(changed(parts, showClientGroups).ui.panes.clients.selectedId).toBe('group:leak');
});

describe('marks', () => {
	const crowd = [client({id: '1', name: 'job-1'}), client({id: '2', name: 'job-2'}), client({id: '3', name: 'api'})];
	const marksAfter = (parts: StateParts, ...changes: readonly UiChange[]) => [...changed({...onClients, ...parts}, ...changes).ui.markedClientIds];

	it('mark one client and step on; again takes it away', () => {
		expect(marksAfter({clients: five, selectedClientId: '2'}, toggleMark)).toEqual(['2']);
		expect(cursorAfter({clients: five, selectedClientId: '2'}, toggleMark)).toBe('3');
		expect(marksAfter({clients: five, selectedClientId: '2'}, toggleMark, toggleMark)).toEqual(['2', '3']);
		expect(marksAfter({clients: five, selectedClientId: '2', markedClientIds: ['2', '5']}, toggleMark)).toEqual(['5']);
	});

	it('mark all of a group, the rest of a group marked in part, and take all away', () => {
		const parts = {clients: crowd, panes: {clients: {grouping: 'name', selectedId: 'group:job-*'}}};
		expect(marksAfter(parts, toggleMark)).toEqual(['1', '2']);
		expect(marksAfter({...parts, markedClientIds: ['2']}, toggleMark)).toEqual(['2', '1']);
		expect(marksAfter({...parts, markedClientIds: ['1', '2', '3']}, toggleMark)).toEqual(['3']);
	});

	it('mark of a group only those that pass the filter', () => {
		const parts = {clients: crowd, panes: {clients: {grouping: 'name', selectedId: 'group:job-*', filter: 'job-2'}}};
		expect(marksAfter(parts, toggleMark)).toEqual(['2']);
	});

	it('never a console, alone or in a group', () => {
		const clients = [
			consoleClient({id: '1', name: 'redis-triage:a@h:act'}),
			client({id: '2', name: 'redis-triagex'}),
			consoleClient({id: '9', address: '10.0.0.1:77'}),
		];
		expect(marksAfter({clients, selectedClientId: '1'}, toggleMark)).toEqual([]);
		expect(marksAfter({clients, panes: {clients: {grouping: 'address', selectedId: 'group:10.0.0.1'}}}, toggleMark)).toEqual(['2']);
	});

	it('nothing without a cursor, or under a cursor whose client has gone: it only goes to the top', () => {
		for (const selected of [{}, {selectedClientId: '77'}]) {
			expect(marksAfter({clients: five, ...selected}, toggleMark)).toEqual([]);
			expect(cursorAfter({clients: five, ...selected}, toggleMark)).toBe('1');
		}
	});

	it('nothing in another pane', () => expect(marksAfter({clients: five, selectedClientId: '2', ui: {focus: 'scripts'}}, toggleMark)).toEqual([]));

	it('survive sorting, filtering and grouping', () => {
		expect(marksAfter({clients: five, markedClientIds: ['4']}, nextSort, reverseSort, setFilter('clients', 'nobody'), nextGrouping)).toEqual(['4']);
	});
});

it('sets the filter of one pane and keeps the rest of it', () => {
	const {ui} = changed({selectedClientId: '2'}, setFilter('clients', 'api'));
	expect(ui.panes).toEqual({...initialUi.panes, clients: {...initialUi.panes.clients, selectedId: '2', filter: 'api'}});
});
