import type {DatabaseRow, MemoryItem} from '../../store/lists/memory-list.ts';
import type {BigKey, SurveyGroup} from '../../store/survey.ts';
import {formatBytes, formatCount, formatPercent, formatSeconds} from '../../text/format.ts';
import type {Cell, Column} from '../kit/table.ts';
import {atLeast, bar, formatError} from './bar.ts';

/** A table of the pane; `sorted` is the place of each order's column. */
export type MemoryTable = {readonly columns: readonly Column[]; readonly sorted: Readonly<Record<string, number>>};

export const groupTable = (title: string, ascii: boolean, nameWidth = 24): MemoryTable => ({
	columns: [
		{title, grow: true, width: nameWidth},
		{title: 'KEYS', width: 10, align: 'right'},
		{title: 'SIZE', width: ascii ? 7 : 6, align: 'right'},
		{title: ascii ? '+-' : '±', width: 5, align: 'right', priority: 2},
		{title: 'SHARE', width: 11, priority: 3},
		{title: 'NO TTL', width: 7, align: 'right', priority: 1},
	],
	sorted: {name: 0, keys: 1, size: 2, withoutTtl: 5},
});

export const keyTable: MemoryTable = {
	columns: [
		{title: 'KEY', grow: true, width: 20},
		{title: 'TYPE', width: 6},
		{title: 'SIZE', width: 6, align: 'right'},
		{title: 'LENGTH', width: 11, align: 'right', priority: 1},
		{title: 'TTL', width: 7, align: 'right', priority: 2},
	],
	sorted: {name: 0, size: 2, keys: 3, withoutTtl: 4},
};

export const databaseTable: MemoryTable = {
	columns: [
		{title: 'DB', width: 12},
		{title: 'KEYS', width: 12, align: 'right'},
		{title: 'WITHOUT TTL', width: 12, align: 'right'},
		{title: 'NO TTL', width: 7, align: 'right'},
		{title: 'AVG TTL', width: 8, align: 'right', priority: 1},
	],
	sorted: {name: 0, keys: 1, size: 1, withoutTtl: 2},
};

/** `totalBytes`: of everything that was surveyed; undefined where sizes cannot be read. */
export function itemCells(item: MemoryItem, totalBytes: number | undefined, ascii: boolean): readonly Cell[] {
	if (item.kind === 'group') return groupCells(item.group, totalBytes, ascii);
	return item.kind === 'key' ? keyCells(item.key, ascii) : databaseCells(item.database, ascii);
}

const barWidth = 5;

export function groupCells(group: SurveyGroup, totalBytes: number | undefined, ascii: boolean): readonly Cell[] {
	const {name, keys, isAtLeast, bytes, bytesError, withoutTtl} = group;
	const least = atLeast(isAtLeast, ascii);
	const error = isAtLeast
		? {text: 'seen', tone: 'dim' as const}
		: {text: formatError(bytesError, ascii), tone: (bytesError ?? 1) > 0.5 ? ('warn' as const) : ('dim' as const)};
	const share = bytes === undefined || !totalBytes ? undefined : bytes / totalBytes;
	return [
		name,
		`${least}${formatCount(keys, {ascii})}`,
		{text: `${bytes === undefined ? '' : least}${formatBytes(bytes, {ascii})}`, tone: 'strong'},
		bytes === undefined ? '' : error,
		share === undefined ? '' : {text: `${bar(share, barWidth, ascii)} ${formatPercent(share, {ascii})}`, tone: 'info'},
		formatPercent(withoutTtl, {ascii}),
	];
}

export function keyCells({name, type, bytes, length, ttlMs, hasTtl}: BigKey, ascii: boolean): readonly Cell[] {
	const ttl = hasTtl === false ? 'none' : formatSeconds(ttlMs === undefined ? undefined : Math.floor(ttlMs / 1000), {ascii});
	return [name, type ?? '?', {text: formatBytes(bytes, {ascii}), tone: 'strong'}, formatCount(length, {ascii}), ttl];
}

function databaseCells({db, keys, expires, avgTtlMs, isSurveyed}: DatabaseRow, ascii: boolean): readonly Cell[] {
	const withoutTtl = Math.max(0, keys - expires);
	return [
		{text: `db${db}${isSurveyed ? ' surveyed' : ''}`, tone: isSurveyed ? 'accent' : 'plain'},
		formatCount(keys, {ascii}),
		formatCount(withoutTtl, {ascii}),
		formatPercent(keys === 0 ? undefined : withoutTtl / keys, {ascii}),
		formatSeconds(avgTtlMs ? Math.floor(avgTtlMs / 1000) : undefined, {ascii}),
	];
}
