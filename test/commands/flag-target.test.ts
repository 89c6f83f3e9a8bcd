import {describe, expect, it} from 'vitest';
import {resolveTarget} from '../../src/commands/flag-target.ts';
import {type Environment, parseFlags} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';

const noFiles = {
	readFile: (path: string): string => {
		throw Object.assign(new Error(path), {code: 'ENOENT'});
	},
	readFolder: (): readonly string[] => [],
};

/** Resolves as the console would; the operator at the prompt answers `answer`. The password comes back in clear. */
async function resolve(commandLine: string, env: Environment = {}, answer = 'asked') {
	const options = parseFlags({argv: commandLine.split(' ').filter(Boolean), env, scenarios: []});
	if (options.command !== 'console') throw new Error(`command is ${options.command}`);
	const prompts: string[] = [];
	const askPassword = (prompt: string) => {
		prompts.push(prompt);
		return Promise.resolve(answer);
	};
	const {password, ...target} = await resolveTarget(options.connection, {env, files: noFiles, askPassword});
	return {...target, password: password?.reveal(), prompts};
}

async function refusal(commandLine: string, env: Environment = {}, answer?: string): Promise<string> {
	const error: unknown = await resolve(commandLine, env, answer).catch((reason: unknown) => reason);
	if (!(error instanceof UsageError)) throw new Error(`not refused: ${commandLine}`);
	return error.message;
}

const tcp = (host: string, port = 6379) => ({kind: 'tcp', host, port});

describe('which server', () => {
	it.each([
		['', {}, tcp('127.0.0.1')],
		['', {REDIS_URL: ''}, tcp('127.0.0.1')],
		['', {REDIS_URL: 'redis://env:7000/2'}, tcp('env', 7000)],
		['', {REDIS_URL: 'unix:///env.sock'}, {kind: 'unix', path: '/env.sock'}],
		['-p 7001', {REDIS_URL: 'redis://env:7000'}, tcp('env', 7001)],
		['-h flag', {REDIS_URL: 'redis://env:7000'}, tcp('flag')],
		['-h flag -p 1', {REDIS_URL: 'unix:///env.sock'}, tcp('flag', 1)],
		['-s /flag.sock', {REDIS_URL: 'rediss://env:7000'}, {kind: 'unix', path: '/flag.sock'}],
		['redis://url', {REDIS_URL: 'redis://env:7000'}, tcp('url')],
		['redis://url:1 -p 2', {}, tcp('url', 2)],
		['-u redis://url:1 -h flag', {}, tcp('flag', 1)],
		['unix:///url.sock', {}, {kind: 'unix', path: '/url.sock'}],
		['unix:///url.sock -s /flag.sock', {}, {kind: 'unix', path: '/flag.sock'}],
		['[::1]:7', {}, tcp('::1', 7)],
	])('%j with %j', async (commandLine, env, endpoint) => {
		expect((await resolve(commandLine, env)).endpoint).toEqual(endpoint);
	});

	it('is named by its address', async () => {
		expect(await resolve('[::1]:7')).toMatchObject({name: '[::1]:7', environment: undefined});
		expect(await resolve('-s /run/redis.sock')).toMatchObject({name: '/run/redis.sock'});
	});

	it.each([
		['', {}, 0],
		['', {REDIS_URL: 'redis://h/2'}, 2],
		['-n 3', {REDIS_URL: 'redis://h/2'}, 3],
		['redis://h/4 -n 0', {}, 0],
	])('database of %j with %j is %s', async (commandLine, env, db) => {
		expect((await resolve(commandLine, env)).db).toBe(db);
	});
});

