import {toNumber} from '../redis/parse/number.ts';
import {lookAtFlow} from './bull-flow.ts';
import {lookAtJobs} from './bull-jobs-seen.ts';
import {lookAtLocks} from './bull-locks.ts';
import {mixedMajors} from './bull-mixed.ts';
import {type BullReplies, type DetailRead, detailCount, detailReads, dueMsOf, isFlagged, isMarker, lookedAtActive, sizeReads} from './bull-reads.ts';
import {sumOf} from './replies.ts';
import {asking, type Steps, together} from './steps.ts';
import {lateBy} from './times.ts';
import type {Figures, FoundQueue, Look, LookContext, QueueStatus, QueueSystem, Unknown} from './types.ts';

/** Read a queue of BullMQ (1 to 6) or Bull. */
export function* lookAtBull(queue: FoundQueue, context: LookContext): Steps<Look> {
	const sizes = yield* asking(sizeReads(queue, context));
	const first = sizes.and(yield* asking<DetailRead>(detailReads(queue, sizes, context)));
	const [jobs, locks, flow] = yield* together([
		lookAtJobs(queue.id, first, context),
		lookAtLocks(queue.id, first.ids('activeIds'), context),
		lookAtFlow(queue.id, first, context),
	]);

	const identity = identityOf(first, queue.system, jobs.bullJobId);
	const lists = {wait: jobsIn(first, 'wait', 'waitTail'), paused: jobsIn(first, 'paused', 'pausedTail')};
	const orphanIds = new Set([...jobs.orphanIds, ...locks.orphanIds]);
	const figures: Partial<Figures> = {
		...countsOf(first, context),
		paused: pausedIn(first, identity.major),
		waiting: sumOf(lists.wait, lists.paused),
		workers: context.workers,
		activeWithoutLock: locks.confirmed?.length,
		activeWithoutLockIds: locks.confirmed ?? [],
		nextJobAgeMs: jobs.nextJobAgeMs,
		rateLimitedMs: rateLimitedMs(first),
		mixedMajors: mixedMajors({
			first,
			wait: lists.wait ?? 0,
			paused: lists.paused ?? 0,
			isFlagged: first.count('flagAgain') === 1,
			major: identity.major,
			bullJobId: jobs.bullJobId,
		}),
		orphans: orphansOf(orphanIds, context),
	};
	const isEmpty = isBare(first, figures);
	return {
		figures: {...figures, isGhost: isEmpty && context.workers === undefined},
		identity,
		counters: flow.counters,
		memory: {lockless: locks.lockless, orphanIds, lastEventId: flow.lastEventId, marks: flow.marks},
		isGone: isEmpty && first.texts('meta').every(field => field === undefined) && first.count('pausedKey') === 0,
		unknown: [...first.unknown, ...jobs.unknown, ...locks.unknown, ...partial(queue, first)],
	};
}

/** Who works here, as far as `meta` says: the version of the library that opened the queue last, a dashboard's included. */
function identityOf(first: BullReplies, found: QueueSystem, bullJobId: string | undefined): NonNullable<Look['identity']> {
	if (first.isRefused('meta')) return {system: found, version: undefined, major: undefined};
	const [version, maxLenEvents] = first.texts('meta');
	const numbered = bullmqVersion(version);
	if (numbered) return {system: 'bullmq', ...numbered};
	// BullMQ 2 and older writes only the size of its event stream, and a flow's children of 3 have the stream alone. Both may also be
	// the traces of a tool of BullMQ's in a queue of Bull's.
	const hasTraces = (version ?? maxLenEvents) !== undefined || (first.count('eventCount') ?? 0) > 0;
	const isBullmq = hasTraces && bullJobId === undefined;
	return isBullmq ? {system: 'bullmq', version, major: undefined} : {system: 'bull', version: undefined, major: 'bull'};
}

