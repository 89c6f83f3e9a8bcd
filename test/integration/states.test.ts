import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {isWhole, openTestSession, startForTest, type TestSession, targetOf} from '../helpers/server-session.ts';
import {makeCertificates} from '../helpers/tls.ts';
import {until} from '../helpers/until.ts';

const kinds = ({states}: TestSession) => states.map(({kind}) => kind);
const untilKind = (session: TestSession, kind: string) => session.until(kind, ({snapshot: {server}}) => server.kind === kind && server);
const isRead = ({snapshot: {info, clients, settings}}: ReturnType<TestSession['state']>) => info.data && clients.data && settings.data;

it('LOADING with its share, from the start; data are read meanwhile; then OK', async () => {
	const redis = await startForTest({debugCommand: true, conf: {'key-load-delay': 1500, 'loading-process-events-interval-bytes': 1024}});
	await redis.call('DEBUG', 'POPULATE', '1200');
	await redis.call('SAVE');
	await redis.restart({until: 'listening'});
	const session = await openTestSession(await targetOf(['-p', `${redis.port}`, '-n', '2']));
	const loading = await session.until('LOADING with its share', ({snapshot: {server}}) => server.kind === 'LOADING' && server.loadedPercent && server);
	expect(loading.detail).toMatch(/^LOADING /);
	expect(loading.loadedPercent).toBeLessThan(100);
	await session.until(
		'all is read while it loads',
		state => isRead(state) && state.snapshot.server.kind === 'LOADING' && state.snapshot.database.selected === 2,
	);
	await session.until('OK', isWhole);
	expect(kinds(session)).toEqual(['CONNECTING', 'LOADING', 'OK']);
});

it('MAXCLIENTS from inside: it keeps its connections, and sees when a slot is free', async () => {
	const redis = await startForTest({conf: {maxclients: 20}});
	const session = await openTestSession(redis.url, {intervalMs: 200});
	await session.until('OK', isWhole);
	const idle = await openIdleConnections(redis.port, 30);
	expect(idle.refused).toBe(13);
	expect(await untilKind(session, 'MAXCLIENTS')).toMatchObject({detail: 'new connections are refused'});
	await session.until('the crowd is listed', ({snapshot}) => snapshot.clients.data?.clients.length === 20);
	expect(await session.act('CLIENT', 'LIST')).toContain('redis-triage:tester@test:act');
	idle.close(5);
	await untilKind(session, 'OK');
	expect(kinds(session)).toEqual(['CONNECTING', 'OK', 'MAXCLIENTS', 'OK']);
	idle.close();
});

it('MAXCLIENTS from outside: told from the start, and it gets in by itself when a slot is free', async () => {
	const redis = await startForTest({conf: {maxclients: 20}, unixSocket: true});
	const idle = await openIdleConnections(redis.port, 20);
	const sessions = await Promise.all([openTestSession(redis.url), openTestSession(await targetOf(['-s', redis.socketPath ?? '']), {label: 'other@test'})]);
	for (const session of sessions) {
		expect(await untilKind(session, 'MAXCLIENTS')).toMatchObject({detail: 'ERR max number of clients reached'});
		await session.until('a second try was refused', ({snapshot: {contact}}) => (contact.failure?.nextTryAtMs ?? 0) - contact.linkSinceMs >= 500);
	}
	idle.close(8);
	for (const session of sessions) {
		await session.until('OK, and everything read', isWhole);
		expect(await session.act('PING')).toBe('PONG');
		expect(kinds(session)).toEqual(['CONNECTING', 'MAXCLIENTS', 'OK']);
	}
	idle.close();
});

it('a full server cannot say so over TLS: DOWN with a hint, until a slot is free', async () => {
	const certificates = await makeCertificates();
	onTestFinished(certificates.remove);
	const redis = await startForTest({conf: {maxclients: 20}, tls: certificates});
	const idle = await openIdleConnections(redis.port, 20);
	const session = await openTestSession(await targetOf(['-u', redis.url, '--cacert', certificates.caFile]));
	expect(await untilKind(session, 'DOWN')).toMatchObject({detail: expect.stringContaining('as a full one does (maxclients)')});
	idle.close();
	await session.until('OK, and everything read', isWhole);
});

