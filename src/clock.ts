/** Time as a seam, so that tests own it. */
export type Clock = {
	/** Milliseconds since the epoch, in whole numbers; never goes back. */
	readonly now: () => number;
	/** Resolves after `ms`, or at once when the signal is aborted: a stopped loop leaves no timer behind. */
	readonly sleep: (ms: number, signal: SleepSignal) => Promise<void>;
};

/** What ends a sleep early: of an AbortSignal, or a `Wake`. */
export type SleepSignal = {
	readonly aborted: boolean;
	addEventListener(type: 'abort', listener: () => void, options?: {readonly once: boolean}): void;
	removeEventListener(type: 'abort', listener: () => void): void;
};

/**
 * An AbortController for a single sleep, many times a second: that one makes an error with its stack and an event each time it is aborted, which were
 * a tenth of all that the console did at rest.
 */
export class Wake implements SleepSignal {
	readonly #listeners = new Set<() => void>();
	aborted = false;

	addEventListener(_type: 'abort', listener: () => void): void {
		this.#listeners.add(listener);
	}

	removeEventListener(_type: 'abort', listener: () => void): void {
		this.#listeners.delete(listener);
	}

	abort(): void {
		this.aborted = true;
		for (const listener of this.#listeners) listener();
		this.#listeners.clear();
	}
}

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
