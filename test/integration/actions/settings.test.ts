import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {parseConfigGet} from '../../../src/redis/parse/config.ts';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {openIdleConnections} from '../../helpers/idle-connections.ts';
import type {RedisOptions} from '../../helpers/redis-server.ts';

async function opened(options: RedisOptions = {}) {
	const test = await openActionTest(options);
	await test.session.until('the settings are read', ({snapshot: {settings}}) => settings.data?.has('maxmemory'));
	return {...test, get: async (name: string) => parseConfigGet(await test.redis.call('CONFIG', 'GET', name)).get(name)};
}

type Row = {readonly name: string; readonly from: string; readonly typed: string; readonly to: string};

const rows: readonly Row[] = [
	{name: 'maxclients', from: '100', typed: '150', to: '150'},
	{name: 'timeout', from: '0', typed: '5m', to: '300'},
	{name: 'maxmemory', from: '104857600', typed: '200mb', to: '209715200'},
	{name: 'maxmemory-policy', from: 'noeviction', typed: 'allkeys-lru', to: 'allkeys-lru'},
	{name: 'slowlog-log-slower-than', from: '10000', typed: '-1', to: '-1'},
	{name: 'save', from: '', typed: '900 1 300 10', to: '900 1 300 10'},
	{name: 'appendonly', from: 'no', typed: 'yes', to: 'yes'},
	{name: 'stop-writes-on-bgsave-error', from: 'yes', typed: 'NO', to: 'no'},
];

describe('a setting is changed, and undone, on the same road', () => {
	it('each of them: what was shown is what is sent, and it is read again', async () => {
		const {run, sent, audit, get} = await opened({conf: {maxclients: 100, maxmemory: '100mb'}});
		for (const {name, from, typed, to} of rows) {
			expect([name, await get(name)]).toEqual([name, from]);
			const change = [['CONFIG', 'SET', name, to]];
			const {request, result} = await run(`config.${name}`, {choice: {set: {value: typed}}});
			expect(request).toMatchObject({plan: change, danger: 'disruptive', word: undefined});
			expect(result).toMatchObject({outcome: 'done', undo: [['CONFIG', 'SET', name, from]]});
			expect(await get(name)).toBe(to);

			const written = (await audit()).at(-1);
			expect(written).toMatchObject({phase: 'outcome', plan: change, before: {values: {[name]: from}}, after: {values: {[name]: to}}});
			const {undo} = written as unknown as {readonly undo: {readonly action: string; readonly set: Readonly<Record<string, string>>}};
			expect(undo.action).toBe(`config.${name}`);
			expect((await run(undo.action, {choice: {set: undo.set}})).result.outcome).toBe('done');
			expect(await get(name)).toBe(from);
		}
		expect(sent()).toEqual(rows.flatMap(({name, from, to}) => [to, from].map(value => ['CONFIG', 'SET', name, value])));
	});

	it('by its own name, with what somebody else has set a moment ago as the present', async () => {
		const {run, redis, get} = await opened({conf: {maxclients: 100}});
		await redis.call('CONFIG', 'SET', 'maxclients', '120');
		const {request, result} = await run('config.maxclients', {choice: {set: {maxclients: '200'}}});
		expect(request?.facts).toContainEqual(['now', '120']);
		expect(result).toMatchObject({outcome: 'done', undo: [['CONFIG', 'SET', 'maxclients', '120']]});
		await redis.call('CONFIG', 'SET', 'maxclients', '300');
		const undone = await run('config.maxclients', {choice: {set: {value: '120', from: '200'}}});
		expect(undone.result).toMatchObject({outcome: 'refused', detail: 'Somebody has changed it since: it is 300 now, not 200'});
		expect(await get('maxclients')).toBe('300');
	});
});

