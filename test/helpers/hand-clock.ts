import type {Clock} from '../../src/clock.ts';
import {noonMs} from './fixtures.ts';
import {until} from './until.ts';

/** A clock that stands still until the test moves it. */
export type HandClock = Clock & {
	/** Let so much time pass. */
	readonly pass: (ms: number) => void;
	/** Resolves when somebody sleeps for no longer than this: what was to be done has been done. */
	readonly idle: (ms: number) => Promise<void>;
};

export function handClock(startMs = noonMs): HandClock {
	let nowMs = startMs;
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
			}),
		pass(ms) {
			nowMs += ms;
			for (const {dueMs, wake} of [...sleepers]) if (dueMs <= nowMs) wake();
		},
		async idle(ms) {
			await until('the loop sleeps', () => [...sleepers].some(({dueMs}) => dueMs - nowMs <= ms));
		},
	};
}
