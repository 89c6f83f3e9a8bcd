import {expect, it} from 'vitest';
import {phases} from '../../helpers/action-server.ts';
import {numbered, openQueueTest} from '../../helpers/queue-action-server.ts';
import {until} from '../../helpers/until.ts';
import {majors} from '../../queues/counted-worker.ts';

const orders = {choice: {on: ['bull:orders']}};
/** Of six jobs; none is the last to run in Bull and BullMQ 3, and the first in newer ones. */
const priorities = [3, 0, 1, 2, 1, 0];
const byPriority = (major: number) => (major < 4 ? ['3', '5', '4', '1', '2', '6'] : ['2', '6', '3', '5', '4', '1']);
const withPriorities = (index: number) => ({options: {priority: priorities[index] ?? 0}});

it.each(majors)('keeps the priorities of failed jobs of major %i, in a queue that is paused and resumed', async major => {
	const {add, failAll, known, run, key, count, idleWorker, done, allDone, setPaused} = await openQueueTest(major);
	await add(priorities.length, withPriorities);
	await failAll(priorities.length);
	await setPaused(true);
	await known('it is paused', ({failed, paused}) => failed === priorities.length && paused === true);
	await idleWorker();
	const {request, result} = await run('queue.retry-failed', orders);
	expect(result).toMatchObject({outcome: 'done', detail: '6 done; 0 failed jobs now'});
	expect(request?.effect).toContain('the queue is paused: they wait until it is resumed');
	const plain = major < 4 ? 6 : 2;
	expect([await count('LLEN', key('paused')), await count('LLEN', key('wait'))]).toEqual(major < 6 ? [plain, 0] : [0, plain]);
	expect(await count('ZCARD', key('prioritized'))).toBe(major < 4 ? 0 : 4);
	expect(await done()).toEqual([]);

	await setPaused(false);
	await allDone(priorities.length);
	expect(await done()).toEqual(byPriority(major));
});

it.each(majors)('keeps the priorities of overdue jobs of major %i', async major => {
	const {redis, add, known, pastDue, run, startWorker, done, allDone} = await openQueueTest(major);
	await add(priorities.length, index => ({options: {priority: priorities[index] ?? 0, delay: 50 + index * 20}}));
	await pastDue(150);
	await known('all are overdue', ({overdue}) => overdue === priorities.length);
	expect((await run('queue.promote-overdue', orders)).result).toMatchObject({outcome: 'done', detail: '6 done; 0 delayed jobs now'});
	expect(await redis.call('HGET', 'bull:orders:1', 'delay')).toBe('0');
	startWorker();
	await allDone(priorities.length);
	expect(await done()).toEqual(byPriority(major));
});

it.each([3, 4, 5, 6] as const)('leaves children of flows and ids without a job of BullMQ %i among the failed', async major => {
	const {redis, add, failAll, known, run, key, sorted, addChild, startWorker, allDone, done} = await openQueueTest(major);
	await add(3);
	await addChild(major, 'child');
	await failAll(4);
	await redis.call('DEL', key('2'));
	await known('they have failed', ({failed}) => failed === 4);
	const {request, result} = await run('queue.retry-failed', orders);
	expect(request?.facts).toContainEqual(['left alone', '1 child of a flow, 1 id without a job']);
	expect(result).toMatchObject({outcome: 'done', detail: '2 done, 2 skipped (1 id without a job, 1 child of a flow); 2 failed jobs now'});
	expect((await sorted('failed')).toSorted()).toEqual(['2', 'child']);
	startWorker();
	await allDone(2);
	expect(await done()).toEqual(['1', '3']);

	expect((await run('queue.retry-failed', orders)).result).toMatchObject({outcome: 'refused', detail: expect.stringMatching(/^None of them can be retried/)});
});

it('leaves alone what another console and a worker have had in the meantime', async () => {
	const {redis, add, failAll, known, run, startWorker, key, count, audit} = await openQueueTest(5);
	await add(10, index => ({data: {reason: index < 8 ? 'timeout after 5000ms' : 'no such table'}}));
	await failAll(10);
	await known('they have failed', ({failed}) => failed === 10);
	await redis.call('SET', 'test:mode', 'fail');
	await redis.call('SADD', 'test:hang', '1', '2', '3');
	const confirm = async () => {
		// Eight of them fail anew or are at work when the first dialog is confirmed.
		expect((await run('queue.retry-failed', {choice: {on: ['bull:orders'], set: {reason: 'Timeout after #'}}})).result).toMatchObject({outcome: 'done'});
		startWorker({concurrency: 10});
		await until('they have been taken', async () => (await count('LLEN', 'test:taken')) === 8 && (await count('ZCARD', key('failed'))) === 7);
		return true;
	};
	const {result} = await run('queue.retry-failed', {...orders, confirm});
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^2 done, 8 skipped \(5 changed meanwhile, 3 no longer there\)/)});
	expect(phases(await audit())).toEqual(['intent', 'outcome done', 'intent', 'outcome done']);
	await until('those two have been taken', async () => (await count('LLEN', 'test:taken')) === 10);
	expect(await count('LLEN', 'test:taken')).toBe(10);
});

