import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import {haItems} from '../../src/store/lists/ha-list.ts';
import {haLines} from '../../src/views/ha/ha-lines.ts';
import {infoField} from '../helpers/finding-watch.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {openTestSession, startForTest, type TestSession} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

/** The rows above the replicas, as a tall screen shows them. */
function rows({state}: TestSession): string {
	const {snapshot, findings, nowMs} = state();
	return haLines({snapshot, findings, nowMs, ascii: true, isStale: false, room: 100})
		.map(content => content.map(({text}) => text).join(''))
		.join('\n');
}

const shows = (session: TestSession, pattern: RegExp) => session.until(`the pane says ${pattern}`, () => pattern.test(rows(session)));

async function watch(redis: TestRedis): Promise<TestSession> {
	const session = await openTestSession(redis.url, {intervalMs: 200});
	keepTimeline(session.store, session.actionDeps.clock);
	await session.until('all is read', ({snapshot: {info, settings}}) => info.data !== undefined && settings.data !== undefined);
	return session;
}

it('a replica that stops, and one that is gone, seen from the master', async () => {
	const master = await startForTest({conf: {'repl-backlog-size': '1mb'}});
	const [one, other] = [await startForTest({replicaOf: master.port}), await startForTest({replicaOf: master.port})];
	const session = await watch(master);
	const replicas = () => haItems(session.state()).flatMap(({replica}) => replica ?? []);
	await session.until('both are online', () => replicas().length === 2 && replicas().every(({state}) => state === 'online'));
	await shows(session, /this server +master +2 replicas/);
	expect(rows(session)).toMatch(/backlog +1\.0M, holds the last .* covers every online replica/);
	expect(rows(session)).toMatch(/Sentinel +not asked\n cluster +off/);

	one.signal('SIGSTOP');
	await master.call('SETRANGE', 'ballast', '50000', 'x');
	await shows(session, new RegExp(`this server +master +2 replicas\\n +P1 Replica 127\\.0\\.0\\.1:${one.port} has not acknowledged anything for`));
	const late = replicas().find(({address}) => address.endsWith(`:${one.port}`));
	const offset = Number(await infoField(master, 'master_repl_offset'));
	expect(late?.lagSeconds).toBeGreaterThan(1);
	expect(offset - (late?.offset ?? offset)).toBeGreaterThan(50);

	one.signal('SIGCONT');
	await session.until('it has caught up', () => !rows(session).includes('has not acknowledged'));

	await other.kill();
	await shows(session, /this server +master +1 replica$/m);
	const texts = session.state().timeline.map(({text}) => text);
	expect(texts).toContainEqual(expect.stringMatching(/^replication\.lag: Replica 127/));
	expect(texts).toContainEqual(expect.stringMatching(/^replication\.lag is over: stood/));
	expect(texts).toContain(`Replica 127.0.0.1:${other.port} is gone: 1 replica now`);
});

it('a master that is gone, and back, seen from its replica', async () => {
	const master = await startForTest();
	const replica = await startForTest({replicaOf: master.port});
	const session = await watch(replica);
	await shows(session, new RegExp(`master +127\\.0\\.0\\.1:${master.port} +link up +last heard \\d`));
	expect(rows(session)).toMatch(/this server +replica, read-only/);
	expect(rows(session)).toMatch(/behind +not known here/);

	await master.kill();
	await shows(session, /link DOWN for \d+s, since \d\d:\d\d:\d\dZ\n +P1 The link to the master is down/);
	expect(rows(session)).toMatch(/behind +not known: by all that the master has written since/);
	await master.restart();
	await shows(session, /link up/);
	await session.until('it is over', ({timeline}) => timeline.some(({text}) => text.startsWith('replication.link-down is over: stood')));
});

it('a first synchronisation, from both ends', async () => {
	// So slow that it is seen: a fifth of a second for every key it writes.
	const master = await startForTest({conf: {'rdb-key-save-delay': 200_000, 'repl-diskless-sync': 'yes'}});
	for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await master.call('SET', key, 'x'.repeat(20_000));
	const ofMaster = await watch(master);
	const replica = await startForTest();
	const ofReplica = await watch(replica);
	await replica.call('REPLICAOF', '127.0.0.1', String(master.port));
	await ofMaster.until('it is being filled', () =>
		haItems(ofMaster.state()).some(({replica}) => replica?.state === 'wait_bgsave' || replica?.state === 'send_bulk'),
	);
	await shows(ofMaster, /under way +a snapshot for \d+s, \d+% \(\d of 6 keys\)/);
	await shows(ofReplica, /link DOWN[^\n]*\n(.*\n)* being filled +\d/);
	await master.call('CONFIG', 'SET', 'rdb-key-save-delay', '0');
	await shows(ofReplica, /link up/);
	await ofMaster.until('it is online', () => haItems(ofMaster.state()).some(({replica}) => replica?.state === 'online'));
	expect(ofReplica.state().timeline.map(({text}) => text)).toContain('The server is a replica now; it was a master');
});

it('a snapshot that cannot be written, and one that can again', async () => {
	const redis = await startForTest({confLines: ['save 3600 1000', 'dbfilename in-the-way']});
	const session = await watch(redis);
	await shows(session, /last save +none since its start, \d\d:/);
	await shows(session, /save points +1,000 changes in 1 h/);
	await redis.call('SET', 'key', 'value');
	await redis.call('BGSAVE');
	await shows(session, /last save +\d\d:\d\d:\d\dZ, \d+s ago, took (?:less than )?\ds +ok/);
	expect(rows(session)).toMatch(/last fork +\d/);

	rmSync(join(redis.dir, 'in-the-way'));
	// A folder with something in it cannot be replaced by a file.
	mkdirSync(join(redis.dir, 'in-the-way', 'folder'), {recursive: true});
	await redis.call('SET', 'key', 'other');
	await redis.call('BGSAVE');
	await shows(session, /last save +FAILED; the last good one,? .*\n +P0 Writes are refused: .*\n +Writes and PING get MISCONF/);
	expect(rows(session)).toMatch(/in its words: MISCONF .*RDB/);
	await redis.call('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no');
	await shows(session, /FAILED; .*\n +P1 The last snapshot has failed\n +writes are taken all the same/);
	rmSync(join(redis.dir, 'in-the-way'), {recursive: true});
	await redis.call('BGSAVE');
	await shows(session, /last save .* ok/);
});

it('an append-only file that is rewritten', async () => {
	const redis = await startForTest({conf: {appendonly: 'yes'}});
	const session = await watch(redis);
	await shows(session, /AOF +on +last write ok +not rewritten yet/);
	await redis.call('BGREWRITEAOF');
	await until('it is rewritten', async () => (await infoField(redis, 'aof_rewrite_in_progress')) === '0' && (await infoField(redis, 'aof_rewrites')) !== '0');
	await shows(session, /AOF +on +last write ok +last rewrite ok, took/);
});
