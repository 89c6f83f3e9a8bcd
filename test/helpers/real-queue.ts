import Bull from 'bull';
import {onTestFinished} from 'vitest';
import {openActionTest} from './action-server.ts';
import {type BullmqMajor, QueueKeyspace} from './queue-keyspace.ts';
import {startForTest} from './server-session.ts';

export type Library = BullmqMajor | 'bull';
export const libraries: readonly Library[] = [3, 4, 5, 6, 'bull'];

/** The package that a worker process loads. */
export const packageOf = (library: Library): string => (library === 'bull' ? 'bull' : `bullmq${library}`);

type Handled = {readonly id?: unknown; readonly data: {readonly n: number; readonly ms?: number}};
type Handler = (job: Handled) => Promise<unknown>;
type Setup = {readonly concurrency?: number; readonly stalledMs?: number};

/** What the libraries have in common. */
type RealQueue = {
	readonly add: (n: number, ms?: number) => Promise<unknown>;
	readonly pause: () => Promise<unknown>;
	readonly isPaused: () => Promise<boolean>;
	/** Let a worker of this process loose on it. It looks every `stalledMs` for jobs that others have lost. */
	readonly work: (handle: Handler, setup?: Setup) => Promise<unknown>;
	/** How often each job has ended well so far, by the queue's own record. */
	readonly completions: () => Promise<ReadonlyMap<string, number>>;
};

/** The queue `bull:orders` of a real library with the first jobs in it, and a console on its server that has found it. */
export async function withQueue(library: Library, jobs: readonly (readonly [n: number, ms?: number])[]) {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	onTestFinished(() => keyspace.close());
	const queue = library === 'bull' ? bullQueue(redis.port) : bullmqQueue(keyspace, library, redis.call);
	await Promise.all(jobs.map(job => queue.add(...job)));
	const test = await openActionTest({redis});
	await test.session.until('the console has found it', ({snapshot}) => snapshot.queues.data?.some(({id}) => id === 'bull:orders'), 20_000);
	return {...test, queue, call: redis.call};
}

function bullmqQueue(keyspace: QueueKeyspace, major: BullmqMajor, call: (...argv: readonly string[]) => Promise<unknown>): RealQueue {
	const queue = keyspace.queue(major, 'orders');
	return {
		add: (n, ms = 0) => queue.add('work', {n, ms}),
		pause: () => queue.pause(),
		isPaused: () => queue.isPaused(),
		work(handle, {concurrency = 1, stalledMs = 15_000} = {}) {
			const options = {concurrency, lockDuration: 30_000, stalledInterval: stalledMs};
			return keyspace.worker(major, 'orders', job => handle(job as unknown as Handled), options).waitUntilReady();
		},
		async completions() {
			const entries = (await call('XRANGE', 'bull:orders:events', '-', '+')) as readonly (readonly [string, readonly string[]])[];
			const events = entries.map(([, fields]) => Object.fromEntries(fields.flatMap((field, at) => (at % 2 === 0 ? [[field, fields[at + 1]]] : []))));
			return countOf(events.filter(({event}) => event === 'completed').map(({jobId}) => String(jobId)));
		},
	};
}

function bullQueue(port: number): RealQueue {
	const open = (stalledMs = 15_000) => {
		const queue = new Bull('orders', {redis: {port}, settings: {lockDuration: 30_000, stalledInterval: stalledMs}});
		queue.on('error', () => {});
		onTestFinished(() => queue.close());
		return queue;
	};
	const queue = open();
	const completed: string[] = [];
	queue.on('global:completed', id => completed.push(String(id)));
	return {
		add: (n, ms = 0) => queue.add('work', {n, ms}),
		pause: () => queue.pause(),
		isPaused: () => queue.isPaused(),
		async work(handle, {concurrency = 1, stalledMs} = {}) {
			const worker = open(stalledMs);
			void worker.process('*', concurrency, handle);
			await worker.isReady();
		},
		completions: async () => countOf(completed),
	};
}

function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
	return counts;
}
