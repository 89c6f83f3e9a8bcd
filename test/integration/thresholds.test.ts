import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {infoField, openWaiting, readAnew, watchFindings} from '../helpers/finding-watch.ts';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {isWhole, startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

describe('memory', () => {
	it('80 % of maxmemory', async () => {
		const limit = 20 * 1024 * 1024;
		const redis = await startForTest({conf: {maxmemory: limit}});
		const {session, found, over, course} = await watchFindings(redis);
		await session.until('all is read', isWhole);
		const fill = async (share: number) => {
			const used = Number(await infoField(redis, 'used_memory')) - Number(await redis.call('STRLEN', 'ballast'));
			await redis.call('DEL', 'ballast');
			await redis.call('SETRANGE', 'ballast', String(Math.round(limit * share) - used), 'x');
			return Number(await infoField(redis, 'used_memory')) / limit;
		};
		expect(await fill(0.68)).toBeLessThan(0.8);
		await readAnew(session);
		expect(course('memory.high')).toEqual([]);
		expect(await fill(0.85)).toBeGreaterThan(0.8);
		expect(await found('memory.high')).toMatchObject({severity: 'P1', evidence: expect.stringMatching(/ of 20\.0M, noeviction$/)});
		await redis.call('DEL', 'ballast');
		await over('memory.high');
		expect(course('memory.high')).toEqual(['+', '-']);
	});

	it('OOM: writes are refused, and it is over when there is room', async () => {
		const redis = await startForTest({conf: {maxmemory: '3mb'}});
		const {session, found, over, course} = await watchFindings(redis);
		await session.until('all is read', isWhole);
		await redis.call('SETRANGE', 'ballast', '2500000', 'x');
		await expect(redis.call('SET', 'key', 'value')).rejects.toThrow(/^OOM/);
		expect(await found('server.oom')).toMatchObject({severity: 'P0', evidence: expect.stringMatching(/ of 3\.0M, noeviction/)});
		await session.until('the refusal is counted', ({findings}) =>
			findings.some(({id, evidence}) => id === 'server.oom' && evidence.includes('1 commands refused')),
		);
		await redis.call('DEL', 'ballast');
		await over('server.oom');
		expect(course('server.oom')).toEqual(['+', '-']);
	});
});

describe('clients', () => {
	it('80 % of maxclients', async () => {
		const redis = await startForTest({conf: {maxclients: 50}});
		const {session, found, over, course} = await watchFindings(redis);
		await session.until('all is read', isWhole);
		// With the two of the console and that of the test.
		const idle = await openIdleConnections(redis.port, 36);
		await readAnew(session);
		expect(session.state().snapshot.vitals.connectedClients).toBeLessThan(40);
		expect(course('clients.high')).toEqual([]);
		const more = await openIdleConnections(redis.port, 6);
		expect(await found('clients.high')).toMatchObject({severity: 'P1', evidence: expect.stringMatching(/^4\d of 50/)});
		idle.close();
		await over('clients.high');
		more.close();
		expect(course('clients.high')).toEqual(['+', '-']);
	});

	it('more than ten blocked, workers not counted', async () => {
		const redis = await startForTest();
		const {session, found, over, course} = await watchFindings(redis);
		await openWaiting(redis, 20, 'BLPOP', 'nothing', '0');
		await openWaiting(redis, 10, 'WAIT', '1', '0');
		await session.until('all is read', isWhole);
		await until('they are blocked', async () => (await infoField(redis, 'blocked_clients')) === '30');
		await readAnew(session);
		expect(session.state().snapshot.clients.data?.clients.filter(({isBlocked}) => isBlocked)).toHaveLength(30);
		expect(course('clients.blocked')).toEqual([]);
		const [last] = await openWaiting(redis, 1, 'WAIT', '1', '0');
		expect(await found('clients.blocked')).toMatchObject({severity: 'P1', evidence: 'wait 11; workers that wait for jobs are not counted'});
		last?.close();
		await until('it has gone', async () => (await infoField(redis, 'blocked_clients')) === '30');
		await readAnew(session);
		// Ten no longer find it, and still keep it.
		expect(course('clients.blocked')).toEqual(['+']);
		await redis.call('CLIENT', 'KILL', 'TYPE', 'normal');
		await over('clients.blocked');
	});
});

describe('traffic', () => {
	it('ops/s fall to less than half', async () => {
		const redis = await startForTest();
		const {session, found, over, course} = await watchFindings(redis, {thresholds: {opsDropWindowSeconds: 30}});
		const client = await redis.connect();
		let burst = 60;
		const timer = setInterval(() => void client.pipeline(Array.from({length: burst}, () => ['PING'])), 50);
		onTestFinished(() => {
			clearInterval(timer);
			client.close();
		});
		// The first ten seconds of a connection are not judged.
		await session.until(
			'so much traffic has been seen that a fall is one',
			({snapshot: {history}}) => {
				const [first = 0, last = 0] = [history.atMs[0], history.atMs.at(-1)];
				return last - first > 11_000;
			},
			30_000,
		);
		expect(course('ops.drop')).toEqual([]);
		burst = 5;
		expect(await found('ops.drop')).toMatchObject({severity: 'P1', title: expect.stringMatching(/^Traffic has fallen to [1-4]?\d% of what it was$/)});
		burst = 60;
		await over('ops.drop');
		expect(course('ops.drop')).toEqual(['+', '-']);
	});
});

describe('persistence', () => {
	it('no snapshot for a while, with changes', async () => {
		const redis = await startForTest({confLines: ['save 3600 100000']});
		const {session, found, over, course} = await watchFindings(redis, {thresholds: {persistenceStaleSeconds: 3}});
		await session.until('all is read', isWhole);
		await until('the last save is old', async () => Date.now() / 1000 - Number(await redis.call('LASTSAVE')) > 3.5);
		await readAnew(session);
		expect(course('persistence.stale')).toEqual([]);
		await redis.call('SET', 'key', 'value');
		expect(await found('persistence.stale')).toMatchObject({severity: 'P2', title: expect.stringMatching(/^No snapshot for \d+s, and 1 changes since$/)});
		await redis.call('BGSAVE');
		await over('persistence.stale');
		expect(course('persistence.stale')).toEqual(['+', '-']);
	});

	it('AOF off, with snapshots and without', async () => {
		const [cache, snapshots] = await Promise.all([startForTest(), startForTest({confLines: ['save 3600 1']})]);
		const watched = await watchFindings(cache);
		expect(await watched.found('persistence.off')).toMatchObject({severity: 'P2', evidence: expect.stringContaining('appendonly no; no save points')});
		await cache.call('CONFIG', 'SET', 'appendonly', 'yes');
		await watched.over('persistence.off');
		await cache.call('CONFIG', 'SET', 'appendonly', 'no');
		await watched.found('persistence.off');
		expect(await (await watchFindings(snapshots)).found('persistence.off')).toMatchObject({
			title: expect.stringMatching(/^The append-only file is off: a crash loses/),
		});
	});

	it('MISCONF: it cannot write to disk', async () => {
		const redis = await startForTest({confLines: ['save 3600 1000', 'dbfilename in-the-way']});
		const {session, found, over} = await watchFindings(redis);
		await session.until('all is read', isWhole);
		// A folder with something in it cannot be replaced by a file.
		mkdirSync(join(redis.dir, 'in-the-way', 'folder'), {recursive: true});
		await redis.call('SET', 'key', 'value');
		await redis.call('BGSAVE');
		expect(await found('persistence.misconf')).toMatchObject({
			severity: 'P0',
			title: 'Writes are refused: the last snapshot could not be written',
			evidence: expect.stringMatching(/^(?:last save|no good save since the start at) .* changes since; MISCONF .*RDB/),
		});
		await expect(redis.call('SET', 'key', 'value')).rejects.toThrow(/^MISCONF/);
		await redis.call('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no');
		await over('persistence.misconf');
		expect(await found('persistence.bgsave-failed')).toMatchObject({severity: 'P1', title: 'The last snapshot has failed'});
		rmSync(join(redis.dir, 'in-the-way'), {recursive: true});
		await redis.call('BGSAVE');
		await over('persistence.bgsave-failed');
	});

	it('LOADING a large append-only file', async () => {
		const redis = await startForTest({
			// Others are served once in 1,024 commands, here every 0.15 s or so: with a longer delay it would look SILENT in between.
			conf: {appendonly: 'yes', 'aof-use-rdb-preamble': 'no', 'key-load-delay': 100},
		});
		const writer = await redis.connect();
		await writer.pipeline(Array.from({length: 15_000}, (_, index) => ['SET', `key:${index}`, 'value']));
		writer.close();
		await redis.call('BGREWRITEAOF');
		await until('it is rewritten', async () => (await infoField(redis, 'aof_rewrite_in_progress')) === '0' && (await infoField(redis, 'aof_rewrites')) !== '0');
		await redis.restart({until: 'listening'});
		const {found, over, session} = await watchFindings(redis);
		expect(await found('server.loading')).toMatchObject({severity: 'P0', title: expect.stringMatching(/^The server is loading its data/)});
		await session.until('its guess is told', ({findings}) => findings.some(({id, evidence}) => id === 'server.loading' && evidence.includes('to go')));
		await over('server.loading');
		expect(session.state().snapshot.server.kind).toBe('OK');
	});
});

describe('replication', () => {
	it('lag: a replica that has stopped; and on the replica, a link that is down', async () => {
		const master = await startForTest();
		const replica = await startForTest({replicaOf: master.port});
		const onMaster = await watchFindings(master);
		const onReplica = await watchFindings(replica);
		await onMaster.session.until('all is read', isWhole);
		await onReplica.session.until('it is known as a replica', ({snapshot}) => snapshot.server.kind === 'READONLY' && snapshot.settings.data);
		expect(onMaster.session.state().findings.map(({id}) => id)).not.toContain('ha.none');
		expect(onReplica.course('replication.lag')).toEqual([]);

		replica.signal('SIGSTOP');
		expect(await onMaster.found('replication.lag')).toMatchObject({
			severity: 'P1',
			title: `Replica 127.0.0.1:${replica.port} has not acknowledged anything for 3s`,
			evidence: expect.stringMatching(/behind; 1 replica in all$/),
		});
		replica.signal('SIGCONT');
		await onMaster.over('replication.lag');
		expect(onMaster.course('replication.lag')).toEqual(['+', '-']);

		await master.kill();
		expect(await onReplica.found('replication.link-down')).toMatchObject({
			severity: 'P1',
			evidence: `master 127.0.0.1:${master.port}`,
			remedies: ['replica.promote'],
		});
		await replica.call('REPLICAOF', 'NO', 'ONE');
		await onReplica.over('replication.link-down');
		expect(await onReplica.found('ha.none')).toMatchObject({severity: 'P2'});
	});
});
