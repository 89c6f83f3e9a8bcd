import type {Clock} from '../../clock.ts';

/** By then all that a start and the first rounds need has been running for a while. */
const notBeforeMs = 10_000;
const quietMs = 5000;

/** Resolves at a moment when nobody is likely to press a key: the start is long over, and the last key a while ago. Never, once it is stopped. */
export async function untilCalm(lastKeyAtMs: () => number, clock: Clock, signal: AbortSignal): Promise<void> {
	await clock.sleep(notBeforeMs, signal);
	for (let waitMs = 1; waitMs > 0 && !signal.aborted; waitMs = lastKeyAtMs() + quietMs - clock.now()) await clock.sleep(waitMs, signal);
	if (signal.aborted) await new Promise(() => {});
}
