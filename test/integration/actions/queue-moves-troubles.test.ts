import {once} from 'node:events';
import {expect, it} from 'vitest';
import {phases} from '../../helpers/action-server.ts';
import {numbered, openQueueTest} from '../../helpers/queue-action-server.ts';
import {until} from '../../helpers/until.ts';
import type {Major} from '../../queues/counted-worker.ts';

const orders = {choice: {on: ['bull:orders']}};

type QueueTest = Awaited<ReturnType<typeof openQueueTest>>;
type Trouble = {
	readonly action: string;
	readonly major: Major;
	/** Where its jobs are before. */
	readonly from: 'active' | 'delayed';
	/** The ids of so many jobs in the order in which they are to be moved. */
	readonly seed: (test: QueueTest, jobs: number) => Promise<readonly string[]>;
};

/** Jobs 1 to `jobs` in the hands of a worker that is killed; its locks are gone, as they are half a minute later. */
async function abandoned({redis, add, startWorker, known, count, key}: QueueTest, jobs: number) {
	await redis.call('SADD', 'test:hang', '*');
	await add(jobs);
	const worker = startWorker({concurrency: jobs});
	const locks = numbered(1, jobs).map(id => key(`${id}:lock`));
	// Bull, and BullMQ 4 and older, lock a job after it has been taken.
	await until('all are held', async () => (await count('EXISTS', ...locks)) === jobs, 20_000);
	const exited = once(worker, 'exit');
	worker.kill('SIGKILL');
	await exited;
	// A lock that is gone is not prolonged.
	await redis.call('DEL', ...locks);
	await known('they are active', ({active}) => active === jobs);
	// The longest active is to run next, so it is put back last.
	return numbered(1, jobs).toReversed();
}

/** Jobs 1 to `jobs`, due in that order, and one that is not due. */
async function overdue({add, pastDue, known}: QueueTest, jobs: number) {
	await add(jobs, index => ({options: {delay: 1 + index}}));
	await add(1, () => ({options: {delay: 3_600_000}}));
	await pastDue(jobs);
	await known('all are overdue', status => status.overdue === jobs);
	return numbered(1, jobs);
}

const troubles: readonly (readonly [name: string, trouble: Trouble])[] = [
	['recovery in Bull', {action: 'queue.recover-stalled', major: 0, from: 'active', seed: abandoned}],
	['recovery in BullMQ 5', {action: 'queue.recover-stalled', major: 5, from: 'active', seed: abandoned}],
	['promotion in BullMQ 3', {action: 'queue.promote-overdue', major: 3, from: 'delayed', seed: overdue}],
	['promotion in BullMQ 6', {action: 'queue.promote-overdue', major: 6, from: 'delayed', seed: overdue}],
];

/** All that a queue has of each of its jobs, and where they are. */
async function everything({redis, key, sorted, list}: QueueTest, from: Trouble['from'], ids: readonly string[]) {
	const jobs = await Promise.all(ids.map(async id => [id, await redis.call('HGETALL', key(id))] as const));
	const waiting = (await list(key('wait'))).filter(id => /^[1-9]/.test(id));
	return {jobs: new Map(jobs), there: from === 'active' ? await list(key('active')) : await sorted('delayed'), waiting};
}

const without = (ids: readonly string[], gone: readonly string[]) => ids.filter(id => !gone.includes(id));
/** The next to run is the last of a list. */
const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => Number(b) - Number(a));
const idsOf = ({calls}: QueueTest) => calls().map(argv => argv[6] ?? '');

/** The jobs that were sent wait, in order; the others are what and where they were. */
async function expectMoved(test: QueueTest, from: Trouble['from'], before: Awaited<ReturnType<typeof everything>>, moved: readonly string[]) {
	const after = await everything(test, from, [...before.jobs.keys()]);
	expect(after.waiting).toEqual(inOrder(moved));
	expect(after.there).toEqual(without(before.there, moved));
	for (const id of without([...before.jobs.keys()], moved)) expect(after.jobs.get(id)).toEqual(before.jobs.get(id));
}

it.each(troubles)('%s: a round is unknown when its reply is lost, and nothing is sent twice', async (_name, {action, major, from, seed}) => {
	const test = await openQueueTest(major);
	const {run, proxy, audit} = test;
	const jobs = await seed(test, 200);
	const before = await everything(test, from, jobs);
	const lost = proxy.loseReplyTo(argv => argv[0] === 'EVALSHA' && argv[6] === jobs[119]);
	const {result} = await run(action, orders);
	await lost;
	expect(result).toMatchObject({outcome: 'unknown', detail: expect.stringContaining('It was sent once and is not sent again')});
	const account = /round (\d+) with (\d+) jobs is unknown; before it: (\d+) done, (\d+) not tried/.exec(result.detail) ?? [];
	const [round = 0, inFlight = 0, done = 0, left = 0] = account.slice(1).map(Number);
	expect(done + inFlight + left).toBe(200);
	expect(done).toBeLessThan(120);
	expect(done + inFlight).toBeGreaterThanOrEqual(120);
	// The proxy passes on nothing behind that command: the server has had 120, each once.
	expect(idsOf(test)).toEqual(jobs.slice(0, 120));
	await expectMoved(test, from, before, jobs.slice(0, 120));
	const log = await audit();
	expect(phases(log)).toEqual(['intent', 'outcome unknown']);
	expect(log.filter(entry => 'round' in entry)).toHaveLength(round);
});

it.each(troubles)('%s stops between two rounds, and does the rest the next time', async (_name, {action, major, from, seed}) => {
	const test = await openQueueTest(major);
	const {run, audit} = test;
	const jobs = await seed(test, 300);
	const before = await everything(test, from, jobs);
	const {result} = await run(action, {...orders, onProgress: (_progress, stop) => stop()});
	expect(result.outcome).toBe('cancelled');
	const account = /^stopped between two rounds\. (\d+) done, (\d+) not tried, in (\d+) rounds?$/.exec(result.detail) ?? [];
	const [done = 0, left = 0, rounds = 0] = account.slice(1).map(Number);
	expect(done + left).toBe(300);
	expect(done).toBeGreaterThan(0);
	expect(left).toBeGreaterThan(0);
	expect(idsOf(test)).toEqual(jobs.slice(0, done));
	await expectMoved(test, from, before, jobs.slice(0, done));
	const log = await audit();
	expect(phases(log)).toEqual(['intent', 'outcome cancelled']);
	expect(log.filter(entry => 'round' in entry)).toHaveLength(rounds);

	expect((await run(action, orders)).result).toMatchObject({outcome: 'done', detail: expect.stringMatching(new RegExp(`^${left} done; `))});
	expect(idsOf(test)).toEqual(jobs);
	await expectMoved(test, from, before, jobs);
});

it.each(troubles)('%s sends nothing when the dialog is left', async (_name, {action, major, from, seed}) => {
	const test = await openQueueTest(major);
	const jobs = await seed(test, 3);
	const before = await everything(test, from, jobs);
	const {request, result} = await test.run(action, {...orders, confirm: () => false});
	expect(request?.plan.map(([command]) => command)).toEqual(['SCRIPT', 'EVALSHA']);
	expect(result.outcome).toBe('cancelled');
	expect(test.sent()).toEqual([]);
	await expectMoved(test, from, before, []);
	expect(phases(await test.audit())).toEqual(['outcome cancelled']);
});
