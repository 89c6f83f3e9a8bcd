import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {check} from '../helpers/check-run.ts';
import {infoField, openWaiting} from '../helpers/finding-watch.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

const mebibyte = 1024 ** 2;

describe('each line of the runbooks: severity, finding, exit code', () => {
	it('80 % of the memory', async () => {
		const redis = await startForTest({conf: {maxmemory: 20 * mebibyte}});
		// Piece by piece: what an empty server takes, and how a large value is rounded up, differs between servers.
		const used = async () => Number(/used_memory:(\d+)/.exec(String(await redis.call('INFO', 'memory')))?.[1]);
		while ((await used()) < 16.8 * mebibyte) await redis.call('RPUSH', 'ballast', 'x'.repeat(200_000));
		const {report, code} = await check([redis.url]);
		expect(report.findings[0]).toMatchObject({id: 'memory.high', severity: 'P1', evidence: expect.stringMatching(/ of 20\.0M, noeviction$/)});
		expect(report).toMatchObject({state: 'OK', severity: 'P1', memory: {maxBytes: 20 * mebibyte, policy: 'noeviction', keys: 1, keysWithoutTtl: 1}});
		expect(code).toBe(1);
	});

	it('80 % of the connections', async () => {
		const redis = await startForTest({conf: {maxclients: 50}});
		await openIdleConnections(redis.port, 40, {name: index => `leak-${index}`});
		const {report, code, ids} = await check([redis.url]);
		expect(ids).toContain('clients.high');
		expect(report).toMatchObject({
			severity: 'P1',
			clients: {max: 50, byKind: {console: 2}, largestGroups: expect.arrayContaining([{by: 'name', key: 'leak-*', count: 40}])},
		});
		expect(code).toBe(1);
	});

	it('a thousand jobs wait', async () => {
		const redis = await startForTest();
		await redis.call('HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000');
		await redis.call('SET', 'bull:orders:id', '1000');
		await redis.call('RPUSH', 'bull:orders:wait', ...Array.from({length: 1000}, (_, index) => String(index + 1)));
		for (const id of ['1', '1000'])
			await redis.call('HSET', `bull:orders:${id}`, 'name', 'mail', 'data', '{}', 'opts', '{}', 'timestamp', String(Date.now() - 5000));
		const {report, code, ids} = await check([redis.url]);
		expect(report.queues).toEqual([
			{
				system: 'bullmq',
				version: '5.81.5',
				prefix: 'bull',
				name: 'orders',
				paused: false,
				waiting: 1000,
				active: 0,
				delayed: 0,
				overdue: 0,
				prioritized: 0,
				failed: 0,
				completed: 0,
				workers: null,
				activeWithoutLock: 0,
				nextJobAgeMs: expect.any(Number),
			},
		]);
		expect(report.unavailable).toContainEqual({command: 'CLIENT LIST', reason: expect.stringMatching(/^queues\.workers: none is visible/)});
		expect(ids).toContain('queue.depth');
		expect([report.severity, code]).toEqual(['P1', 1]);
	});

	it('an active job without a lock is told by one check: it looks twice', async () => {
		const redis = await startForTest();
		await redis.call('HSET', 'bull:mail:meta', 'version', 'bullmq:5.81.5');
		await redis.call('SET', 'bull:mail:id', '1');
		await redis.call('RPUSH', 'bull:mail:active', '1');
		await redis.call('HSET', 'bull:mail:1', 'name', 'send', 'data', '{}', 'opts', '{}', 'timestamp', '1', 'processedOn', '2');
		const {report, ids} = await check([redis.url]);
		expect(report.queues).toMatchObject([{name: 'mail', active: 1, activeWithoutLock: 1}]);
		expect(ids).toContain('queue.stalled');
	});

	it('a replica that lags', async () => {
		const master = await startForTest();
		const replica = await startForTest({replicaOf: master.port});
		const healthy = await check([replica.url]);
		expect(healthy.report).toMatchObject({state: 'READONLY', server: {role: 'replica'}, replication: {role: 'replica', linkUp: true}});
		replica.signal('SIGSTOP');
		await until('the lag is told', async () => Number(/lag=(\d+)/.exec(String(await infoField(master, 'slave0')))?.[1]) > 2);
		const {report, code, ids} = await check([master.url]);
		replica.signal('SIGCONT');
		expect(ids).toContain('replication.lag');
		expect(report).toMatchObject({severity: 'P1', replication: {role: 'master', connectedReplicas: 1, lagSeconds: expect.any(Number), linkUp: null}});
		expect(code).toBe(1);
	});

	it('more than ten blocked clients, workers not counted', async () => {
		const redis = await startForTest();
		await openWaiting(redis, 12, 'BLPOP', 'nothing', '0');
		await openWaiting(redis, 11, 'WAIT', '1', '0');
		await until('they are blocked', async () => (await infoField(redis, 'blocked_clients')) === '23');
		const {report, code, ids} = await check([redis.url]);
		expect(ids).toContain('clients.blocked');
		expect(report).toMatchObject({severity: 'P1', clients: {blocked: 23, blockedWorkers: 12}});
		expect(code).toBe(1);
	});

	it('traffic that has halved is not for one check to know', async () => {
		const redis = await startForTest();
		expect((await check([redis.url])).ids).not.toContain('ops.drop');
	});

	it('no snapshot for a while, with changes', async () => {
		const redis = await startForTest({confLines: ['save 3600 100000']});
		await redis.call('SET', 'key', 'value');
		await until('the last save is old', async () => Date.now() / 1000 - Number(await redis.call('LASTSAVE')) > 2);
		const {report, code, ids} = await check([redis.url], {persistenceStaleSeconds: 2});
		expect(ids).toContain('persistence.stale');
		expect(report).toMatchObject({severity: 'P2', persistence: {changesSinceSave: 1, lastSaveOk: true, lastSaveAt: expect.stringMatching(/^20.*Z$/)}});
		expect(code).toBe(1);
	});

	it('the append-only file is off; and on a server with nothing wrong, nothing is found', async () => {
		const bare = await startForTest();
		const off = await check([bare.url]);
		expect(off.ids).toContain('persistence.off');
		expect(off.report).toMatchObject({severity: 'P2', persistence: {aofEnabled: false}});
		expect(off.code).toBe(1);

		const master = await startForTest({conf: {appendonly: 'yes', maxmemory: 100 * mebibyte, save: '3600 1'}});
		await startForTest({replicaOf: master.port});
		const fine = await check([master.url]);
		expect(fine.report).toMatchObject({findings: [], severity: 'ok', state: 'OK', persistence: {aofEnabled: true, aofOk: true}});
		expect(fine.code).toBe(0);
	});

	it('OOM', async () => {
		const redis = await startForTest({conf: {maxmemory: '3mb'}});
		await redis.call('SETRANGE', 'ballast', '2500000', 'x');
		const {report, code} = await check([redis.url]);
		expect(report).toMatchObject({state: 'OOM', severity: 'P0', findings: [{id: 'server.oom', severity: 'P0'}, {}, {}]});
		expect(code).toBe(2);
	});

	it('MISCONF', async () => {
		const redis = await startForTest({confLines: ['save 3600 1000', 'dbfilename in-the-way']});
		// A folder with something in it cannot be replaced by a file.
		mkdirSync(join(redis.dir, 'in-the-way', 'folder'), {recursive: true});
		await redis.call('SET', 'key', 'value');
		await redis.call('BGSAVE');
		await until('it has failed', async () => (await infoField(redis, 'rdb_last_bgsave_status')) === 'err');
		const {report, code} = await check([redis.url]);
		expect(report).toMatchObject({state: 'MISCONF', severity: 'P0', persistence: {lastSaveOk: false}});
		expect(report.findings[0]).toMatchObject({id: 'persistence.misconf', severity: 'P0'});
		expect(report.queues).toEqual([]);
		expect(code).toBe(2);
	});
});
