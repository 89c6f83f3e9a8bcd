import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {address, parseDatabase, parseHost, parsePort, parseRedisUrl} from '../../src/redis/target.ts';

const tcp = (host: string, port = 6379) => ({kind: 'tcp', host, port});

/** The parts with the password in clear, so that a test can compare them. */
function read(url: string) {
	const {password, ...parts} = parseRedisUrl(url);
	return {...parts, password: password?.reveal()};
}

function refusal(url: string): string {
	try {
		parseRedisUrl(url, 'REDIS_URL');
	} catch (error) {
		expect(error).toBeInstanceOf(UsageError);
		return String(error);
	}
	throw new Error(`accepted ${url}`);
}

describe('parseRedisUrl', () => {
	it.each([
		['redis://', tcp('127.0.0.1')],
		['redis:///2', tcp('127.0.0.1')],
		['redis://:6380', tcp('127.0.0.1', 6380)],
		['redis://cache-1.internal', tcp('cache-1.internal')],
		['redis://10.0.3.7:6380', tcp('10.0.3.7', 6380)],
		['redis://10.0.3.7:/1', tcp('10.0.3.7')],
		['valkey://my_host:7000/3', tcp('my_host', 7000)],
		['redis://[::1]:6380/0', tcp('::1', 6380)],
		['redis://[2001:db8::7]', tcp('2001:db8::7')],
		['redis://[fe80::1%25eth0]:6379', tcp('fe80::1%eth0')],
		['REDIS://10.0.3.7', tcp('10.0.3.7')],
		['  redis://10.0.3.7\n', tcp('10.0.3.7')],
		['unix:///run/redis.sock', {kind: 'unix', path: '/run/redis.sock'}],
		['unix:///run/a%20b%3F/c@d.sock?db=2', {kind: 'unix', path: '/run/a b?/c@d.sock'}],
	])('%s', (url, endpoint) => {
		expect(parseRedisUrl(url).endpoint).toEqual(endpoint);
	});

	it.each([
		['redis://h', false],
		['valkey://h', false],
		['rediss://h', true],
		['valkeys://h', true],
		['unix:///s', false],
	])('TLS of %s is %s', (url, isTls) => {
		expect(parseRedisUrl(url).isTls).toBe(isTls);
	});

	it.each([
		['redis://h', undefined],
		['redis://h/', undefined],
		['redis://h/0', 0],
		['redis://h/15', 15],
		['redis://h?db=3', 3],
		['redis://h/3?db=3', 3],
		['redis://h/3?family=0', 3],
		['unix:///s?db=4', 4],
	])('database of %s is %s', (url, db) => {
		expect(parseRedisUrl(url).db).toBe(db);
	});

	it.each([
		['redis://h', undefined, undefined, false],
		['redis://@h', undefined, undefined, false],
		['redis://:@h', undefined, undefined, false],
		['redis://:pass@h', undefined, 'pass', false],
		['redis://bob:pass@h:1/2', 'bob', 'pass', false],
		['redis://bob:@h', 'bob', undefined, false],
		['redis://pass@h', undefined, 'pass', true],
		['redis://b%40b:p%3A%2F%25@h', 'b@b', 'p:/%', false],
		['redis://:a:b@h', undefined, 'a:b', false],
		['redis://:p@s/s?w#d@h:7/1', undefined, 'p@s/s?w#d', false],
		['redis://:p+w@h', undefined, 'p+w', false],
		['unix://bob:pass@/run/redis.sock?db=1', 'bob', 'pass', false],
	])('login of %s', (url, username, password, hasBareUserinfo) => {
		expect(read(url)).toMatchObject({username, password, hasBareUserinfo});
	});

	it.each([
		['http://h', 'must begin with redis://'],
		['redis:h', 'must begin with redis://'],
		['', 'must begin with redis://'],
		['redis://h:port', 'port must be a number from 1 to 65535'],
		['redis://h:0', 'port must be'],
		['redis://h:65536', 'port must be'],
		['redis://h:1:2', 'host must be a name or an address'],
		['redis://::1', 'needs brackets'],
		['redis://[::1', 'host must be'],
		['redis://[cache]:1', 'brackets are for IPv6'],
		['redis://a b', 'host must be'],
		['redis://a%00b', 'host must be'],
		['redis://h/one', 'database must be a number'],
		['redis://h/-1', 'database must be a number'],
		['redis://h/1/2', 'database must be a number'],
		['redis://h/99999999999', 'database must be a number'],
		['redis://h/1?db=2', 'two different databases'],
		['redis://h?ssl=true', 'after ? it may say db=NUMBER and nothing else'],
		['redis://:100%@h', 'in the password, % must begin an escape'],
		['redis://b%zz:p@h', 'in the user, %'],
		['redis://:%ff@h', 'in the password, %'],
		['unix://run/redis.sock', 'needs its whole path'],
		['unix://', 'needs its whole path'],
	])('%s is refused: %s', (url, because) => {
		expect(refusal(url)).toMatch(/^UsageError: REDIS_URL: [^\n]+$/);
		expect(refusal(url)).toContain(because);
	});

	it.each([
		'hunter2',
		'redis:hunter2@h',
		'hunter2://h',
		'redis://:hunter2',
		'redis://bob:hunter2',
		'redis://:hunter2@h:x',
		'redis://:hunter2@h:99999',
		'redis://:hunter2%@h',
		'redis://:hunter2@a b',
		'redis://:hunter2@h/hunter2',
		'redis://h:6379/hunter2',
		'redis://:x/hunter2',
		'redis://h?hunter2',
		'redis://[hunter2]',
		'unix://:hunter2@run/s',
		'unix://:hunter2',
	])('the refusal of %s does not quote it', url => {
		expect(refusal(url)).not.toContain('hunter2');
	});

	const text = fc.string({unit: 'binary', minLength: 1});
	const host = fc.oneof(
		fc.domain(),
		fc.ipV4(),
		fc.ipV6().map(ip => `[${ip}]`),
	);

	it('reads back every user, password, host, port and database that was escaped', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('redis', 'rediss', 'valkey', 'valkeys'),
				fc.option(text, {nil: ''}),
				text,
				host,
				fc.integer({min: 1, max: 65_535}),
				fc.nat(),
				(scheme, username, password, at, port, db) => {
					const url = `${scheme}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${at}:${port}/${db}`;
					const parts = read(url);
					expect(parts).toMatchObject({username: username || undefined, password, db, isTls: scheme.endsWith('s') && scheme !== 'redis'});
					expect(address(parts.endpoint)).toBe(`${at}:${port}`);
				},
			),
		);
	});

	it('reads back every socket path that was escaped', () => {
		fc.assert(
			fc.property(text, fc.nat(), (name, db) => {
				expect(read(`unix:///${encodeURIComponent(name)}?db=${db}`)).toMatchObject({endpoint: {kind: 'unix', path: `/${name}`}, db});
			}),
		);
	});

	it('reads a password that was pasted unescaped, as long as it has no %', () => {
		const pasted = fc.stringMatching(/^[!-$&-~]{8,40}$/).map(raw => `S3CRET${raw}`);
		fc.assert(
			fc.property(pasted, password => {
				expect(read(`redis://:${password}@h:1`)).toMatchObject({password, endpoint: tcp('h', 1)});
			}),
		);
	});

	it('throws nothing but a one-line UsageError, which quotes no part of its input', () => {
		const alphabet = fc.constantFrom('redis://', 'unix://', '@', ':', '/', '?', '#', '[', ']', '%', '%41', 'S3CRET', '::1', 'db=', '1', '\n', ' ', '\u{202e}');
		fc.assert(
			fc.property(fc.array(alphabet, {maxLength: 12}), parts => {
				const url = `redis://${parts.join('')}`;
				try {
					parseRedisUrl(url);
				} catch (error) {
					expect(error).toBeInstanceOf(UsageError);
					expect(String(error)).toMatch(/^UsageError: URL: [\x20-\x7e]+$/);
					expect(String(error)).not.toContain('S3CRET');
				}
			}),
			{numRuns: 500},
		);
	});
});