it('DOWN after kill -9: history and last data stay, and all comes back with the server', async () => {
	const redis = await startForTest();
	const session = await openTestSession(await targetOf(['-p', `${redis.port}`, '-n', '3']), {intervalMs: 200});
	await session.until('some history', state => isWhole(state) && state.snapshot.history.atMs.length >= 3 && state.snapshot.database.selected === 3);
	const before = session.state().snapshot;
	const firstIds = [...session.state().session.ownClientIds];

	await redis.kill();
	await session.until('DOWN, refused', ({snapshot: {server}}) => server.kind === 'DOWN' && server.detail === 'connection refused: nothing listens there');
	const down = session.state().snapshot;
	expect(down.history.atMs.slice(0, before.history.atMs.length)).toEqual(before.history.atMs);
	expect(down.info.data).toBeDefined();
	expect(down.clients.data).toBeDefined();
	await session.until('the outage is a gap in the history', ({snapshot: {history}}) => Number.isNaN(history.vitals.usedMemoryBytes.at(-1)));

	await redis.restart();
	await session.until(
		'read anew',
		({snapshot}) => snapshot.server.kind === 'OK' && snapshot.info.data?.runId !== before.info.data?.runId && snapshot.database.selected === 3,
	);
	const {history} = session.state().snapshot;
	expect(history.atMs.slice(0, before.history.atMs.length)).toEqual(before.history.atMs);
	expect(history.vitals.usedMemoryBytes.slice(0, before.history.atMs.length)).toEqual(before.history.vitals.usedMemoryBytes);
	expect(await session.act('PING')).toBe('PONG');
	expect(String(await redis.call('CLIENT', 'LIST'))).toMatch(/:observe .* db=3 /);
	// A restarted server counts from the beginning: an old id of ours may be anybody's now.
	await session.until('every connection is back, and no more of them', state => state.session.ownClientIds.size === firstIds.length);
	expect(kinds(session)).toEqual(['CONNECTING', 'OK', 'DOWN', 'OK']);
});

it('READONLY on a replica, MASTERDOWN when it has lost its master and may not answer, and back', async () => {
	const master = await startForTest();
	const replica = await startForTest({replicaOf: master.port, conf: {'replica-serve-stale-data': 'no'}});
	const session = await openTestSession(replica.url);
	expect(await untilKind(session, 'READONLY')).toMatchObject({detail: 'a replica: writes are refused'});
	await master.kill();
	expect(await untilKind(session, 'MASTERDOWN')).toMatchObject({detail: expect.stringMatching(/^MASTERDOWN /)});
	const readAtMs = session.state().snapshot.info.updatedAtMs ?? 0;
	await session.until(
		'INFO goes on',
		({snapshot: {info, server}}) => server.kind === 'MASTERDOWN' && (info.updatedAtMs ?? 0) > readAtMs && info.data?.masterLinkUp === false,
	);

	const late = await openTestSession(replica.url, {label: 'late@test'});
	await untilKind(late, 'MASTERDOWN');
	await late.until('all is read', isRead);
	expect(kinds(late)).toEqual(['CONNECTING', 'MASTERDOWN']);
	await replica.call('REPLICAOF', 'NO', 'ONE');
	await Promise.all([untilKind(session, 'OK'), untilKind(late, 'OK')]);
	expect(kinds(session)).toEqual(['CONNECTING', 'READONLY', 'MASTERDOWN', 'OK']);
});

it('OOM when nothing may be evicted, and back', async () => {
	const redis = await startForTest();
	const session = await openTestSession(redis.url, {intervalMs: 200});
	await session.until('OK', isWhole);
	await redis.call('CONFIG', 'SET', 'maxmemory', '500kb');
	await expect(redis.call('SET', 'key', 'value')).rejects.toThrow(/^OOM/);
	await untilKind(session, 'OOM');
	await redis.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
	await untilKind(session, 'OK');
});

it('MISCONF when it cannot save, from the start, and back', async () => {
	const redis = await startForTest({confLines: ['save 3600 1000', 'dbfilename in-the-way']});
	// A folder with something in it cannot be replaced by a file.
	mkdirSync(join(redis.dir, 'in-the-way', 'folder'), {recursive: true});
	await redis.call('SET', 'key', 'value');
	await redis.call('BGSAVE');
	await until('the save has failed', async () => String(await redis.call('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'));
	const session = await openTestSession(redis.url);
	expect(await untilKind(session, 'MISCONF')).toMatchObject({detail: expect.stringMatching(/^MISCONF .*RDB/)});
	await session.until('all is read', isRead);
	await redis.call('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no');
	await untilKind(session, 'OK');
	expect(kinds(session)).toEqual(['CONNECTING', 'MISCONF', 'OK']);
});

it('NOAUTH when a password is set on a server that had none is told by the next connection only', async () => {
	const redis = await startForTest();
	const session = await openTestSession(redis.url);
	await session.until('OK', isWhole);
	await redis.call('CONFIG', 'SET', 'requirepass', 'secret');
	await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
	expect(await untilKind(session, 'NOAUTH')).toMatchObject({detail: expect.stringMatching(/^NOAUTH /)});
	expect(session.state().snapshot.info.data).toBeDefined();
	await redis.call('CONFIG', 'SET', 'requirepass', '');
	await untilKind(session, 'OK');
});
