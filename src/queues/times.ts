/** How long ago; never below 0, as clocks differ. Undefined for a moment that is not known. */
export function ageOf(sinceMs: number | undefined, nowMs: number): number | undefined {
	return sinceMs === undefined || Number.isNaN(sinceMs) ? undefined : Math.max(0, nowMs - sinceMs);
}

/** How long something is past its time; undefined before that. */
export function lateBy(dueMs: number | undefined, nowMs: number): number | undefined {
	return dueMs === undefined || dueMs > nowMs ? undefined : nowMs - dueMs;
}

export const inMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

/** The smallest id of a stream entry behind this one; a range that excludes its start is 6.2 and newer. */
export function idAfter(id: string): string {
	const [ms = '0', sequence = '0'] = id.split('-');
	return `${ms}-${BigInt(/^\d+$/.test(sequence) ? sequence : '0') + 1n}`;
}
