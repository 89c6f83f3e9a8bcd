import {expect, it, onTestFinished} from 'vitest';
import {ServerRefusedError} from '../../src/errors.ts';
import {runningNow} from '../../src/store/running.ts';
import {startProxy} from '../helpers/proxy.ts';
import {type RedisOptions, serverUnderTest, type TestRedis} from '../helpers/redis-server.ts';
import {isWhole, openTestSession, startForTest, type TestSession, targetOf} from '../helpers/server-session.ts';
import {endlessEval, endlessFcall, loadEndlessFunction, startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {makeCertificates} from '../helpers/tls.ts';
import {until} from '../helpers/until.ts';

/** Short, so that nobody waits; the old name of the setting works in every version. */
const quick = {'lua-time-limit': 200};

async function startBusy(options: RedisOptions = {}) {
	const redis = await startForTest({conf: quick, ...options});
	const {ended} = await startEndless(redis, endlessEval);
	await untilBusy(redis);
	return {redis, ended};
}

const kinds = ({states}: TestSession) => states.map(({kind}) => kind);

async function comesToLife(session: TestSession) {
	await session.until('OK, and everything read', isWhole);
	expect(kinds(session)).toEqual(['CONNECTING', 'BUSY', 'OK']);
}

it('opened while a script runs: BUSY, and the kill is taken', async () => {
	const {redis, ended} = await startBusy();
	const session = await openTestSession(redis.url);
	await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY');
	expect(session.state().snapshot.server).toMatchObject({running: 'script', begunAfterMs: undefined, detail: expect.stringMatching(/^BUSY .*SCRIPT KILL/)});
	expect(runningNow(session.state().snapshot)).toMatchObject({kind: 'script', begunAfterMs: undefined});
	expect(session.state().snapshot.identity.product).toBe(serverUnderTest().product);

	await expect(session.act('FUNCTION', 'KILL')).rejects.toThrow(ServerRefusedError);
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	expect(await ended).toContain('killed by user');
	await comesToLife(session);
});

it('opened while a function runs: its name, its arguments and its time, and FUNCTION KILL', async () => {
	const redis = await startForTest({conf: quick});
	await loadEndlessFunction(redis);
	const {ended} = await startEndless(redis, endlessFcall);
	await untilBusy(redis);

	const session = await openTestSession(redis.url);
	const running = await session.until('the function is described', ({snapshot}) => {
		const now = runningNow(snapshot);
		return now?.functionName && now;
	});
	expect(running).toMatchObject({kind: 'function', functionName: 'spin', command: ['FCALL', 'spin', '0', '***']});
	expect(running.durationMs).toBeGreaterThanOrEqual(200);
	await session.until('its time has grown', ({snapshot}) => (runningNow(snapshot)?.durationMs ?? 0) > (running.durationMs ?? 0));
	expect(await session.act('FUNCTION', 'KILL')).toBe('OK');
	expect(await ended).toContain('killed by user');
	await comesToLife(session);
	expect(session.state().snapshot.functionStats.data).toBeUndefined();
});

it('opened in BUSY with the password, and as an ACL operator on a database of his own', async () => {
	const user = 'operator on >secret ~* resetchannels -@all +ping +info +select +client|list +config|get +slowlog|get +acl|whoami +script|kill';
	const {redis, ended} = await startBusy({password: 'pw', acl: [user]});
	const byPassword = await openTestSession(await targetOf(['-p', `${redis.port}`, '-a', 'pw']));
	const byUser = await openTestSession(await targetOf(['-p', `${redis.port}`, '--user', 'operator', '-a', 'secret', '-n', '3']), {label: 'bob@test'});
	await Promise.all([byPassword, byUser].map(session => session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY')));
	expect(byUser.state().snapshot.database).toEqual({selected: undefined, error: undefined});

	expect(await byUser.act('SCRIPT', 'KILL')).toBe('OK');
	await ended;
	await comesToLife(byPassword);
	await byUser.until('the database is selected after the kill', ({snapshot}) => snapshot.database.selected === 3);
	await comesToLife(byUser);
	expect(await clientRow(redis, 'redis-triage:bob@test:observe')).toMatch(/ db=3 .* user=operator /);
	expect(await clientRow(redis, 'redis-triage:bob@test:act')).toMatch(/ db=0 .* user=operator /);
});

const clientRow = async (redis: TestRedis, name: string) =>
	String(await redis.call('CLIENT', 'LIST'))
		.split('\n')
		.find(row => row.includes(` name=${name} `));

it('opened before the threshold of a script: SILENT from the start, then BUSY, with the start unknown', async () => {
	const redis = await startForTest({conf: {'lua-time-limit': 1500}});
	await startEndless(redis, endlessEval);
	const session = await openTestSession(redis.url);
	await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY');
	expect(session.states[1]).toMatchObject({kind: 'SILENT', detail: 'it has not answered since we connected'});
	expect(runningNow(session.state().snapshot)?.begunAfterMs).toBeUndefined();
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	await session.until('OK, and everything read', isWhole);
	expect(kinds(session)).toEqual(['CONNECTING', 'SILENT', 'BUSY', 'OK']);
});

it('opened while one slow command runs: SILENT from the start, then OK', async () => {
	const redis = await startForTest({debugCommand: true});
	const sleeper = await redis.connect();
	const slept = sleeper.call('DEBUG', 'SLEEP', '1.5');
	const session = await openTestSession(redis.url);
	await session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT');
	await slept;
	await session.until('OK, and everything read', isWhole);
	expect(kinds(session)).toEqual(['CONNECTING', 'SILENT', 'OK']);
});

it('opened on a stopped process: SILENT from the start, then OK, also over a socket and TLS', async () => {
	const certificates = await makeCertificates();
	onTestFinished(certificates.remove);
	const redis = await startForTest({unixSocket: true, tls: certificates});
	redis.signal('SIGSTOP');
	const ways = [
		['-p', `${redis.port}`],
		['-s', redis.socketPath ?? ''],
		['-u', redis.url, '--cacert', certificates.caFile],
	];
	const sessions = await Promise.all(ways.map(async (argv, index) => openTestSession(await targetOf(argv), {label: `way-${index}`})));
	await Promise.all(sessions.map(session => session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT')));
	redis.signal('SIGCONT');
	for (const session of sessions) {
		await session.until('OK, and everything read', isWhole);
		expect(kinds(session)).toEqual(['CONNECTING', 'SILENT', 'OK']);
	}
});

it('a console opened before it: BUSY that comes before any silence began after the last reply; a new connection begins anew', async () => {
	const redis = await startForTest({conf: quick});
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const session = await openTestSession(await targetOf([`127.0.0.1:${proxy.port}`, '-n', '3']));
	await session.until('all is read', state => isWhole(state) && state.snapshot.database.selected === 3);
	const begunAtMs = Date.now();
	await startEndless(redis, endlessEval);
	const busy = await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY' && snapshot.server);
	expect(kinds(session)).toEqual(['CONNECTING', 'OK', 'BUSY']);
	expect(busy.begunAfterMs).toBeGreaterThan(begunAtMs - 1000);
	expect(busy.begunAfterMs).toBeLessThan(begunAtMs + 100);

	const before = session.state().session.ownClientIds;
	proxy.cut();
	await session.until(
		'it is connected anew',
		({snapshot: {server, contact}, session: {ownClientIds}}) =>
			ownClientIds.size === 3 && [...ownClientIds].every(id => !before.has(id)) && server.kind === 'BUSY' && contact.link === 'open',
	);
	expect(session.state().snapshot.database.selected).toBeUndefined();
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	await session.until('the database is selected again', state => isWhole(state) && state.snapshot.database.selected === 3);
});

it('a console opened before it: the script is told by the last ordinary reply, the caller from the last client list', async () => {
	const redis = await startForTest({conf: {'lua-time-limit': 2000}});
	const session = await openTestSession(redis.url);
	const caller = await redis.connect();
	await caller.call('CLIENT', 'SETNAME', 'the-culprit');
	await caller.call('EVAL', 'return 1', '0');
	await session.until('the threshold is known', ({snapshot}) => snapshot.settings.data !== undefined);
	await session.until('the caller is in the list', ({snapshot}) =>
		snapshot.clients.data?.clients.some(client => client.name === 'the-culprit' && client.lastCommand === 'eval'),
	);

	const begunAtMs = Date.now();
	void caller.call(...endlessEval).catch(() => undefined);
	const silent = await session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT' && runningNow(snapshot));
	expect(Date.now() - begunAtMs).toBeLessThan(1500);
	expect(silent).toMatchObject({kind: 'unknown', likelyCallers: [{name: 'the-culprit'}]});
	expect(silent.begunAfterMs).toBeLessThanOrEqual(begunAtMs + 20);
	expect(silent.busyExpectedAtMs).toBe((silent.begunAfterMs ?? 0) + 2000);

	const busy = await session.until('BUSY', ({snapshot}) => snapshot.server.kind === 'BUSY' && runningNow(snapshot));
	expect(busy).toMatchObject({kind: 'script', begunAfterMs: silent.begunAfterMs, likelyCallers: [{name: 'the-culprit'}]});
	expect(await session.act('SCRIPT', 'KILL')).toBe('OK');
	await session.until('OK', ({snapshot}) => snapshot.server.kind === 'OK');
	await until('the server answers others as well', () => redis.call('PING'));
});
