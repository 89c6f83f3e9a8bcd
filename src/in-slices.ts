/** A key press waits no longer than this for a long computation. */
const sliceMs = 8;

/** Run a computation that yields now and then, and let everything else have its turn after each slice. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
	for (;;) {
		const endsAtMs = performance.now() + sliceMs;
		do {
			const step = steps.next();
			if (step.done) return step.value;
		} while (performance.now() < endsAtMs);
		await new Promise<void>(resolve => setImmediate(resolve));
	}
}
