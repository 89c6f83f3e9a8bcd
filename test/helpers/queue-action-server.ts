import {onTestFinished} from 'vitest';
import type {QueueStatus} from '../../src/queues/types.ts';
import {type Major, startCountedWorker} from '../queues/counted-worker.ts';
import {openActionTest, proxyForTest} from './action-server.ts';
import {QueueKeyspace} from './queue-keyspace.ts';
import {startForTest} from './server-session.ts';
import {until} from './until.ts';

type Add = {readonly data?: object; readonly options?: Readonly<Record<string, unknown>>};

/** A machine with much else to do. */
const longMs = 50_000;

/** An idle worker that is not woken looks by itself after five seconds; one that is takes milliseconds, and more on a machine with much else to do. */
export const wokenWithinMs = 2500;

type Console = Awaited<ReturnType<typeof openActionTest>>;

/** A server with one queue `orders` of that library, in `bull:orders`, and a console without a screen on it as soon as something is to be `known`. */
export async function openQueueTest(major: Major, options: {readonly isReadOnly?: boolean} = {}) {
	const redis = await startForTest();
	const proxy = await proxyForTest(redis);
	let last: Console | undefined;
	const opened = () => {
		if (!last) throw new Error('no console is open before something is known');
		return last;
	};
	const sent = () => proxy.sentBy('act');
	const keyspace = new QueueKeyspace(redis.port);
	onTestFinished(() => keyspace.close());
	const queue = major === 0 ? keyspace.rawBull('orders') : keyspace.queue(major, 'orders');
	const count = async (...argv: readonly string[]) => Number(await redis.call(...argv));
	const list = async (key: string) => ((await redis.call('LRANGE', key, '0', '-1')) as readonly unknown[]).map(String);
	const key = (suffix: string) => `bull:orders:${suffix}`;
	const done = () => list('test:done');

	return {
		redis,
		proxy,
		sent,
		run: (...args: Parameters<Console['run']>) => opened().run(...args),
		audit: () => opened().audit(),
		keyspace,
		queue,
		key,
		count,
		list,
		done,
		/** Ids of a sorted set, the lowest score first. */
		sorted: async (suffix: string) => ((await redis.call('ZRANGE', key(suffix), '0', '-1')) as readonly unknown[]).map(String),
		/** As many jobs, in order. */
		async add(jobs: number, each: (index: number) => Add = () => ({})) {
			for (let from = 0; from < jobs; from += 250) {
				const indexes = Array.from({length: Math.min(250, jobs - from)}, (_, index) => from + index);
				await Promise.all(
					indexes.map(index => {
						const {data = {}, options: jobOptions = {}} = each(index);
						return queue.add('work', data, jobOptions);
					}),
				);
			}
		},
		/** A worker that has nothing to do and waits for a job. */
		async idleWorker(worker: Parameters<typeof startCountedWorker>[3] = {}) {
			const before = await blockedWorkers();
			const child = startCountedWorker(redis.port, major, 'orders', worker);
			// One that was killed a moment ago may still be listed.
			await until('the worker waits for work', async () => (await blockedWorkers()).some(id => !before.includes(id)), longMs);
			return child;
		},
		startWorker: (worker: Parameters<typeof startCountedWorker>[3] = {}) => startCountedWorker(redis.port, major, 'orders', worker),
		/** Fail all that waits, by a worker of the library. */
		async failAll(jobs: number) {
			await redis.call('SET', 'test:mode', 'fail');
			const worker = startCountedWorker(redis.port, major, 'orders', {});
			await until('all have failed', async () => (await count('ZCARD', key('failed'))) === jobs, longMs);
			worker.kill('SIGKILL');
			await redis.call('DEL', 'test:mode', 'test:taken');
		},
		/** Until what was added by now, with at most that delay, is due. */
		pastDue(delayMs: number) {
			const dueMs = Date.now() + delayMs;
			return until('they are due', () => Date.now() > dueMs);
		},
		/** Until the locks that a killed worker has left on these jobs have run out. */
		unlocked: (...ids: readonly string[]) =>
			until('their locks have run out', async () => (await count('EXISTS', ...ids.map(id => key(`${id}:lock`)))) === 0, longMs),
		setPaused: (isPaused: boolean) => (isPaused ? queue.pause() : queue.resume()),
		/** A parent elsewhere that waits for its child in `orders`. */
		async addChild(library: Exclude<Major, 0>, jobId: string) {
			const flows = new (keyspace.library(library).FlowProducer)({connection: {port: redis.port}});
			await flows.add({name: 'parent', queueName: 'parents', children: [{name: 'child', queueName: 'orders', data: {}, opts: {jobId}}]});
			await flows.close();
		},
		/** Open a console, in the place of the last one, and wait until it knows that. It looks at once, a second later, and then every five. */
		async known(what: string, holds: (status: QueueStatus) => boolean) {
			const auditFile = last?.session.state().session.auditFile;
			last?.session.close();
			last = await openActionTest({...options, redis, proxy, auditFile});
			await last.session.until(what, ({snapshot: {queues}}) => queues.data?.some(status => status.id === 'bull:orders' && holds(status)), longMs);
		},
		allDone: (jobs: number) => until(`${jobs} are done`, async () => (await count('LLEN', 'test:done')) >= jobs, longMs),
		/** When the first job was taken. */
		firstTakenMs: async () => Number(String(await redis.call('LINDEX', 'test:taken', '0')).split(' ')[0]),
		/** Of the jobs taken so far. */
		lastTaken: async () => String(await redis.call('LINDEX', 'test:taken', '-1')).split(' ')[1],
		/** Server time that a call of our scripts took, from INFO commandstats. */
		async microsPerCall() {
			const [, calls = '0', micros = '0'] = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(String(await redis.call('INFO', 'commandstats'))) ?? [];
			return {calls: Number(calls), micros: Number(micros)};
		},
		/** The calls that the console has sent. */
		calls: () => sent().filter(([command]) => command === 'EVALSHA'),
	};

	/** The ids of the connections on which workers wait. */
	async function blockedWorkers(): Promise<readonly string[]> {
		const clients = String(await redis.call('CLIENT', 'LIST')).split('\n');
		const waiting = clients.filter(line => /flags=b/.test(line) && /cmd=(brpoplpush|blmove|bzpopmin)/.test(line));
		return waiting.flatMap(line => /\bid=(\d+)/.exec(line)?.[1] ?? []);
	}
}

export const numbered = (from: number, to: number): readonly string[] => Array.from({length: to - from + 1}, (_, index) => String(from + index));
