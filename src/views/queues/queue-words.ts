import type {QueueStatus} from '../../queues/types.ts';
import {formatCount, formatCountShort} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';

/** `bullmq 5.81.5`. */
export const systemLabel = ({system, version = ''}: Pick<QueueStatus, 'system' | 'version'>): string => `${system} ${version}`.trim();

/** Of the other systems the console only reads; nor does it touch a queue whose library it cannot tell. */
export const isReadOnly = ({family, major}: Pick<QueueStatus, 'family' | 'major'>): boolean => family !== 'bull' || major === undefined;

/** A count in at most six cells (`12,041`, `120k`), or in five with `full` 10,000. */
export function compact(count: number | undefined, ascii: boolean, full = 100_000): string {
	return count !== undefined && count >= full ? formatCountShort(count) : formatCount(count, {ascii});
}

/** How long in at most four cells: `12s`, `47m`, `31h`, `9d`. */
export function coarseAge(ms: number | undefined, ascii: boolean): string {
	if (ms === undefined) return glyphsFor(ascii).none;
	const seconds = Math.max(0, Math.floor(ms / 1000));
	if (seconds < 60) return `${seconds}s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
	return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** Something a second in at most three cells. Below one a rate is not nothing. */
export function briefRate(perSecond: number | undefined, ascii: boolean): string {
	if (perSecond === undefined) return glyphsFor(ascii).none;
	if (perSecond < 9.95) return perSecond > 0 && perSecond < 0.05 ? '~0' : perSecond.toFixed(1).replace(/\.0$/, '');
	return perSecond < 999.5 ? String(Math.round(perSecond)) : `${Math.round(perSecond / 1000)}k`;
}

/** Until the queue is empty: `paused`, `never !`, `12m`. */
export function drainText({paused, drainSeconds}: Pick<QueueStatus, 'paused' | 'drainSeconds'>, ascii: boolean): string {
	if (paused === true) return 'paused';
	if (drainSeconds === 'never') return 'never !';
	return coarseAge(drainSeconds === undefined ? undefined : drainSeconds * 1000, ascii);
}
