import type {Replies} from './replies.ts';
import type {Argv} from './steps.ts';
import type {FoundQueue, LookContext} from './types.ts';

/** Delayed jobs have the score due·4096 + a counter, in Bull 4 and in BullMQ 1 to 6 (facts/queues.md, fact 2). */
const delayScoreUnit = 4096;

/** The highest score of a job that is due. */
export const dueScore = (nowMs: number): number => (nowMs + 1) * delayScoreUnit - 1;

export const dueMsOf = (score: number): number => Math.floor(score / delayScoreUnit);

/** The oldest active jobs: the list is filled at its head, and what is stuck ends up at its tail. */
export const lookedAtActive = 100;

/** A stream of any shape that is no larger is small. */
const smallStreamBytes = 16_384;

/** A scheduler whose next run is so late has been missed. */
const missedAfterMs = 60_000;

const keyOf =
	({id}: FoundQueue) =>
	(suffix: string): string =>
		`${id}:${suffix}`;

/** What is asked first of a queue of BullMQ or Bull: how much there is of everything. `paused` comes before `wait`, see `mixedMajors`. */
export function sizeReads(queue: FoundQueue, {nowMs}: LookContext) {
	const key = keyOf(queue);
	return {
		meta: ['HMGET', key('meta'), 'version', 'opts.maxLenEvents', 'paused', 'concurrency', 'max'],
		pausedKey: ['EXISTS', key('meta-paused')],
		paused: ['LLEN', key('paused')],
		wait: ['LLEN', key('wait')],
		active: ['LLEN', key('active')],
		prioritized: ['ZCARD', key('prioritized')],
		delayed: ['ZCARD', key('delayed')],
		waitingChildren: ['ZCARD', key('waiting-children')],
		failed: ['ZCARD', key('failed')],
		completed: ['ZCARD', key('completed')],
		limiter: ['GET', key('limiter')],
		counter: ['GET', key('id')],
		missed: ['ZCOUNT', key('repeat'), '0', String(nowMs - missedAfterMs)],
		stalledCheck: ['PTTL', key('stalled-check')],
		completedMetric: ['HGET', key('metrics:completed'), 'count'],
		failedMetric: ['HGET', key('metrics:failed'), 'count'],
		eventCount: ['XLEN', key('events')],
		// It samples the first nodes of a stream and adds the last one: what XINFO STREAM would send whole is in it.
		eventBytes: ['MEMORY', 'USAGE', key('events'), 'SAMPLES', '5'],
	} as const satisfies Record<string, Argv>;
}

type DetailReads = Readonly<Partial<Record<DetailRead, Argv>>>;

/** What is asked next, of what there is only: a key that is missing counts as a miss in the server's hit rate, or as an error. */
export function detailReads(queue: FoundQueue, sizes: Replies<SizeRead>, {nowMs, before}: LookContext): DetailReads {
	const key = keyOf(queue);
	const since = before ? `(${before.sampledMs}` : '+inf';
	const bySize: Partial<Record<SizeRead, DetailReads>> = {
		wait: {waitTail: ['LRANGE', key('wait'), '-3', '-1'], waitHead: ['LINDEX', key('wait'), '0']},
		paused: {pausedTail: ['LRANGE', key('paused'), '-3', '-1'], pausedHead: ['LINDEX', key('paused'), '0'], pausedAgain: ['LLEN', key('paused')]},
		active: {activeIds: ['LRANGE', key('active'), String(-lookedAtActive), '-1']},
		prioritized: {firstPrioritized: ['ZRANGE', key('prioritized'), '0', '0']},
		delayed: {
			overdue: ['ZCOUNT', key('delayed'), '-inf', String(dueScore(nowMs))],
			firstDelayed: ['ZRANGE', key('delayed'), '0', '0', 'WITHSCORES'],
		},
		failed: {oldestFailed: ['ZRANGE', key('failed'), '0', '0'], failedSince: ['ZCOUNT', key('failed'), since, '+inf']},
		completed: {oldestCompleted: ['ZRANGE', key('completed'), '0', '0'], completedSince: ['ZCOUNT', key('completed'), since, '+inf']},
		limiter: {limiterMs: ['PTTL', key('limiter')]},
		eventCount: hasSmallEntries(sizes.count('eventBytes'), sizes.count('eventCount')) ? {events: ['XINFO', 'STREAM', key('events')]} : {},
	};
	const flagged: DetailReads = {flagAgain: ['HEXISTS', key('meta'), 'paused'], pausedKeyAgain: ['EXISTS', key('meta-paused')]};
	const wanted = Object.entries(bySize).flatMap(([size, reads]) => ((sizes.count(size as SizeRead) ?? 0) > 0 ? [reads] : []));
	return Object.assign({}, ...wanted, isFlagged(sizes) ? flagged : {});
}

/** On average; a BullMQ event has some 100 bytes. XINFO STREAM and XRANGE answer with whole entries, and what a job returns stands in them. */
const largestEntryBytes = 512;

/** False also where it cannot be told. */
export const hasSmallEntries = (bytes: number | undefined, length: number | undefined): boolean =>
	bytes !== undefined && length !== undefined && bytes <= smallStreamBytes + length * largestEntryBytes;

/** `meta.paused`. */
export const isFlagged = (sizes: Pick<Replies<SizeRead>, 'texts'>): boolean => sizes.texts('meta')[2] !== undefined;

export type SizeRead = keyof ReturnType<typeof sizeReads>;

export type DetailRead =
	| 'waitTail'
	| 'waitHead'
	| 'pausedTail'
	| 'pausedHead'
	| 'pausedAgain'
	| 'flagAgain'
	| 'pausedKeyAgain'
	| 'activeIds'
	| 'firstPrioritized'
	| 'overdue'
	| 'firstDelayed'
	| 'oldestFailed'
	| 'failedSince'
	| 'oldestCompleted'
	| 'completedSince'
	| 'limiterMs'
	| 'events';

/** Everything asked before the jobs themselves. */
export type BullReplies = Replies<SizeRead | DetailRead>;

/** A detail of something that is empty is 0. */
export function detailCount(replies: BullReplies, detail: DetailRead, of: SizeRead): number | undefined {
	return replies.count(of) === 0 ? 0 : replies.count(detail);
}

/** BullMQ 3 and 4 put `0:<ms>` into an empty list to wake workers: no job. */
export const isMarker = (id: string): boolean => /^0:\d+$/.test(id);
