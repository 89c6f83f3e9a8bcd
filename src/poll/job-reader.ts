import type {Clock} from '../clock.ts';
import {ServerRefusedError} from '../errors.ts';
import {failureGroups} from '../queues/failure-groups.ts';
import {hasJobDetail, jobDetail, jobPage, jobStates} from '../queues/jobs.ts';
import {type Ask, run, type Steps} from '../queues/steps.ts';
import type {FoundQueue, QueueFamily} from '../queues/types.ts';
import {askingFor, type JobOffers, type Reading, type Wanted, wantedKey, wantedOf, withReading, withTrouble} from '../store/opened-queue.ts';
import {failed, refused} from '../store/resource.ts';
import {answersReads} from '../store/server-state.ts';
import type {ConsoleState, ConsoleStore} from '../store/store.ts';
import {isLasting} from './refusals.ts';

export type JobReaderOptions = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** Plain commands in the database of the target, single flight. */
	readonly ask: Ask;
	/** The queue as it was found; undefined when it is gone. */
	readonly findQueue: (id: string) => FoundQueue | undefined;
};

/** A page takes the server about 0.4 ms, the reasons of 500 failures 2 ms (measured on 7.0): both stay near 0.02 % of a core. */
const pauseMs: Readonly<Record<Wanted['kind'], number>> = {page: 3000, reasons: 10_000, job: 4000};
/** What takes long to be carried here (64 KB of data in each job, a slow link) is fetched less often: it fills a twentieth of the line at most. */
const restShare = 20;
const longestPauseMs = 60_000;
/** With nothing to read it sleeps until somebody opens something. */
const idleMs = 3_600_000;
/** Jobs of a page, and of payload lists, where each may be of any size. */
const pageSize = 50;
const payloadPageSize = 20;

/** What can be read of the jobs of this system. */
function offersFor(family: QueueFamily): JobOffers {
	const canOpenJobs = hasJobDetail(family);
	return {states: jobStates(family), canOpenJobs, canGroupFailures: family === 'bull', pageSize: canOpenJobs ? pageSize : payloadPageSize};
}

/** Reads what the screen shows of an open queue: at once when it is opened, then again and again, ever more rarely while it fails. */
export async function runJobReader(options: JobReaderOptions, signal: AbortSignal): Promise<void> {
	const {store, clock} = options;
	let wake = new AbortController();
	const wakeUp = () => wake.abort();
	signal.addEventListener('abort', wakeUp, {once: true});
	const unsubscribe = store.subscribe((now, before) => {
		const mayDiffer = now.ui !== before.ui || now.snapshot.server !== before.snapshot.server;
		if (mayDiffer && wishOf(now) !== wishOf(before)) wakeUp();
	});
	while (!signal.aborted) {
		wake = new AbortController();
		const wanted = wantedOf(store.getState());
		const nextMs = wanted ? await look(wanted, options) : idleMs;
		await clock.sleep(nextMs, wake.signal);
	}
	unsubscribe();
}

/** What decides whether to ask, as text: when it changes, waiting any longer is wrong. */
function wishOf(state: ConsoleState): string {
	return `${wantedKey(wantedOf(state))} ${answers(state)} ${state.ui.frozen === undefined}`;
}

const answers = ({snapshot}: ConsoleState): boolean => answersReads(snapshot.server);

/** Read it once. Returns how long to pause then. */
async function look(wanted: Wanted, {store, clock, ask, findQueue}: JobReaderOptions): Promise<number> {
	const {queueId, family} = wanted;
	const offers = offersFor(family);
	store.setState(({opened}) => ({opened: askingFor(opened, wanted, offers)}));
	const state = store.getState();
	// A display that stands still is filled once, and then left alone.
	if (offers.states.length === 0 || !answers(state) || (state.ui.frozen && state.opened?.[wanted.kind].data !== undefined)) return idleMs;
	const queue = findQueue(queueId);
	if (!queue) return trouble(store, wanted, 'it is not among the queues found: its keys may be gone');
	const beganAtMs = clock.now();
	try {
		const reading = await run(ask, read(queue, wanted, offers.pageSize));
		const endedAtMs = clock.now();
		store.setState(({opened}) => ({opened: withReading(opened, queueId, reading, endedAtMs)}));
		return Math.min(Math.max(pauseMs[wanted.kind], restShare * (endedAtMs - beganAtMs)), longestPauseMs);
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		if (!(error instanceof ServerRefusedError && isLasting(error.message))) return trouble(store, wanted, error.message);
		const {message} = error;
		store.setState(({opened}) => ({opened: withTrouble(opened, wanted, resource => refused(resource, 'reading jobs', message))}));
		return longestPauseMs;
	}
}

function trouble(store: ConsoleStore, wanted: Wanted, text: string): number {
	store.setState(({opened}) => ({opened: withTrouble(opened, wanted, resource => failed(resource, text))}));
	const failures = store.getState().opened?.[wanted.kind].failures ?? 1;
	return Math.min(pauseMs[wanted.kind] * 2 ** (failures - 1), longestPauseMs);
}

function* read(queue: FoundQueue, wanted: Wanted, count: number): Steps<Reading> {
	switch (wanted.kind) {
		case 'page':
			return {kind: 'page', data: yield* jobPage(queue, wanted.state, {from: wanted.from, count})};
		case 'reasons':
			return {kind: 'reasons', data: yield* failureGroups(queue)};
		case 'job':
			return {kind: 'job', data: {id: wanted.jobId, detail: yield* jobDetail(queue, wanted.jobId)}};
	}
}
