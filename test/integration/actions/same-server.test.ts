import {describe, expect, it} from 'vitest';
import {auditOf, openActionTest, phases, runnerOf} from '../../helpers/action-server.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {openTestSession, startForTest, type TestSession} from '../../helpers/server-session.ts';
import {endlessWriter, longWriter, startEndless, untilBusy} from '../../helpers/stuck-script.ts';

const again = 'close this and look again';
const restarted = expect.stringMatching(new RegExp(`^The server was restarted since this was opened \\(process \\d+ instead of \\d+\\): ${again}$`));

const keys = (prefix: string, count: number) => Array.from({length: count}, (_, index) => [`${prefix}:${index}`, 'x']).flat();
const runIdOf = ({state}: TestSession) => state().snapshot.info.data?.runId;

/** What a colleague does while the dialog is open: the console sees it, and the word is typed after that. */
const restartSeen = (redis: TestRedis, session: TestSession) => async () => {
	const before = runIdOf(session);
	await redis.restart();
	await redis.call('MSET', ...keys('rl', 90), ...keys('other', 110));
	await session.until('another process has told who it is', ({snapshot, session: {acting}}) => {
		const {info, queueSearch} = snapshot;
		return snapshot.server.kind === 'OK' && info.data?.runId !== before && acting === 'open' && queueSearch.endedAtMs;
	});
	return true;
};

async function withLimits() {
	const test = await openActionTest({conf: {'lua-time-limit': 200}});
	await test.redis.call('MSET', ...keys('rl', 50), ...keys('other', 50));
	await test.session.until('all is read', ({snapshot: {queueSearch, settings}}) => queueSearch.endedAtMs && settings.data);
	return test;
}

describe('a server that is killed and started again on its port while the dialog is open', () => {
	it.each([
		['server.shutdown-nosave', {}],
		['keys.unlink', {on: ['rl:*']}],
		['config.maxmemory', {set: {value: '200mb'}}],
	])('%s: refused, nothing is sent, and the log says so', async (id, choice) => {
		const {redis, session, run, sent, audit} = await withLimits();
		const {request, result} = await run(id, {choice, confirm: restartSeen(redis, session)});
		expect(request?.plan.length).toBeGreaterThan(0);
		expect(result).toMatchObject({outcome: 'refused', detail: restarted});
		expect(request?.checks(session.state())[0]).toMatchObject({ok: false, reason: restarted});
		expect(sent()).toEqual([]);
		expect([await redis.call('DBSIZE'), await redis.call('CONFIG', 'GET', 'maxmemory')]).toEqual([200, ['maxmemory', '0']]);
		const entries = await audit();
		expect(phases(entries)).toEqual(['outcome refused']);
		expect(entries[0]).toMatchObject({action: id, plan: request?.plan, detail: restarted});
		// Looked at again it is done: to the server that is there now.
		expect((await run(id, {choice})).result.outcome).toBe('done');
	});

	it('is refused before the new process has told who it is', async () => {
		const {redis, session, run, sent} = await withLimits();
		const before = session.state().snapshot.contact.linkSinceMs;
		const confirm = async () => {
			await redis.restart();
			await session.until('connected again', ({snapshot: {contact}}) => contact.link === 'open' && contact.linkSinceMs !== before);
			return true;
		};
		expect((await run('server.shutdown-nosave', {confirm})).result.outcome).toBe('refused');
		expect(sent()).toEqual([]);
		expect(await redis.call('PING')).toBe('PONG');
	});
});

describe('a server that is BUSY when the dialog is opened', () => {
	const stick = async (redis: TestRedis) => {
		await startEndless(redis, endlessWriter);
		await untilBusy(redis);
	};
	const busy = (session: TestSession) => session.until('BUSY', ({snapshot: {server}, session: {acting}}) => server.kind === 'BUSY' && acting === 'open');

	it('and restarted by a colleague: the healthy one is not ended', async () => {
		const {redis, session, run, sent, audit} = await withLimits();
		await stick(redis);
		await busy(session);
		const {request, result} = await run('server.shutdown-nosave', {confirm: restartSeen(redis, session)});
		expect(request?.facts[0]?.[1]).toMatch(/^script for /);
		expect(result).toMatchObject({outcome: 'refused', detail: restarted});
		expect(sent()).toEqual([]);
		expect(await redis.call('PING')).toBe('PONG');
		expect(phases(await audit())).toEqual(['outcome refused']);
	});

	it('also where the console came too late to learn which process it was', async () => {
		const redis = await startForTest({conf: {'lua-time-limit': 200}});
		await stick(redis);
		const session = await openTestSession(redis.url);
		await busy(session);
		expect(runIdOf(session)).toBeUndefined();
		const {request, result} = await runnerOf(session)('server.shutdown-nosave', {confirm: restartSeen(redis, session)});
		expect(request).toBeDefined();
		expect(result).toMatchObject({
			outcome: 'refused',
			detail: `The connection was made anew since this was opened, and which process answered before is not known: ${again}`,
		});
		expect(await redis.call('PING')).toBe('PONG');
	});

	it('and that is ended, known or not, when nothing has happened meanwhile', async () => {
		const redis = await startForTest({conf: {'lua-time-limit': 200}});
		await stick(redis);
		const session = await openTestSession(redis.url);
		await busy(session);
		expect((await runnerOf(session)('server.shutdown-nosave')).result.outcome).toBe('done');
	});

	it('and whose script has ended by itself: what was to be ended by it has ended, and the figures are told anew', async () => {
		const {redis, session, run, sent, audit} = await withLimits();
		const caller = await redis.connect();
		const ended = caller.call(...(await longWriter(redis, 3000)));
		await busy(session);
		const confirm = async () => {
			await ended;
			await redis.call('SET', 'other:3', '3');
			await session.until('it works again', ({snapshot}) => snapshot.server.kind === 'OK' && snapshot.info.data?.changesSinceSave === 102);
			return true;
		};
		const {request, result} = await run('server.shutdown-nosave', {confirm});
		expect(result).toMatchObject({outcome: 'refused', detail: `The script that this was opened for has ended: ${again}`});
		expect(request?.follow?.(session.state())?.facts.slice(0, 2)).toEqual([
			['running', 'nothing holds the server: it answers'],
			['saved', expect.stringContaining('102 changes since;')],
		]);
		expect(sent()).toEqual([]);
		expect(await redis.call('PING')).toBe('PONG');
		expect(phases(await audit())).toEqual(['outcome refused']);
	});
});

