import {expect, it} from 'vitest';
import type {LuaScript} from '../../src/queues/lua/lua-script.ts';
import {promoteJob} from '../../src/queues/lua/promote-job.ts';
import {recoverJob} from '../../src/queues/lua/recover-job.ts';
import {retryJob} from '../../src/queues/lua/retry-job.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';

const moves = [
	{script: retryJob, place: 'failed', args: ['100', '1', '5']},
	{script: promoteJob, place: 'delayed', args: ['100']},
	{script: recoverJob, place: 'active', args: ['90', '']},
] as const;
type Move = {readonly script: LuaScript; readonly place: string; readonly args: readonly string[]};
type Setting = {readonly major?: number; readonly args?: readonly string[]};

const call = (redis: TestRedis, {script, place, args}: Move, {major = 5, args: other = args}: Setting = {}) =>
	redis.call('EVAL', script.text, '2', `q:${place}`, 'q:7', 'q', '7', String(major), ...other);

/** Job 7, where the script expects it. */
async function seed(redis: TestRedis, {place}: Move, fields: Readonly<Record<string, string>> = {}) {
	await redis.call('FLUSHALL');
	const hash = {timestamp: '80', processedOn: '90', finishedOn: '100', failedReason: 'bad', opts: '{}', priority: '0', delay: '10', ...fields};
	await redis.call('HSET', 'q:7', ...Object.entries(hash).flat());
	await (place === 'active' ? redis.call('LPUSH', 'q:active', '7') : redis.call('ZADD', `q:${place}`, '100', '7'));
}

/** Everything there is, to be compared. */
async function all(redis: TestRedis): Promise<string> {
	const keys = ((await redis.call('KEYS', '*')) as readonly unknown[]).map(String).toSorted();
	return JSON.stringify(await Promise.all(keys.map(async key => [key, await redis.call('DUMP', key)])));
}

const where = async (redis: TestRedis, key: string) => ((await redis.call('LRANGE', key, '0', '-1')) as readonly unknown[]).map(String);

it.each(moves)('$place: moves nothing that is not as it was seen, and changes nothing then', async move => {
	const redis = await startForTest();
	const answers: string[] = [];
	const cases: readonly (readonly [readonly string[], Setting?])[] = [
		[move.place === 'active' ? ['LREM', 'q:active', '1', '7'] : ['ZREM', `q:${move.place}`, '7']],
		[['PING'], {args: move.place === 'active' ? ['91', ''] : ['101', '1', '5']}],
		[['DEL', 'q:7']],
		[['SET', 'q:7:lock', 'token']],
	];
	for (const [change, setting] of cases) {
		await seed(redis, move);
		await redis.call(...change);
		const before = await all(redis);
		answers.push(String(await call(redis, move, setting)));
		expect(await all(redis)).toBe(before);
	}
	expect(answers).toEqual(['GONE', 'CHANGED', 'ORPHAN', 'LOCKED']);
});

it.each(moves)('$place: an error half-way leaves the job where it was', async move => {
	const redis = await startForTest();
	await seed(redis, move);
	await redis.call('SET', 'q:wait', 'no list');
	const before = await all(redis);
	await expect(call(redis, move)).rejects.toThrow(/WRONGTYPE/);
	expect(await all(redis)).toBe(before);

	await seed(redis, move, {priority: '2'});
	await redis.call('SET', 'q:prioritized', 'no sorted set');
	const [place, job] = [await redis.call('DUMP', `q:${move.place}`), await redis.call('DUMP', 'q:7')];
	if (move.place === 'active') return;
	await expect(call(redis, move)).rejects.toThrow(/WRONGTYPE/);
	expect([await redis.call('DUMP', `q:${move.place}`), await redis.call('DUMP', 'q:7')]).toEqual([place, job]);
});

it('leaves a failed job where it was when the server is out of memory', async () => {
	const redis = await startForTest();
	const [retry] = moves;
	await seed(redis, retry);
	const before = await all(redis);
	await redis.call('CONFIG', 'SET', 'maxmemory', '1');
	await expect(call(redis, retry)).rejects.toThrow(/OOM/);
	expect(await all(redis)).toBe(before);
});

