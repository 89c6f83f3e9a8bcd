import {describe, expect, it} from 'vitest';
import {queueClean} from '../../../src/actions/queues/queue-clean.ts';
import {cleanFinished} from '../../../src/queues/lua/clean-finished.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import {bindByReading, setUp} from '../../helpers/action-run.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {openQueueWorld} from '../../helpers/queue-world.ts';

const hour = 3_600_000;
const lastMs = noonMs - 2 * hour;

type Set = {readonly size: number; readonly old: number; readonly left?: number};

/** A set of jobs, the last of those that are to go being `j9`, two hours old. `left`: what is there of them afterwards. */
const answering = ({size, old, left = 0}: Set, asked: string[][] = []) => {
	const answers: Readonly<Record<string, (...args: readonly string[]) => unknown>> = {
		ZCARD: () => size,
		ZCOUNT: (_key, _from, to) => (to?.startsWith('(') ? left : old),
		ZRANGE: (_key, from, _to, scores) => (scores === undefined ? [`j${from}`] : [from === '0' ? 'j0' : 'j9', String(lastMs)]),
		HGET: key => (key === 'bull:orders:j0' ? null : 'work'),
		MEMORY: (_usage, key) => (key?.endsWith(':logs') ? null : 200),
	};
	return ([command = '', ...args]: readonly string[]): unknown => {
		asked.push([command, ...args]);
		return answers[command]?.(...args) ?? null;
	};
};

const choose = (set: Readonly<Record<string, string>> = {}) => ({on: ['bull:orders'], set});

it('asks for an hour by the server’s clock, and freezes the last job that is to go', () => {
	const asked: string[][] = [];
	const world = {...openQueueWorld(), info: {clockMs: noonMs + 5000}};
	const {plan, request} = bindByReading(queueClean, world, answering({size: 5000, old: 3000}, asked), choose({keep: '2500'}));
	expect(asked).toContainEqual(['ZCOUNT', 'bull:orders:completed', '-inf', String(noonMs + 5000 - hour)]);
	expect(asked).toContainEqual(['ZRANGE', 'bull:orders:completed', '2499', '2499', 'WITHSCORES']);
	expect(plan).toEqual([
		['SCRIPT', 'LOAD', cleanFinished.text],
		['EVALSHA', cleanFinished.sha1, '1', 'bull:orders:completed', 'bull:orders:', 'j9', String(lastMs), '0', '156', '2500'],
	]);
	expect(Object.fromEntries(request.facts)).toMatchObject({
		jobs: '2,500 of 5,000 completed',
		names: 'work 19, (id without a job) 1',
		memory: 'about 488K, from 20 of them',
	});
	expect(request.stops).toBe('batch');
});

it('is allowed where the major is not known or several work, as all keep finished jobs alike', () => {
	for (const change of [{major: undefined}, {mixedMajors: {jobsAtRisk: 3, evidence: ['both']}}, {major: 2}])
		expect(queueClean.refusal(stateWith(openQueueWorld(change)))).toBeUndefined();
});

describe('refusals', () => {
	it.each<[Partial<QueueStatus>, string]>([
		[{family: 'sidekiq', system: 'sidekiq', major: undefined}, 'Queues of sidekiq are read, never written to'],
		[{major: 7}, 'BullMQ 7 is newer than what this program knows (6)'],
	])('a queue with %j', (change, reason) => expect(queueClean.refusal(stateWith(openQueueWorld(change)))?.refused).toBe(reason));

	it.each([
		[{state: 'waiting'}, 'state must be completed or failed'],
		[{'older-than': 'yesterday'}, 'older-than must be a time, as in 90 (seconds), 15m, 2h or 7d'],
		[{keep: '-1'}, 'keep must be a whole number, 0 or more'],
		[{age: 'x'}, 'older-than must be a time, as in 90 (seconds), 15m, 2h or 7d'],
	])('%j', (set, reason) => expect(queueClean.refusal(stateWith(openQueueWorld()), choose(set))?.refused).toBe(reason));

	it.each([
		[{size: 0, old: 0}, 'There is no completed job'],
		[{size: 9, old: 0}, 'None of 9 completed jobs is so old'],
		[{size: 9, old: 9}, 'All of 9 completed jobs are among the newest 20'],
	])('nothing to do: %j', (set, reason) => {
		expect(() => bindByReading(queueClean, openQueueWorld(), answering(set), choose({keep: '20'}))).toThrow(reason);
	});
});

describe('rounds', () => {
	const runWith = (set: Set, replies: readonly unknown[]) =>
		setUp({action: queueClean, state: openQueueWorld(), after: openQueueWorld(), replies: ['sha', ...replies], choice: choose(), answer: answering(set)});

	it('pass over what they have left alone, and never try more than were counted', async () => {
		const {run, send} = runWith({size: 400, old: 400, left: 9}, [
			[150, 0, 6, 0, 0, 244],
			[153, 1, 2, 0, 0, 88],
			[87, 0, 1, 0, 0, 30],
		]);
		const result = await run();
		const calls = send.mock.calls.map(([argv]) => argv).filter(([command]) => command === 'EVALSHA');
		expect(calls.map(argv => argv.slice(-3))).toEqual([
			['0', '156', '0'],
			['6', '156', '0'],
			['8', '88', '0'],
		]);
		expect(result).toMatchObject({
			outcome: 'done',
			detail: '391 done (1 without a job), 9 skipped (9 child of a flow whose parent is there); 9 are left, which were skipped',
		});
	});

	it('end early when the set has become smaller', async () => {
		const {run, send} = runWith({size: 400, old: 400}, [[100, 0, 0, 0, 0, 0]]);
		await expect(run()).resolves.toMatchObject({outcome: 'done', detail: '100 done, 300 skipped (300 gone by then); none is left of them'});
		expect(send).toHaveBeenCalledTimes(2);
	});

	it('do not call it done when jobs are left that were not skipped', async () => {
		const {run} = runWith({size: 400, old: 100, left: 3}, [[100, 0, 0, 0, 0, 0]]);
		await expect(run()).resolves.toMatchObject({outcome: 'unverified', detail: '100 done; 3 more are still there'});
	});
});
