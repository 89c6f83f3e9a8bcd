import type {Clock} from '../clock.ts';
import type {FoundQueue} from '../queues/types.ts';
import {Link} from '../redis/link.ts';
import type {Target} from '../redis/target.ts';
import {answersReads} from '../store/server-state.ts';
import type {NodeWatch} from './node-watch.ts';
import {QueueWatcher} from './queue-watcher.ts';

type FleetQueuesOptions = {
	readonly login: Target;
	/** What CLIENT LIST calls the connection; no blanks. */
	readonly name: string;
	readonly clock: Clock;
	readonly isWanted: (queue: FoundQueue) => boolean;
	/** Those whose keys are not looked through already. */
	readonly watches: () => readonly NodeWatch[];
};

/** So long at most for one of them: what has been found by then counts, and the next one has its turn. */
const longestMs = 120_000;
const checkEveryMs = 200;
const againAfterMs = 30_000;

/** Look for queues on the other masters of a cluster: one master at a time, over a connection that is closed again, with the same slow search as at home. */
export async function searchFleetQueues(options: FleetQueuesOptions, signal: AbortSignal): Promise<void> {
	const {watches, clock} = options;
	while (!signal.aborted) {
		const due = watches().filter(watch => !isFresh(watch, clock.now()));
		for (const watch of due) if (!signal.aborted && answersReads(watch.store.getState().snapshot.server)) await searchOne(watch, options, signal);
		await clock.sleep(1000, signal);
	}
}

function isFresh({store}: NodeWatch, nowMs: number): boolean {
	const {queues, queueSearch} = store.getState().snapshot;
	const lastMs = Math.max(queues.updatedAtMs ?? 0, queueSearch.endedAtMs ?? 0);
	return nowMs - lastMs < againAfterMs;
}

async function searchOne(watch: NodeWatch, {login, name, clock, isWanted}: FleetQueuesOptions, signal: AbortSignal): Promise<void> {
	const stop = new AbortController();
	const link = new Link({target: {...login, name: watch.address, endpoint: watch.endpoint, db: 0}, name, clock}).open();
	const watcher = new QueueWatcher({link, store: watch.store, clock, db: 0, apply: watch.apply, isWanted, onSend: () => {}});
	const running = watcher.run(stop.signal);
	const startedAtMs = clock.now();
	// Its first search begins by itself; what it found before counts no more.
	const isDone = () => {
		const {queueSearch, queues, server} = watch.store.getState().snapshot;
		const isSearched = queueSearch.phase === 'ended' && (queueSearch.endedAtMs ?? 0) >= startedAtMs;
		return (isSearched && (queues.updatedAtMs ?? 0) >= (queueSearch.endedAtMs ?? 0)) || !answersReads(server) || link.status.kind === 'broken';
	};
	while (!signal.aborted && !isDone() && clock.now() - startedAtMs < longestMs) await clock.sleep(checkEveryMs, signal);
	stop.abort();
	link.close();
	await running;
}
