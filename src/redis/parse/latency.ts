import {toCount} from './number.ts';
import {toText} from './reply.ts';

/** A kind of event of the latency monitor: `command`, `fork`, `expire-cycle` … Times are the server's, in whole seconds. */
export type LatencyEvent = {readonly name: string; readonly latestAtMs: number; readonly latestMs: number; readonly worstMs: number};

/** LATENCY LATEST: `[name, unix time, latest ms, worst ms]`; Valkey 9 has more columns behind these. Rows that do not parse are left out. */
export function parseLatencyLatest(reply: unknown): readonly LatencyEvent[] {
	if (!Array.isArray(reply)) return [];
	return reply.flatMap(row => {
		if (!Array.isArray(row)) return [];
		const [name, latestAtMs, latestMs, worstMs] = [toText(row[0]), toCount((toCount(row[1]) ?? Number.NaN) * 1000), toCount(row[2]), toCount(row[3])];
		if (name === undefined || latestAtMs === undefined || latestMs === undefined || worstMs === undefined) return [];
		return [{name, latestAtMs, latestMs, worstMs}];
	});
}

/** LATENCY HISTORY: `[unix time, ms]`, oldest first; the server keeps 160 of an event. */
export function parseLatencyHistory(reply: unknown): readonly {readonly atMs: number; readonly ms: number}[] {
	if (!Array.isArray(reply)) return [];
	return reply.flatMap(row => {
		if (!Array.isArray(row)) return [];
		const [atMs, ms] = [toCount((toCount(row[0]) ?? Number.NaN) * 1000), toCount(row[1])];
		return atMs === undefined || ms === undefined ? [] : [{atMs, ms}];
	});
}