it.each([
	[{kind: 'tcp', host: '10.0.3.7', port: 6379}, '10.0.3.7:6379'],
	[{kind: 'tcp', host: '::1', port: 6379}, '[::1]:6379'],
	[{kind: 'unix', path: '/run/redis.sock'}, '/run/redis.sock'],
] as const)('address of %o', (endpoint, shown) => {
	expect(address(endpoint)).toBe(shown);
});

describe('single values', () => {
	it.each([
		['cache', 'cache'],
		['::1', '::1'],
		['[::1]', '::1'],
		['bücher.example', 'bücher.example'],
		['', undefined],
		['-x', undefined],
		['a:1', undefined],
		['[cache]', undefined],
		['redis://h', undefined],
		['a\x1b', undefined],
	])('host %j is %j', (typed, host) => {
		expect(parseHost(typed)).toBe(host);
	});

	it.each([
		['1', 1],
		['65535', 65_535],
		['65536', undefined],
		['0', undefined],
		['06379', 6379],
		['6379 ', undefined],
		['0x1', undefined],
		['1e3', undefined],
		['-1', undefined],
	])('port %j is %j', (typed, port) => {
		expect(parsePort(typed)).toBe(port);
	});

	it.each([
		['0', 0],
		['15', 15],
		['2147483647', 2_147_483_647],
		['2147483648', undefined],
		['1.5', undefined],
		['', undefined],
	])('database %j is %j', (typed, db) => {
		expect(parseDatabase(typed)).toBe(db);
	});
});