it('sends nothing that is refused or left', async () => {
	const {run, sent, audit} = await opened();
	expect((await run('config.maxclients', {choice: {set: {value: 'many'}}})).result).toMatchObject({
		outcome: 'refused',
		detail: 'maxclients must be a whole number, 1 to 4294967295',
	});
	expect((await run('config.save', {choice: {set: {value: '900'}}})).result.outcome).toBe('refused');
	expect((await run('config.maxmemory', {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	expect(phases(await audit())).toEqual(['outcome refused', 'outcome refused', 'outcome cancelled']);
});

it('calls it unknown when the reply is lost, and sends it once', async () => {
	const {run, sent, proxy} = await opened();
	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'CONFIG' && subcommand === 'SET');
	const {result} = await run('config.timeout', {choice: {set: {value: '300'}}});
	await lost;
	expect(result.outcome).toBe('unknown');
	expect(sent()).toEqual([['CONFIG', 'SET', 'timeout', '300']]);
});

it('maxclients above what the process may open: the server’s own reason, and nothing is changed', async () => {
	const {run, get, redis, sent} = await opened({conf: {maxclients: 100}});
	expect(spawnSync('prlimit', ['--pid', String(redis.pid), '--nofile=2000:2000']).status).toBe(0);
	const {result} = await run('config.maxclients', {choice: {set: {value: '5000'}}});
	expect(result).toMatchObject({
		outcome: 'failed',
		detail: 'The server does not take it: The operating system is not able to handle the specified number of clients, try with 1968. maxclients is what it was',
		next: ['Take 1,968 at most', expect.stringContaining('LimitNOFILE')],
	});
	expect(await get('maxclients')).toBe('100');
	// A hundred million would make it try some six million limits one after the other.
	expect((await run('config.maxclients', {choice: {set: {value: '100000000'}}})).result).toMatchObject({
		outcome: 'refused',
		detail: expect.stringContaining('maxclients may be raised by 200,000 at once, to 200100'),
	});
	expect(sent()).toEqual([['CONFIG', 'SET', 'maxclients', '5000']]);
});

it('maxclients of a full server lets the next one in', async () => {
	const {run, redis, session} = await opened({conf: {maxclients: 20}});
	const idle = await openIdleConnections(redis.port, 30);
	onTestFinished(() => idle.close());
	await session.until('it is full', ({snapshot}) => snapshot.server.kind === 'MAXCLIENTS');
	await expect(redis.connect().then(client => client.call('PING'))).rejects.toThrow();
	const {request, result} = await run('config.maxclients');
	expect(request?.plan).toEqual([['CONFIG', 'SET', 'maxclients', '40']]);
	expect(result.outcome).toBe('done');
	expect(await (await redis.connect()).call('PING')).toBe('PONG');
});

it('timeout: says who would be closed, and they are', async () => {
	const {run, redis, session} = await opened();
	const [idle, blocked] = [await redis.connect(), await redis.connect()];
	const idleId = String(await idle.call('CLIENT', 'ID'));
	const waits = blocked.call('BLPOP', 'nothing', '30').catch(() => 'ended');
	await session.until('one is seen idle for two seconds', ({snapshot: {clients}}) =>
		clients.data?.clients.some(({id, idleSeconds}) => id === idleId && idleSeconds >= 2),
	);
	const {request, result} = await run('config.timeout', {choice: {set: {value: '1'}}});
	expect(request?.effect[0]).toMatch(/more than 1s are closed: [1-9]\d* clients? at once/);
	expect(result.outcome).toBe('done');
	await idle.closed;
	expect(await redis.call('LPUSH', 'nothing', 'job')).toBe(1);
	expect(await waits).toEqual(['nothing', 'job']);
});

it('maxmemory below what is used: says so with figures, is OOM at once, and the undo is the cure', async () => {
	const {run, redis, session} = await opened();
	await redis.call('SETRANGE', 'big', '5000000', 'x');
	const {request, result} = await run('config.maxmemory', {choice: {set: {value: '2mb'}}});
	expect(request?.effect.slice(0, 2)).toEqual([
		expect.stringMatching(/^\d+\.\dM is used, \d+\.\dM more than that: the limit is passed at once$/),
		'nothing is evicted (noeviction): every command that needs memory is refused with OOM; reads and deletions go on',
	]);
	expect(result).toMatchObject({outcome: 'done', undo: [['CONFIG', 'SET', 'maxmemory', '0']]});
	await expect(redis.call('SET', 'a', '1')).rejects.toThrow(/^OOM/);
	await session.until('OOM is seen', ({snapshot}) => snapshot.server.kind === 'OOM');
	expect((await run('config.maxmemory', {choice: {set: {value: '0', from: '2097152'}}})).result.outcome).toBe('done');
	expect(await redis.call('SET', 'a', '1')).toBe('OK');
});

it('an evicting policy in a full server deletes keys, as it said it would', async () => {
	const {run, redis, session} = await opened({conf: {maxmemory: '3mb'}});
	for (let index = 0; index < 40; index++) await redis.call('SETRANGE', `part:${index}`, '100000', 'x').catch(() => 'OOM');
	await session.until('it is full', ({snapshot}) => snapshot.server.kind === 'OOM');
	const {request, result} = await run('config.maxmemory-policy', {choice: {set: {value: 'allkeys-lru'}}});
	expect(request?.effect.slice(0, 2)).toEqual([
		expect.stringMatching(/is used: it counts at once$/),
		'keys of any kind are deleted to make room (allkeys-lru): sessions, locks and jobs too',
	]);
	expect(result.outcome).toBe('done');
	expect(await redis.call('SET', 'a', '1')).toBe('OK');
	expect(await redis.call('INFO', 'stats')).not.toContain('evicted_keys:0\r');
});

/** A folder with something in it cannot be replaced by a file: not even root can save there. */
const putInTheWay = (dir: string) => mkdirSync(join(dir, 'in-the-way', 'folder'), {recursive: true});

async function misconf() {
	const test = await opened({confLines: ['save 3600 1', 'dbfilename in-the-way']});
	const {redis, session} = test;
	putInTheWay(redis.dir);
	await redis.call('SET', 'a', '1');
	await redis.call('BGSAVE');
	await session.until('writes are refused', ({snapshot}) => snapshot.server.kind === 'MISCONF');
	return test;
}

it('writes refused with MISCONF are taken again with stop-writes-on-bgsave-error no', async () => {
	const {run, redis, session} = await misconf();
	await expect(redis.call('SET', 'a', '2')).rejects.toThrow(/^MISCONF/);
	const {request, result} = await run('config.stop-writes-on-bgsave-error');
	expect(request?.effect).toContain('writes are taken again at once, although the last snapshot has failed');
	expect(request?.effect[1]).toMatch(/^until one succeeds a crash loses what has been written since its start \(no snapshot since then, 1 change\)/);
	expect(result.outcome).toBe('done');
	expect(await redis.call('SET', 'a', '2')).toBe('OK');
	await session.until('it is no longer MISCONF', ({snapshot}) => snapshot.server.kind === 'OK');
});

it('and without save points as well', async () => {
	const {run, redis} = await misconf();
	const {request, result} = await run('config.save', {choice: {set: {value: ''}}});
	expect(request?.plan).toEqual([['CONFIG', 'SET', 'save', '']]);
	expect(request?.effect).toContain('writes are taken again although the last snapshot has failed: without save points a failure does not stop them');
	expect(result).toMatchObject({outcome: 'done', detail: 'save is "" (none by themselves)'});
	expect(await redis.call('SET', 'a', '2')).toBe('OK');
});

it('appendonly that cannot be switched on: the server says why, and it stays off', async () => {
	const {run, redis, get} = await opened({confLines: ['appenddirname in-the-way']});
	writeFileSync(join(redis.dir, 'in-the-way'), 'a file where a folder should be');
	const {result} = await run('config.appendonly');
	expect(result).toMatchObject({outcome: 'failed', next: [expect.stringContaining('Look at the server’s log')]});
	expect(result.detail).toMatch(/^The server does not take it: .*appendonly is what it was/);
	expect(await get('appendonly')).toBe('no');
});
