import {formatPercent} from '../../text/format.ts';
import {toCells} from '../../text/safe-text.ts';

/** A share as a bar of exactly `width` cells. The figure belongs beside it. */
export function bar(share: number | undefined, width: number, ascii: boolean): string {
	const room = toCells(width);
	const full = Math.round(Math.min(1, Math.max(0, share ?? 0)) * room);
	return (ascii ? '#' : '█').repeat(full) + (ascii ? '.' : '░').repeat(room - full);
}

/** Before a figure that is what has been seen, and no estimate of the whole. */
export const atLeast = (isAtLeast: boolean, ascii: boolean): string => (isAtLeast ? (ascii ? '>=' : '≥') : '');

/** An error of estimation, never too small: `±6%`; `±0%` is said of what was counted only. Undefined: nobody can tell. */
export function formatError(error: number | undefined, ascii: boolean): string {
	const sign = ascii ? '+-' : '±';
	if (error === undefined) return `${sign}?`;
	if (error > 9.99) return `${sign}>999%`;
	return `${sign}${error === 0 ? '0%' : formatPercent(Math.ceil(error * 100) / 100, {ascii})}`;
}
