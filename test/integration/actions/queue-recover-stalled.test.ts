import {expect, it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {numbered, openQueueTest, wokenWithinMs} from '../../helpers/queue-action-server.ts';
import {until} from '../../helpers/until.ts';
import {type Major, someMajors} from '../../queues/counted-worker.ts';

const jobs = 1000;

it.each(someMajors)('lets 1,000 jobs run again that a killed worker held, each exactly once: %s', (_names, majors) => allAtOnce(majors, recoverAll), 120_000);

async function recoverAll(major: Major): Promise<void> {
	const {redis, add, known, idleWorker, startWorker, run, done, key, count, allDone, firstTakenMs} = await openQueueTest(major);
	await redis.call('SADD', 'test:hang', '*');
	await add(jobs);
	const killed = startWorker({concurrency: jobs, lockMs: 2500});
	await until('all are active and locked', async () => (await count('LLEN', 'test:taken')) === jobs, 60_000);
	killed.kill('SIGKILL');
	await redis.call('DEL', 'test:hang', 'test:taken');
	await until(
		'the last lock has run out',
		async () => Number((/keys=(\d+),expires=(\d+)/.exec(String(await redis.call('INFO', 'keyspace'))) ?? [])[2]) === 0,
		20_000,
	);
	const active = await count('LLEN', key('active'));
	// A worker that idles beside the stuck jobs, and takes each as it comes back.
	await idleWorker();
	await known('jobs are held by nobody', ({activeWithoutLock}) => (activeWithoutLock ?? 0) > 0);
	expect(await count('LLEN', 'test:taken')).toBe(0);

	let confirmedMs = 0;
	const confirm = () => {
		confirmedMs = Date.now();
		return true;
	};
	const {request, result} = await run('queue.recover-stalled', {choice: {on: ['bull:orders']}, confirm});
	expect(active).toBe(jobs);
	expect(result).toMatchObject({outcome: 'done', detail: '1,000 done; none of them is left active without a lock'});
	expect(request?.facts).toContainEqual(['jobs', expect.stringMatching(/^1,000 without a lock of 1,000 active: \d+ work, /)]);
	await allDone(jobs);
	expect((await done()).map(Number).sort((a, b) => a - b)).toEqual(numbered(1, jobs).map(Number));
	await until('all are completed', async () => (await count('ZCARD', key('completed'))) === jobs);
	expect([await count('LLEN', key('active')), await count('LLEN', key('wait'))]).toEqual([0, 0]);
	expect(await redis.call('HGET', key('7'), major >= 5 ? 'stc' : 'stalledCounter')).toBe('1');
	const pickUpMs = (await firstTakenMs()) - confirmedMs;
	process.stdout.write(`recover major ${major}: first job taken ${pickUpMs} ms after y\n`);
	expect(pickUpMs).toBeLessThan(wokenWithinMs);
}
