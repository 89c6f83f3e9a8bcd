import type {QueueStatus} from '../../src/queues/types.ts';

/** A queue written by hand as its library would, and what is to be read of it. */
export type ForeignQueue = {readonly id: string; readonly commands: readonly (readonly string[])[]; readonly expected: Partial<QueueStatus>};

const minute = 60_000;
const json = (value: unknown): string => JSON.stringify(value);
const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({length: count}, (_, index) => make(index));

/** One queue or two of every system that is read only, with the keys and units of facts/queues.md section 5. */
export function foreignQueues(nowMs: number): readonly ForeignQueue[] {
	return [kue(nowMs), ...sidekiq(nowMs), resque(), celery(nowMs), rq(nowMs), dramatiq(nowMs), asynq(nowMs), laravel(nowMs), stream(nowMs)];
}

/** Keys that look like parts of queues and are none. */
export const decoys: readonly (readonly string[])[] = [
	['HSET', 'user:1:meta', 'name', 'Ada', 'version', '3'],
	['SET', 'order:5:id', '417'],
	['HSET', 'x:metrics:completed', 'count', '12'],
	['RPUSH', 'todo:wait', 'milk'],
	['SET', 'order:6:id', '418'],
	['SET', 'order:6:completed', 'yes'],
	['SADD', 'print:queues', 'a4'],
	['RPUSH', 'print:queue:a4', 'page 1'],
	['SET', 'stats:queues:mail', '4'],
	['RPUSH', 'cache:queues:mail', 'not a job'],
	['HSET', 'app:jobs', 'a', '1'],
	['XADD', 'audit:trail', '*', 'who', 'ada'],
	['SADD', 'tags:active', 'a'],
];

