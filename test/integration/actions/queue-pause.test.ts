import Bull from 'bull';
import {afterEach, describe, expect, it, onTestFinished} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {type BullmqMajor, QueueKeyspace} from '../../helpers/queue-keyspace.ts';
import {until} from '../../helpers/until.ts';
import {startWorker} from '../../queues/worker-process.ts';

type Library = BullmqMajor | 'bull';
const libraries: readonly Library[] = [3, 4, 5, 6, 'bull'];
const id = 'bull:orders';

type Handled = {readonly name?: string; readonly id?: unknown; readonly data: {readonly n: number; readonly ms?: number}};
type Setup = {readonly concurrency?: number; readonly lockMs?: number};

/** A console and a queue of a real library, which a worker in this process can be let loose on. */
async function withQueue(library: Library) {
	const test = await openActionTest();
	const keyspace = new QueueKeyspace(test.redis.port);
	onTestFinished(() => keyspace.close());
	const client = await test.redis.connect();
	const queue = library === 'bull' ? bullQueue(test.redis.port) : bullmqQueue(keyspace, library);
	const ask = async (...argv: readonly string[]) => client.call(...(argv as [string]));
	/** The console has seen it, in a look that says so. */
	const seen = (paused: boolean) =>
		test.session.until(
			`it is seen, ${paused ? '' : 'not '}paused`,
			({snapshot}) => snapshot.queues.data?.find(each => each.id === id)?.paused === paused,
			20_000,
		);
	return {...test, keyspace, queue, ask, seen};
}

function bullmqQueue(keyspace: QueueKeyspace, major: BullmqMajor) {
	const queue = keyspace.queue(major, 'orders');
	return {
		add: (n: number, ms = 0) => queue.add('work', {n, ms}),
		isPaused: () => queue.isPaused(),
		work: (process: (job: Handled) => Promise<unknown>, {concurrency = 1, lockMs = 30_000}: Setup = {}) =>
			keyspace
				.worker(major, 'orders', job => process(job as unknown as Handled), {concurrency, lockDuration: lockMs, stalledInterval: lockMs / 2})
				.waitUntilReady(),
	};
}

function bullQueue(port: number) {
	const open = (lockMs = 30_000) => {
		const queue = new Bull('orders', {redis: {port}, settings: {lockDuration: lockMs, stalledInterval: lockMs / 2}});
		queue.on('error', () => {});
		onTestFinished(() => queue.close());
		return queue;
	};
	const queue = open();
	return {
		add: (n: number, ms = 0) => queue.add('work', {n, ms}),
		isPaused: () => queue.isPaused(),
		work: async (process: (job: Handled) => Promise<unknown>, {concurrency = 1, lockMs}: Setup = {}) => {
			const worker = open(lockMs);
			void worker.process('*', concurrency, process);
			await worker.isReady();
		},
	};
}

describe.each(libraries)('a queue of %s', library => {
	it('pauses before an idle worker and a busy one, and resumes at once and in order', async () => {
		const {run, seen, queue, sent, audit, ask} = await withQueue(library);
		const started: number[] = [];
		let release = () => {};
		const first = new Promise<void>(resolve => {
			release = resolve;
		});
		let pickedUpMs = 0;
		await queue.work(async ({data: {n}}) => {
			started.push(n);
			pickedUpMs = performance.now();
			if (n === 0) await first;
		});
		for (let n = 0; n < 4; n++) await queue.add(n);
		await until('the first is at work', () => started.length === 1);
		await seen(false);

		const pause = await run('queue.pause', {choice: {on: [id]}});
		console.log(pause.result.detail);
		expect(pause.result).toMatchObject({outcome: 'done', detail: 'paused: 3 waiting, 1 active, which go on to their end'});
		expect(sent()).toEqual(pause.request?.plan);
		await expect(queue.isPaused()).resolves.toBe(true);
		await queue.add(4);
		release();
		await until('the first has ended', async () => (await ask('LLEN', `${id}:active`)) === 0);
		// Idle now: what a worker in that state would do it does within a moment.
		await queue.add(5);
		await seen(true);
		expect(started).toEqual([0]);
		await expect(run('queue.pause', {choice: {on: [id]}})).resolves.toMatchObject({result: {outcome: 'refused', detail: 'It is paused already'}});

		const sentMs = performance.now();
		started.length = 0;
		const resume = await run('queue.resume', {choice: {on: [id]}});
		await until('the next is taken', () => started.length > 0);
		expect(resume.result.outcome).toBe('done');
		await until('all have run', () => started.length === 5);
		console.log(library, resume.result.detail, pickedUpMs - sentMs);
		expect(started).toEqual([1, 2, 3, 4, 5]);
		expect(phases(await audit())).toEqual(['intent', 'outcome done', 'outcome refused', 'intent', 'outcome done']);
	});
});
