import {toCount} from '../redis/parse/number.ts';
import {toText} from '../redis/parse/reply.ts';
import {sizedFields} from './bull-jobs.ts';
import {jobPlace} from './job-place.ts';
import {emptyRow, type JobDetail, type JobPage, type JobRow, type JobState, noText, type PageOptions, type SizedText} from './job-types.ts';
import {textsOf, toObject} from './replies.ts';
import {asking, type Steps, together} from './steps.ts';
import type {FoundQueue} from './types.ts';

const places: ReadonlyMap<JobState, {readonly suffix: string; readonly size: string}> = new Map([
	['waiting', {suffix: 'waiting', size: 'LLEN'}],
	['active', {suffix: 'active', size: 'LLEN'}],
	['delayed', {suffix: 'delayed', size: 'ZCARD'}],
	['failed', {suffix: 'failed', size: 'SCARD'}],
	['completed', {suffix: 'succeeded', size: 'SCARD'}],
]);

export const beeJobStates: readonly JobState[] = [...places.keys()];

/** All jobs are fields of one hash, JSON each. Longer ones are told by their size. */
const maxJobBytes = 65_536;

/** A page of bee-queue's jobs in one state. Finished ones are in unsorted sets, so of those there is a sample. */
export function* beeJobPage({id: base}: FoundQueue, state: JobState, {from, count}: PageOptions): Steps<JobPage> {
	const {suffix, size} = places.get(state) ?? {suffix: state, size: 'LLEN'};
	const key = `${base}:${suffix}`;
	const isSample = size === 'SCARD';
	const page = yield* asking({total: [size, key], ids: idsCommand(key, size, {from, count})});
	const scored = size === 'ZCARD' ? page.scored('ids') : [];
	const listed = size === 'LLEN' ? [...page.ids('ids')].reverse() : isSample ? page.scanned('ids').slice(0, count) : scored.map(({member}) => member);
	const texts = yield* sizedFields(
		listed.map(id => [`${base}:jobs`, id] as const),
		maxJobBytes,
	);
	const rows = listed.map((id, index): JobRow => ({...toRow(id, texts[index] ?? noText), dueMs: scored[index]?.score}));
	return {state, total: page.count('total'), from: isSample ? 0 : from, rows, isSample, unknown: page.unknown};
}

function idsCommand(key: string, size: string, {from, count}: PageOptions): readonly string[] {
	if (size === 'LLEN') return ['LRANGE', key, String(-from - count), String(-from - 1)];
	if (size === 'ZCARD') return ['ZRANGE', key, String(from), String(from + count - 1), 'WITHSCORES'];
	return ['SSCAN', key, '0', 'COUNT', String(count)];
}

/** All about one job; undefined when it is gone. */
export function* beeJobDetail({id: base}: FoundQueue, jobId: string): Steps<JobDetail | undefined> {
	const [[text = noText], state] = yield* together([
		sizedFields([[`${base}:jobs`, jobId]], maxJobBytes),
		jobPlace(`${base}:active`, jobId, {
			failed: ['SISMEMBER', `${base}:failed`, jobId],
			completed: ['SISMEMBER', `${base}:succeeded`, jobId],
			delayed: ['ZSCORE', `${base}:delayed`, jobId],
		}),
	]);
	if (text.bytes === 0) return undefined;
	const job = toObject(text.text);
	const part = (value: unknown): SizedText => toSized(value === undefined ? undefined : JSON.stringify(value));
	return {
		...toRow(jobId, text),
		state,
		data: job ? part(job.data) : text,
		options: part(job?.options),
		returnValue: noText,
		progress: part(job?.progress),
		stacks: stacksOf(job),
		stackBytes: 0,
		logCount: undefined,
		lockMs: undefined,
		parentKey: undefined,
	};
}

const toSized = (text: string | undefined): SizedText => ({text, bytes: text === undefined ? 0 : Buffer.byteLength(text)});

function optionsOf(job: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
	const options = job?.options;
	return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
}

const stacksOf = (job: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
	textsOf(optionsOf(job).stacktraces).filter(stack => stack !== undefined);

/** `retries` counts down as runs fail, and a stack is kept of each. */
function toRow(id: string, text: SizedText): JobRow {
	const job = toObject(text.text);
	const stacks = stacksOf(job);
	const left = toCount(optionsOf(job).retries) ?? 0;
	const [reason] = (stacks.at(-1) ?? '').split('\n', 1);
	return {
		...emptyRow,
		id,
		createdMs: toCount(optionsOf(job).timestamp),
		attemptsMade: stacks.length + (toText(job?.status) === 'succeeded' ? 1 : 0),
		attempts: stacks.length + left + (toText(job?.status) === 'failed' ? 0 : 1),
		failedReason: toSized(reason === '' ? undefined : reason),
		isGone: text.bytes === 0,
	};
}
