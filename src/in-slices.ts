/** A key press waits no longer than this for a long computation. */
const sliceMs = 4;

/** Run a computation that yields now and then, and yield after each slice of it. */
export function* sliced<T>(steps: Generator<void, T>): Generator<void, T> {
	for (;;) {
		const endsAtMs = performance.now() + sliceMs;
		do {
			const step = steps.next();
			if (step.done) return step.value;
		} while (performance.now() < endsAtMs);
		yield;
	}
}

/** The same, and let everything else have its turn after each slice. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
	const slices = sliced(steps);
	for (;;) {
		const slice = slices.next();
		if (slice.done) return slice.value;
		await othersTurn();
	}
}

export const othersTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
