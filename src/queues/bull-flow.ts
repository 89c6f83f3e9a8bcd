import {toCount} from '../redis/parse/number.ts';
import {toText} from '../redis/parse/reply.ts';
import {type BullReplies, detailCount} from './bull-reads.ts';
import {sumOf} from './replies.ts';
import type {Steps} from './steps.ts';
import {idAfter} from './times.ts';
import type {Counters, LookContext, Marks} from './types.ts';

type Flow = {readonly counters: Counters; readonly marks: Marks; readonly lastEventId: string | undefined};
type Finished = {readonly completed: number; readonly failed: number};

const eventsLookedAt = 100;
const eventBytes = 100_000;

/**
 * How many jobs came and went since the last sample. Coming is counted by `id`. Going by the first that there is: the counters of a worker
 * with `metrics`; the event stream (BullMQ; its length is exact on Redis 7, the kinds a sample of 100); the finished sets, or, where
 * jobs are removed when they are done, the additions that are not in the queue any more (Bull).
 */
export function* lookAtFlow(base: string, first: BullReplies, context: LookContext): Steps<Flow> {
	const {before} = context;
	const events = first.pairs('events');
	const lastEventId = toText(events.get('last-generated-id'));
	const marks = {
		added: first.count('counter') ?? (first.isRefused('counter') ? undefined : 0),
		metricCompleted: first.count('completedMetric'),
		metricFailed: first.count('failedMetric'),
		events: toCount(events.get('entries-added')),
		unfinished: unfinishedOf(first),
	};
	const finished = before
		? (sinceMetrics(marks, before.marks) ??
			(lastEventId === undefined ? sinceSets(first, marks, before.marks) : yield* sinceEvents(base, first, marks, context)))
		: {completed: 0, failed: 0};
	return {
		counters: {
			added: marks.added,
			finished: grown(before?.counters.finished, finished && finished.completed + finished.failed),
			failed: grown(before?.counters.failed, finished?.failed),
		},
		marks,
		lastEventId,
	};
}

const grown = (total: number | undefined, by: number | undefined): number | undefined => (by === undefined ? undefined : (total ?? 0) + by);

const unfinishedOf = (first: BullReplies): number | undefined =>
	sumOf(first.count('wait'), first.count('paused'), first.count('active'), first.count('delayed'));

function sinceMetrics(now: Marks, before: Marks): Finished | undefined {
	const completed = difference(now.metricCompleted, before.metricCompleted);
	// A counter is there from its first job on.
	const failed = difference(now.metricFailed ?? 0, before.metricFailed ?? 0);
	return completed === undefined || failed === undefined ? undefined : {completed, failed};
}

function sinceSets(first: BullReplies, now: Marks, before: Marks): Finished | undefined {
	const [completed, failed] = [detailCount(first, 'completedSince', 'completed'), detailCount(first, 'failedSince', 'failed')];
	if (completed === undefined || failed === undefined) return undefined;
	if (completed > 0 || (first.count('completed') ?? 0) > 0) return {completed, failed};
	const added = difference(now.added, before.added);
	if (added === undefined || now.unfinished === undefined || before.unfinished === undefined) return {completed, failed};
	const gone = added - (now.unfinished - before.unfinished);
	return {completed: Math.max(0, gone - failed), failed};
}

/** The finished sets are exact where jobs are kept; where they are removed at once, the events tell. */
function* sinceEvents(base: string, first: BullReplies, now: Marks, {before, nowMs}: LookContext): Steps<Finished | undefined> {
	const fresh = difference(now.events, before?.marks.events);
	if (fresh === 0) return {completed: 0, failed: 0};
	if (before?.lastEventId === undefined) return undefined;
	const room = roomFor(first);
	const [reply] = yield [['XREVRANGE', `${base}:events`, '+', idAfter(before.lastEventId), 'COUNT', String(room)]];
	if (!Array.isArray(reply)) return undefined;
	const kinds = reply.map(kindOfEvent);
	const scale = reply.length < room && fresh === undefined ? 1 : scaleOf(reply, fresh, nowMs - before.sampledMs, nowMs);
	const count = (kind: string, kept: number | undefined) => {
		const estimate = kinds.filter(each => each === kind).length * scale;
		return scale > 1 && kept !== undefined && kept > estimate / 2 ? kept : estimate;
	};
	return {completed: count('completed', first.count('completedSince')), failed: count('failed', first.count('failedSince'))};
}

/** Events hold what jobs return, of any size: where the newest and the oldest are large, fewer are looked at. */
function roomFor(first: BullReplies): number {
	const events = first.pairs('events');
	const size = JSON.stringify([events.get('first-entry'), events.get('last-entry')]).length / 2;
	return Math.max(5, Math.min(eventsLookedAt, Math.floor(eventBytes / size)));
}

/** How many times more events there were than have been looked at. */
function scaleOf(entries: readonly unknown[], fresh: number | undefined, elapsedMs: number, nowMs: number): number {
	if (entries.length === 0) return 1;
	if (fresh !== undefined) return Math.max(1, fresh / entries.length);
	// Before Redis 7 nobody counts the entries: a full page is taken for what went on all the time.
	const oldestMs = Number.parseInt(toText((entries.at(-1) as readonly unknown[])?.[0]) ?? '', 10);
	return Math.max(1, elapsedMs / Math.max(1, nowMs - oldestMs));
}

function kindOfEvent(entry: unknown): string | undefined {
	const fields: unknown = Array.isArray(entry) ? entry[1] : undefined;
	if (!Array.isArray(fields)) return undefined;
	const flat: readonly unknown[] = fields.flat();
	const at = flat.findIndex((name, index) => index % 2 === 0 && name === 'event');
	return at < 0 ? undefined : toText(flat[at + 1]);
}

/** Undefined where one is not known, or the counter was begun anew. */
function difference(now: number | undefined, before: number | undefined): number | undefined {
	return now === undefined || before === undefined || now < before ? undefined : now - before;
}
