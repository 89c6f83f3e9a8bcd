import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {RespClient} from '../../src/demo/resp-client.ts';
import {discoverQueues, type QueueMemories, readQueues} from '../../src/queues/reader.ts';
import type {QueueStatus} from '../../src/queues/types.ts';
import {parseClientList} from '../../src/redis/parse/client-list.ts';
import type {Bundle} from '../helpers/bundle.ts';
import {bundleDemo, clientsNamed, infoField, startConsole, untilTrafficFlows} from '../helpers/demo-console.ts';
import {childrenOf, isRunning} from '../helpers/processes.ts';
import {until} from '../helpers/until.ts';

let program: Bundle;
beforeAll(async () => {
	program = await bundleDemo();
});
afterAll(() => program.remove());

/** What the console reads of the demo's queues, look after look. */
function openQueueReader(client: RespClient): () => Promise<ReadonlyMap<string, QueueStatus>> {
	const ask = (argvs: readonly (readonly string[])[]) => client.pipeline(argvs);
	let memories: QueueMemories = new Map();
	return async () => {
		const {queues} = await discoverQueues(ask);
		const {clients} = parseClientList(String(await client.call('CLIENT', 'LIST')));
		const reading = await readQueues(ask, {queues, memories, clients, db: 0, nowMs: Date.now()});
		memories = reading.memories;
		return new Map(reading.queues.map(queue => [queue.id, queue]));
	};
}

it('memory: a cache without time to live grows until writes are refused', async () => {
	const {witness} = await startConsole(program, 'memory', {incidentAfterMs: 100, config: ['maxmemory 26mb']});
	await until('OOM', async () => Number(/count=(\d+)/.exec((await infoField(witness, 'errorstat_OOM')) ?? '')?.[1]) > 0);
	const kinds = ['leaderboard:global', 'catalog:index', 'log:requests', 'newsletter:subscribers', 'audit:events', 'report:export:2025'];
	expect(await Promise.all(kinds.map(key => witness.call('TYPE', key)))).toEqual(['zset', 'hash', 'list', 'set', 'stream', 'string']);
	const ttls = await Promise.all(['sess:0', 'cache:product:1', 'rl:ip:1', 'rl:user:0', 'cache:render:0'].map(key => witness.call('TTL', key)));
	expect(ttls.map(Number).map(Math.sign)).toEqual([1, 1, 1, -1, -1]);
	await witness.call('CONFIG', 'SET', 'maxmemory', '64mb');
	const size = Number(await witness.call('DBSIZE'));
	await until('it grows again', async () => Number(await witness.call('DBSIZE')) > size + 500);
});

it('queues: a backlog, failures, stalled and overdue jobs, paused and mixed queues, and workers that go on', async () => {
	const {witness} = await startConsole(program, 'queues', {incidentAfterMs: 100});
	const look = openQueueReader(witness);
	const read = await until('the jobs of the killed worker are told', async () => {
		const queues = await look();
		return queues.get('bull:payments')?.activeWithoutLock === 6 ? queues : undefined;
	});
	expect([...read.keys()].sort()).toEqual(
		['orders', 'payments', 'emails', 'reminders', 'thumbs', 'reports', 'webhooks']
			.map(name => `bull:${name}`)
			.concat('queue:mailers', 'celery', 'rq:queue:high', 'bq:resize', 'payments:log/ledger')
			.sort(),
	);
	expect(read.get('bull:orders')).toMatchObject({system: 'bullmq', version: '6.7.0', workers: 1, paused: false});
	expect(read.get('bull:orders')?.waiting).toBeGreaterThan(1000);
	expect(read.get('bull:payments')).toMatchObject({active: 6, workers: undefined});
	expect(read.get('bull:emails')).toMatchObject({paused: true, waiting: 340});
	expect(read.get('bull:reminders')).toMatchObject({delayed: 120, overdue: 80});
	expect(read.get('bull:thumbs')?.mixedMajors).toBeDefined();
	expect(read.get('bull:reports')).toMatchObject({system: 'bull', waiting: 900, failed: 120, activeWithoutLock: 4});
	expect(read.get('queue:mailers')).toMatchObject({system: 'sidekiq', waiting: 140});
	expect(read.get('payments:log/ledger')).toMatchObject({system: 'streams', waiting: 80, active: 40});

	const failed = (await witness.call('ZREVRANGE', 'bull:orders:failed', '0', '200')) as readonly string[];
	const reasons = await Promise.all(failed.map(id => witness.call('HGET', `bull:orders:${id}`, 'failedReason')));
	expect(new Set(reasons).size).toBe(3);
	const done = read.get('bull:webhooks')?.completed ?? 0;
	await until('webhooks are delivered', async () => Number(await witness.call('ZCARD', 'bull:webhooks:completed')) > done + 10);
});

