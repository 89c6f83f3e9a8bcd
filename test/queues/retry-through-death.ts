import {expect} from 'vitest';
import {numbered, openQueueTest, wokenWithinMs} from '../helpers/queue-action-server.ts';
import {until} from '../helpers/until.ts';
import type {Major} from './counted-worker.ts';

const jobs = 1000;
/** In the middle of them, in the hands of a worker that is killed. */
const stuck = '500';

/** 1,000 failed jobs run once more each, in the order in which they failed, while one worker is killed in the middle of it. */
export async function retryThroughDeath(major: Major): Promise<void> {
	const {redis, add, failAll, known, unlocked, idleWorker, run, done, sorted, key, count, firstTakenMs, allDone, microsPerCall, lastTaken, calls, startWorker} =
		await openQueueTest(major);
	await add(jobs);
	await failAll(jobs);
	expect(await sorted('failed')).toHaveLength(jobs);
	await known('all have failed', ({failed}) => failed === jobs);
	await redis.call('SADD', 'test:hang', stuck);
	const worker = await idleWorker({lockMs: 3000});

	const before = await microsPerCall();
	let confirmedMs = 0;
	const confirm = () => {
		confirmedMs = Date.now();
		return true;
	};
	const {request, result} = await run('queue.retry-failed', {choice: {on: ['bull:orders']}, confirm});
	const after = await microsPerCall();
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^1,000 done; /)});
	expect(request?.facts).toContainEqual(['jobs', '1,000 of 1,000 that have failed']);
	expect(calls().map(argv => argv[6])).toEqual(numbered(1, jobs));

	await until('the worker holds the one that hangs', async () => (await lastTaken()) === stuck, 60_000);
	const pickUpMs = (await firstTakenMs()) - confirmedMs;
	worker.kill('SIGKILL');
	expect(await done()).toEqual(numbered(1, 499));
	await redis.call('DEL', 'test:hang');
	await unlocked(stuck);
	await known('it is active', ({active}) => active === 1);
	const recovered = await run('queue.recover-stalled', {choice: {on: ['bull:orders']}});
	expect(recovered.result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^1 done; /)});
	startWorker();
	await allDone(jobs);
	expect(await done()).toEqual(numbered(1, jobs));
	await until('all are completed', async () => (await count('ZCARD', key('completed'))) === jobs);
	expect([await count('ZCARD', key('failed')), await count('LLEN', key('active')), await count('LLEN', key('wait'))]).toEqual([0, 0, 0]);
	const micros = (after.micros - before.micros) / (after.calls - before.calls);
	process.stdout.write(`retry major ${major}: first job taken ${pickUpMs} ms after y; ${micros.toFixed(0)} µs a script call (the worker's own among them)\n`);
	expect(pickUpMs).toBeLessThan(wokenWithinMs);
}
