import {toCount, toNumber} from '../redis/parse/number.ts';
import {dueMsOf, isMarker} from './bull-reads.ts';
import {jobPlace} from './job-place.ts';
import {emptyRow, type JobDetail, type JobPage, type JobRow, type JobState, noText, type PageOptions, type SizedText} from './job-types.ts';
import {scoredOf, textsOf, toJson, toObject} from './replies.ts';
import {asking, type Steps, together} from './steps.ts';
import type {FoundQueue} from './types.ts';

type Place = {readonly suffix: string; readonly kind: 'list' | 'rising' | 'falling'};

/** Where the jobs of a state are; lists are read from the tail, where the next one is, or the one that runs longest. */
const places: Readonly<Record<JobState, Place>> = {
	waiting: {suffix: 'wait', kind: 'list'},
	paused: {suffix: 'paused', kind: 'list'},
	active: {suffix: 'active', kind: 'list'},
	delayed: {suffix: 'delayed', kind: 'rising'},
	prioritized: {suffix: 'prioritized', kind: 'rising'},
	'waiting-children': {suffix: 'waiting-children', kind: 'rising'},
	failed: {suffix: 'failed', kind: 'falling'},
	completed: {suffix: 'completed', kind: 'falling'},
};

export const bullJobStates = Object.keys(places) as readonly JobState[];
const sortedStates = bullJobStates.filter(state => places[state].kind !== 'list');

const fields = [
	'name',
	'timestamp',
	'opts',
	'priority',
	'processedOn',
	'finishedOn',
	'atm',
	'attemptsMade',
	'stc',
	'stalledCounter',
	'pb',
	'parentKey',
] as const;

/** Longer texts are told by their size. */
const maxReasonBytes = 4096;
const maxTextBytes = 65_536;

/** A page of the jobs in one state. */
export function* bullJobPage({id: base}: FoundQueue, state: JobState, {from, count}: PageOptions): Steps<JobPage> {
	const {suffix, kind} = places[state];
	const key = `${base}:${suffix}`;
	const page = yield* asking({
		total: [kind === 'list' ? 'LLEN' : 'ZCARD', key],
		ids: kind === 'list' ? ['LRANGE', key, String(-from - count), String(-from - 1)] : rangeOf(key, kind, from, count),
	});
	const entries =
		kind === 'list'
			? page
					.ids('ids')
					.filter(id => !isMarker(id))
					.reverse()
			: [];
	const scored = kind === 'list' ? entries.map(member => ({member, score: undefined})) : page.scored('ids');
	const ids = scored.map(({member}) => member);
	const [jobs, reasons, locks] = yield* together([
		jobsOf(base, ids),
		state === 'failed'
			? sizedFields(
					ids.map(id => [`${base}:${id}`, 'failedReason']),
					maxReasonBytes,
				)
			: none(),
		state === 'active' ? locksOf(base, ids) : none(),
	]);
	const rows = jobs.map((job, index): JobRow => {
		const score = scored[index]?.score;
		return {
			...job,
			dueMs: state === 'delayed' && score !== undefined ? dueMsOf(score) : undefined,
			failedReason: reasons?.[index] ?? noText,
			hasLock: locks?.[index],
		};
	});
	return {state, total: page.count('total'), from, rows, isSample: false, unknown: page.unknown};
}

// biome-ignore lint/correctness/useYield: it asks nothing, so that it can stand beside readings that do
function* none(): Steps<undefined> {
	return undefined;
}

function rangeOf(key: string, kind: 'rising' | 'falling', from: number, count: number): readonly string[] {
	return [kind === 'rising' ? 'ZRANGE' : 'ZREVRANGE', key, String(from), String(from + count - 1), 'WITHSCORES'];
}

function* jobsOf(base: string, ids: readonly string[]): Steps<readonly JobRow[]> {
	const replies = yield ids.map(id => ['HMGET', `${base}:${id}`, ...fields]);
	return ids.map((id, index) => toRow(id, replies[index]));
}

