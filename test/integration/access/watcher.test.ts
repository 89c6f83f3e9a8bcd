import {expect, it} from 'vitest';
import {runCheck} from '../../../src/commands/check/run-check.ts';
import {defaultConfig} from '../../../src/config/default-config.ts';
import {operator, watcher} from '../../helpers/acl.ts';
import {type CheckRun, check} from '../../helpers/check-run.ts';
import {QueueKeyspace} from '../../helpers/queue-keyspace.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {openTestSession, startForTest, targetOf} from '../../helpers/server-session.ts';

const as = ({port}: TestRedis, {name, password}: {readonly name: string; readonly password: string}) => ['-p', String(port), '--user', name, '-a', password];

/** What `check` prints for a person. */
async function printed(argv: readonly string[]): Promise<string> {
	const seat = {env: {}, userName: 'tester', hostName: 'test', homeFolder: '/nowhere'};
	const {text} = await runCheck({target: await targetOf(argv), config: defaultConfig, format: 'text', colour: false, seat});
	return text;
}

const grantsOf = ({report}: CheckRun): readonly string[] => report.access.grants as readonly string[];

/** The commands of `access.mayNotRun`, each with its count. */
const refusedIn = ({report}: CheckRun): readonly string[] => (report.access.mayNotRun as readonly {readonly command: string}[]).map(({command}) => command);

it('the watcher of the facts sees everything but what it may not, and each gap is named once', async () => {
	const redis = await startForTest({acl: [watcher.acl]});
	const keyspace = new QueueKeyspace(redis.port);
	await keyspace.everyState(5, 'orders');
	await keyspace.close();
	const session = await openTestSession(await targetOf(as(redis, watcher)), {intervalMs: 200});
	const {snapshot, findings} = await session.until('all is read', state => {
		const {info, clients, settings, slowlog, commandStats, permissions, queues, queueSearch} = state.snapshot;
		const isRead = [info, clients, settings, slowlog, commandStats].every(({data}) => data !== undefined);
		return isRead && permissions.refused && queueSearch.endedAtMs !== undefined && queues.data?.some(({id}) => id === 'bull:orders') && state;
	});
	expect(snapshot.server.kind).toBe('OK');
	expect(snapshot.queues.data?.find(({id}) => id === 'bull:orders')).toMatchObject({failed: 2, completed: 4, delayed: 4});
	const limited = findings.filter(({id}) => id === 'access.limited');
	const named = (limited[0]?.title.match(/run (.*): the console/)?.[1] ?? '').split(', ');
	expect(limited.length).toBeLessThanOrEqual(1);
	expect(new Set(named).size).toBe(named.length);
	expect(limited[0]?.meaning.filter(line => line.startsWith('Without '))).toHaveLength(named.length);
	// Nothing that it has the right to is among them.
	expect(named.join(' ')).not.toMatch(/INFO|CLIENT LIST|CONFIG GET|SLOWLOG|SELECT|SCAN|TYPE|LLEN|ZCARD/);
});

it('a user with PING and INFO alone still gets identity and vitals, and is told what would give the rest', async () => {
	const redis = await startForTest({acl: ['little on >s3cret-word -@all +ping +info']});
	const argv = as(redis, {name: 'little', password: 's3cret-word'});
	const run = await check(argv);
	expect(run.report).toMatchObject({
		state: 'OK',
		server: {product: expect.stringMatching(/^(?:Redis|Valkey)$/), role: 'master', uptimeSeconds: expect.any(Number)},
	});
	for (const name of ['opsPerSecond', 'cpuPercent', 'connectedClients', 'maxClients', 'usedMemoryBytes'] as const)
		expect(run.report.vitals[name], name).toEqual(expect.any(Number));
	expect(new Set(refusedIn(run)).size).toBe(refusedIn(run).length);
	expect(grantsOf(run)).toEqual(['ACL SETUSER little +client|list +slowlog|get +config|get +acl|whoami +acl|dryrun +scan']);
	const rows = (await printed(argv)).split('\n');
	const from = rows.indexOf('An administrator would allow it with') + 1;
	expect(rows.slice(from, from + 2)).toEqual([
		'   ACL SETUSER little +client|list +slowlog|get +config|get +acl|whoami',
		'   ACL SETUSER little +acl|dryrun +scan',
	]);
});

it('what is said to allow it does: after one round of it, or two, nothing is refused that is a matter of rights', async () => {
	const redis = await startForTest({acl: ['little on >s3cret-word -@all +ping +info']});
	await redis.call('SET', 'bull:orders:id', '1');
	await redis.call('HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5');
	await redis.call('LPUSH', 'bull:orders:wait', '1');
	const argv = as(redis, {name: 'little', password: 's3cret-word'});
	let run = await check(argv);
	// What comes behind a refused command is only met when that one is allowed: SCAN, then the keys, then what is asked of them.
	for (let round = 0; round < 12 && grantsOf(run).length > 0; round++) {
		for (const line of grantsOf(run)) expect(await redis.call(...line.split(' '))).toBe('OK');
		run = await check(argv);
	}
	expect(grantsOf(run)).toEqual([]);
	expect(refusedIn(run)).toEqual([]);
	expect(run.report.access.mayNotAct).toEqual([]);
	expect(run.report.queues).toMatchObject([{name: 'orders', waiting: 1}]);
	expect(run.ids).not.toContain('access.limited');
});

it('the operator of the facts lacks nothing to look with, and its actions are tried', async () => {
	const redis = await startForTest({acl: [operator.acl]});
	const run = await check(as(redis, operator));
	expect(run.ids).not.toContain('access.limited');
	expect(refusedIn(run)).toEqual(['ACL DRYRUN']);
	expect(grantsOf(run)).toEqual(['ACL SETUSER operator +acl|whoami +acl|dryrun']);
});

it('a managed service without CONFIG, CLIENT and SLOWLOG, and with its own name for ACL, works: no ACL is to blame', async () => {
	const redis = await startForTest({
		confLines: [...['CONFIG', 'CLIENT', 'SLOWLOG'].map(name => `rename-command ${name} ""`), 'rename-command ACL managed-acl'],
	});
	const run = await check([redis.url]);
	expect(run.report).toMatchObject({state: 'OK', vitals: {usedMemoryBytes: expect.any(Number)}, queues: []});
	expect(refusedIn(run)).toEqual(['CLIENT LIST', 'SLOWLOG GET', 'CONFIG GET', 'ACL DRYRUN']);
	for (const {reason} of run.report.access.mayNotRun as readonly {readonly reason: string}[]) expect(reason).toMatch(/^ERR unknown command/);
	expect(grantsOf(run)).toEqual([]);
	expect(await printed([redis.url])).not.toContain('An administrator');
});
