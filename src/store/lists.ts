import type {ClientRow} from '../redis/parse/client-list.ts';
import type {CommandStat} from '../redis/parse/command-stats.ts';
import type {SlowlogEntry} from '../redis/parse/slowlog.ts';
import {type ClientGroup, type GroupHistory, groupClients, groupings, groupKey} from './client-groups.ts';
import {memoizeLatest} from './memoize.ts';
import {type ConsoleState, shownSnapshot} from './store.ts';
import type {PaneName, PaneUi} from './ui.ts';

type Sort = PaneUi['sort'];

type Order<T> = {readonly column: string; readonly title: string; readonly descending: boolean; readonly value: (row: T) => number | string};

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

export const slowlogOrders: readonly Order<SlowlogEntry>[] = [
	{column: 'when', title: 'time', descending: true, value: row => row.atMs},
	{column: 'took', title: 'duration', descending: true, value: row => row.durationMicros},
];

/** Slow commands of one shape. */
type SlowlogGroup = {
	readonly shape: string;
	readonly count: number;
	readonly totalMicros: number;
	readonly longestMicros: number;
	readonly lastAtMs: number;
};

export type ClientItem =
	| {readonly kind: 'client'; readonly id: string; readonly client: ClientRow}
	| {readonly kind: 'group'; readonly id: string; readonly group: ClientGroup};
export type ScriptItem =
	| {readonly kind: 'entry'; readonly id: string; readonly entry: SlowlogEntry}
	| {readonly kind: 'group'; readonly id: string; readonly group: SlowlogGroup}
	| {readonly kind: 'stat'; readonly id: string; readonly stat: CommandStat};

/** The rows of the Clients pane as shown: filtered, sorted or grouped. Same inputs, same array. */
export function clientItems(state: ConsoleState): readonly ClientItem[] {
	const snapshot = shownSnapshot(state);
	const {filter, sort, grouping} = state.ui.panes.clients;
	return listClients(snapshot.clients.data?.clients ?? noClients, filter, sort, grouping, snapshot.clientGroups, snapshot.clients.updatedAtMs ?? 0);
}

/** The rows of the Scripts pane as shown: slowlog entries, their groups, or statistics per command. */
export function scriptItems(state: ConsoleState): readonly ScriptItem[] {
	const snapshot = shownSnapshot(state);
	const {filter, sort, grouping} = state.ui.panes.scripts;
	if (state.ui.showsStatistics) return listStatistics(snapshot.commandStats.data ?? noStats, filter);
	return listSlowlog(snapshot.slowlog.data?.entries ?? noEntries, filter, sort, grouping);
}

export const paneItems = (state: ConsoleState, pane: PaneName): readonly {readonly id: string}[] =>
	pane === 'clients' ? clientItems(state) : scriptItems(state);

/** The row under the cursor. A cursor whose row has gone stands on none: it must not silently mean another one. */
export function selectedItem<T extends {readonly id: string}>(state: ConsoleState, pane: PaneName, items: readonly T[]): T | undefined {
	const {selectedId} = state.ui.panes[pane];
	return items.find(({id}) => id === selectedId);
}

/** The clients that one row of the Clients pane stands for: itself, or all of its group that pass the filter. */
export function clientsOf(state: ConsoleState, item: ClientItem): readonly ClientRow[] {
	if (item.kind === 'client') return [item.client];
	const {filter, grouping} = state.ui.panes.clients;
	const chosen = groupings.find(name => name === grouping);
	if (!chosen) return [];
	return filtered(shownSnapshot(state).clients.data?.clients ?? noClients, filter, clientText).filter(client => groupKey(client, chosen) === item.group.key);
}

const noClients: readonly ClientRow[] = [];
const noEntries: readonly SlowlogEntry[] = [];
const noStats: readonly CommandStat[] = [];

const listClients = memoizeLatest(
	(clients: readonly ClientRow[], filter: string, sort: Sort, grouping: string | undefined, history: GroupHistory, atMs: number): readonly ClientItem[] => {
		const wanted = filtered(clients, filter, clientText);
		const chosen = groupings.find(name => name === grouping);
		if (chosen) return groupClients(wanted, chosen, history, atMs, clients).map(group => ({kind: 'group', id: `group:${group.key}`, group}));
		return sorted(wanted, clientOrders, sort, ({id}) => Number(id)).map(client => ({kind: 'client', id: client.id, client}));
	},
);

const listSlowlog = memoizeLatest((entries: readonly SlowlogEntry[], filter: string, sort: Sort, grouping: string | undefined): readonly ScriptItem[] => {
	const wanted = filtered(entries, filter, entry => `${entry.args.join(' ')} ${entry.clientAddress} ${entry.clientName}`);
	if (grouping !== undefined) return groupSlowlog(wanted).map(group => ({kind: 'group', id: `group:${group.shape}`, group}));
	return sorted(wanted, slowlogOrders, sort).map(entry => ({kind: 'entry', id: String(entry.id), entry}));
});

const listStatistics = memoizeLatest((stats: readonly CommandStat[], filter: string): readonly ScriptItem[] =>
	filtered(stats, filter, stat => stat.name)
		.toSorted((a, b) => b.totalMicros - a.totalMicros)
		.map(stat => ({kind: 'stat', id: `stat:${stat.name}`, stat})),
);

const clientText = (client: ClientRow) =>
	`${client.id} ${client.address} ${client.name} ${client.user} ${client.lastCommand} ${client.kind} ${client.libraryName}`;

/** Every blank-separated word must occur, in any case. */
function filtered<T>(rows: readonly T[], filter: string, text: (row: T) => string): readonly T[] {
	const words = filter
		.toLowerCase()
		.split(' ')
		.filter(word => word !== '');
	if (words.length === 0) return rows;
	return rows.filter(row => {
		const haystack = text(row).toLowerCase();
		return words.every(word => haystack.includes(word));
	});
}

/** `tie` decides between equal values; without it they stay as they came. */
function sorted<T>(rows: readonly T[], orders: readonly Order<T>[], sort: Sort, tie: (row: T, index: number) => number = (_row, index) => index): readonly T[] {
	const order = orders.find(({column}) => column === sort.column);
	if (!order) return rows;
	const sign = sort.descending ? -1 : 1;
	// The server turns its client list round a little with every cron (7.0 clientsCron): its order is none, and rows would dance from poll to poll.
	const keyed = rows.map((row, index) => ({row, place: tie(row, index), value: order.value(row)}));
	keyed.sort((a, b) => sign * compare(a.value, b.value) || a.place - b.place);
	return keyed.map(({row}) => row);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : Number(a > b));

function groupSlowlog(entries: readonly SlowlogEntry[]): readonly SlowlogGroup[] {
	const groups = new Map<string, SlowlogGroup>();
	for (const {shape, durationMicros, atMs} of entries) {
		const group = groups.get(shape);
		groups.set(shape, {
			shape,
			count: (group?.count ?? 0) + 1,
			totalMicros: (group?.totalMicros ?? 0) + durationMicros,
			longestMicros: Math.max(group?.longestMicros ?? 0, durationMicros),
			lastAtMs: Math.max(group?.lastAtMs ?? 0, atMs),
		});
	}
	return [...groups.values()].sort((a, b) => b.totalMicros - a.totalMicros);
}
