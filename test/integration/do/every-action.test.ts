import {expect, it, onTestFinished} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import type {AnyAction} from '../../../src/actions/types.ts';
import {parseCommandStat} from '../../helpers/command-stat.ts';
import {doer} from '../../helpers/do-run.ts';
import {stateWith} from '../../helpers/fixtures.ts';
import {startProxy} from '../../helpers/proxy.ts';
import {QueueKeyspace} from '../../helpers/queue-keyspace.ts';
import type {TestRedis} from '../../helpers/redis-server.ts';
import {startForTest} from '../../helpers/server-session.ts';

/** Commands that change nothing and carry no such flag. What reads keys, and only that, the server itself calls readonly. */
const reads: ReadonlySet<string> = new Set([
	'acl|dryrun',
	'acl|whoami',
	'client|id',
	'client|list',
	'client|setinfo',
	'client|setname',
	'command|info',
	'config|get',
	'function|stats',
	'hello',
	'info',
	'latency|history',
	'latency|latest',
	'memory|stats',
	'memory|usage',
	'object|encoding',
	'ping',
	'role',
	'script|exists',
	'select',
	'slowlog|get',
	'slowlog|len',
	'time',
]);

/** A server with something of everything that an action may be about, and `do` on it through a proxy. */
async function world() {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	onTestFinished(() => keyspace.close());
	const {id: queue} = await keyspace.everyState(5, 'orders');
	await keyspace.close();
	for (const key of ['rl:1', 'rl:2', 'rl:3']) await redis.call('SET', key, '1');
	const victim = await redis.connect();
	const client = String(await victim.call('CLIENT', 'ID'));
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const name = `127.0.0.1:${proxy.port}`;
	/** What `--on` and `--set` of this action may look like, by its own words. */
	const wordsFor = ({on = '', params = []}: AnyAction, fields: ReturnType<AnyAction['fields']>): readonly string[] => {
		const named = /client/.test(on) ? client : /queue/.test(on) ? queue : /key|pattern/.test(on) ? 'rl:*' : 'something';
		const filled = params.map(({name: field, hint, isQuiet}) => {
			const initial = fields.find(one => one.name === field)?.value ?? '';
			return isQuiet ? [] : ['--set', `${field}=${initial === '' ? plausible(hint) : initial}`];
		});
		return [...(on === '' ? [] : ['--on', named]), ...filled.flat()];
	};
	return {...doer(), redis, proxy, name, wordsFor};
}

const plausible = (hint: string): string => (/pattern/.test(hint) ? 'rl:*' : (/[a-z]+-lru|yes|no/.exec(hint)?.[0] ?? '100'));

async function callsOf(redis: TestRedis): Promise<ReadonlyMap<string, number>> {
	return parseCommandStat(String(await redis.call('INFO', 'commandstats')));
}

/** What has been called since, apart from what only reads. */
async function changing(redis: TestRedis, before: ReadonlyMap<string, number>): Promise<readonly string[]> {
	const called = [...(await callsOf(redis))].filter(([name, calls]) => calls > (before.get(name) ?? 0)).map(([name]) => name);
	const strange = called.filter(name => !reads.has(name));
	const infos = await Promise.all(strange.map(name => redis.call('COMMAND', 'INFO', name)));
	return strange.filter((_, index) => !/\breadonly\b/.test(JSON.stringify(infos[index])));
}

const actions = registryOf().all;
const fieldsOf = (action: AnyAction) => action.fields(stateWith({}));

it('read-only, dry, or without a yes: of no action reaches a single write the server', {timeout: 30_000 + actions.length * 6000}, async () => {
	const test = await world();
	const before = await callsOf(test.redis);
	const ended: Record<string, readonly number[]> = {};
	for (const action of actions) {
		const argv = [action.id, ...test.wordsFor(action, fieldsOf(action)), '-h', '127.0.0.1', '-p', String(test.proxy.port)];
		const readOnly = await test.run([...argv, '--read-only', '--yes', '--confirm', test.name]);
		expect({id: action.id, text: readOnly.text}).toEqual({id: action.id, text: expect.stringMatching(/^REFUSED This console is read-only\n/)});
		const dry = await test.run([...argv, '--dry-run']);
		const without = action.danger === 'safe' ? [] : [await test.run(argv)];
		const unwilling = action.danger === 'destructive' ? [await test.run([...argv, '--yes'])] : [];
		const unconfirmed = [...without, ...unwilling];
		ended[action.id] = [readOnly.code, dry.code];
		// What cannot run is refused; what could is shown, and not run either.
		const expected = unconfirmed.map(() => (dry.code === 0 ? 2 : 1));
		expect({id: action.id, readOnly: readOnly.code, unconfirmed: unconfirmed.map(({code}) => code)}).toEqual({
			id: action.id,
			readOnly: 1,
			unconfirmed: expected,
		});
	}
	expect(test.proxy.sentBy('act')).toEqual([]);
	expect(await changing(test.redis, before)).toEqual([]);
	expect(Object.keys(ended)).toEqual(actions.map(({id}) => id));
	// Not all of it may be for nothing.
	expect(Object.values(ended).filter(([, dry]) => dry === 0).length).toBeGreaterThan(actions.length / 3);
});

it('without what it acts on, none of those that need it goes to the server at all', async () => {
	const test = await world();
	for (const {id, on} of actions.filter(action => action.on !== undefined)) {
		const refused = test.run([id, '-p', String(test.proxy.port), '--yes']);
		await expect(refused).rejects.toThrow(`${id} needs --on with ${on}`);
	}
	expect(test.proxy.commands).toEqual([]);
});

it('knows a write when it sees one', async () => {
	const test = await world();
	const before = await callsOf(test.redis);
	await test.redis.call('GET', 'rl:1');
	await test.redis.call('CONFIG', 'SET', 'timeout', '0');
	await test.redis.call('DEL', 'rl:1');
	expect((await changing(test.redis, before)).toSorted()).toEqual(['config|set', 'del']);
});