it('retries what has failed since a time, and by reason; attempts go on if asked', async () => {
	const {redis, add, failAll, known, run, key, list} = await openQueueTest(6);
	await add(4, () => ({options: {attempts: 1}}));
	await failAll(4);
	await redis.call('ZADD', key('failed'), String(Date.now() - 3_600_000), '1', String(Date.now() - 1_200_000), '2');
	await known('they have failed', ({failed}) => failed === 4);
	const set = {since: '30m', 'reset-attempts': 'no'};
	const {request, result} = await run('queue.retry-failed', {choice: {on: ['bull:orders'], set}});
	expect(request?.facts).toContainEqual(['jobs', expect.stringMatching(/^3 of 3 that have failed since (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\dZ$/)]);
	expect(result).toMatchObject({outcome: 'done', detail: '3 done; 1 failed job now'});
	expect(await list(key('wait'))).toEqual(['4', '3', '2']);
	expect(await redis.call('HMGET', key('2'), 'atm', 'failedReason', 'finishedOn')).toEqual(['1', null, null]);
	const none = await run('queue.retry-failed', {choice: {on: ['bull:orders'], set: {reason: 'no such words'}}});
	expect(none.result).toMatchObject({outcome: 'refused', detail: 'Of 1 failed job none has “no such words” in its reason'});
	expect((await run('queue.retry-failed', {choice: {on: ['bull:orders'], set: {since: '1m'}}})).result.detail).toMatch(/^No job has failed since [\d: -]+Z$/);
});

it('calls a round unknown when its reply is lost, and sends nothing twice', async () => {
	const {add, failAll, known, run, key, count, proxy, calls, audit} = await openQueueTest(5);
	await add(200);
	await failAll(200);
	await known('they have failed', ({failed}) => failed === 200);
	const lost = proxy.loseReplyTo(argv => argv[0] === 'EVALSHA' && argv[6] === '120');
	const {result} = await run('queue.retry-failed', orders);
	await lost;
	expect(result.outcome).toBe('unknown');
	const [, unknown = '', done = ''] = /round \d+ with (\d+) jobs is unknown; before it: (\d+) done/.exec(result.detail) ?? [];
	expect(Number(unknown)).toBeGreaterThan(0);
	expect(new Set(calls().map(argv => argv[6])).size).toBe(calls().length);
	// Each is where it was or where it waits, and what was done before is done.
	const waiting = await count('LLEN', key('wait'));
	expect(waiting + (await count('ZCARD', key('failed')))).toBe(200);
	expect(waiting).toBeGreaterThanOrEqual(Number(done));
	expect(waiting).toBeLessThanOrEqual(Number(done) + Number(unknown));
	expect(phases(await audit())).toEqual(['intent', 'outcome unknown']);
});

it('stops between two rounds with an exact account, and does the rest the next time', async () => {
	const {add, failAll, known, run, key, count, list} = await openQueueTest(4);
	await add(300);
	await failAll(300);
	await known('they have failed', ({failed}) => failed === 300);
	const {result} = await run('queue.retry-failed', {...orders, onProgress: (_progress, stop) => stop()});
	expect(result.outcome).toBe('cancelled');
	const [, done = '', left = ''] = /^stopped between two rounds\. (\d+) done, (\d+) not tried/.exec(result.detail) ?? [];
	expect(Number(done) + Number(left)).toBe(300);
	expect(Number(left)).toBeGreaterThan(0);
	expect([await count('LLEN', key('wait')), await count('ZCARD', key('failed'))]).toEqual([Number(done), Number(left)]);
	expect((await run('queue.retry-failed', orders)).result).toMatchObject({outcome: 'done'});
	expect((await list(key('wait'))).toReversed()).toEqual(numbered(1, 300));
});

it('shows what it sends, and sends nothing when it is left', async () => {
	const {add, failAll, known, run, sent, audit, redis} = await openQueueTest(6);
	await add(3);
	await failAll(3);
	await known('they have failed', ({failed}) => failed === 3);
	expect((await run('queue.retry-failed', {...orders, confirm: () => false})).result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	const {request} = await run('queue.retry-failed', orders);
	const [load, first] = request?.plan ?? [];
	expect(load?.slice(0, 2)).toEqual(['SCRIPT', 'LOAD']);
	expect(first?.slice(2, 7)).toEqual(['2', 'bull:orders:failed', 'bull:orders:1', 'bull:orders', '1']);
	expect(request?.goesOn).toBe('then the same for 2 more, one call a job, the oldest failure first');
	expect(sent().slice(0, 2)).toEqual(request?.plan);
	expect(sent()).toHaveLength(4);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'intent', 'outcome done']);
	const [event] = (await redis.call('XREVRANGE', 'bull:orders:events', '+', '-', 'COUNT', '1')) as unknown as [[string, string[]]];
	expect(event[1]).toEqual(['event', 'waiting', 'jobId', '3', 'prev', 'failed']);
});

it('has no road to a write in a read-only console, and none to a queue of several majors', async () => {
	const reading = await openQueueTest(5, {isReadOnly: true});
	await reading.add(2);
	await reading.failAll(2);
	await reading.known('they have failed', ({failed}) => failed === 2);
	for (const id of ['queue.retry-failed', 'queue.recover-stalled', 'queue.promote-overdue']) {
		expect((await reading.run(id, orders)).result).toMatchObject({outcome: 'refused', detail: 'This console is read-only'});
	}
	expect(reading.sent()).toEqual([]);

	const mixed = await openQueueTest(5);
	await mixed.add(2);
	await mixed.failAll(2);
	await mixed.add(1);
	await mixed.keyspace.queue(6, 'orders', {skipMetasUpdate: true}).pause();
	await mixed.known('its majors are mixed', ({mixedMajors}) => mixedMajors !== undefined);
	expect((await mixed.run('queue.retry-failed', orders)).result).toMatchObject({
		outcome: 'refused',
		detail: expect.stringMatching(/^Several majors work on it/),
	});
	expect(mixed.sent()).toEqual([]);
});
