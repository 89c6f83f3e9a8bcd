import type {Clock} from '../../src/clock.ts';
import {noonMs} from './fixtures.ts';

/** A clock that stands still until the test moves it. */
export type HandClock = Clock & {
	/** Let so much time pass. */
	readonly pass: (ms: number) => void;
	/** Resolves when somebody sleeps for no longer than this: what was to be done has been done. */
	readonly idle: (ms: number) => Promise<void>;
};

export function handClock(startMs = noonMs): HandClock {
	let nowMs = startMs;
	/** Those who wait for a sleep no longer than that. */
	const waiting = new Set<{readonly ms: number; readonly wake: () => void}>();
	const sleepers = new Set<{readonly dueMs: number; readonly wake: () => void}>();
	return {
		now: () => nowMs,
		sleep: (ms, signal) =>
			new Promise(resolve => {
				const wake = () => {
					sleepers.delete(sleeper);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				const sleeper = {dueMs: nowMs + ms, wake};
				if (signal.aborted) return resolve();
				sleepers.add(sleeper);
				signal.addEventListener('abort', wake, {once: true});
				for (const waiter of [...waiting]) if (ms <= waiter.ms) waiter.wake();
			}),
		pass(ms) {
			nowMs += ms;
			for (const {dueMs, wake} of [...sleepers]) if (dueMs <= nowMs) wake();
		},
		idle: ms =>
			new Promise(resolve => {
				if ([...sleepers].some(({dueMs}) => dueMs - nowMs <= ms)) return resolve();
				const waiter = {
					ms,
					wake: () => {
						waiting.delete(waiter);
						resolve();
					},
				};
				waiting.add(waiter);
			}),
	};
}
