/** Time as a seam, so that tests own it. */
export type Clock = {
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	/** Resolves after `ms`, or at once when the signal is aborted: a stopped loop leaves no timer behind. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
	now: Date.now,
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