it('a master that somebody makes a replica while the dialog is open, and the other way round: refused', async () => {
	const other = await startForTest();
	const {redis, session, run, sent} = await withLimits();
	const turn =
		(role: string, ...argv: readonly string[]) =>
		async () => {
			await redis.call('REPLICAOF', ...argv);
			await session.until(`it is a ${role}`, ({snapshot}) => snapshot.info.data?.role === role && snapshot.contact.link === 'open');
			return true;
		};
	const away = await run('config.maxmemory', {choice: {set: {value: '200mb'}}, confirm: turn('replica', '127.0.0.1', String(other.port))});
	expect(away.result).toMatchObject({outcome: 'refused', detail: `It has become a replica since this was opened, and was a master then: ${again}`});
	const back = await run('server.shutdown-nosave', {confirm: turn('master', 'NO', 'ONE')});
	expect(back.result).toMatchObject({outcome: 'refused', detail: `It has become a master since this was opened, and was a replica then: ${again}`});
	expect(sent()).toEqual([]);
	expect(phases(await auditOf(session))).toEqual(['outcome refused', 'outcome refused']);
});

it('a connection that is lost and made anew to the same process is no other server', async () => {
	const {redis, session, run} = await withLimits();
	const before = session.state().snapshot.contact.linkSinceMs;
	const confirm = async () => {
		await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
		await session.until('it has told over a new connection who it is', ({snapshot: {contact, info}, session: {acting}}) => {
			const {link, linkSinceMs} = contact;
			return link === 'open' && linkSinceMs !== before && (info.updatedAtMs ?? 0) > linkSinceMs && acting === 'open';
		});
		return true;
	};
	expect((await run('config.maxmemory', {choice: {set: {value: '200mb'}}, confirm})).result.outcome).toBe('done');
});

it('where INFO may not be read, one of the two connections is lost: the other one vouches for the process; with both it is refused', async () => {
	const redis = await startForTest({acl: ['default on nopass ~* &* +@all', 'limited on >secret ~* &* +@all -info']});
	const session = await openTestSession(redis.url.replace('://', '://limited:secret@'));
	await session.until('all but INFO is read', ({snapshot: {info, settings}, session: {acting}}) => info.refused && settings.data && acting === 'open');
	const lose = (...roles: readonly string[]) => {
		const {contact} = session.state().snapshot;
		const {actingSinceMs} = session.state().session;
		return async () => {
			const rows = String(await redis.call('CLIENT', 'LIST')).split('\n');
			for (const role of roles) await redis.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(rows.find(row => row.includes(`:${role} `)) ?? '')?.[1] ?? '');
			await session.until('connected again', ({snapshot, session: {acting, actingSinceMs: sinceMs}}) => {
				const isObserved = !roles.includes('observe') || (snapshot.contact.link === 'open' && snapshot.contact.linkSinceMs !== contact.linkSinceMs);
				const isActing = acting === 'open' && (!roles.includes('act') || sinceMs !== actingSinceMs);
				return isObserved && isActing && snapshot.server.kind !== 'DOWN';
			});
			return true;
		};
	};
	const change = (value: string, ...roles: readonly string[]) => runnerOf(session)('config.maxmemory', {choice: {set: {value}}, confirm: lose(...roles)});
	expect((await change('200mb', 'observe')).result).toMatchObject({outcome: 'done'});
	expect((await change('300mb', 'act')).result).toMatchObject({outcome: 'done'});
	expect((await change('400mb', 'observe', 'act')).result).toMatchObject({
		outcome: 'refused',
		detail: `The connection was made anew since this was opened, and which process answered before is not known: ${again}`,
	});
	expect(await redis.call('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', String(300 * 1024 ** 2)]);
});
