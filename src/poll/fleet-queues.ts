import type {Clock} from '../clock.ts';
import {mergeFound} from '../queues/reader.ts';
import type {FoundQueue} from '../queues/types.ts';
import {Link} from '../redis/link.ts';
import type {Target} from '../redis/target.ts';
import {answersReads} from '../store/server-state.ts';
import type {FleetCosts} from './fleet-costs.ts';
import {type KnownQueues, lookAtFleetQueues} from './fleet-queue-looks.ts';
import type {NodeWatch} from './node-watch.ts';
import {QueueWatcher, searchAgainMs, searchTakesMs} from './queue-watcher.ts';

type FleetQueuesOptions = {
	readonly login: () => Target;
	/** What CLIENT LIST calls the connection; no blanks. */
	readonly name: string;
	readonly clock: Clock;
	readonly costs: FleetCosts;
	readonly isWanted: (queue: FoundQueue) => boolean;
	/** Those whose keys are not looked through already. */
	readonly watches: () => readonly NodeWatch[];
	/** How many times longer than usual everything takes its time. */
	readonly slowedBy: () => number;
};

/** So long at most for one of them, so that the next one has its turn; what has been found by then counts. One that takes longer gets more each time. */
const firstLimitMs = 120_000;
const limitGrowth = 4;
const checkEveryMs = 200;
const leastRestMs = 30_000;

/** The last search of one node: what it may take the next time, and how long it took. */
export type LastSearch = {readonly endedAtMs: number; readonly tookMs: number; readonly limitMs: number; readonly isComplete: boolean};

/** How long the next search of so many keys may take: a short one everywhere first, then as long as it needs. */
export function searchLimitMs(last: LastSearch | undefined, keys: number): number {
	if (!last) return firstLimitMs;
	const neededMs = Math.max(firstLimitMs, searchTakesMs(keys) * 1.5);
	return last.isComplete ? neededMs : Math.min(last.limitMs * limitGrowth, neededMs);
}

/** It rests as long as the search at home does, so that it costs no more in the long run, and as long as it took, for whatever reason. */
export const isSearchDue = (last: LastSearch | undefined, keys: number, nowMs: number, slowedBy = 1): boolean =>
	!last || nowMs - last.endedAtMs >= Math.max(leastRestMs, searchAgainMs(keys), last.tookMs) * slowedBy;

/**
 * Look for queues on the other masters of a cluster: one master at a time, over a connection that is closed again, with the same slow search as at
 * home; and look at those that have been found.
 */
export async function watchFleetQueues(options: FleetQueuesOptions, signal: AbortSignal): Promise<void> {
	const {watches, clock, slowedBy} = options;
	const known = new WeakMap<NodeWatch, KnownQueues>();
	const searching = new Set<NodeWatch>();
	await Promise.all([
		search({...options, known, searching}, signal),
		// The search looks at what it finds by itself.
		lookAtFleetQueues({clock, known, slowedBy, watches: () => watches().filter(watch => !searching.has(watch))}, signal),
	]);
}

type Searching = FleetQueuesOptions & {readonly known: WeakMap<NodeWatch, KnownQueues>; readonly searching: Set<NodeWatch>};

async function search(options: Searching, signal: AbortSignal): Promise<void> {
	const {watches, clock, known, searching, slowedBy} = options;
	const searches = new WeakMap<NodeWatch, LastSearch>();
	while (!signal.aborted) {
		const due = watches().filter(watch => isSearchDue(searches.get(watch), keysOf(watch), clock.now(), slowedBy()));
		for (const watch of due) {
			if (signal.aborted || !answersReads(watch.store.getState().snapshot.server)) continue;
			const startedAtMs = clock.now();
			const limitMs = searchLimitMs(searches.get(watch), keysOf(watch));
			searching.add(watch);
			const {found, memories} = await searchOne(watch, limitMs, options, signal);
			searching.delete(watch);
			const endedAtMs = clock.now();
			const {isComplete} = watch.store.getState().snapshot.queueSearch;
			searches.set(watch, {endedAtMs, tookMs: endedAtMs - startedAtMs, limitMs, isComplete});
			known.set(watch, {found: isComplete ? found : mergeFound(found, known.get(watch)?.found ?? []), memories, lookedAtMs: endedAtMs});
		}
		await clock.sleep(1000, signal);
	}
}

/** As many as INFO tells, or as the last search has seen. */
function keysOf({store}: NodeWatch): number {
	const {info, queueSearch} = store.getState().snapshot;
	return Math.max(queueSearch.keys, info.data?.keyspace?.find(({db}) => db === 0)?.keys ?? 0);
}

async function searchOne(
	watch: NodeWatch,
	limitMs: number,
	{login, name, clock, costs, isWanted}: FleetQueuesOptions,
	signal: AbortSignal,
): Promise<QueueWatcher['known']> {
	const stop = new AbortController();
	const link = new Link({target: {...login(), name: watch.address, endpoint: watch.endpoint, db: 0}, name, clock}).open();
	const watcher = new QueueWatcher({link, store: watch.store, clock, db: 0, apply: watch.apply, isWanted, onSend: argv => costs.of(watch.address).count(argv)});
	const running = watcher.run(stop.signal);
	const startedAtMs = clock.now();
	// Its first search begins by itself; what it found before counts no more.
	const isDone = () => {
		const {queueSearch, queues, server} = watch.store.getState().snapshot;
		const isSearched = queueSearch.phase === 'ended' && (queueSearch.endedAtMs ?? 0) >= startedAtMs;
		return (isSearched && (queues.updatedAtMs ?? 0) >= (queueSearch.endedAtMs ?? 0)) || !answersReads(server) || link.status.kind === 'broken';
	};
	while (!signal.aborted && !isDone() && clock.now() - startedAtMs < limitMs) await clock.sleep(checkEveryMs, signal);
	stop.abort();
	// A search that is cut tells what it has seen; that takes its connection.
	if (signal.aborted) link.close();
	await running;
	link.close();
	return watcher.known;
}