it('persistence: the folder is lost, a save fails, writes are refused until that is allowed', async () => {
	const {witness, ping, dir} = await startConsole(program, 'persistence', {incidentAfterMs: 500});
	await until('MISCONF', async () => (await ping()) !== 'PONG');
	expect(await ping()).toMatch(/^MISCONF (Redis|Valkey) is configured to save RDB snapshots/);
	await expect(witness.call('SET', 'key', 'value')).rejects.toThrow(/^MISCONF/);
	expect(await infoField(witness, 'aof_enabled')).toBe('0');
	expect(existsSync(join(dir, 'data'))).toBe(false);
	expect(await witness.call('BGSAVE')).toBe('Background saving started');
	await until('that one has failed too', async () => (await infoField(witness, 'rdb_bgsave_in_progress')) === '0');
	expect(await infoField(witness, 'rdb_last_bgsave_status')).toBe('err');
	await witness.call('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no');
	expect(await ping()).toBe('PONG');
	await untilTrafficFlows(witness);
});

it('outage: every trouble comes, the last one is a script; without it the others stay, and the workers live', async () => {
	const {witness, ping, hostPid} = await startConsole(program, 'outage', {stageMs: 1500, config: ['lua-time-limit 300']});
	await untilTrafficFlows(witness);
	await until('a replica', async () => /state=online/.test((await infoField(witness, 'slave0')) ?? ''));
	await until('BUSY', async () => String(await ping()).startsWith('BUSY'), 20_000);
	expect(await witness.call('SCRIPT', 'KILL')).toBe('OK');
	await until('PONG', async () => (await ping()) === 'PONG');

	await until('the leak', async () => (await clientsNamed(witness, 'leaky-api')).length >= 385);
	await until('memory', async () => Number(await infoField(witness, 'used_memory')) > 0.85 * 64 * 1024 ** 2);
	await until('the failed save', async () => (await infoField(witness, 'rdb_last_bgsave_status')) === 'err');
	expect(Number(await witness.call('LLEN', 'bull:orders:wait'))).toBeGreaterThan(100);
	const look = openQueueReader(witness);
	await until('the jobs of the killed worker', async () => (await look()).get('bull:payments')?.activeWithoutLock === 5);
	const failed = Number(await witness.call('ZCARD', 'bull:orders:failed'));
	await until('workers at work', async () => Number(await witness.call('ZCARD', 'bull:orders:failed')) > failed + 3);
	await untilTrafficFlows(witness);
	// Server, replica and the process of the workers; the other one was killed.
	expect(childrenOf(hostPid).filter(isRunning)).toHaveLength(3);
}, 40_000);

it('failover: the script outlives the patience of the Sentinels, who move the master, and the clients go with it', async () => {
	const timing = {incidentAfterMs: 100, outlivingSeconds: 8, downAfterMs: 2000, config: ['lua-time-limit 300']};
	const {witness, ping, port, sentinel, hostPid} = await startConsole(program, 'failover', timing);
	const [first = 0] = sentinel?.ports ?? [];
	expect(sentinel).toMatchObject({master: 'shop', ports: {length: 3}});
	// The server, its replica and three Sentinels.
	expect(childrenOf(hostPid).filter(isRunning)).toHaveLength(5);
	const ask = await RespClient.open({port: first});
	onTestFinished(() => ask.close());
	const master = async () => Number(((await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'shop')) as readonly string[])[1]);
	expect(await master()).toBe(port);
	await until('the Sentinels have met', async () => String(await ask.call('INFO', 'sentinel')).includes('sentinels=3'));
	await untilTrafficFlows(witness);

	await until('BUSY', async () => String(await ping()).startsWith('BUSY'), 20_000);
	await expect(witness.call('SCRIPT', 'KILL')).rejects.toThrow(/^UNKILLABLE/);
	await until('another one is the master', async () => (await master()) !== port, 30_000);
	const next = await RespClient.open({port: await master()});
	onTestFinished(() => next.close());
	expect(await next.call('EXISTS', 'ledger:2025')).toBe(0);
	await untilTrafficFlows(next);
	// Sentinel kills every client of the old one when it makes it a replica.
	await witness.closed;
	const old = await RespClient.open({port});
	onTestFinished(() => old.close());
	await until('the old one is a replica in sync', async () => (await infoField(old, 'master_link_status')) === 'up', 20_000);
	expect(await old.call('EXISTS', 'ledger:2025')).toBe(0);
}, 90_000);
