import type {ScriptItem} from '../../store/lists/script-list.ts';
import {commandText} from '../../text/command-text.ts';
import {formatBytes, formatClock, formatCount, formatMicros, formatPercent} from '../../text/format.ts';
import type {Cell, Column} from '../kit/table.ts';

/** One of the three tables of the Scripts pane: what its columns are and what a row puts in them. */
export type ScriptTable = {readonly columns: readonly Column[]; readonly row: (item: ScriptItem, context: RowContext) => readonly Cell[]};
type RowContext = {readonly ascii: boolean; readonly totalMicros: number; readonly scriptName: (sha: string) => string | undefined};

export const entryTable: ScriptTable = {
	columns: [
		{title: 'WHEN', width: 9},
		{title: 'TOOK', width: 8, align: 'right'},
		{title: 'CALLER', width: 21, priority: 2},
		{title: 'NAME', width: 14, priority: 3},
		{title: 'COMMAND', grow: true, width: 20},
	],
	row(item, {ascii, scriptName}) {
		if (item.kind !== 'entry' && item.kind !== 'large') return [];
		const {entry} = item;
		const known = entry.scriptSha === undefined ? undefined : scriptName(entry.scriptSha);
		const text = commandText(entry.args) + (entry.omittedArgs > 0 ? ` (${entry.omittedArgs} more)` : '');
		return [
			formatClock(entry.atMs, {ascii}),
			tookCell(item, ascii),
			entry.clientAddress,
			entry.clientName,
			{
				text: `${item.kind === 'large' ? `large ${item.entry.what}: ` : ''}${known === undefined ? '' : `${known}  `}${text}`,
				tone: entry.isScript ? 'accent' : 'plain',
			},
		];
	},
};

/** Of a large request or reply the server tells no time but the bytes. */
function tookCell(item: Extract<ScriptItem, {kind: 'entry' | 'large'}>, ascii: boolean): Cell {
	if (item.kind === 'large') return formatBytes(item.entry.bytes, {ascii});
	const {durationMicros} = item.entry;
	return {text: formatMicros(durationMicros, {ascii}), tone: durationMicros >= 1_000_000 ? 'bad' : 'plain'};
}

export const groupTable: ScriptTable = {
	columns: [
		{title: 'TIMES', width: 6, align: 'right'},
		{title: 'TOTAL', width: 8, align: 'right'},
		{title: 'LONGEST', width: 8, align: 'right'},
		{title: 'LAST', width: 9, priority: 1},
		{title: 'SHAPE', grow: true, width: 20},
	],
	row(item, {ascii}) {
		if (item.kind !== 'group') return [];
		const {count, totalMicros, longestMicros, lastAtMs, shape} = item.group;
		return [formatCount(count), formatMicros(totalMicros, {ascii}), formatMicros(longestMicros, {ascii}), formatClock(lastAtMs, {ascii}), shape];
	},
};

export const statTable: ScriptTable = {
	columns: [
		{title: 'COMMAND', grow: true, width: 16},
		{title: 'CALLS', width: 12, align: 'right'},
		{title: 'TIME', width: 9, align: 'right'},
		{title: 'SHARE', width: 6, align: 'right'},
		{title: 'PER CALL', width: 9, align: 'right'},
		{title: 'REFUSED', width: 8, align: 'right', priority: 1},
		{title: 'FAILED', width: 8, align: 'right', priority: 2},
	],
	row(item, {ascii, totalMicros}) {
		if (item.kind !== 'stat') return [];
		const {stat} = item;
		return [
			stat.name,
			formatCount(stat.calls),
			formatMicros(stat.totalMicros, {ascii}),
			shareText(stat.totalMicros, totalMicros, ascii),
			formatMicros(stat.microsPerCall, {ascii}),
			formatCount(stat.rejectedCalls),
			formatCount(stat.failedCalls),
		];
	},
};

/** Below a tenth of a percent the digits would make all alike. */
function shareText(micros: number, totalMicros: number, ascii: boolean): string {
	const share = totalMicros > 0 ? micros / totalMicros : undefined;
	return share !== undefined && share > 0 && share < 0.001 ? '<0.1%' : formatPercent(share, {ascii});
}
