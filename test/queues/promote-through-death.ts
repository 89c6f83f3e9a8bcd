import {expect} from 'vitest';
import {openQueueTest} from '../helpers/queue-action-server.ts';
import {until} from '../helpers/until.ts';
import type {Major} from './counted-worker.ts';

const jobs = 1000;
const later = 5;
const dueMs = 100;

/** 1,000 overdue jobs are promoted and run in the order in which they were due, while one worker is killed in the middle of it. */
export async function promoteThroughDeath(major: Major): Promise<void> {
	const {redis, add, known, pastDue, unlocked, startWorker, run, done, sorted, key, count, allDone, microsPerCall, lastTaken} = await openQueueTest(major);
	// Due in another order than they were added in.
	await add(jobs, index => ({options: {delay: dueMs + ((index * 7919) % jobs)}}));
	await add(later, () => ({options: {delay: 3_600_000}}));
	const due = (await sorted('delayed')).slice(0, jobs);
	const stuck = due[499] ?? '';
	expect(due.map(Number)).not.toEqual(due.map(Number).toSorted((a, b) => a - b));
	await pastDue(dueMs + jobs);
	await known('all are overdue', ({overdue, delayed}) => overdue === jobs && delayed === jobs + later);

	await redis.call('CONFIG', 'RESETSTAT');
	const {request, result} = await run('queue.promote-overdue', {choice: {on: ['bull:orders']}});
	const {calls, micros} = await microsPerCall();
	process.stdout.write(`promote major ${major}: ${(micros / calls).toFixed(0)} µs a call, ${calls} calls\n`);
	expect(calls).toBe(jobs);
	expect(result).toMatchObject({outcome: 'done', detail: '1,000 done; 5 delayed jobs now'});
	expect(request?.facts).toContainEqual(['jobs', '1,000 overdue of 1,005 delayed']);
	expect(await count('ZCARD', key('delayed'))).toBe(later);
	expect(await redis.call('HGET', key('7'), 'delay')).toBe('0');

	await redis.call('SADD', 'test:hang', stuck);
	const worker = startWorker({lockMs: 3000});
	await until('the worker holds the one that hangs', async () => (await lastTaken()) === stuck, 60_000);
	worker.kill('SIGKILL');
	await redis.call('DEL', 'test:hang');
	await unlocked(stuck);
	await known('it is active', ({active}) => active === 1);
	expect((await run('queue.recover-stalled', {choice: {on: ['bull:orders']}})).result).toMatchObject({outcome: 'done'});
	startWorker();
	await allDone(jobs);
	expect(await done()).toEqual(due);
	await until('all are completed', async () => (await count('ZCARD', key('completed'))) === jobs);
	expect(await count('ZCARD', key('delayed'))).toBe(later);
}
