import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {NotSentError} from '../../src/errors.ts';
import {type RedisOptions, serverUnderTest, startRedis, type TestRedis} from '../helpers/redis-server.ts';
import {isWhole, openTestSession, targetOf} from '../helpers/server-session.ts';
import {type Certificates, makeCertificates} from '../helpers/tls.ts';

/** The watcher of facts E and what an operator may do on top; unlike there, `%R~*` has become `~*`. */
const operator =
	'operator on >op-secret ~* resetchannels -@all +info +ping +echo +time +role +dbsize +lastsave +select +client|id +client|info +client|list +client|setname +client|getname ' +
	'+client|no-evict +slowlog|get +slowlog|len +latency|latest +latency|history +latency|histogram +latency|doctor +memory|stats +memory|usage +memory|doctor +function|stats ' +
	'+function|list +script|exists +config|get +command +acl|whoami +scan +type +script|kill +function|kill +client|kill +client|unblock +config|set';

let certificates: Certificates;
let open: TestRedis;
let locked: TestRedis;

const servers = [
	{options: (): RedisOptions => ({conf: {maxclients: 500}, unixSocket: true, tls: certificates})},
	{options: (): RedisOptions => ({conf: {maxclients: 500}, password: 'p@ss/w"rd', acl: [operator], tls: {...certificates, clientAuth: true}})},
] as const;

beforeAll(async () => {
	certificates = await makeCertificates();
	[open, locked] = await Promise.all([startRedis(servers[0].options()), startRedis(servers[1].options())]);
});

afterAll(async () => {
	await Promise.all([open?.stop(), locked?.stop()]);
	certificates?.remove();
});

type Case = {
	readonly on?: 'locked';
	/** Blanks separate; `PORT`, `TLSPORT`, `SOCKET`, `CA`, `CERT` and `KEY` are filled in. */
	readonly flags: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly answer?: string;
	readonly db?: number;
	readonly user?: string;
};

const cases: readonly Case[] = [
	{flags: '-p PORT'},
	{flags: '-h localhost -p PORT'},
	{flags: '127.0.0.1:PORT'},
	{flags: 'redis://127.0.0.1:PORT'},
	{flags: '', env: {REDIS_URL: 'redis://127.0.0.1:PORT/2'}, db: 2},
	{flags: '-p PORT -n 5', db: 5},
	{flags: '-u redis://127.0.0.1:PORT/3', db: 3},
	{flags: '-s SOCKET -n 1', db: 1},
	{flags: 'unix://SOCKET?db=4', db: 4},
	{flags: '-p TLSPORT --tls --cacert CA'},
	{flags: 'rediss://localhost:TLSPORT --cacert CA'},
	{flags: '-p TLSPORT --tls --sni redis.test --cacert CA -n 6', db: 6},
	{flags: '-p TLSPORT --tls --insecure'},
	{on: 'locked', flags: '-p PORT -a p@ss/w"rd'},
	{on: 'locked', flags: 'redis://:p%40ss%2Fw%22rd@127.0.0.1:PORT'},
	{on: 'locked', flags: '-p PORT', env: {REDISCLI_AUTH: 'p@ss/w"rd'}},
	{on: 'locked', flags: '-p PORT --askpass', answer: 'p@ss/w"rd'},
	{on: 'locked', flags: '-p PORT --user operator --askpass', answer: 'op-secret', user: 'operator'},
	{on: 'locked', flags: '-p PORT --user operator -a op-secret -n 7', user: 'operator', db: 7},
	{on: 'locked', flags: 'redis://operator:op-secret@localhost:PORT', user: 'operator'},
	{on: 'locked', flags: 'rediss://operator:op-secret@127.0.0.1:TLSPORT --cacert CA --cert CERT --key KEY', user: 'operator'},
];

function fill(text: string, redis: TestRedis): string {
	const values: Readonly<Record<string, string | number | undefined>> = {
		TLSPORT: redis.tlsPort,
		PORT: redis.port,
		SOCKET: redis.socketPath,
		CA: certificates.caFile,
		CERT: certificates.clientCertFile,
		KEY: certificates.clientKeyFile,
	};
	return text.replace(/\b(?:TLSPORT|PORT|SOCKET|CA|CERT|KEY)\b/g, name => String(values[name]));
}

describe('connects and reads with', () => {
	const {product, version} = serverUnderTest();

	it.each(cases)('$flags $env $on', async ({on, flags, env = {}, answer, db = 0, user = 'default'}) => {
		const redis = on === 'locked' ? locked : open;
		const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value, redis)]));
		const argv = flags
			.split(' ')
			.filter(Boolean)
			.map(word => fill(word, redis));
		const target = await targetOf(argv, {env: filled, ...(answer === undefined ? {} : {answer})});
		const label = `case-${cases.findIndex(entry => entry.flags === flags && entry.env === env) + 1}-${redis.port}`;
		const session = await openTestSession(target, {label});

		await session.until(
			'everything has been read',
			state => isWhole(state) && state.session.ownClientIds.size === 3 && (db === 0 || state.snapshot.database.selected === db),
		);
		const rows = String(await redis.call('CLIENT', 'LIST'))
			.split('\n')
			.filter(row => row.includes(`name=redis-triage:${label}:`));
		expect(rows).toHaveLength(3);
		expect(rows.find(row => row.includes(':observe '))).toMatch(new RegExp(` db=${db} .* user=${user} `));
		expect(rows.find(row => row.includes(':act '))).toMatch(new RegExp(` db=0 .* user=${user} `));
		await session.until('the search is over', ({snapshot}) => snapshot.queueSearch.phase === 'ended');
		const after = String(await redis.call('CLIENT', 'LIST')).split('\n');
		expect(after.find(row => row.includes(`${label}:queues `))).toMatch(new RegExp(` db=${db} .* user=${user} `));

		const {
			snapshot,
			session: {ownClientIds},
		} = session.state();
		expect([...ownClientIds].sort()).toEqual(rows.map(row => /^id=(\d+)/.exec(row)?.[1]).sort());
		expect(snapshot.identity).toMatchObject({product, version, role: 'master'});
		expect(snapshot.settings.data?.get('maxclients')).toBe('500');
		expect(session.states.map(({kind}) => kind)).toEqual(['CONNECTING', 'OK']);
	});
});

it('a read-only console opens no connection that acts, until it is allowed to act', async () => {
	const session = await openTestSession(await targetOf(['-p', `${open.port}`]), {label: 'looker@test', isReadOnly: true});
	const names = async () => [...String(await open.call('CLIENT', 'LIST')).matchAll(/ name=redis-triage:looker@test:(\w+) /g)].map(([, role]) => role).sort();
	await session.until('everything has been read', state => isWhole(state) && state.session.ownClientIds.size === 2);
	expect(await names()).toEqual(['observe', 'queues']);
	await expect(session.actionDeps.send(['SCRIPT', 'KILL'], 1000)).rejects.toThrow(new NotSentError('this console is read-only'));

	session.setMode('guarded');
	expect(await session.act('ECHO', 'acting')).toBe('acting');
	expect(await names()).toEqual(['act', 'observe', 'queues']);
	session.setMode('read-only');
	await session.until('it has gone', async () => (await names()).length === 2);
});

it('takes blanks and foreign letters out of the name, which the server would refuse', async () => {
	const session = await openTestSession(await targetOf(['-p', `${open.port}`]), {label: 'zoë van dam@büro'});
	await session.until('everything has been read', isWhole);
	expect(String(await open.call('CLIENT', 'LIST'))).toContain(' name=redis-triage:zo__van_dam@b_ro:observe ');
});