function toRow(id: string, reply: unknown): JobRow {
	const values = textsOf(reply);
	const field = (name: (typeof fields)[number]) => values[fields.indexOf(name)];
	return {
		...emptyRow,
		id,
		name: field('name'),
		createdMs: toCount(field('timestamp')),
		startedMs: toCount(field('processedOn')),
		finishedMs: toCount(field('finishedOn')),
		// Short names since BullMQ 5.
		attemptsMade: toCount(field('atm') ?? field('attemptsMade')) ?? 0,
		// 0 and none both mean one.
		attempts: Math.max(1, toNumber(toObject(field('opts'))?.attempts) ?? 1),
		priority: toCount(field('priority')),
		stalledCount: toCount(field('stc') ?? field('stalledCounter')) ?? 0,
		workerName: field('pb'),
		isGone: Array.isArray(reply) && values.every(value => value === undefined),
	};
}

function* locksOf(base: string, ids: readonly string[]): Steps<readonly boolean[] | undefined> {
	if (ids.length === 0) return [];
	const [reply] = yield [['MGET', ...ids.map(id => `${base}:${id}:lock`)]];
	return Array.isArray(reply) ? textsOf(reply).map(lock => lock !== undefined) : undefined;
}

/** Fields of hashes, asked for only after their size is known. */
export function* sizedFields(wanted: readonly (readonly [key: string, field: string])[], maxBytes: number): Steps<readonly SizedText[]> {
	const sizes = yield wanted.map(([key, field]) => ['HSTRLEN', key, field]);
	const small = wanted.map((_, index) => index).filter(index => isWithin(toCount(sizes[index]), maxBytes));
	const replies = yield small.map(index => ['HGET', ...(wanted[index] ?? [])]);
	const texts = textsOf(replies);
	return wanted.map((_, index) => ({bytes: toCount(sizes[index]) ?? 0, text: texts[small.indexOf(index)]}));
}

const isWithin = (bytes: number | undefined, maxBytes: number): boolean => bytes !== undefined && bytes > 0 && bytes <= maxBytes;

/** All about one job; undefined when it is gone. */
export function* bullJobDetail({id: base}: FoundQueue, jobId: string): Steps<JobDetail | undefined> {
	const key = `${base}:${jobId}`;
	const large = ['data', 'opts', 'returnvalue', 'progress', 'failedReason', 'stacktrace'] as const;
	const [[row], texts, beside, place] = yield* together([
		jobsOf(base, [jobId]),
		sizedFields(
			large.map(field => [key, field] as const),
			maxTextBytes,
		),
		asking({
			parentKey: ['HGET', key, 'parentKey'],
			logs: ['LLEN', `${key}:logs`],
			lockMs: ['PTTL', `${key}:lock`],
			due: ['ZSCORE', `${base}:delayed`, jobId],
		}),
		jobPlace(`${base}:active`, jobId, Object.fromEntries(sortedStates.map(state => [state, ['ZSCORE', `${base}:${places[state].suffix}`, jobId]]))),
	]);
	if (!row || row.isGone) return undefined;
	const text = (field: (typeof large)[number]) => texts[large.indexOf(field)] ?? noText;
	const lockMs = beside.number('lockMs');
	const due = beside.number('due');
	return {
		...row,
		state: place ?? (lockMs !== undefined && lockMs >= 0 ? 'active' : undefined),
		dueMs: due === undefined ? undefined : dueMsOf(due),
		hasLock: lockMs === undefined ? undefined : lockMs >= 0,
		failedReason: text('failedReason'),
		data: text('data'),
		options: text('opts'),
		returnValue: text('returnvalue'),
		progress: text('progress'),
		stacks: stacksOf(text('stacktrace').text),
		stackBytes: text('stacktrace').bytes,
		logCount: beside.count('logs'),
		lockMs: lockMs !== undefined && lockMs >= 0 ? lockMs : undefined,
		parentKey: beside.text('parentKey'),
	};
}

function stacksOf(text: string | undefined): readonly string[] {
	const stacks = toJson(text);
	return Array.isArray(stacks) ? textsOf(stacks).filter(stack => stack !== undefined) : [];
}

/** Newest failures first: id and when. */
export function* bullFailures(
	{id: base}: FoundQueue,
	count: number,
): Steps<{readonly ids: readonly string[]; readonly atMs: readonly number[]; readonly total: number | undefined}> {
	const page = yield* asking({total: ['ZCARD', `${base}:failed`], ids: rangeOf(`${base}:failed`, 'falling', 0, count)});
	const scored = scoredOf(page.raw('ids'));
	return {ids: scored.map(({member}) => member), atMs: scored.map(({score}) => score), total: page.count('total')};
}
