import type {CommandStat} from '../../redis/parse/command-stats.ts';
import type {LargeCommand} from '../../redis/parse/commandlog.ts';
import type {SlowlogEntry} from '../../redis/parse/slowlog.ts';
import {memoizeLatest} from '../memoize.ts';
import {type ConsoleState, shownSnapshot} from '../store.ts';
import {filtered, type Order, type Sort, sorted} from './order.ts';

/** The columns that `s` walks through, and which way up each begins. */
export const slowlogOrders: readonly Order<SlowlogEntry | LargeCommand>[] = [
	{column: 'when', title: 'time', descending: true, value: row => row.atMs},
	{column: 'took', title: 'duration', descending: true, value: row => ('durationMicros' in row ? row.durationMicros : 0)},
];

/** Slow commands of one shape. */
type SlowlogGroup = {
	readonly shape: string;
	readonly count: number;
	readonly totalMicros: number;
	readonly longestMicros: number;
	readonly lastAtMs: number;
};

export type ScriptItem =
	| {readonly kind: 'entry'; readonly id: string; readonly entry: SlowlogEntry}
	| {readonly kind: 'large'; readonly id: string; readonly entry: LargeCommand}
	| {readonly kind: 'group'; readonly id: string; readonly group: SlowlogGroup}
	| {readonly kind: 'stat'; readonly id: string; readonly stat: CommandStat};

/** The rows of the Scripts pane as shown: slowlog entries, their groups, or statistics per command. */
export function scriptItems(state: ConsoleState): readonly ScriptItem[] {
	const snapshot = shownSnapshot(state);
	const {filter, sort, grouping} = state.ui.panes.scripts;
	if (state.ui.showsStatistics) return listStatistics(snapshot.commandStats.data ?? noStats, filter);
	return listSlowlog(snapshot.slowlog.data?.entries ?? noEntries, snapshot.largeCommands.data ?? noLarge, filter, sort, grouping);
}

const noEntries: readonly SlowlogEntry[] = [];
const noLarge: readonly LargeCommand[] = [];
const noStats: readonly CommandStat[] = [];

const listSlowlog = memoizeLatest(
	(entries: readonly SlowlogEntry[], large: readonly LargeCommand[], filter: string, sort: Sort, grouping: string | undefined): readonly ScriptItem[] => {
		const textOf = ({args, clientAddress, clientName}: SlowlogEntry | LargeCommand) => `${args.join(' ')} ${clientAddress} ${clientName}`;
		const wanted = filtered(entries, filter, textOf);
		if (grouping !== undefined) return groupSlowlog(wanted).map(group => ({kind: 'group', id: `group:${group.shape}`, group}));
		return sorted([...wanted, ...filtered(large, filter, textOf)], slowlogOrders, sort).map(toItem);
	},
);

const toItem = (entry: SlowlogEntry | LargeCommand): ScriptItem =>
	'bytes' in entry ? {kind: 'large', id: `large-${entry.what}:${entry.id}`, entry} : {kind: 'entry', id: String(entry.id), entry};

const listStatistics = memoizeLatest((stats: readonly CommandStat[], filter: string): readonly ScriptItem[] =>
	filtered(stats, filter, stat => stat.name)
		.toSorted((a, b) => b.totalMicros - a.totalMicros)
		.map(stat => ({kind: 'stat', id: `stat:${stat.name}`, stat})),
);

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
