import type {TestRedis} from './redis-server.ts';
import {fill, surveyName} from './survey-run.ts';

/** The kinds of keys that applications leave behind; sizes differ a lot within each. */
function keyspace(index: number): readonly string[] {
	const id = (Math.imul(index, 2_654_435_761) >>> 0).toString(16);
	switch (index % 10) {
		case 0:
		case 1:
		case 2:
			return ['SET', `sess:${id}`, 'v'.repeat(index % 300), 'EX', '36000'];
		case 3:
		case 4:
		case 5:
			return ['SET', `rl:${['ip', 'user', 'key'][index % 3]}:${index}`, String(index % 200), ...(index % 4 === 0 ? [] : ['EX', '36000'])];
		case 6:
		case 7:
		case 8:
			return ['HSET', `bull:${index % 5 === 0 ? 'emails' : 'orders'}:${index}`, 'name', 'process', 'data', 'x'.repeat(index % 900), 'opts', '{}'];
		default:
			return ['SET', `cache:product:${index}`, 'v'.repeat(index % 100 === 9 ? 9000 : 500), ...(index % 3 === 0 ? [] : ['EX', '36000'])];
	}
}

export const seedKeyspace = async (redis: TestRedis, count: number) => {
	await fill(redis, count, keyspace);
	for (let from = 0; from < 50_000; from += 1000) {
		await redis.call('ZADD', 'bull:orders:completed', ...Array.from({length: 1000}, (_, offset) => [String(from + offset), `job-${from + offset}`]).flat());
	}
	await fill(redis, 40, index => ['HSET', `cb:${['stripe', 's3'][index % 2]}:${index}`, 'state', 'open']);
};

export type Truth = {keys: number; bytes: number; withoutTtl: number};

/** What a census says: every key, one by one. */
export async function census(redis: TestRedis, groupOf: (key: string) => string): Promise<ReadonlyMap<string, Truth>> {
	const client = await redis.connect();
	const truth = new Map<string, Truth>();
	let cursor = '0';
	do {
		const [next, keys] = (await client.call('SCAN', cursor, 'COUNT', '5000')) as [string, string[]];
		cursor = next;
		const replies = await client.pipeline(
			keys.flatMap(key => [
				['MEMORY', 'USAGE', key],
				['PTTL', key],
			]),
		);
		for (const [index, key] of keys.entries()) {
			const group = truth.get(groupOf(key)) ?? {keys: 0, bytes: 0, withoutTtl: 0};
			group.keys += 1;
			group.bytes += Number(replies[index * 2]);
			group.withoutTtl += Number(replies[index * 2 + 1]) < 0 ? 1 : 0;
			truth.set(groupOf(key), group);
		}
	} while (cursor !== '0');
	client.close();
	return truth;
}

export const groupOfKey = (key: string): string =>
	key.startsWith('cb:')
		? 'cb:*'
		: `${key
				.split(':')
				.slice(0, /^sess:/.test(key) ? 1 : 2)
				.join(':')}:*`;

/** PINGs from a connection of its own, every few milliseconds, until told to stop. */
export async function ping(redis: TestRedis) {
	const client = await redis.connect();
	const tookMs: number[] = [];
	let isOn = true;
	const done = (async () => {
		while (isOn) {
			const atMs = performance.now();
			await client.call('PING');
			tookMs.push(performance.now() - atMs);
			await new Promise(resolve => setTimeout(resolve, 5));
		}
		client.close();
	})();
	return {
		count: () => tookMs.length,
		async end() {
			isOn = false;
			await done;
			const sorted = tookMs.toSorted((a, b) => a - b);
			const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
			return {count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1)};
		},
	};
}

/** Server time of what a survey sends, in µs since CONFIG RESETSTAT. */
export async function surveyMicros(redis: TestRedis): Promise<number> {
	const stats = String(await redis.call('INFO', 'commandstats'));
	return [...stats.matchAll(/^cmdstat_(?:scan|memory\|usage|type|pttl|dbsize|strlen|hlen|zcard|llen|scard|xlen):calls=\d+,usec=(\d+)/gm)]
		.map(([, usec]) => Number(usec))
		.reduce((sum, usec) => sum + usec, 0);
}

export const isConnected = async (redis: TestRedis) => String(await redis.call('CLIENT', 'LIST')).includes(`name=${surveyName} `);