/** A misspelt name: somebody opened it, and nobody ever used it. */
export const ghost: readonly (readonly string[])[] = [['HSET', 'bull:oders:meta', 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000']];

function kue(nowMs: number): ForeignQueue {
	const job = (id: number, ageMs: number) => ['HSET', `q:job:${id}`, 'type', 'email', 'created_at', String(nowMs - ageMs), 'data', '{}'];
	const zid = (id: number) => `0${String(id).length}|${id}`;
	return {
		id: 'q:jobs:email',
		commands: [
			['SADD', 'q:job:types', 'email'],
			['SET', 'q:ids', '6'],
			...[1, 2, 3, 4, 5, 6].map(id => job(id, (10 - id) * minute)),
			['ZADD', 'q:jobs:email:inactive', '0', zid(1), '0', zid(2)],
			['ZADD', 'q:jobs:inactive', '0', zid(1), '0', zid(2)],
			['ZADD', 'q:jobs:email:active', '0', zid(3)],
			['ZADD', 'q:jobs:email:failed', '0', zid(4)],
			['ZADD', 'q:jobs:email:complete', '0', zid(5)],
			['ZADD', 'q:jobs:email:delayed', '0', zid(6)],
			['ZADD', 'q:jobs:delayed', String(nowMs - minute), zid(6)],
			['LPUSH', 'q:email:jobs', '1', '1'],
		],
		expected: {system: 'kue', prefix: 'q', name: 'email', waiting: 2, active: 1, failed: 1, completed: 1, delayed: 1, overdue: 1, nextJobAgeMs: 9 * minute},
	};
}

function sidekiq(nowMs: number): readonly ForeignQueue[] {
	const seconds = (ageMs: number) => (nowMs - ageMs) / 1000;
	const job = (queue: string, index: number, ageMs = minute) =>
		json({class: 'HardJob', args: [index], queue, jid: `jid-${queue}-${index}`, retry: true, created_at: seconds(ageMs), enqueued_at: seconds(ageMs)});
	const process = 'web-1:4242:0a1b2c';
	const shared = [
		['SADD', 'queues', 'default', 'mailers'],
		...times(3, index => ['LPUSH', 'queue:default', job('default', index, (9 - index) * minute)]),
		['ZADD', 'schedule', String(seconds(minute)), job('default', 10), String(seconds(-minute)), job('mailers', 11)],
		['ZADD', 'retry', String(seconds(-minute)), job('default', 12)],
		['ZADD', 'dead', String(seconds(minute)), job('default', 13), String(seconds(minute)), job('mailers', 14)],
		['SADD', 'processes', process],
		['HSET', process, 'info', json({hostname: 'web-1', pid: 4242, queues: ['default'], concurrency: 5}), 'busy', '1', 'beat', String(seconds(0))],
		['HSET', `${process}:work`, 'tid-1', json({queue: 'default', payload: job('default', 15), run_at: seconds(minute)})],
		['SET', 'stat:processed', '900'],
		['SET', 'stat:failed', '9'],
	];
	return [
		{
			id: 'queue:default',
			commands: shared,
			expected: {
				system: 'sidekiq',
				prefix: '',
				name: 'default',
				waiting: 3,
				active: 1,
				delayed: 1,
				overdue: 1,
				failed: 2,
				workers: 1,
				nextJobAgeMs: 9 * minute,
				completed: undefined,
			},
		},
		{
			id: 'queue:mailers',
			commands: [],
			expected: {system: 'sidekiq', name: 'mailers', waiting: 0, active: 0, delayed: 1, overdue: 0, failed: 1, workers: 0, nextJobAgeMs: undefined},
		},
	];
}

function resque(): ForeignQueue {
	const job = (index: number) => json({class: 'Archive', args: [index]});
	return {
		id: 'resque:queue:files',
		commands: [
			['SADD', 'resque:queues', 'files'],
			...times(2, index => ['RPUSH', 'resque:queue:files', job(index)]),
			[
				'RPUSH',
				'resque:failed',
				json({failed_at: '2026/01/01 00:00:00 UTC', queue: 'files', exception: 'RuntimeError', error: 'no', payload: {class: 'Archive', args: [9]}}),
			],
			['SADD', 'resque:workers', 'host:417:files,mail', 'host:418:*', 'host:419:mail'],
			['SET', 'resque:worker:host:417:files,mail', json({queue: 'files', run_at: '2026-01-01T00:00:00Z', payload: {class: 'Archive', args: [1]}})],
		],
		expected: {system: 'resque', prefix: 'resque', name: 'files', waiting: 2, active: 1, failed: 1, workers: 2, nextJobAgeMs: undefined},
	};
}

function celery(nowMs: number): ForeignQueue {
	const separator = '\u0006\u0016';
	const message = (id: string, eta: string | null = null) => ({body: 'W10=', headers: {id, task: 'app.add', eta, retries: 0}, properties: {delivery_tag: id}});
	const unacked = (id: string, eta?: string) => json([message(id, eta), '', 'celery']);
	return {
		id: 'celery',
		commands: [
			['SADD', '_kombu.binding.celery', `celery${separator}${separator}celery`],
			['SADD', '_kombu.binding.celery.pidbox', `${separator}${separator}celery@host.celery.pidbox`],
			['SADD', '_kombu.binding.celeryev', `worker.#${separator}${separator}celeryev.1`],
			...times(4, index => ['LPUSH', 'celery', json(message(`w${index}`))]),
			['LPUSH', `celery${separator}3`, json(message('p1'))],
			['LPUSH', `celery${separator}9`, json(message('p2'))],
			['HSET', 'unacked', 'a', unacked('a'), 'b', unacked('b'), 'c', unacked('c', new Date(nowMs - minute).toISOString())],
			['ZADD', 'unacked_index', String(nowMs / 1000), 'a', String(nowMs / 1000), 'b', String(nowMs / 1000), 'c'],
		],
		expected: {system: 'celery', prefix: '', name: 'celery', waiting: 6, active: 2, delayed: 1, overdue: 1, failed: undefined, completed: undefined},
	};
}

function rq(nowMs: number): ForeignQueue {
	const seconds = (ageMs: number) => String((nowMs - ageMs) / 1000);
	return {
		id: 'rq:queue:high',
		commands: [
			['SADD', 'rq:queues', 'rq:queue:high'],
			['RPUSH', 'rq:queue:high', 'job-1', 'job-2', 'job-3'],
			['HSET', 'rq:job:job-1', 'enqueued_at', new Date(nowMs - 5 * minute).toISOString(), 'status', 'queued'],
			['ZADD', 'rq:wip:high', seconds(-minute), 'job-4', seconds(minute), 'job-5'],
			['ZADD', 'rq:failed:high', seconds(-365 * 86_400_000), 'job-6'],
			['ZADD', 'rq:finished:high', seconds(-500_000), 'job-7', seconds(-500_000), 'job-8'],
			['ZADD', 'rq:scheduled:high', seconds(2 * minute), 'job-9', seconds(-minute), 'job-10'],
			['ZADD', 'rq:deferred:high', seconds(0), 'job-11'],
			['SADD', 'rq:workers', 'rq:worker:w1'],
			['SADD', 'rq:workers:high', 'rq:worker:w1'],
			['HSET', 'rq:worker:w1', 'queues', 'high'],
			['XADD', 'rq:results:job-7', '*', 'type', '1'],
		],
		expected: {
			system: 'rq',
			prefix: 'rq',
			name: 'high',
			paused: false,
			waiting: 3,
			active: 2,
			activeWithoutLock: 1,
			failed: 1,
			completed: 2,
			delayed: 2,
			overdue: 1,
			oldestOverdueMs: 2 * minute,
			waitingChildren: 1,
			workers: 1,
			nextJobAgeMs: 5 * minute,
		},
	};
}

function dramatiq(nowMs: number): ForeignQueue {
	const message = (id: string) => json({queue_name: 'default', actor_name: 'add', args: [], message_id: id, message_timestamp: nowMs - 3 * minute});
	return {
		id: 'dramatiq:default',
		commands: [
			['ZADD', 'dramatiq:__heartbeats__', String(nowMs), 'worker-1'],
			['RPUSH', 'dramatiq:default', 'm1', 'm2'],
			['HSET', 'dramatiq:default.msgs', 'm1', message('m1'), 'm2', message('m2'), 'm3', message('m3')],
			['SADD', 'dramatiq:__acks__.worker-1.default', 'm3'],
			['RPUSH', 'dramatiq:default.DQ', 'm4'],
			['HSET', 'dramatiq:default.DQ.msgs', 'm4', message('m4')],
			['ZADD', 'dramatiq:default.XQ', String(nowMs), 'm5', String(nowMs), 'm6'],
			['HSET', 'dramatiq:default.XQ.msgs', 'm5', message('m5')],
		],
		expected: {system: 'dramatiq', prefix: 'dramatiq', name: 'default', waiting: 2, active: 1, delayed: 1, failed: 2, workers: 1, nextJobAgeMs: 3 * minute},
	};
}

function asynq(nowMs: number): ForeignQueue {
	const seconds = Math.floor(nowMs / 1000);
	return {
		id: 'asynq:{critical}',
		commands: [
			['SADD', 'asynq:queues', 'critical'],
			['LPUSH', 'asynq:{critical}:pending', 't1', 't2'],
			['HSET', 'asynq:{critical}:t:t1', 'msg', 'x', 'state', 'pending', 'pending_since', `${nowMs - 4 * minute}000000`],
			['LPUSH', 'asynq:{critical}:active', 't3', 't4'],
			['ZADD', 'asynq:{critical}:lease', String(seconds + 30), 't3', String(seconds - 30), 't4'],
			['ZADD', 'asynq:{critical}:scheduled', String(seconds + 600), 't5'],
			['ZADD', 'asynq:{critical}:retry', String(seconds - 60), 't6'],
			['ZADD', 'asynq:{critical}:archived', String(seconds), 't7'],
			['ZADD', 'asynq:{critical}:completed', String(seconds), 't8'],
			['SET', 'asynq:{critical}:paused', String(seconds)],
			['SET', 'asynq:{critical}:processed', '70'],
			['SET', 'asynq:{critical}:failed', '7'],
		],
		expected: {
			system: 'asynq',
			prefix: 'asynq',
			name: 'critical',
			paused: true,
			waiting: 2,
			active: 2,
			activeWithoutLock: 1,
			delayed: 2,
			overdue: 1,
			failed: 1,
			completed: 1,
			nextJobAgeMs: 4 * minute,
		},
	};
}

function laravel(nowMs: number): ForeignQueue {
	const seconds = Math.floor(nowMs / 1000);
	const job = (index: number) =>
		json({uuid: `u${index}`, displayName: 'App\\Jobs\\Ship', job: 'Illuminate\\Queue\\CallQueuedHandler@call', attempts: 0, createdAt: seconds - 120});
	const list = 'shop_database_queues:shipping';
	return {
		id: list,
		commands: [
			['RPUSH', list, job(1), job(2)],
			['RPUSH', `${list}:notify`, '1', '1'],
			['ZADD', `${list}:reserved`, String(seconds + 60), job(3), String(seconds - 60), job(4)],
			['ZADD', `${list}:delayed`, String(seconds - 30), job(5), String(seconds + 30), job(6)],
		],
		expected: {system: 'laravel', prefix: 'shop_database_', name: 'shipping', waiting: 2, active: 2, activeWithoutLock: 1, delayed: 2, overdue: 1},
	};
}

function stream(nowMs: number): ForeignQueue {
	return {
		id: 'payments:log/ledger',
		commands: [
			...times(10, index => ['XADD', 'payments:log', `${nowMs - (20 - index) * minute}-0`, 'index', String(index)]),
			['XGROUP', 'CREATE', 'payments:log', 'ledger', '0'],
			['XREADGROUP', 'GROUP', 'ledger', 'worker-1', 'COUNT', '4', 'STREAMS', 'payments:log', '>'],
			['XACK', 'payments:log', 'ledger', `${nowMs - 20 * minute}-0`],
		],
		expected: {system: 'streams', prefix: 'payments:log', name: 'ledger', waiting: 6, active: 3, workers: 1, nextJobAgeMs: 16 * minute},
	};
}
