import {formatCount} from '../text/format.ts';

/** The account of a batch: what was done, what was left alone and why, what failed and why. `apart`: what of the done was of a special kind. */
export type Tally = {
	readonly done: number;
	readonly apart: ReadonlyMap<string, number>;
	readonly skipped: ReadonlyMap<string, number>;
	readonly failed: ReadonlyMap<string, number>;
};

export const emptyTally: Tally = {done: 0, apart: new Map(), skipped: new Map(), failed: new Map()};

export const withDone = (tally: Tally, count: number, kind?: string): Tally => ({
	...tally,
	done: tally.done + count,
	apart: kind === undefined ? tally.apart : plus(tally.apart, kind, count),
});
export const withSkipped = (tally: Tally, reason: string, count = 1): Tally => ({...tally, skipped: plus(tally.skipped, reason, count)});
export const withFailed = (tally: Tally, reason: string, count = 1): Tally => ({...tally, failed: plus(tally.failed, reason, count)});

export const skippedCount = ({skipped}: Tally): number => sum(skipped);
export const failedCount = ({failed}: Tally): number => sum(failed);

/** `2,750 done (3 without a job), 12 skipped (10 flow child, 2 gone), 1 failed (1 ERR …)`. */
export function tallyText(tally: Tally): string {
	const parts = [`${formatCount(tally.done)} done${listed(tally.apart)}`, reasons('skipped', tally.skipped), reasons('failed', tally.failed)];
	return parts.filter(part => part !== '').join(', ');
}

const reasons = (word: string, counts: ReadonlyMap<string, number>): string =>
	sum(counts) === 0 ? '' : `${formatCount(sum(counts))} ${word}${listed(counts)}`;

function listed(counts: ReadonlyMap<string, number>): string {
	const each = [...counts].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
	return each.length === 0 ? '' : ` (${each.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')})`;
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0);

const plus = (counts: ReadonlyMap<string, number>, reason: string, count: number): ReadonlyMap<string, number> =>
	new Map([...counts, [reason, (counts.get(reason) ?? 0) + count]]);
