import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {isRunning} from '../../helpers/processes.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {startForTest, type TestSession} from '../../helpers/server-session.ts';
import {endlessWriter, startEndless, untilBusy} from '../../helpers/stuck-script.ts';
import {until} from '../../helpers/until.ts';

const shutdown = [['SHUTDOWN', 'NOSAVE', 'NOW']];
const ended = (redis: TestRedis, pid: number) => until(`process ${pid} of ${redis.port} is gone`, () => !isRunning(pid));

/** A console on a server that is held by a script that has written, opened before that. */
async function stuck(prepare: (redis: TestRedis, session: TestSession) => Promise<unknown> = async () => {}) {
	const test = await openActionTest({conf: {'lua-time-limit': 200}});
	const {redis, session} = test;
	await prepare(redis, session);
	await session.until('all is read', ({snapshot: {info, clients, permissions}}) => info.data && clients.data && permissions.data);
	const {ended: scriptEnded} = await startEndless(redis, endlessWriter);
	await untilBusy(redis);
	await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY');
	return {...test, scriptEnded, pid: redis.pid};
}

it('UNKILLABLE leads to it, and it ends a script that has written, with the server', async () => {
	const {run, redis, pid, sent, audit, session, scriptEnded} = await stuck();
	const kill = (await run('script.kill')).result;
	expect(kill).toMatchObject({outcome: 'failed', next: [expect.stringMatching(/^Wait/), expect.stringContaining('server.shutdown-nosave')]});
	await session.until('the finding leads to it', ({findings}) =>
		findings.find(({id}) => id === 'script.unkillable')?.remedies.includes('server.shutdown-nosave'),
	);

	const {request, result} = await run('server.shutdown-nosave');
	expect(request).toMatchObject({plan: shutdown, danger: 'destructive', word: session.state().session.target.name});
	expect(request?.facts).toContainEqual(['running', expect.stringMatching(/^script for .*s; it has written: UNKILLABLE$/)]);
	expect(request?.facts).toContainEqual(['replicas', 'none: nobody takes over']);
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^the server is gone: .* Nobody has started it again so far$/)});
	await ended(redis, pid);
	expect(await scriptEnded).not.toContain('killed by user');
	expect(sent()).toEqual([['SCRIPT', 'KILL'], ...shutdown]);
	expect(phases(await audit()).slice(2)).toEqual(['intent', 'outcome done']);
});

it('does not wait for a replica that lags', async () => {
	const {run, redis, pid} = await stuck(async (master, session) => {
		const replica = await startForTest({replicaOf: master.port});
		replica.signal('SIGSTOP');
		await master.call('SETRANGE', 'big', '200000', 'x');
		await session.until('the replica is seen', ({snapshot}) => snapshot.info.data?.connectedReplicas === 1);
	});
	const sentAtMs = performance.now();
	const {request, result} = await run('server.shutdown-nosave');
	expect(request?.facts).toContainEqual(['replicas', expect.stringMatching(/^1 replica, the slowest acknowledged/)]);
	expect(request?.effect.join('\n')).toContain('promote one before, if that matters');
	expect(result.outcome).toBe('done');
	await ended(redis, pid);
	expect(performance.now() - sentAtMs).toBeLessThan(8000);
	expect(redis.logText()).not.toContain('Waiting for replicas before shutting down');
});

it('sees the server that a supervisor has started again', async () => {
	const {run, redis, pid} = await stuck();
	const restarted = ended(redis, pid).then(() => redis.restart());
	const {result} = await run('server.shutdown-nosave');
	await restarted;
	expect(result).toMatchObject({outcome: 'done', detail: 'it has ended, and was started again: it is OK now'});
	expect(redis.pid).not.toBe(pid);
});

it('says of a healthy server what would be lost, and is left without a trace on it', async () => {
	const {run, redis, session, sent, audit} = await openActionTest();
	await redis.call('MSET', 'a', '1', 'b', '2');
	await session.until('the changes are seen', ({snapshot}) => (snapshot.info.data?.changesSinceSave ?? 0) >= 2);
	const {request, result} = await run('server.shutdown-nosave', {confirm: () => false});
	expect(request?.effect[1]).toMatch(/^2 changes since the last save are lost/);
	expect(request?.facts).toContainEqual(['running', 'nothing holds the server: it answers']);
	expect(result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	expect(phases(await audit())).toEqual(['outcome cancelled']);
	expect(await redis.call('PING')).toBe('PONG');
});

it('is refused in a silence that nobody knows the reason of: it would be executed at some later moment', async () => {
	const {run, redis, session, sent} = await openActionTest();
	redis.signal('SIGSTOP');
	await session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT');
	expect((await run('server.shutdown-nosave')).result).toMatchObject({outcome: 'refused', detail: expect.stringContaining('executed at some later moment')});
	redis.signal('SIGCONT');
	expect(sent()).toEqual([]);
});

it('is refused to a user who may not, and by the server to one who may no longer', async () => {
	const {run, redis, session, sent} = await openActionTest({acl: ['default on nopass ~* &* +@all']});
	await session.until('permissions are read', ({snapshot}) => snapshot.permissions.data?.get('SHUTDOWN'));
	await redis.call('ACL', 'SETUSER', 'default', '-shutdown');
	const {result} = await run('server.shutdown-nosave');
	expect(result).toMatchObject({outcome: 'failed', detail: expect.stringContaining('NOPERM')});
	expect(sent()).toEqual(shutdown);
	expect(await redis.call('PING')).toBe('PONG');
});

it('a connection that ends instead of the server is not taken for its end', async () => {
	const {run, redis, session, proxy, sent} = await openActionTest({acl: ['default on nopass ~* &* +@all']});
	await session.until('permissions are read', ({snapshot}) => snapshot.permissions.data?.get('SHUTDOWN'));
	await redis.call('ACL', 'SETUSER', 'default', '-shutdown');
	const lost = proxy.loseReplyTo(([command]) => command === 'SHUTDOWN');
	const {result} = await run('server.shutdown-nosave');
	await lost;
	expect(result).toMatchObject({outcome: 'unverified', detail: 'the same process still answers: it has not ended'});
	expect(sent()).toEqual(shutdown);
});
