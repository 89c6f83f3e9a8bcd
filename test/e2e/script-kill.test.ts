import {stat} from 'node:fs/promises';
import {hostname, userInfo} from 'node:os';
import {expect, it} from 'vitest';
import {operator, password} from '../helpers/acl.ts';
import type {RedisOptions} from '../helpers/redis-server.ts';
import {endlessEval, startEndless, untilBusy, watchNextEval} from '../helpers/stuck-script.ts';
import {isCalm, isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';
import {startWatched, type Watched} from '../helpers/watched-server.ts';

type Case = {readonly options: RedisOptions; readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>>};

/** The server's own default: what an incident has. */
const thresholdMs = 5000;

const logins: readonly (readonly [string, Case])[] = [
	['', {options: {}, args: []}],
	[', with the password of the server', {options: {password}, args: [], env: {REDISCLI_AUTH: password}}],
	[', as an operator with an ACL of his own', {options: {acl: [operator.acl]}, args: ['--user', operator.name, '-a', operator.password]}],
];

it.each(logins)('a read-only loop, from its silence to a verified kill%s', async (_login, {options, args, env = {}}) => {
	const watched = await startWatched(options);
	const {redis, proxy} = watched;
	const triage = await startTriage(['-p', String(proxy.port), ...args], {env});
	await triage.waitFor(isUp);
	await triage.waitFor(/scripts may run 5/);
	// A console that has watched for a while and knows how long this link usually takes to answer.
	await until('it has probed a few times', () => proxy.commands.filter(([command]) => command === 'PING').length >= 8);

	const nextEval = await watchNextEval(redis);
	const silent = triage.firstShown(/SILENT \d/);
	const {ended} = await startEndless(redis, endlessEval);
	const silentAtMs = await silent;
	const whileSilent = await triage.waitFor(screen => screen.includes('SILENT') && screen.includes('P0'));
	expect(whileSilent).toMatch(/P0 The server has not answered for .*last reply at/);
	expect(whileSilent).toMatch(/BUSY +if it is a script, in \d/);

	const busyAtMs = await triage.firstShown(/BUSY \d/);
	const begunAtMs = await nextEval();
	expect(silentAtMs - begunAtMs).toBeLessThan(1500);
	expect(busyAtMs - begunAtMs).toBeGreaterThanOrEqual(thresholdMs);
	expect(busyAtMs - begunAtMs).toBeLessThan(thresholdMs + 1500);
	await triage.waitFor(/P0 A script has blocked the server for .*connections wait/);
	await killAndVerify(triage, watched, ended);
	expect(await triage.rawOutput()).not.toMatch(new RegExp(`${password}|${operator.password}`));
});

const lateComers: readonly (readonly [string, Case])[] = [
	['', {options: {}, args: []}],
	[' on a database of its own', {options: {}, args: ['-n', '3']}],
	[', with a password, on a database of its own', {options: {password}, args: ['-a', password, '-n', '3']}],
];

it.each(lateComers)('a read-only loop, met when it was BUSY already%s', async (_login, {options, args}) => {
	const watched = await startWatched({...options, conf: {'busy-reply-threshold': 500}});
	const {redis, proxy} = watched;
	const {ended} = await startEndless(redis, endlessEval);
	await untilBusy(redis);

	const triage = await startTriage(['-p', String(proxy.port), ...args]);
	const screen = await triage.waitFor(/BUSY \d.*GUARDED/);
	expect(screen).toMatch(/Redis 7|Redis 8|Valkey/);
	await triage.waitFor(/P0 A script has blocked the server for at least .*every client waits/);
	await killAndVerify(triage, watched, ended);

	const db = args.includes('-n') ? 3 : 0;
	await until('the database is selected', async () => (await connections(watched)).get('observe') === db);
	expect(await connections(watched)).toEqual(
		new Map([
			['observe', db],
			['act', 0],
			['queues', expect.any(Number)],
		]),
	);
});

/** `K`, and `y` once the dialog listens: one SCRIPT KILL, PING answered, the finding gone, two lines in the audit log. */
async function killAndVerify(triage: Triage, {orders, executed, proxy, redis}: Watched, ended: Promise<string>): Promise<void> {
	await triage.press('K');
	const dialog = await triage.waitFor(listens);
	expect(dialog).toMatch(/Stop the running script .*disruptive/);
	expect(dialog).toMatch(/target +127\.0\.0\.1:\d+/);
	expect(dialog).toMatch(/running +script for/);
	expect(dialog).toMatch(/sends +SCRIPT KILL +║/);
	expect(orders()).toEqual([]);
	await triage.press('y');
	const done = await triage.waitFor('DONE');
	expect(done).toMatch(/DONE +the script has ended: PING is answered again/);
	expect(await ended).toMatch(/^ERR .*killed by user/);

	const sentAt = proxy.commands.findIndex(([command]) => command === 'SCRIPT');
	expect(orders()).toEqual([['SCRIPT', 'KILL']]);
	expect(proxy.commands.slice(sentAt)).toContainEqual(['PING']);
	expect(await redis.call('PING')).toBe('PONG');
	expect(await executed('script|kill')).toBe(1);

	await triage.press('Escape');
	await triage.waitFor(isCalm);
	await expectAudited(triage, proxy.port);
	expect(orders()).toHaveLength(1);
}

async function expectAudited(triage: Triage, port: number): Promise<void> {
	const log = await triage.auditLog();
	const both = {
		before: expect.objectContaining({state: 'BUSY'}),
		id: log[0]?.id,
		at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
		operator: userInfo().username,
		host: hostname(),
		target: `127.0.0.1:${port}`,
		action: 'script.kill',
		danger: 'disruptive',
		plan: [['SCRIPT', 'KILL']],
	};
	expect(log).toEqual([
		{...both, phase: 'intent'},
		{...both, phase: 'outcome', outcome: 'done', detail: expect.stringContaining('PING is answered'), after: expect.objectContaining({state: 'OK'})},
	]);
	expect(log[0]?.id).toMatch(/\S{8}/);
	const {mode} = await stat(triage.auditFile);
	expect(mode & 0o777).toBe(0o600);
}

/** The console's own connections by their role, with their database. */
async function connections({redis}: Watched): Promise<ReadonlyMap<string, number>> {
	const list = String(await redis.call('CLIENT', 'LIST'));
	return new Map([...list.matchAll(/name=redis-triage:\S+:(\w+) .*? db=(\d+)/g)].map(([, role = '', db]) => [role, Number(db)]));
}
