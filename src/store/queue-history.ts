import type {QueueStatus} from '../queues/types.ts';
import {type Slowed, slowedBy} from './slowed.ts';

/** Jobs that ended for good between two looks. */
type Ended = {readonly atMs: number; readonly finished: number; readonly failed: number};

/** What several looks at one queue tell together. */
export type QueueTrack = {
	/** Since when jobs have waited that could run, and none has been taken; as far as it was watched. Undefined: it is not so, or cannot be told. */
	readonly idleSinceMs: number | undefined;
	/** Since when no worker has been visible in any look while jobs could run. */
	readonly unmannedSinceMs: number | undefined;
	/** Since when every look has found active jobs without a lock. */
	readonly strandedSinceMs: number | undefined;
	/** When the looks went on after the last gap, in which nobody could look; undefined: there was none. */
	readonly gapEndedMs: number | undefined;
	/** Of the last minute, oldest first. */
	readonly ended: readonly Ended[];
	/** To compare the next look with. */
	readonly last: Mark;
};

type Mark = {
	readonly lookedAtMs: number;
	/** When rates were made last, on the server's clock. */
	readonly sampledMs: number;
	readonly backlog: number | undefined;
	readonly active: number | undefined;
	/** When the job that comes next could first have run, on the server's clock: another moment is another job. */
	readonly nextSinceMs: number | undefined;
};

/** By queue id; of the queues that the last look has seen. */
export type QueueHistory = ReadonlyMap<string, QueueTrack>;

/** One look at all queues. */
type Reading = {
	readonly queues: readonly QueueStatus[];
	/** On the server's clock, by which ages are told. */
	readonly atMs: number;
	/** From this look to the next. */
	readonly pauseMs: number;
	/** The list of clients was there: workers of Bull and BullMQ are counted in it. */
	readonly knowsClients: boolean;
};

const minuteMs = 60_000;
/** Rates are made anew no more often than this (queues/rates.ts). */
const shortestSampleMs = 1000;
/** What has been seen at one look is taken to last until the next, unless so many are missing. */
const gapsThatCount = 3;
/** Times in jobs come from many clocks, and some only in seconds. */
const sameMomentMs = 1;

/** A queue costs about 35 µs of server time a look (measured: 200 queues, 7 ms): a pause of 25 ms for each keeps that near 0.15 % of a core. */
export const queueLookPauseMs = (queues: number, slowed: Slowed): number => Math.max(5000, 25 * queues) * slowedBy(slowed, 'queues');

/** Everything that would run if a worker came. */
export const backlogOf = ({waiting, prioritized}: Pick<QueueStatus, 'waiting' | 'prioritized'>): number | undefined =>
	waiting === undefined ? undefined : waiting + (prioritized ?? 0);

/** Add one look. `nowMs` is our own clock, by which the console judges how long something lasts. */
export function withQueueLook(history: QueueHistory, {queues, atMs, pauseMs, knowsClients}: Reading, nowMs: number): QueueHistory {
	const longestGapMs = gapsThatCount * pauseMs;
	const look = {serverMs: atMs, nowMs, knowsClients, longestGapMs};
	return new Map(queues.map(queue => [queue.id, track(queue, history.get(queue.id), look)]));
}

/** What ended within the last minute, as far as it was watched. Undefined: such figures are not known of this queue. */
export function endedLately(queueTrack: QueueTrack | undefined, nowMs: number): Pick<Ended, 'finished' | 'failed'> | undefined {
	const recent = queueTrack?.ended.filter(({atMs}) => nowMs - atMs < minuteMs) ?? [];
	if (recent.length === 0) return undefined;
	const total = (key: 'finished' | 'failed') => recent.reduce((sum, each) => sum + each[key], 0);
	return {finished: total('finished'), failed: total('failed')};
}

type Look = {readonly serverMs: number; readonly nowMs: number; readonly knowsClients: boolean; readonly longestGapMs: number};

