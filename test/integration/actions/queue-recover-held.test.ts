import {expect, it} from 'vitest';
import {allAtOnce} from '../../helpers/all-at-once.ts';
import {openQueueTest} from '../../helpers/queue-action-server.ts';
import {until} from '../../helpers/until.ts';
import type {Major} from '../../queues/counted-worker.ts';

const orders = {choice: {on: ['bull:orders']}};

// Of the majors, which count what has stalled in two ways.
it('takes no job from a worker that holds it, and none that has been recovered by another: Bull and BullMQ 5', () => allAtOnce([0, 5] as const, leavesHeld));

async function leavesHeld(major: Major): Promise<void> {
	const {redis, add, known, run, startWorker, unlocked, key, count, allDone, done} = await openQueueTest(major);
	await redis.call('SADD', 'test:hang', '1', '2');
	await add(2);
	const worker = startWorker({concurrency: 2, lockMs: 1500});
	await until('both are active', async () => (await count('LLEN', 'test:taken')) === 2);
	await known('they are active', ({active}) => active === 2);
	// Both are locked: nothing to recover, whatever the list says.
	const held = await run('queue.recover-stalled', orders);
	expect(held.result).toMatchObject({outcome: 'refused', detail: expect.stringMatching(/held by a worker/)});
	worker.kill('SIGKILL');
	await redis.call('DEL', 'test:hang');
	await unlocked('1', '2');
	await known('nobody holds them', ({activeWithoutLock}) => activeWithoutLock === 2);
	const confirm = async () => {
		expect((await run('queue.recover-stalled', orders)).result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^2 done/)});
		return true;
	};
	const {result} = await run('queue.recover-stalled', {...orders, confirm});
	expect(result).toMatchObject({outcome: 'unverified', detail: '0 done, 2 skipped (2 changed meanwhile): none of them was put back'});
	expect(await count('LLEN', key('wait'))).toBe(2);
	startWorker();
	await allDone(2);
	expect(await done()).toEqual(['1', '2']);
}
