import type {Pace} from '../../pace.ts';
import {toText, toTexts} from '../../redis/parse/reply.ts';

/** About 1 µs a key that is looked at, and up to half as much again on a slow core, however few of them match (facts G). */
export const microsPerScannedKey = 1.5;
const mostAtOnce = 500;

/** COUNT of a SCAN: as many keys as one round may look at. */
export const scanCount = (pace: Pace): number => Math.max(50, Math.min(mostAtOnce, pace.fit(microsPerScannedKey)));

/** `pattern` in the encoding in which it is sent. */
export const scanCommand = (cursor: string, pattern: string, count: number): readonly string[] => ['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(count)];

/** `next` is undefined on the last page. Undefined: it is no page. */
export function pageOf(reply: unknown): {readonly next: string | undefined; readonly keys: readonly string[]} | undefined {
	if (!Array.isArray(reply)) return undefined;
	const cursor = toText(reply[0]);
	const keys = toTexts(reply[1]);
	if (cursor === undefined || keys === undefined) return undefined;
	return {next: cursor === '0' ? undefined : cursor, keys: [...new Set(keys)]};
}
