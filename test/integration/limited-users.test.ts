import {expect, it, onTestFinished} from 'vitest';
import {type Proxy as CommandProxy, startProxy} from '../helpers/proxy.ts';
import type {RedisOptions, TestRedis} from '../helpers/redis-server.ts';
import {openTestSession, startForTest, type TestSession, targetOf} from '../helpers/server-session.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';

const flags = {user: ['--user', 'limited', '-a', 'pw'], nobody: []} as const;

async function openLimited(options: RedisOptions, more: readonly string[] = flags.user) {
	const redis = await startForTest(options);
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(await targetOf(['-p', `${proxy.port}`, ...more]), {intervalMs: 200});
	return {redis, proxy, session};
}

const asked = ({commands}: CommandProxy, ...words: readonly string[]) => commands.filter(argv => words.every((word, index) => argv[index] === word)).length;
const untilInfoReads = (session: TestSession, proxy: CommandProxy, more: number) => {
	const before = asked(proxy, 'INFO');
	return session.until(`${more} more INFO`, () => asked(proxy, 'INFO') >= before + more);
};

it('what a user may not ask is asked once a connection, and named with its reason; the rest arrives', async () => {
	const {proxy, session} = await openLimited({acl: ['limited on >pw -@all +ping +info +select']});
	await session.until(
		'all is settled',
		({snapshot: {info, settings, clients, slowlog, permissions}}) => info.data && [settings, clients, slowlog, permissions].every(resource => resource.refused),
	);
	const {server, settings, clients, slowlog, permissions} = session.state().snapshot;
	expect(server.kind).toBe('OK');
	expect(settings.refused).toEqual({command: 'CONFIG GET', reason: expect.stringMatching(/^NOPERM .*config/)});
	expect(clients.refused).toEqual({command: 'CLIENT LIST', reason: expect.stringMatching(/^NOPERM .*client/)});
	expect(slowlog.refused).toEqual({command: 'SLOWLOG GET', reason: expect.stringMatching(/^NOPERM .*slowlog/)});
	expect(permissions.refused).toEqual({command: 'ACL DRYRUN', reason: expect.stringMatching(/^NOPERM .*acl/)});

	await untilInfoReads(session, proxy, 6);
	const refusedCommands = ['CONFIG', 'CLIENT', 'SLOWLOG', 'ACL'];
	expect(refusedCommands.map(command => asked(proxy, command))).toEqual([1, 1, 1, 1]);
	expect(session.state().snapshot.vitals.opsPerSecond).toBeGreaterThanOrEqual(0);

	proxy.cut();
	await session.until('asked once more on the next connection', () => refusedCommands.every(command => asked(proxy, command) === 2));
	await untilInfoReads(session, proxy, 6);
	expect(refusedCommands.map(command => asked(proxy, command))).toEqual([2, 2, 2, 2]);
	expect(session.state().snapshot.clients.refused).toBeDefined();
});

it('commands that the server has renamed away are told alike', async () => {
	const lines = ['CONFIG', 'CLIENT', 'SLOWLOG', 'ACL'].map(command => `rename-command ${command} ""`);
	const {proxy, session} = await openLimited({confLines: lines}, flags.nobody);
	await session.until(
		'all is settled',
		({snapshot: {info, settings, clients, slowlog, permissions}}) => info.data && [settings, clients, slowlog, permissions].every(resource => resource.refused),
	);
	const {snapshot} = session.state();
	expect(snapshot.server.kind).toBe('OK');
	expect(snapshot.settings.refused).toEqual({command: 'CONFIG GET', reason: expect.stringMatching(/^ERR unknown command/)});
	expect(snapshot.clients.refused?.reason).toMatch(/^ERR unknown command/);
	await untilInfoReads(session, proxy, 6);
	expect(['CONFIG', 'CLIENT', 'SLOWLOG', 'ACL'].map(command => asked(proxy, command))).toEqual([1, 1, 1, 1]);
	expect(session.state().session.ownClientIds.size).toBe(3);
});

it('what a user may do is known beforehand where the server tells', async () => {
	const {session} = await openLimited({acl: ['limited on >pw -@all +ping +info +acl|whoami +acl|dryrun +script|kill +client|unblock']});
	const {data} = await session.until('the permissions', ({snapshot}) => snapshot.permissions.data && snapshot.permissions);
	expect(Object.fromEntries(data ?? [])).toMatchObject({
		'SCRIPT KILL': true,
		'FUNCTION KILL': false,
		'CONFIG SET': false,
		'CLIENT KILL': false,
		'CLIENT UNBLOCK': true,
		UNLINK: false,
		EVALSHA: false,
		BGSAVE: false,
		'SLOWLOG RESET': false,
	});
	expect([...(data ?? [])].filter(([, may]) => may).map(([command]) => command)).toEqual(['SCRIPT KILL', 'CLIENT UNBLOCK']);
});

