import {toText} from '../redis/parse/reply.ts';
import type {Sighting} from './confirm.ts';
import type {Suffix} from './keyspace-scan.ts';
import {toObject} from './replies.ts';
import {asking, type Steps} from './steps.ts';

const nothing: readonly Sighting[] = [];

/** The types that BullMQ and Bull give the keys that hold jobs (facts/queues.md section 1). `id` and `meta` alone are anybody's. */
const jobKeyTypes: ReadonlyMap<Suffix, string> = new Map([
	['wait', 'list'],
	['completed', 'zset'],
	['failed', 'zset'],
	['delayed', 'zset'],
	['active', 'list'],
	['paused', 'list'],
	['prioritized', 'zset'],
	['waiting-children', 'zset'],
	['meta-paused', 'string'],
	['stalled-check', 'string'],
	['repeat', 'zset'],
]);

const beeOnly: readonly Suffix[] = ['waiting', 'jobs', 'succeeded', 'stallBlock', 'stalling'];

/** The prefix ends at the last colon: prefixes may hold colons and braces (`app:prod`, `{shop}`). */
export function splitBase(base: string): {readonly prefix: string; readonly name: string} {
	const cut = base.lastIndexOf(':');
	return {prefix: base.slice(0, Math.max(0, cut)), name: base.slice(cut + 1)};
}

/** BullMQ, Bull or bee-queue, or nothing: `user:1:meta` and `order:5:id` end here. */
export function* confirmBase(base: string, suffixes: ReadonlySet<Suffix>): Steps<readonly Sighting[]> {
	if (beeOnly.some(suffix => suffixes.has(suffix)) && (yield* isBeeQueue(base))) {
		return [{id: base, family: 'bee-queue', system: 'bee-queue', ...splitBase(base)}];
	}
	const jobKeys = [...jobKeyTypes].filter(([suffix]) => suffixes.has(suffix)).slice(0, 3);
	// Every library of the family counts its jobs in `id` or has its settings in `meta`; one of the two alone means nothing if it is `id`.
	if (!suffixes.has('meta') && !(suffixes.has('id') && jobKeys.length > 0)) return nothing;

	const [metaType, idType] = yield [
		['TYPE', `${base}:meta`],
		['TYPE', `${base}:id`],
	];
	// Only what is a hash is read as one: a wrong guess would show in the server's error statistics.
	const isBullmq = metaType === 'hash' && (yield* hasBullmqMeta(base));
	const found = (system: 'bullmq' | 'bull'): readonly Sighting[] => [{id: base, family: 'bull', system, ...splitBase(base)}];
	if (isBullmq) return found('bullmq');
	if (idType !== 'string' || jobKeys.length === 0) return nothing;
	const types = yield jobKeys.map(([suffix]) => ['TYPE', `${base}:${suffix}`]);
	return jobKeys.every(([, type], index) => types[index] === type || types[index] === 'none') ? found('bull') : nothing;
}

function* hasBullmqMeta(base: string): Steps<boolean> {
	const meta = yield* asking({fields: ['HMGET', `${base}:meta`, 'version', 'opts.maxLenEvents']});
	const [version, maxLenEvents] = meta.texts('fields');
	return /^bullmq/.test(version ?? '') || maxLenEvents !== undefined;
}

function* isBeeQueue(base: string): Steps<boolean> {
	const types = yield* asking({
		jobs: ['TYPE', `${base}:jobs`],
		waiting: ['TYPE', `${base}:waiting`],
		succeeded: ['TYPE', `${base}:succeeded`],
		failed: ['TYPE', `${base}:failed`],
		stalling: ['TYPE', `${base}:stalling`],
		stallBlock: ['TYPE', `${base}:stallBlock`],
		id: ['TYPE', `${base}:id`],
	});
	const fits = (name: Parameters<typeof types.text>[0], type: string) => types.text(name) === type || types.text(name) === 'none';
	// The sets of finished jobs tell it from Bull, whose `failed` is sorted.
	const areTypesRight =
		fits('jobs', 'hash') && fits('waiting', 'list') && fits('succeeded', 'set') && fits('failed', 'set') && fits('stalling', 'set') && fits('id', 'string');
	const hasJobs = types.text('jobs') === 'hash' && (types.text('id') === 'string' || types.text('waiting') === 'list');
	return areTypesRight && (hasJobs || types.text('stallBlock') === 'string');
}

/** A list of jobs of Laravel's, or the sorted sets beside one that is empty. */
export function* confirmLaravel(list: string): Steps<readonly Sighting[]> {
	const keys = yield* asking({
		list: ['TYPE', list],
		reserved: ['TYPE', `${list}:reserved`],
		delayed: ['TYPE', `${list}:delayed`],
		notify: ['TYPE', `${list}:notify`],
	});
	const isList = keys.text('list') === 'list';
	if (!isList && keys.text('list') !== 'none') return nothing;
	const [first] = isList ? yield [['LINDEX', list, '0']] : [];
	const payload = toObject(toText(first));
	const isPayload = payload !== undefined && ['job', 'displayName', 'uuid'].some(field => field in payload);
	const hasBeside = keys.text('reserved') === 'zset' || keys.text('delayed') === 'zset' || keys.text('notify') === 'list';
	if (isList ? !isPayload : !hasBeside) return nothing;
	const cut = list.lastIndexOf('queues:');
	return [{id: list, family: 'laravel', system: 'laravel', prefix: list.slice(0, cut), name: list.slice(cut + 'queues:'.length)}];
}