function track(queue: QueueStatus, before: QueueTrack | undefined, look: Look): QueueTrack {
	const {serverMs, nowMs, longestGapMs} = look;
	// How long something lasted while nobody looked (the server was blocked, the connection lost) is not known: that time does not count.
	const sinceLastMs = before ? nowMs - before.last.lookedAtMs : 0;
	const isGap = sinceLastMs > longestGapMs;
	const begun = (beganMs: number | undefined) => (beganMs === undefined || !isGap ? beganMs : beganMs + sinceLastMs);
	const mark = markOf(queue, look);
	const canRun = couldRun(queue);
	const isIdle = canRun && (showsWork(queue) || before?.idleSinceMs !== undefined);
	const isMoving = isIdle && hasMoved(queue, before?.last, mark);
	const unmanned = isUnmanned(queue, look) ?? before?.unmannedSinceMs !== undefined;
	return {
		idleSinceMs: since(isIdle, isMoving ? undefined : begun(before?.idleSinceMs), nowMs),
		unmannedSinceMs: since(canRun && unmanned, begun(before?.unmannedSinceMs), nowMs),
		strandedSinceMs: since((queue.activeWithoutLock ?? 0) > 0, begun(before?.strandedSinceMs), nowMs),
		gapEndedMs: isGap ? nowMs : before?.gapEndedMs,
		...samples(queue, before, mark, serverMs),
	};
}

const since = (holds: boolean, beganMs: number | undefined, nowMs: number): number | undefined => (holds ? (beganMs ?? nowMs) : undefined);

/** What ended since the last sample, and when this one was taken. A look that comes too soon is no new sample, as its rates are not new. */
function samples(queue: QueueStatus, before: QueueTrack | undefined, mark: Omit<Mark, 'sampledMs'>, serverMs: number): Pick<QueueTrack, 'ended' | 'last'> {
	const nowMs = mark.lookedAtMs;
	const ended = before?.ended.filter(({atMs}) => nowMs - atMs < minuteMs) ?? [];
	if (!before) return {ended, last: {...mark, sampledMs: serverMs}};
	const elapsedMs = serverMs - before.last.sampledMs;
	if (elapsedMs >= 0 && elapsedMs < shortestSampleMs) return {ended, last: {...mark, sampledMs: before.last.sampledMs}};
	return {ended: [...ended, ...endedIn(queue, elapsedMs, nowMs)], last: {...mark, sampledMs: serverMs}};
}

const markOf = (queue: QueueStatus, {serverMs, nowMs}: Look): Omit<Mark, 'sampledMs'> => ({
	lookedAtMs: nowMs,
	backlog: backlogOf(queue),
	active: queue.active,
	nextSinceMs: queue.nextJobAgeMs === undefined ? undefined : serverMs - queue.nextJobAgeMs,
});

/** Jobs wait, and nothing that is known holds them back. Where only the workers know their limit, it may. */
function couldRun(queue: QueueStatus): boolean {
	const isLimited = queue.family === 'bull' && queue.rateLimitedMs !== 0;
	return (backlogOf(queue) ?? 0) > 0 && queue.paused !== true && !isLimited;
}

/** One of these must be known, or a job taken could not be told from none. */
const showsWork = ({processedPerSecond, nextJobAgeMs}: QueueStatus): boolean => processedPerSecond !== undefined || nextJobAgeMs !== undefined;

/** The workers of some systems are in no list at all, and then undefined says nothing. Undefined: nobody could look. */
function isUnmanned({family, workers}: QueueStatus, {knowsClients}: Look): boolean | undefined {
	if (workers !== undefined) return workers === 0;
	if (family !== 'bull') return false;
	return knowsClients ? true : undefined;
}

/** A job has ended, fewer wait, more are at work, or a younger job comes next. Seen for the first time, it counts as moving. */
function hasMoved({processedPerSecond = 0}: QueueStatus, before: Mark | undefined, now: Omit<Mark, 'sampledMs'>): boolean {
	if (processedPerSecond > 0 || !before) return true;
	const isYounger = before.nextSinceMs !== undefined && isMore(before.nextSinceMs + sameMomentMs, now.nextSinceMs);
	return isMore(now.backlog, before.backlog) || isMore(before.active, now.active) || isYounger;
}

const isMore = (from: number | undefined, to: number | undefined): boolean => from !== undefined && to !== undefined && to > from;

/** A look that came late says of the last minute what its rate says, no more. */
function endedIn({processedPerSecond, failedPerSecond}: QueueStatus, elapsedMs: number, atMs: number): readonly Ended[] {
	if (processedPerSecond === undefined || failedPerSecond === undefined) return [];
	const seconds = Math.min(Math.max(0, elapsedMs), minuteMs) / 1000;
	return [{atMs, finished: processedPerSecond * seconds, failed: failedPerSecond * seconds}];
}
