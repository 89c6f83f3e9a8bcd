import {reasonAt} from './queue-process.ts';

type Argv = readonly string[];

const minute = 60_000;
const json = (value: unknown): string => JSON.stringify(value);
const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({length: count}, (_, index) => make(index));

/** A queue as BullMQ 6 (or Bull 4, without `version`) has left it, in numbers of jobs. */
export type QueuePast = {
	readonly name: string;
	readonly version?: string;
	readonly isPaused?: boolean;
	readonly waiting?: number;
	/** In the list that BullMQ 5 and older keep while they are paused. */
	readonly inPausedList?: number;
	readonly oldestMinutes?: number;
	/** Taken by workers that are no more. */
	readonly activeWithoutLock?: number;
	readonly delayed?: number;
	/** Of the delayed: due up to 25 minutes ago. */
	readonly overdue?: number;
	readonly failed?: number;
	readonly completed?: number;
};

type JobFacts = {
	readonly ageMs: number;
	readonly delayMs?: number;
	readonly processedAgoMs?: number;
	readonly finishedAgoMs?: number;
	readonly reason?: string;
};

/** The commands that write it. Ids are given out in the order of the states, and `id` counts on from there. */
export function queueKeys(past: QueuePast, nowMs: number): readonly Argv[] {
	const {name, version, oldestMinutes = 5, isPaused} = past;
	const base = `bull:${name}:`;
	let lastId = 0;
	const commands: Argv[] = [];
	const add = (count: number | undefined, facts: (index: number) => JobFacts, place: (id: string, index: number, facts: JobFacts) => Argv) => {
		for (const index of times(count ?? 0, each => each)) {
			const id = String(++lastId);
			const job = facts(index);
			commands.push(jobHash(base, id, version !== undefined, job, nowMs), place(id, index, job));
		}
	};
	const finished = (agoMs: number, reason?: string): JobFacts => ({
		ageMs: agoMs + 5000,
		processedAgoMs: agoMs + 800,
		finishedAgoMs: agoMs,
		...(reason && {reason}),
	});
	const finishedAt = ({finishedAgoMs = 0}: JobFacts) => String(nowMs - finishedAgoMs);
	const waitingAge = (count: number) => (index: number) => ({ageMs: Math.round((1 - index / count) * oldestMinutes * minute)});

	add(
		past.completed,
		index => finished((index + 1) * 9000),
		(id, _, job) => ['ZADD', `${base}completed`, finishedAt(job), id],
	);
	add(
		past.failed,
		index => finished((index + 1) * 7000, reasonAt(scatter(index))),
		(id, _, job) => ['ZADD', `${base}failed`, finishedAt(job), id],
	);
	const dueInMs = (index: number) => Math.round(scatter(index) * (index < (past.overdue ?? 0) ? -25 : 120) * minute);
	add(
		past.delayed,
		index => ({ageMs: 30 * minute, delayMs: dueInMs(index) + 30 * minute}),
		(id, index) => ['ZADD', `${base}delayed`, String((nowMs + dueInMs(index)) * 4096), id],
	);
	add(past.waiting, waitingAge(past.waiting ?? 1), id => ['LPUSH', `${base}${isPaused && !version ? 'paused' : 'wait'}`, id]);
	add(past.inPausedList, waitingAge(past.inPausedList ?? 1), id => ['LPUSH', `${base}paused`, id]);
	add(
		past.activeWithoutLock,
		index => ({ageMs: 20 * minute, processedAgoMs: (12 + index) * minute}),
		id => ['LPUSH', `${base}active`, id],
	);

	commands.push(['SET', `${base}id`, String(lastId)]);
	if (version) commands.push(['HSET', `${base}meta`, 'opts.maxLenEvents', '10000', 'version', `bullmq:${version}`, ...(isPaused ? ['paused', '1'] : [])]);
	return commands;
}

/** From 0 to 1, all over the place, and the same every time. */
const scatter = (index: number): number => ((index * 2_654_435_761) % 1000) / 1000;