it('a user who may not PING is probed by INFO: OK, and BUSY', async () => {
	const {redis, proxy, session} = await openLimited({acl: ['limited on >pw -@all +info +script|kill'], conf: {'lua-time-limit': 200}});
	await session.until('OK', ({snapshot: {server, info}}) => server.kind === 'OK' && info.data);
	await untilInfoReads(session, proxy, 6);
	expect(asked(proxy, 'PING')).toBe(1);
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK']);

	const {ended} = await startEndless(redis, endlessEval);
	await session.until('BUSY', ({snapshot: {server}}) => server.kind === 'BUSY' && server.running === 'script');
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	await ended;
	await session.until('OK', ({snapshot}) => snapshot.server.kind === 'OK');
	expect(asked(proxy, 'PING')).toBe(1);
});

it('a user who may ask nothing: NOPERM in the words of the server, no refused command twice, and a silence is noticed', async () => {
	const {redis, proxy, session} = await openLimited({acl: ['limited on >pw -@all +get']});
	const {detail} = await session.until('NOPERM', ({snapshot: {server}}) => server.kind === 'NOPERM' && server);
	expect(detail).toMatch(/^NOPERM .*'info'/);
	await session.until('it goes on looking', () => asked(proxy, 'HELLO', '2') >= 2 + 8);
	expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'NOPERM']);
	expect(asked(proxy, 'PING')).toBe(1);
	// The second one asks for the statistics.
	expect(asked(proxy, 'INFO')).toBeLessThanOrEqual(2);
	expect(session.state().snapshot.info.refused).toEqual({command: 'INFO', reason: detail});
	expect(deniedInLog(await redis.call('ACL', 'LOG'))).toEqual(expect.arrayContaining(['ping', 'info']));

	redis.signal('SIGSTOP');
	await session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT');
	redis.signal('SIGCONT');
	await session.until('NOPERM again', ({snapshot}) => snapshot.server.kind === 'NOPERM');
});

it.each([
	['SLOWLOG', 'slowlog|get'],
	['CLIENT', 'client|list'],
])('a user with neither PING nor INFO learns from %s that BUSY is over', async (command, rule) => {
	const {redis, proxy, session} = await openLimited({acl: [`limited on >pw -@all +${rule} +script|kill`], conf: {'lua-time-limit': 200}});
	await session.until('NOPERM', ({snapshot: {server, slowlog, clients}}) => server.kind === 'NOPERM' && (slowlog.data ?? clients.data));
	const {ended} = await startEndless(redis, endlessEval);
	await session.until('BUSY', ({snapshot: {server}}) => server.kind === 'BUSY' && server.running === 'script');
	const askedBefore = asked(proxy, command);
	await session.until('it is still BUSY when asked again', ({snapshot: {server}}) => asked(proxy, command) >= askedBefore + 2 && server.kind === 'BUSY');
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	await ended;
	await session.until('NOPERM again', ({snapshot}) => snapshot.server.kind === 'NOPERM');
	expect(session.states.map(({kind}) => kind).filter(kind => kind !== 'SILENT')).toEqual(['CONNECTING', 'NOPERM', 'BUSY', 'NOPERM']);
});

const deniedInLog = (log: Awaited<ReturnType<TestRedis['call']>>): readonly unknown[] =>
	Array.isArray(log) ? log.map(entry => (Array.isArray(entry) ? entry[entry.indexOf('object') + 1] : undefined)) : [];

it('a user who may not SELECT is told once, and stays on database 0', async () => {
	const {redis, proxy, session} = await openLimited({acl: ['limited on >pw -@all +ping +info +client|list']}, [...flags.user, '-n', '3']);
	const {error} = await session.until('the refusal', ({snapshot: {database}}) => database.error && database);
	expect(error).toMatch(/^NOPERM .*select/);
	await untilInfoReads(session, proxy, 6);
	expect(asked(proxy, 'SELECT')).toBe(1);
	expect(session.state().snapshot.server.kind).toBe('OK');
	expect(String(await redis.call('CLIENT', 'LIST'))).toMatch(/:observe .* db=0 /);
});
