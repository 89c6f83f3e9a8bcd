import type {Clock} from '../../src/clock.ts';

/** So many seconds pass in one: hours of polling in minutes. What waits for a socket waits as ever. */
export function fastClock(times: number): Clock {
	const startedAtMs = Date.now();
	const from = performance.now();
	return {
		now: () => Math.floor(startedAtMs + (performance.now() - from) * times),
		sleep: (ms, signal) =>
			new Promise(resolve => {
				if (signal.aborted) return resolve();
				const end = () => {
					clearTimeout(timer);
					signal.removeEventListener('abort', end);
					resolve();
				};
				const timer = setTimeout(end, ms / times);
				signal.addEventListener('abort', end, {once: true});
			}),
	};
}
