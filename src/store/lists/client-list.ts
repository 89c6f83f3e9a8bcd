import {type Grouping, groupings, groupKey} from '../../redis/parse/client-grouping.ts';
import type {ClientRow, ParsedClientList} from '../../redis/parse/client-list.ts';
import {type ClientGroup, type GroupHistory, groupClients, groupsOf} from '../client-groups.ts';
import {memoizeLatest, memoizeOn} from '../memoize.ts';
import {type ConsoleState, shownSnapshot} from '../store.ts';
import {filtered, type Order, passing, type Sort, sorted} from './order.ts';

/** The columns that `s` walks through, and which way up each begins. */
export const clientOrders: readonly Order<ClientRow>[] = [
	{column: 'idle', title: 'idle', descending: true, value: row => row.idleSeconds},
	{column: 'age', title: 'age', descending: true, value: row => row.ageSeconds},
	{column: 'output', title: 'output buffer', descending: true, value: row => row.outputBufferBytes},
	{column: 'query', title: 'query buffer', descending: true, value: row => row.queryBufferBytes},
	{column: 'memory', title: 'total memory', descending: true, value: row => row.totalMemoryBytes},
	{column: 'db', title: 'database', descending: false, value: row => row.db},
	{column: 'command', title: 'command', descending: false, value: row => row.lastCommand},
	{column: 'name', title: 'name', descending: false, value: row => row.name},
	{column: 'address', title: 'address', descending: false, value: row => row.address},
];

export type ClientItem =
	| {readonly kind: 'client'; readonly id: string; readonly client: ClientRow}
	| {readonly kind: 'group'; readonly id: string; readonly group: ClientGroup};

/** The rows of the Clients pane as shown: filtered, sorted or grouped. Same inputs, same array. */
export function clientItems(state: ConsoleState): readonly ClientItem[] {
	const snapshot = shownSnapshot(state);
	const {filter, sort, grouping} = state.ui.panes.clients;
	return listClients(snapshot.clients.data ?? nobody, filter, sort, grouping, snapshot.clientGroups, snapshot.clients.updatedAtMs ?? 0);
}

/** The clients that one row of the Clients pane stands for: itself, or all of its group that pass the filter. */
export function clientsOf(state: ConsoleState, item: ClientItem): readonly ClientRow[] {
	if (item.kind === 'client') return [item.client];
	const {filter, grouping} = state.ui.panes.clients;
	const chosen = groupings.find(name => name === grouping);
	return chosen ? membersOf((shownSnapshot(state).clients.data ?? nobody).clients, filter, chosen, item.group.key) : [];
}

/** Asked by several actions for every key. */
const membersOf = memoizeOn((clients: readonly ClientRow[], filter: string, grouping: Grouping, key: string): readonly ClientRow[] =>
	filtered(
		clients.filter(client => groupKey(client, grouping) === key),
		filter,
		clientText,
	),
);

/**
 * Of a list kept in part: how many there are in the groups of these clients, if they are all of them that are listed, or that pass the filter.
 * Consoles are not counted.
 */
export function wholeGroupCount(state: ConsoleState, ids: ReadonlySet<string>): number | undefined {
	const {filter, grouping} = state.ui.panes.clients;
	const {clients, whole} = shownSnapshot(state).clients.data ?? nobody;
	const by = groupings.find(name => name === grouping);
	if (!whole || !by) return undefined;
	const keys = new Set(clients.filter(({id}) => ids.has(id)).map(row => groupKey(row, by)));
	const listed = clients.filter(row => keys.has(groupKey(row, by)));
	const targets = filtered(listed, filter, clientText).filter(({id, kind}) => kind !== 'console' && !state.session.ownClientIds.has(id));
	if (targets.length !== ids.size || targets.some(({id}) => !ids.has(id))) return undefined;
	const consoles = listed.filter(({kind}) => kind === 'console').length;
	return [...keys].reduce((sum, key) => sum + (whole.groups[by].get(key)?.count ?? 0), 0) - consoles;
}

const nobody: ParsedClientList = {clients: [], rejectedCount: 0, rejected: []};

const listClients = memoizeLatest(
	(list: ParsedClientList, filter: string, sort: Sort, grouping: string | undefined, history: GroupHistory, atMs: number): readonly ClientItem[] => {
		const {clients} = list;
		const chosen = groupings.find(name => name === grouping);
		if (chosen) {
			// Of a part of a part nobody knows how it grows: the history counts all.
			const ofWanted = () => groupClients(filtered(clients, filter, clientText), chosen, list.whole ? [] : history, atMs, clients);
			return (filter === '' ? groupsOf(list, chosen, history, atMs) : ofWanted()).map(group => ({kind: 'group', id: `group:${group.key}`, group}));
		}
		const items = inOrder(clients, sort);
		return passing(items, filter, () => textsOf(items));
	},
);

/** Sorted before it is filtered, so that a list of ten thousand is not sorted anew for each letter. */
const inOrder = memoizeOn((clients: readonly ClientRow[], sort: Sort): readonly ClientItem[] =>
	sorted(clients, clientOrders, sort, ({id}) => Number(id)).map(client => ({kind: 'client', id: client.id, client})),
);

const textsOf = memoizeOn((items: readonly ClientItem[]): readonly string[] =>
	items.map(item => (item.kind === 'client' ? clientText(item.client).toLowerCase() : '')),
);

const clientText = (client: ClientRow) =>
	`${client.id} ${client.address} ${client.name} ${client.user} ${client.lastCommand} ${client.kind} ${client.libraryName}`;
