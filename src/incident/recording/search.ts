/** Of moments in their order the last that is not later; -1: all are. */
export function lastAtOrBefore(moments: readonly number[], ms: number): number {
	let [low, high] = [0, moments.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((moments[middle] ?? 0) <= ms) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
