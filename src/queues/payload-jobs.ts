import {toNumber} from '../redis/parse/number.ts';
import {emptyRow, type JobPage, type JobRow, type PageOptions} from './job-types.ts';
import {toObject} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import type {FoundQueue, QueueFamily} from './types.ts';

/** Systems whose list holds the jobs themselves, as JSON: which end comes next, and where id, name and time are. */
type Payload = {
	readonly next: 'head' | 'tail';
	readonly toRow: (job: Readonly<Record<string, unknown>>) => Partial<JobRow>;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const within = (value: unknown): Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const seconds = (value: unknown): number | undefined => {
	const number = toNumber(value);
	return number !== undefined && number < 1e11 ? number * 1000 : number;
};

const payloads: Partial<Record<QueueFamily, Payload>> = {
	sidekiq: {
		next: 'tail',
		toRow: job => ({
			id: text(job.jid) ?? '',
			name: text(job.wrapped) ?? text(job.class),
			createdMs: seconds(job.created_at),
			attemptsMade: toNumber(job.retry_count),
		}),
	},
	resque: {next: 'head', toRow: job => ({name: text(job.class)})},
	laravel: {
		next: 'head',
		toRow: job => ({
			id: text(job.uuid) ?? text(job.id) ?? '',
			name: text(job.displayName) ?? text(job.job),
			createdMs: seconds(job.pushedAt ?? job.createdAt),
			attemptsMade: toNumber(job.attempts),
			attempts: toNumber(job.maxTries),
		}),
	},
	celery: {
		next: 'tail',
		toRow: job => ({id: text(within(job.headers).id) ?? '', name: text(within(job.headers).task), attemptsMade: toNumber(within(job.headers).retries)}),
	},
};

/** The payloads are of any size, and there is no way to ask for it first. */
const maxPayloads = 20;

export const hasPayloads = (family: QueueFamily): boolean => payloads[family] !== undefined;

/** A page of what waits in a list of payloads. Where a job has no id, its place in the list stands for it. */
export function* payloadPage({id: key, family}: FoundQueue, {from, count: wanted}: PageOptions): Steps<JobPage> {
	const payload = payloads[family];
	const count = Math.min(wanted, maxPayloads);
	const isTail = payload?.next === 'tail';
	const page = yield* asking({
		total: ['LLEN', key],
		jobs: ['LRANGE', key, String(isTail ? -from - count : from), String(isTail ? -from - 1 : from + count - 1)],
	});
	const jobs = isTail ? [...page.texts('jobs')].reverse() : page.texts('jobs');
	const rows = jobs.map((job, index): JobRow => {
		const {id, ...fields} = payload?.toRow(toObject(job) ?? {}) ?? {};
		return {...emptyRow, ...fields, id: id || `#${from + index + 1}`};
	});
	return {state: 'waiting', total: page.count('total'), from, rows, isSample: false, unknown: page.unknown};
}
