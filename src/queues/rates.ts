import type {Counters, QueueMemory, QueueStatus, Rates} from './types.ts';

const noRates: Rates = {addedPerSecond: undefined, processedPerSecond: undefined, failedPerSecond: undefined};

/** Two looks closer than this say nothing of what goes on in a second. */
const shortestSampleMs = 1000;

type Sampled = Pick<QueueMemory, 'sampledMs' | 'counters' | 'rates'>;

/** Jobs a second since the last sample. A look that comes too soon keeps the sample, and what was known. */
export function sample(counters: Counters, nowMs: number, before: Sampled | undefined): Sampled & {readonly isNew: boolean} {
	if (!before) return {sampledMs: nowMs, counters, rates: noRates, isNew: true};
	const elapsedMs = nowMs - before.sampledMs;
	if (elapsedMs >= 0 && elapsedMs < shortestSampleMs) return {...before, isNew: false};
	const rate = (name: keyof Counters) => perSecond(counters[name], before.counters[name], elapsedMs);
	return {
		sampledMs: nowMs,
		counters,
		rates: {addedPerSecond: rate('added'), processedPerSecond: rate('finished'), failedPerSecond: rate('failed')},
		isNew: true,
	};
}

/** A counter that has gone back was begun anew: then there is no rate. */
function perSecond(now: number | undefined, before: number | undefined, elapsedMs: number): number | undefined {
	if (now === undefined || before === undefined || now < before || elapsedMs <= 0) return undefined;
	return ((now - before) * 1000) / elapsedMs;
}

/** How long until nothing waits, if jobs come and go as they did. A queue that is paused, or gains, never gets there. */
export function drainSeconds(backlog: number | undefined, {addedPerSecond, processedPerSecond}: Rates): QueueStatus['drainSeconds'] {
	if (backlog === 0) return 0;
	if (backlog === undefined || addedPerSecond === undefined || processedPerSecond === undefined) return undefined;
	const gained = processedPerSecond - addedPerSecond;
	return gained > 0 ? backlog / gained : 'never';
}
