import {type History, isMeasured, type VitalName} from '../store/history.ts';

export type Sample = {readonly atMs: number; readonly value: number};

/** What is known of a vital after `sinceMs`, oldest first; gaps are left out. */
export function samplesSince({atMs, vitals}: History, name: VitalName, sinceMs: number): readonly Sample[] {
	const samples: Sample[] = [];
	for (const [index, at] of atMs.entries()) {
		const value = vitals[name][index];
		if (at > sinceMs && isMeasured(value)) samples.push({atMs: at, value});
	}
	return samples;
}

/** Undefined of nothing. Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length / 2;
	const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
	return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Undefined of nothing. */
export const mean = (values: readonly number[]): number | undefined =>
	values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
