import {type Clock, systemClock} from '../../src/clock.ts';

/** So many seconds pass in one: hours of polling in minutes. What waits for a socket waits as ever. */
export function fastClock(times: number): Clock {
	const startedAtMs = Date.now();
	const from = performance.now();
	return {
		now: () => Math.floor(startedAtMs + (performance.now() - from) * times),
		sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
	};
}