describe('login', () => {
	it.each([
		['', {}, undefined, undefined],
		['', {REDISCLI_AUTH: ''}, undefined, undefined],
		['', {REDISCLI_AUTH: 'env'}, undefined, 'env'],
		['--user bob', {REDISCLI_AUTH: 'env'}, 'bob', 'env'],
		['-a flag', {REDISCLI_AUTH: 'env'}, undefined, 'flag'],
		['redis://:url@h', {REDISCLI_AUTH: 'env'}, undefined, 'url'],
		['redis://bob@h', {}, undefined, 'bob'],
		['redis://bob@h -a flag', {}, 'bob', 'flag'],
		['redis://bob@h --askpass', {}, 'bob', 'asked'],
		['redis://bob:url@h -a flag --user eve', {}, 'eve', 'flag'],
		['redis://bob:url@h --user eve', {}, 'eve', 'url'],
		['redis://bob:@h', {REDISCLI_AUTH: 'env'}, 'bob', 'env'],
		['--askpass', {REDISCLI_AUTH: 'env', REDIS_URL: 'redis://:url@h'}, undefined, 'asked'],
		['', {REDISCLI_AUTH: 'env', REDIS_URL: 'redis://bob:url@h'}, 'bob', 'url'],
	])('of %j with %j', async (commandLine, env, username, password) => {
		expect(await resolve(commandLine, env)).toMatchObject({username, password});
	});

	it('never takes the password in REDIS_URL to a server that was typed', async () => {
		const env = {REDIS_URL: 'rediss://bob:url@env:7/3'};
		expect(await resolve('-h flag', env)).toMatchObject({username: undefined, password: undefined, db: 0, tls: undefined});
		expect(await resolve('-s /flag.sock', env)).toMatchObject({username: undefined, password: undefined, db: 0, tls: undefined});
	});

	it('asks once, and only with --askpass', async () => {
		expect((await resolve('-h 10.0.3.7 --askpass')).prompts).toEqual(['Password for 10.0.3.7:6379: ']);
		expect((await resolve('-s /a\u001b[31m.sock --askpass')).prompts).toEqual(['Password for /a?[31m.sock: ']);
		expect((await resolve('-a flag')).prompts).toEqual([]);
	});
});

describe('refusals', () => {
	it.each([
		['', {REDIS_URL: 'http://env'}, 'REDIS_URL: it must begin with redis://, rediss://, valkey://, valkeys:// or unix://'],
		['-u redis://h:x', {}, '-u: the port must be a number from 1 to 65535, as in redis://host:6379'],
		['redis://h/-1', {}, 'URL: the database must be a number from 0 to 2147483647, as in redis://host:6379/0'],
		['h:99999', {}, 'URL: the port must be a number from 1 to 65535, as in redis://host:6379'],
		['redis://h -s /s', {}, '-s names a socket and URL a host: give one of them'],
		['unix:///s -h h', {}, '-h makes no sense with URL, which names a unix socket: give -h and -p, or the socket'],
		['-p 7', {REDIS_URL: 'unix:///s'}, '-p makes no sense with REDIS_URL, which names a unix socket: give -h and -p, or the socket'],
		['unix:///s --tls', {}, '--tls makes no sense with a unix socket, which has no TLS: leave it out, or give -h and -p'],
		['--insecure', {}, '--insecure does nothing without TLS: add --tls, or give a rediss:// URL'],
		['--cacert ca.pem', {REDIS_URL: 'redis://h'}, '--cacert does nothing without TLS: add --tls, or give a rediss:// URL'],
		['rediss://h --cacert ca.pem', {}, '--cacert: cannot read ca.pem: it does not exist'],
		['--user bob', {}, '--user needs a password: add --askpass or set REDISCLI_AUTH (a nopass user takes any)'],
		['redis://bob:@h', {}, 'the user in the URL needs a password: add --askpass or set REDISCLI_AUTH (a nopass user takes any)'],
	])('%j with %j', async (commandLine, env, message) => {
		expect(await refusal(commandLine, env)).toBe(message);
	});

	it('come before the prompt, which is refused when empty', async () => {
		expect(await refusal('--askpass --insecure', {}, '')).toContain('--insecure does nothing');
		expect(await refusal('--askpass', {}, '')).toBe('--askpass got an empty password: leave --askpass out to log in without one');
	});
});
