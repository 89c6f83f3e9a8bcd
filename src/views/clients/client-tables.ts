import type {ClientRow} from '../../redis/parse/client-list.ts';
import type {ClientGroup} from '../../store/client-groups.ts';
import {formatBytes, formatCount, formatSeconds} from '../../text/format.ts';
import type {Cell, Column} from '../kit/table.ts';

/** The columns by the name they are sorted under. */
const clientColumns: readonly (Column & {readonly order?: string})[] = [
	{title: 'ID', width: 8, align: 'right'},
	{title: 'ADDRESS', width: 21, order: 'address'},
	{title: 'NAME', width: 12, grow: true, order: 'name'},
	{title: 'KIND', width: 8, priority: 4},
	{title: 'AGE', width: 7, align: 'right', order: 'age', priority: 3},
	{title: 'IDLE', width: 7, align: 'right', order: 'idle'},
	{title: 'COMMAND', width: 14, order: 'command', priority: 1},
	{title: 'DB', width: 3, align: 'right', order: 'db', priority: 8},
	{title: 'OUT', width: 7, align: 'right', order: 'output', priority: 5},
	{title: 'QUERY', width: 7, align: 'right', order: 'query', priority: 7},
	{title: 'MEM', width: 7, align: 'right', order: 'memory', priority: 6},
	{title: 'USER', width: 10, priority: 9},
	{title: 'LIBRARY', width: 16, priority: 10},
];

/** Every column of the table; which of them fit is the table's affair. The sorted one is never dropped. */
export function clientTable(sortColumn: string): {readonly columns: readonly Column[]; readonly sortedIndex: number} {
	const columns = clientColumns.map(({order, ...column}) => {
		if (order !== sortColumn) return column;
		const {priority: _dropped, ...kept} = column;
		return kept;
	});
	return {columns, sortedIndex: clientColumns.findIndex(({order}) => order === sortColumn)};
}

export function clientCells(client: ClientRow, isOwn: boolean, ascii: boolean): readonly Cell[] {
	return [
		client.id,
		client.address,
		client.name,
		{text: kindLabel(client, isOwn), tone: client.kind === 'normal' ? 'plain' : 'info'},
		formatSeconds(client.ageSeconds, {ascii}),
		formatSeconds(client.idleSeconds, {ascii}),
		client.lastCommand,
		String(client.db),
		{text: formatBytes(client.outputBufferBytes, {ascii}), tone: client.outputBufferBytes >= 1024 * 1024 ? 'warn' : 'plain'},
		formatBytes(client.queryBufferBytes, {ascii}),
		formatBytes(client.totalMemoryBytes, {ascii}),
		client.user,
		`${client.libraryName} ${client.libraryVersion}`.trim(),
	];
}

/** What a connection is for: not every blocked or idle one is a suspect. */
export function kindLabel({kind, isBlocked}: ClientRow, isOwn: boolean): string {
	if (isOwn) return 'you';
	if (kind === 'blocked-worker') return 'worker';
	if (kind === 'subscriber') return 'pubsub';
	return kind === 'normal' ? (isBlocked ? 'blocked' : '') : kind;
}

export const groupColumns: readonly Column[] = [
	{title: 'CLIENTS', width: 8, align: 'right'},
	{title: 'PER MIN', width: 8, align: 'right'},
	{title: 'GROUP', width: 16, grow: true},
	{title: 'LONGEST IDLE', width: 12, align: 'right', priority: 1},
	{title: 'OUT', width: 8, align: 'right', priority: 2},
	{title: 'MEM', width: 8, align: 'right', priority: 3},
];

export function groupCells(
	{key, count, growthPerMinute, longestIdleSeconds, outputBufferBytes, totalMemoryBytes}: ClientGroup,
	ascii: boolean,
): readonly Cell[] {
	const growth =
		growthPerMinute === undefined ? '' : Math.round(growthPerMinute) > 0 ? `+${formatCount(growthPerMinute)}` : formatCount(growthPerMinute, {ascii});
	return [
		formatCount(count),
		{text: growth, tone: (growthPerMinute ?? 0) >= 1 ? 'warn' : 'dim'},
		key === '' ? {text: '(none)', tone: 'dim'} : key,
		formatSeconds(longestIdleSeconds, {ascii}),
		formatBytes(outputBufferBytes, {ascii}),
		formatBytes(totalMemoryBytes, {ascii}),
	];
}