it.each([0, 3])('does not search a long list for the place of a job with a priority, major %i', async major => {
	const redis = await startForTest();
	const [retry] = moves;
	await seed(redis, retry, {priority: '2'});
	const ids = Array.from({length: 20_001}, (_, index) => `w${index}`);
	await redis.call('RPUSH', 'q:wait', ...ids);
	expect(await call(redis, retry, {major})).toBe('CROWDED');
	expect(await redis.call('ZSCORE', 'q:failed', '7')).toBe('100');
	await redis.call('LTRIM', 'q:wait', '0', '19999');
	expect(await call(redis, retry, {major})).toBe('OK');
	expect((await where(redis, 'q:wait')).at(-1)).toBe('7');
});

it('puts a lifo job to the end that runs next, and takes away the marker of an empty list', async () => {
	const redis = await startForTest();
	const [retry] = moves;
	await seed(redis, retry, {opts: '{"attempts":2,"lifo":true}'});
	await redis.call('RPUSH', 'q:wait', '1', '2');
	expect(await call(redis, retry)).toBe('OK');
	expect(await where(redis, 'q:wait')).toEqual(['1', '2', '7']);

	await seed(redis, retry);
	await redis.call('LPUSH', 'q:wait', '0:1735689600000');
	expect(await call(redis, retry, {major: 4})).toBe('OK');
	expect(await where(redis, 'q:wait')).toEqual(['7']);

	await seed(redis, retry, {priority: '3'});
	expect(await call(redis, retry, {major: 4})).toBe('OK');
	expect(await where(redis, 'q:wait')).toEqual(['0:0']);
	expect(await redis.call('ZSCORE', 'q:prioritized', '7')).toBe(String(3 * 2 ** 32 + 1));
});

it.each(moves)('$place: wakes idle workers of BullMQ 5, unless as many jobs are active as may be, or it is paused', async move => {
	const redis = await startForTest();
	const marked = async (...meta: readonly string[]) => {
		await seed(redis, move);
		if (meta.length > 0) await redis.call('HSET', 'q:meta', ...meta);
		if (meta[0] === 'concurrency') await redis.call('RPUSH', 'q:active', 'another');
		expect(await call(redis, move)).toBe('OK');
		return redis.call('EXISTS', 'q:marker');
	};
	expect(await marked()).toBe(1);
	expect(await marked('concurrency', '2')).toBe(1);
	expect(await marked('concurrency', '1')).toBe(0);
	expect(await marked('paused', '1')).toBe(0);
	expect(await where(redis, 'q:paused')).toEqual(['7']);
});

it('tells Bull’s listeners, and BullMQ’s by the stream, which it keeps short', async () => {
	const redis = await startForTest();
	const [retry, , recover] = moves;
	const listener = await redis.connect();
	const heard: string[] = [];
	listener.onUnasked = reply => heard.push(String(reply));
	await listener.call('PSUBSCRIBE', 'q:*');
	await seed(redis, retry);
	expect(await call(redis, retry, {major: 0})).toBe('OK');
	expect(await redis.call('HMGET', 'q:7', 'retriedOn', 'failedReason')).toEqual(['5', null]);
	await seed(redis, recover);
	expect(await call(redis, recover, {major: 0})).toBe('OK');
	expect(await redis.call('HGET', 'q:7', 'stalledCounter')).toBe('1');
	await listener.call('PING');
	listener.close();
	expect(heard).toEqual(['pmessage,q:*,q:waiting@redis-triage,7', 'pmessage,q:*,q:stalled@,7']);

	await seed(redis, recover);
	await redis.call('HSET', 'q:meta', 'opts.maxLenEvents', '0');
	expect(await call(redis, recover)).toBe('OK');
	expect(Number(await redis.call('XLEN', 'q:events'))).toBeLessThanOrEqual(2);
});