function jobHash(base: string, id: string, isBullmq: boolean, {ageMs, delayMs = 0, processedAgoMs, finishedAgoMs, reason}: JobFacts, nowMs: number): Argv {
	const createdAtMs = nowMs - ageMs;
	const started = processedAgoMs === undefined ? [] : ['processedOn', String(nowMs - processedAgoMs), ...(isBullmq ? ['ats', '1', 'pb', 'pod-3'] : [])];
	const trace = reason === undefined ? [] : ['failedReason', reason, 'stacktrace', json([`Error: ${reason}\n    at Worker.process (/app/worker.js:42:11)`])];
	const ended = finishedAgoMs === undefined ? [] : ['finishedOn', String(nowMs - finishedAgoMs), isBullmq ? 'atm' : 'attemptsMade', '1'];
	const opts = {attempts: 1, ...(delayMs ? {delay: delayMs} : {}), ...(isBullmq ? {} : {timestamp: createdAtMs})};
	const data = {orderId: 100_000 + Number(id), email: `u${id}@example.com`, note: 'x'.repeat(80)};
	const fields = ['name', 'process', 'data', json(data), 'opts', json(opts), 'timestamp', String(createdAtMs), 'delay', String(delayMs), 'priority', '0'];
	return ['HSET', `${base}${id}`, ...fields, ...started, ...ended, ...trace];
}

/** Queues of other systems, with the keys that these write. */
export function foreignQueueKeys(nowMs: number): readonly Argv[] {
	const seconds = (agoMs: number) => String((nowMs - agoMs) / 1000);
	const mail = (index: number) =>
		json({class: 'MailJob', args: [index], queue: 'mailers', jid: `jid-${index}`, retry: true, enqueued_at: Number(seconds(index * 400))});
	const separator = '\u0006\u0016';
	const task = (id: number) =>
		json({body: 'W10=', headers: {id: `task-${id}`, task: 'app.thumbnail', eta: null, retries: 0}, properties: {delivery_tag: `task-${id}`}});
	return [
		// Sidekiq: a queue, its retries and its dead.
		['SADD', 'queues', 'mailers'],
		...times(140, index => ['LPUSH', 'queue:mailers', mail(140 - index)]),
		...times(12, index => ['ZADD', 'retry', seconds(-minute * index), mail(200 + index)]),
		...times(5, index => ['ZADD', 'dead', seconds(minute * index), mail(300 + index)]),
		// Celery.
		['SADD', '_kombu.binding.celery', `celery${separator}${separator}celery`],
		...times(60, index => ['LPUSH', 'celery', task(index)]),
		// RQ.
		['SADD', 'rq:queues', 'rq:queue:high'],
		...times(25, index => ['RPUSH', 'rq:queue:high', `job-${index}`]),
		...times(25, index => ['HSET', `rq:job:job-${index}`, 'enqueued_at', new Date(nowMs - (30 - index) * minute).toISOString(), 'status', 'queued']),
		...times(8, index => ['ZADD', 'rq:failed:high', seconds(-365 * 86_400_000), `lost-${index}`]),
		// bee-queue.
		['SET', 'bq:resize:id', '30'],
		...times(30, index => [
			'HSET',
			'bq:resize:jobs',
			String(index + 1),
			json({data: {}, options: {timestamp: nowMs - (40 - index) * 1000}, status: 'created'}),
		]),
		...times(30, index => ['LPUSH', 'bq:resize:waiting', String(index + 1)]),
		// A stream whose consumer has stopped acknowledging.
		...times(120, index => ['XADD', 'payments:log', `${nowMs - (120 - index) * 1000}-0`, 'index', String(index)]),
		['XGROUP', 'CREATE', 'payments:log', 'ledger', '0'],
		['XREADGROUP', 'GROUP', 'ledger', 'ledger-1', 'COUNT', '40', 'STREAMS', 'payments:log', '>'],
	];
}