/** `bullmq:5.81.5` → 5.81.5 and 5. BullMQ Pro counts its own versions, which tell nothing of the major beneath. */
function bullmqVersion(text: string | undefined): {readonly version: string; readonly major: number | undefined} | undefined {
	const [, pro, version, major] = /^bullmq(-pro)?:((\d+)\..*)$/.exec(text ?? '') ?? [];
	if (version === undefined) return undefined;
	return pro ? {version: `pro ${version}`, major: undefined} : {version, major: Number(major)};
}

function countsOf(first: BullReplies, {nowMs}: LookContext): Partial<Figures> {
	const oldestDue = first.scored('firstDelayed')[0]?.score;
	const stalledCheck = first.number('stalledCheck');
	return {
		active: first.count('active'),
		delayed: first.count('delayed'),
		overdue: detailCount(first, 'overdue', 'delayed'),
		oldestOverdueMs: lateBy(oldestDue === undefined ? undefined : dueMsOf(oldestDue), nowMs),
		prioritized: first.count('prioritized'),
		waitingChildren: first.count('waitingChildren'),
		failed: first.count('failed'),
		completed: first.count('completed'),
		missedSchedulers: first.count('missed'),
		stalledCheckMs: stalledCheck === undefined ? undefined : Math.max(0, stalledCheck),
		concurrency: toNumber(first.texts('meta')[3]),
	};
}

/** The jobs of a list without the markers at its end. */
function jobsIn(first: BullReplies, list: 'wait' | 'paused', tail: 'waitTail' | 'pausedTail'): number | undefined {
	const length = first.count(list);
	return length === undefined ? undefined : Math.max(0, length - first.ids(tail).filter(isMarker).length);
}

/** Bull's producers obey a key of its own; `meta.paused` is there for BullMQ alone (facts/queues.md, fact 10). */
function pausedIn(first: BullReplies, major: QueueStatus['major']): boolean | undefined {
	const key = first.count('pausedKey');
	if (major === 'bull') return key === undefined ? undefined : key > 0;
	return first.isRefused('meta') ? undefined : isFlagged(first);
}

/** `Worker.rateLimit` of BullMQ sets the counter this high, or higher, to hold everybody off. */
const heldOff = 999_999;

/** BullMQ counts a period's jobs in `limiter`; how many are allowed is in `meta` (global limit), or only the workers know. */
function rateLimitedMs(first: BullReplies): number | undefined {
	const [taken, leftMs] = [first.count('limiter'), first.number('limiterMs')];
	if (first.isRefused('limiter') || first.isRefused('limiterMs')) return undefined;
	if (taken === undefined || leftMs === undefined || leftMs <= 0) return 0;
	const allowed = toNumber(first.texts('meta')[4]) ?? undefined;
	if (taken >= (allowed ?? heldOff)) return leftMs;
	return allowed === undefined ? undefined : 0;
}

/** A job may be removed between two commands: an id is an orphan when it was one in the last look too. */
function orphansOf(orphanIds: ReadonlySet<string>, {before}: LookContext): number | undefined {
	if (!before && orphanIds.size > 0) return undefined;
	return [...orphanIds].filter(id => before?.orphanIds.has(id)).length;
}

/** No job has ever been added, and no worker looks after the queue. */
function isBare(first: BullReplies, {waiting, active, delayed, prioritized, failed, completed, waitingChildren}: Partial<Figures>): boolean {
	const counts = [waiting, active, delayed, prioritized, failed, completed, waitingChildren];
	const isUntouched = first.text('counter') === undefined && !first.isRefused('counter') && (first.number('stalledCheck') ?? 0) < 0;
	return isUntouched && counts.every(count => count === 0);
}

function partial({id}: FoundQueue, first: BullReplies): readonly Unknown[] {
	const active = first.count('active') ?? 0;
	const notes: Unknown[] = [];
	if (active > lookedAtActive) {
		notes.push({
			command: `LRANGE ${id}:active ${-lookedAtActive} -1`,
			reason: `of ${active} active jobs the oldest ${lookedAtActive} were looked at for their lock`,
		});
	}
	return notes;
}
