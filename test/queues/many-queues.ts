import type {TestRedis} from '../helpers/redis-server.ts';

/** Queues of BullMQ 5 with 1000 jobs waiting, 40 active with their locks, and finished ones. */
export async function seedMany(redis: TestRedis, count: number): Promise<void> {
	const client = await redis.connect();
	for (let index = 0; index < count; index++) {
		const base = `bull:queue${index}`;
		const ids = (from: number, length: number) => Array.from({length}, (_, job) => String(from + job));
		const active = ids(1, 40);
		await client.pipeline([
			['HSET', `${base}:meta`, 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000'],
			['SET', `${base}:id`, '2000'],
			['LPUSH', `${base}:wait`, ...ids(100, 1000)],
			['LPUSH', `${base}:active`, ...active],
			...active.map(id => ['SET', `${base}:${id}:lock`, 'token', 'PX', '600000']),
			['ZADD', `${base}:completed`, ...ids(1200, 300).flatMap(id => [id, id])],
			['ZADD', `${base}:failed`, ...ids(1600, 100).flatMap(id => [id, id])],
			['HSET', `${base}:100`, 'name', 'work', 'timestamp', '1', 'opts', '{}'],
			['XADD', `${base}:events`, '*', 'event', 'added', 'jobId', '1'],
		]);
	}
	client.close();
}
