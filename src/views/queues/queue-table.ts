import type {QueueStatus} from '../../queues/types.ts';
import type {QueueItem} from '../../store/lists/queue-list.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {formatCount} from '../../text/format.ts';
import {oldText} from '../kit/age.ts';
import type {Cell, Column} from '../kit/table.ts';
import {briefRate, coarseAge, compact, drainText, systemLabel} from './queue-words.ts';

/** The columns by the name they are sorted under. Half a screen of 120 has room for the eight that say most. */
const queueColumns: readonly (Column & {readonly order?: string})[] = [
	{title: 'QUEUE', width: 10, grow: true, order: 'name'},
	{title: 'SYSTEM', width: 14, order: 'system', priority: 9},
	{title: 'WAIT', width: 6, align: 'right', order: 'waiting'},
	{title: 'ACT', width: 4, align: 'right', order: 'active', priority: 2},
	{title: 'DELAY', width: 6, align: 'right', order: 'delayed', priority: 3},
	{title: 'LATE', width: 5, align: 'right', priority: 8},
	{title: 'PRIO', width: 5, align: 'right', priority: 6},
	{title: 'FAIL', width: 5, align: 'right', order: 'failed'},
	{title: 'DONE', width: 5, align: 'right', priority: 7},
	{title: 'AGE', width: 4, align: 'right', order: 'age'},
	{title: 'IN/OUT', width: 7, align: 'right', order: 'in', priority: 1},
	{title: 'DRAIN', width: 7, align: 'right'},
	{title: 'WRK', width: 4, align: 'right', priority: 4},
	{title: 'STALL', width: 5, align: 'right', priority: 5},
];

/** Every column of the table; which of them fit is the table's affair. The sorted one is never dropped. */
export function queueTable(sortColumn: string): {readonly columns: readonly Column[]; readonly sortedIndex: number} {
	const columns = queueColumns.map(({order, ...column}) => {
		if (order !== sortColumn) return column;
		const {priority: _dropped, ...kept} = column;
		return kept;
	});
	return {columns, sortedIndex: queueColumns.findIndex(({order}) => order === sortColumn)};
}

const short = 10_000;

/** Where a queue is that the server that is looked at has not got, and when its figures are old, how old. */
function nameCell({queue, node, atMs}: QueueItem, nowMs: number, ascii: boolean): Cell {
	if (node === undefined) return {text: queueLabel(queue), tone: 'strong'};
	const old = oldText(atMs, nowMs, ascii);
	return {text: `${queueLabel(queue)}${old === undefined ? '' : ` (${old})`} @${node}`, tone: old === undefined ? 'plain' : 'warn'};
}

export function queueCells(item: QueueItem, nowMs: number, ascii: boolean): readonly Cell[] {
	const {queue} = item;
	const {waiting, prioritized, failed, completed, overdue, nextJobAgeMs, workers, activeWithoutLock: stalled} = queue;
	return [
		nameCell(item, nowMs, ascii),
		systemLabel(queue),
		compact(waiting, ascii),
		activeCell(queue, ascii),
		warned(compact(queue.delayed, ascii, short), (overdue ?? 0) > 0),
		(overdue ?? 0) > 0 ? {text: compact(overdue, ascii, short), tone: 'warn'} : compact(overdue, ascii, short),
		compact(prioritized, ascii, short),
		compact(failed, ascii, short),
		compact(completed, ascii, short),
		coarseAge(nextJobAgeMs, ascii),
		`${briefRate(queue.addedPerSecond, ascii)}/${briefRate(queue.processedPerSecond, ascii)}`,
		drainCell(queue, ascii),
		// None visible is not none: only connections with a name can be counted.
		workers === undefined ? {text: '?', tone: 'dim'} : formatCount(workers),
		(stalled ?? 0) > 0 ? {text: `${compact(stalled, ascii, 1000)}!`, tone: 'bad'} : compact(stalled, ascii, 1000),
	];
}

/** The sign says it also where the column that counts them has no room. */
const warned = (text: string, isWarned: boolean): Cell => (isWarned ? {text: `${text}!`, tone: 'warn'} : text);

function activeCell({active, activeWithoutLock: stalled}: QueueStatus, ascii: boolean): Cell {
	if ((active ?? 0) >= 1000) return {text: `${Math.round((active ?? 0) / 1000)}k${(stalled ?? 0) > 0 ? '!' : ''}`};
	return warned(formatCount(active, {ascii}), (stalled ?? 0) > 0);
}

function drainCell(queue: QueueStatus, ascii: boolean): Cell {
	const text = drainText(queue, ascii);
	if (queue.paused === true) return {text, tone: 'warn'};
	return queue.drainSeconds === 'never' ? {text, tone: 'bad'} : text;
}
