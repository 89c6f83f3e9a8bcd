/** Time as a seam, so that tests own it. */
export type Clock = {
	/** Milliseconds since the epoch, in whole numbers; never goes back. */
	readonly now: () => number;
	/** Resolves after `ms`, or at once when the signal is aborted: a stopped loop leaves no timer behind. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

const startedAtMs = Date.now() - performance.now();

/**
 * Wall time at the start of the process plus what has passed since. The wall clock may be set back by a minute, and what is due
 * "a second after the last time" would then not come for a minute. The price: what sets the wall clock meanwhile is not followed.
 */
export const systemClock: Clock = {
	now: () => Math.floor(startedAtMs + performance.now()),
	sleep: (ms, signal) =>
		new Promise(resolve => {
			if (signal.aborted) return resolve();
			const end = () => {
				clearTimeout(timer);
				signal.removeEventListener('abort', end);
				resolve();
			};
			const timer = setTimeout(end, ms);
			signal.addEventListener('abort', end, {once: true});
		}),
};
