import {readFileSync} from 'node:fs';
import {expect, it, onTestFinished} from 'vitest';
import {DeadlineError, NotSentError} from '../../src/errors.ts';
import {startProxy} from '../helpers/proxy.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {isWhole, openTestSession, startForTest, type TestSession, targetOf} from '../helpers/server-session.ts';
import {makeCertificates} from '../helpers/tls.ts';
import {until} from '../helpers/until.ts';

/** Stops the process; resolves when it stands still, with the time. */
async function stopProcess(redis: TestRedis): Promise<number> {
	redis.signal('SIGSTOP');
	await until('the process is stopped', () => /^State:\s+T/m.test(readFileSync(`/proc/${redis.pid}/status`, 'utf8')));
	return Date.now();
}

const untilKind = (session: TestSession, kind: string) => session.until(kind, ({snapshot: {server}}) => server.kind === kind && server);
const untilPassed = (session: TestSession, atMs: number) => session.until('the stop has lasted', () => Date.now() >= atMs);

const roles = ['observe', 'act', 'queues'];

it('a stopped process is silent within 1.5 s, again and again, and is asked nothing meanwhile', async () => {
	const redis = await startForTest();
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(proxy.url);
	await session.until('everything has been read', state => isWhole(state) && state.snapshot.permissions.data);

	for (const stoppedForMs of [2500, 1600, 1600]) {
		const stoppedAtMs = await stopProcess(redis);
		const sent = () => roles.map(role => proxy.sentBy(role).length);
		const sentBefore = sent();
		const {sinceMs} = await untilKind(session, 'SILENT');
		expect(Date.now() - stoppedAtMs).toBeLessThan(1500);
		expect(sinceMs).toBeLessThan(stoppedAtMs + 100);
		await untilPassed(session, stoppedAtMs + stoppedForMs);
		expect(session.state().snapshot.server).toMatchObject({kind: 'SILENT', sinceMs, begunAfterMs: sinceMs});
		// Each connection is owed one reply at most: the search for queues may have been due in the moment before the silence was told.
		for (const [index, count] of sent().entries()) expect(count).toBeLessThanOrEqual((sentBefore[index] ?? 0) + 1);
		redis.signal('SIGCONT');
		await untilKind(session, 'OK');
	}
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK', 'SILENT', 'OK', 'SILENT', 'OK', 'SILENT', 'OK']);
	expect(session.state().snapshot.info.failures).toBe(0);
});

it('what thaws is one command a connection, whatever was asked of the console meanwhile', async () => {
	const redis = await startForTest();
	// Valkey 9 begins with two CONFIG GET of its own.
	await redis.call('CONFIG', 'RESETSTAT');
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(proxy.url);
	await session.until('everything has been read', state => isWhole(state) && state.snapshot.permissions.data);
	const {send, refresh} = session.actionDeps;
	const witness = await redis.connect();
	const stoppedAtMs = await stopProcess(redis);
	const sentBefore = proxy.commands.length;

	await expect(send(['SCRIPT', 'KILL'], 50)).rejects.toThrow(DeadlineError);
	await expect(send(['SCRIPT', 'KILL'], 50)).rejects.toThrow(NotSentError);
	await untilKind(session, 'SILENT');
	await Promise.all([refresh(['info', 'clients']), refresh(['settings'])]);
	await expect(send(['CLIENT', 'KILL', 'ID', '1'], 50)).rejects.toThrow(NotSentError);
	await untilPassed(session, stoppedAtMs + 2500);
	expect(proxy.commands.length).toBeLessThanOrEqual(sentBefore + 2);

	// It lies in the server's socket like ours, so it counts no more than what had been sent before the thaw.
	const counting = witness.call('INFO', 'commandstats');
	redis.signal('SIGCONT');
	const calls = callsIn(await counting);
	expect(calls.get('script|kill') ?? 0).toBeLessThanOrEqual(1);
	const consoles = [...calls].filter(([name]) => name !== 'config|resetstat');
	expect(consoles.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(sentBefore + 2);
	await untilKind(session, 'OK');
	await until('the kill has run', async () => callsIn(await witness.call('INFO', 'commandstats')).get('script|kill'));
	expect(await session.act('PING')).toBe('PONG');
	expect(callsIn(await witness.call('INFO', 'commandstats')).get('script|kill')).toBe(1);
	expect(proxy.commands.filter(([command]) => command === 'SCRIPT')).toHaveLength(1);
});

/** Calls carried out since the server's start, by command. */
function callsIn(commandstats: unknown): ReadonlyMap<string, number> {
	return new Map([...String(commandstats).matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => [name, Number(calls)]));
}

it('a long silence stays SILENT, also over TLS: the kernel still takes connections', async () => {
	const certificates = await makeCertificates();
	onTestFinished(certificates.remove);
	const redis = await startForTest({tls: certificates});
	const [plain, overTls] = await Promise.all([
		openTestSession(`redis://127.0.0.1:${redis.port}`),
		openTestSession(await targetOf(['-u', redis.url, '--cacert', certificates.caFile]), {label: 'tls@test'}),
	]);
	await Promise.all([plain, overTls].map(session => session.until('OK', isWhole)));
	await stopProcess(redis);
	for (const session of [plain, overTls]) {
		await session.until('it has knocked', ({snapshot}) => snapshot.contact.acceptsTcp !== undefined);
		expect(session.state().snapshot).toMatchObject({server: {kind: 'SILENT'}, contact: {acceptsTcp: true, link: 'open'}});
	}
	redis.signal('SIGCONT');
	for (const session of [plain, overTls]) {
		await untilKind(session, 'OK');
		expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK', 'SILENT', 'OK']);
	}
});

it('killed in its sleep: DOWN, without waiting for a reply that cannot come', async () => {
	const redis = await startForTest();
	const session = await openTestSession(redis.url);
	await session.until('OK', isWhole);
	await stopProcess(redis);
	await untilKind(session, 'SILENT');
	await redis.kill();
	await untilKind(session, 'DOWN');
	await redis.restart();
	await untilKind(session, 'OK');
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK', 'SILENT', 'DOWN', 'OK']);
});
