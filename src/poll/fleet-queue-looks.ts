import type {Clock} from '../clock.ts';
import {ServerRefusedError} from '../errors.ts';
import {type QueueMemories, readQueues} from '../queues/reader.ts';
import type {FoundQueue} from '../queues/types.ts';
import {received} from '../store/resource.ts';
import {answersReads} from '../store/server-state.ts';
import type {NodeWatch} from './node-watch.ts';
import {isLasting} from './refusals.ts';

/** What is known of the queues of one node, and when they were looked at last. */
export type KnownQueues = {readonly found: readonly FoundQueue[]; readonly memories: QueueMemories; readonly lookedAtMs: number};

type LooksOptions = {
	readonly clock: Clock;
	/** Those that may be looked at now. */
	readonly watches: () => readonly NodeWatch[];
	readonly known: WeakMap<NodeWatch, KnownQueues>;
	/** How many times longer the pauses are, as it costs too much. */
	readonly slowedBy: () => number;
};

/** One node at a time and no more than one a second, whatever there is: what is read has to be understood here too. */
const tickMs = 1000;
/** A look costs a node some 35 µs a queue (measured: 200 queues, 7 ms): a pause of 40 ms for each keeps that below 0.1 % of a core. */
const pauseMsOf = (queues: number): number => Math.max(8000, 40 * queues);

/** The one that has waited longest beyond its pause; undefined: none is due. */
export function nextLook<Watch extends object>(
	watches: readonly Watch[],
	known: Pick<WeakMap<Watch, KnownQueues>, 'get'>,
	{nowMs, slowedBy}: {readonly nowMs: number; readonly slowedBy: number},
): Watch | undefined {
	const late = watches.flatMap(watch => {
		const {found = [], lookedAtMs = 0} = known.get(watch) ?? {};
		const lateMs = nowMs - lookedAtMs - pauseMsOf(found.length) * slowedBy;
		return found.length > 0 && lateMs >= 0 ? [{watch, lateMs}] : [];
	});
	return late.toSorted((a, b) => b.lateMs - a.lateMs)[0]?.watch;
}

/** Between two searches of a node its queues are looked at over its light connection, so that their figures are not as old as the search. */
export async function lookAtFleetQueues({clock, watches, known, slowedBy}: LooksOptions, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		const answering = watches().filter(({store}) => answersReads(store.getState().snapshot.server));
		const watch = nextLook(answering, known, {nowMs: clock.now(), slowedBy: slowedBy()});
		const before = watch && known.get(watch);
		if (before) {
			const after = await lookAt(watch, before, clock);
			// A search may have ended meanwhile, which knows better.
			if (known.get(watch) === before) known.set(watch, after);
		}
		await clock.sleep(tickMs, signal);
	}
}

async function lookAt(watch: NodeWatch, {found, memories}: KnownQueues, clock: Clock): Promise<KnownQueues> {
	try {
		const reading = await readQueues(watch.ask, {queues: found, memories, clients: undefined, db: 0, nowMs: clock.now()});
		watch.apply((snapshot, atMs) => ({...snapshot, queues: received(reading.queues, atMs)}));
		return {found, memories: reading.memories, lookedAtMs: clock.now()};
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		// What this user may not ask is left to the next search: each time fills the ACL LOG.
		const isRefused = error instanceof ServerRefusedError && isLasting(error.message);
		return {found: isRefused ? [] : found, memories, lookedAtMs: clock.now()};
	}
}
