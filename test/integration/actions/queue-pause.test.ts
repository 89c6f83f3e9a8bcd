import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {phases} from '../../helpers/action-server.ts';
import {type Library, libraries, packageOf, withQueue} from '../../helpers/real-queue.ts';
import {until} from '../../helpers/until.ts';
import {startWorker} from '../../queues/worker-process.ts';

const id = 'bull:orders';
const choice = {on: [id]};
/** A machine with much else to do. */
const longMs = 30_000;

/** The jobs handled so far, and the first of them at work until it is let go. */
function holdingFirst() {
	const started: number[] = [];
	let release = () => {};
	const first = new Promise<void>(resolve => {
		release = resolve;
	});
	const handle = async ({data: {n}}: {readonly data: {readonly n: number}}) => {
		started.push(n);
		if (n === 0) await first;
	};
	return {started, handle, release: () => release()};
}

describe.each(libraries)('a queue of %s', library => {
	it('stops before a busy worker and an idle one, and goes on at once and in order', async () => {
		const {run, queue, sent, audit, call} = await withQueue(library, [[0], [1], [2], [3]]);
		const {started, handle, release} = holdingFirst();
		await queue.work(handle);
		await until('the first is at work', () => started.length === 1);

		const pause = await run('queue.pause', {choice});
		expect(pause.result).toMatchObject({outcome: 'done', detail: 'paused: 3 waiting, 1 active and going on to their end'});
		expect(sent()).toEqual(pause.request?.plan);
		await expect(queue.isPaused()).resolves.toBe(true);
		await queue.add(4);
		release();
		await until('the first has ended', async () => (await call('LLEN', `${id}:active`)) === 0);
		// Its worker is idle now: an addition would wake it.
		await queue.add(5);
		await expect(run('queue.pause', {choice})).resolves.toMatchObject({result: {outcome: 'refused', detail: 'It is paused already'}});
		expect(started).toEqual([0]);

		// An idle worker that is not woken looks by itself after five seconds.
		const resumedMs = performance.now();
		const resume = run('queue.resume', {choice});
		await until('all have run', () => started.length === 6, 4000);
		expect(performance.now() - resumedMs).toBeLessThan(4000);
		expect(started).toEqual([0, 1, 2, 3, 4, 5]);
		await expect(resume).resolves.toMatchObject({result: {outcome: 'done', detail: expect.stringMatching(/^resumed: /)}});
		expect(phases(await audit())).toEqual(['intent', 'outcome done', 'outcome refused', 'intent', 'outcome done']);
	});

	it('wakes a worker that found nothing when it looked', async () => {
		const {run, queue} = await withQueue(library, [[0]]);
		const started: number[] = [];
		await queue.work(async ({data: {n}}) => started.push(n));
		await until('it is idle', () => started.length === 1);
		expect((await run('queue.pause', {choice})).result.outcome).toBe('done');
		await queue.add(1);
		const resume = run('queue.resume', {choice});
		await until('the job is taken', () => started.length === 2, 4000);
		expect((await resume).result.outcome).toBe('done');
	});
});

// One library at a time: their workers share the event loop of the console.
it.each(libraries)('runs each of 1,000 jobs to its end once, paused and resumed in the middle, a worker killed before: %s', runOnceThroughPause, 90_000);

async function runOnceThroughPause(library: Library): Promise<void> {
	const thousand = Array.from({length: 1000}, (_, n) => [n, 20] as const);
	const {run, queue, call, redis} = await withQueue(library, thousand);
	const child = startWorker(redis.port, packageOf(library), 'orders', 1500, 500);
	await until('the other process works', async () => Number(await call('LLEN', `${id}:active`)) > 0, longMs);
	const started: string[] = [];
	let running = 0;
	const handle = async (job: {readonly id?: unknown; readonly data: {readonly ms?: number}}) => {
		started.push(String(job.id));
		running += 1;
		await sleep(job.data.ms);
		running -= 1;
	};
	await queue.work(handle, {concurrency: 10, stalledMs: 500});
	const completed = async () => Number(await call('ZCARD', `${id}:completed`));
	await until('a good part is done', async () => (await completed()) > 200, longMs);
	const exited = once(child, 'exit');
	child.kill('SIGKILL');
	await exited;

	expect((await run('queue.pause', {choice})).result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^paused: /)});
	const takenBefore = started.length;
	await until(
		'what was active here has ended, and what stalled there is back in the queue',
		async () => running === 0 && (await call('LLEN', `${id}:active`)) === 0,
		longMs,
	);
	expect(started).toHaveLength(takenBefore);
	expect(await completed()).toBeLessThan(1000);

	expect((await run('queue.resume', {choice})).result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^resumed: /)});
	await until('all are done', async () => (await completed()) === 1000, longMs);
	await until('they are all told of', async () => (await queue.completions()).size === 1000, longMs);
	expect([...(await queue.completions())].filter(([, times]) => times !== 1)).toEqual([]);
	expect(new Set(started).size).toBe(started.length);
	expect(await Promise.all(['wait', 'paused', 'active'].map(list => call('LLEN', `${id}:${list}`)))).toEqual([0, 0, 0]);
	expect(await call('ZCARD', `${id}:failed`)).toBe(0);
}
