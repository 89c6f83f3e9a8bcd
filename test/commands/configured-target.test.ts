import {describe, expect, it} from 'vitest';
import {resolveTarget} from '../../src/commands/flag-target.ts';
import type {Files} from '../../src/commands/flag-tls.ts';
import {type Environment, parseFlags} from '../../src/commands/flags.ts';
import {settleDisplay} from '../../src/commands/settle-display.ts';
import {defaultConfig} from '../../src/config/default-config.ts';
import {UsageError} from '../../src/errors.ts';
import type {FindMaster} from '../../src/redis/find-master.ts';
import {configOf} from '../config/config-text.ts';

const config = configOf(`
targets:
  prod: {url: "redis://eve:filed@10.0.3.7:6380/3", environment: production, read-only: locked}
  lone: {host: 10.0.3.8, username: eve}
  bare: {url: "redis://eve@10.0.3.9"}
  secure: {host: s.example.com, tls: {insecure: true, sni: filed.example.com}}
  broken: {host: b, tls: {cacert: none.pem}}
  socket: {socket: /run/redis.sock, environment: staging, read-only: true}
  far: {sentinel: {nodes: [h, "i:7"], master: m, username: watcher, password: theirs}, username: eve, password: ours, db: 2, tls: {insecure: true}}
  guarded: {sentinel: {nodes: [g], master: m}, environment: production, read-only: locked}
  also-lone: {host: 10.0.3.8, environment: production}
defaults: {interval: 5, read-only: false}
`);

const noFiles: Files = {
	readFile: path => {
		throw Object.assign(new Error(path), {code: 'ENOENT'});
	},
	readFolder: () => [],
};

type Options = {readonly env?: Environment; readonly known?: typeof config | undefined; readonly askSentinels?: FindMaster};

const notAsked: FindMaster = () => Promise.reject(new Error('no Sentinel was to be asked'));

/** Resolves as the console would; the password comes back in clear. */
async function resolve(commandLine: string, {env = {}, known = config, askSentinels = notAsked}: Options = {}) {
	const options = parseFlags({argv: commandLine.split(' ').filter(Boolean), env, scenarios: []});
	if (options.command !== 'console') throw new Error(`command is ${options.command}`);
	const askPassword = () => Promise.resolve('asked');
	const target = await resolveTarget(options.connection, {env, files: noFiles, askPassword, config: known, askSentinels});
	return {...target, password: target.password?.reveal(), display: settleDisplay(options.display, {config: known, target})};
}

async function refusal(commandLine: string, options?: Options): Promise<string> {
	const error: unknown = await resolve(commandLine, options).catch((reason: unknown) => reason);
	if (!(error instanceof UsageError)) throw new Error(`not refused: ${commandLine}`);
	return error.message;
}

const tcp = (host: string, port = 6379) => ({kind: 'tcp', host, port});

describe('a server by its name', () => {
	it.each([
		['--target prod', {}, {name: 'prod', endpoint: tcp('10.0.3.7', 6380), username: 'eve', password: 'filed', db: 3, environment: 'production'}],
		['--target prod -a typed -n 4', {}, {username: 'eve', password: 'typed', db: 4}],
		['--target prod --user bob --askpass', {}, {username: 'bob', password: 'asked', db: 3}],
		['--target prod', {REDIS_URL: 'redis://:env@env:7/9'}, {endpoint: tcp('10.0.3.7', 6380), password: 'filed', db: 3}],
		['--target prod', {REDISCLI_AUTH: 'env'}, {username: 'eve', password: 'env', db: 3}],
		['--target prod', {REDISCLI_AUTH: ''}, {username: 'eve', password: 'filed'}],
		['--target prod -a typed', {REDISCLI_AUTH: 'env'}, {username: 'eve', password: 'typed'}],
		['--target prod --askpass', {REDISCLI_AUTH: 'env'}, {username: 'eve', password: 'asked'}],
		['--target bare', {REDISCLI_AUTH: 'env'}, {username: undefined, password: 'env'}],
		['--target lone', {REDISCLI_AUTH: 'env'}, {username: 'eve', password: 'env', db: 0, tls: undefined}],
		['--target bare', {}, {username: undefined, password: 'eve'}],
		['--target bare -a typed', {}, {username: 'eve', password: 'typed'}],
		['--target socket', {}, {name: 'socket', endpoint: {kind: 'unix', path: '/run/redis.sock'}, environment: 'staging'}],
		['--target secure', {}, {tls: {rejectUnauthorized: false, servername: 'filed.example.com'}}],
		['--target secure --sni typed.example.com', {}, {tls: {rejectUnauthorized: false, servername: 'typed.example.com'}}],
		['--target lone -a x --tls --insecure', {}, {tls: {rejectUnauthorized: false}}],
	])('%j with %j', async (commandLine, env, expected) => {
		expect(await resolve(commandLine, {env})).toMatchObject(expected);
	});

	it.each([
		['--target prdo', '--target: "prdo" is not in /etc/triage/c.yaml: did you mean prod?'],
		['--target x', '--target: "x" is not in /etc/triage/c.yaml: it has prod, lone, bare, secure, broken, socket, far, guarded, also-lone'],
		['--target hunter2@h', '--target: this name is not in /etc/triage/c.yaml: it has prod, lone, bare, secure, broken, socket, far, guarded, also-lone'],
		['--target lone', 'the user of --target lone needs a password: add --askpass or set REDISCLI_AUTH (a nopass user takes any)'],
		['--target lone -a x --insecure', '--insecure does nothing without TLS: add --tls, or give a rediss:// URL'],
		['--target broken', '/etc/triage/c.yaml:7: targets.broken.tls: cacert: cannot read /etc/triage/none.pem: it does not exist'],
		['--target broken --cacert typed.pem', '--cacert: cannot read typed.pem: it does not exist'],
		['--target socket --tls', '--tls makes no sense with a unix socket, which has no TLS: leave it out, or give -h and -p'],
	])('%j is refused', async (commandLine, message) => {
		expect(await refusal(commandLine)).toBe(message);
	});

	it('needs a config file with targets', async () => {
		expect(await refusal('--target prod', {known: defaultConfig})).toBe(
			'--target: "prod" would be looked up in the config file, and there is none: it goes to ~/.config/redis-triage/config.yaml',
		);
		expect(await refusal('--target prod', {known: configOf('')})).toBe('--target: "prod" is not in /etc/triage/c.yaml: it has no targets');
	});
});

describe('a server by its address', () => {
	it('is what the config file says of that address, without its login', async () => {
		expect(await resolve('redis://10.0.3.7:6380')).toMatchObject({
			name: '10.0.3.7:6380',
			environment: 'production',
			configured: {name: 'prod'},
			username: undefined,
			password: undefined,
			db: 0,
		});
		expect(await resolve('', {env: {REDIS_URL: 'redis://10.0.3.7:6380'}})).toMatchObject({configured: {name: 'prod'}});
		expect(await resolve('-s /run/redis.sock')).toMatchObject({environment: 'staging'});
	});

	it('is the most guarded of several', async () => {
		expect(await resolve('-h 10.0.3.8')).toMatchObject({environment: 'production', configured: {name: 'also-lone'}});
	});

	it('may be unknown', async () => {
		expect(await resolve('-h 10.0.3.7')).toMatchObject({environment: undefined, configured: undefined});
	});
});

describe('a server that its Sentinels know', () => {
	/** They say 10.0.3.50; what they were asked with is told. */
	function asking(fault?: UsageError) {
		const asked: Parameters<FindMaster>[] = [];
		const askSentinels: FindMaster = async (...question) => {
			asked.push(question);
			if (fault) throw fault;
			return {kind: 'tcp', host: '10.0.3.50', port: 6390};
		};
		return {asked, askSentinels};
	}

	it('is asked for by its name in the config file, with a login of each their own', async () => {
		const {asked, askSentinels} = asking();
		const target = await resolve('--target far', {askSentinels});
		expect(target).toMatchObject({name: 'far', endpoint: tcp('10.0.3.50', 6390), username: 'eve', password: 'ours', db: 2, tls: {rejectUnauthorized: false}});
		expect(target.sentinel).toMatchObject({nodes: [tcp('h', 26_379), tcp('i', 7)], master: 'm', username: 'watcher'});
		expect(target.sentinel?.password?.reveal()).toBe('theirs');
		expect(asked).toEqual([[target.sentinel, {tls: target.tls, from: {nodes: '--target far', master: '--target far'}}]]);
	});

	it('is asked for by flags, whatever REDIS_URL says; the login is that of the server', async () => {
		const {asked, askSentinels} = asking();
		const env = {REDIS_URL: 'redis://:env@env:7/9', REDISCLI_AUTH: 'inherited'};
		expect(await resolve('--sentinel a,[::1]:7 --master shop -n 3', {env, askSentinels})).toMatchObject({
			name: 'shop',
			endpoint: tcp('10.0.3.50', 6390),
			password: 'inherited',
			db: 3,
			tls: undefined,
			environment: undefined,
			sentinel: {nodes: [tcp('a', 26_379), tcp('::1', 7)], master: 'shop', password: undefined},
		});
		expect(asked).toMatchObject([[{master: 'shop'}, {from: {nodes: '--sentinel', master: '--master'}}]]);
		expect(await resolve('--sentinel a --master shop --tls --insecure --user bob --askpass', {askSentinels})).toMatchObject({
			username: 'bob',
			password: 'asked',
			tls: {rejectUnauthorized: false},
		});
	});

	it('is as guarded as the config file says of it, by any of its Sentinels or by its address', async () => {
		const {askSentinels} = asking();
		expect(await resolve('--sentinel x,g:26379 --master m', {askSentinels})).toMatchObject({
			configured: {name: 'guarded'},
			environment: 'production',
			display: {readOnly: true},
		});
		expect(await resolve('--sentinel g --master other', {askSentinels})).toMatchObject({configured: undefined});
		const known = configOf('targets: {here: {host: 10.0.3.50, port: 6390, environment: production}}');
		expect(await resolve('--sentinel a --master shop', {known, askSentinels})).toMatchObject({configured: {name: 'here'}, environment: 'production'});
	});

	it('is refused with what they say, before a password is asked for', async () => {
		const fault = new UsageError('--sentinel: no Sentinel tells where the master is');
		expect(await refusal('--sentinel a --master shop --askpass', asking(fault))).toBe(fault.message);
	});
});

describe('interval and mode', () => {
	it.each([
		['-h x', {intervalSeconds: 5, readOnly: false}],
		['-h x --interval 2 --read-only', {intervalSeconds: 2, readOnly: true}],
		['--target prod', {readOnly: true}],
		['-h 10.0.3.7 -p 6380', {readOnly: true}],
		['--target socket', {readOnly: true}],
		['--target also-lone', {readOnly: false}],
	])('of %j', async (commandLine, expected) => {
		expect((await resolve(commandLine)).display).toMatchObject(expected);
	});

	it('can be read-only everywhere', async () => {
		const known = configOf('defaults: {read-only: true}\ntargets: {open: {host: h, read-only: false}}');
		expect((await resolve('--target open', {known})).display).toMatchObject({readOnly: true, intervalSeconds: 1});
	});

	it('have defaults without a config file', () => {
		const record = {file: undefined, isOn: undefined, isRedacted: false, isAudited: true};
		const flags = {intervalSeconds: undefined, readOnly: false, ascii: true, colour: false, record};
		expect(settleDisplay(flags)).toEqual({intervalSeconds: 1, readOnly: false, ascii: true, colour: false, record: {...record, isOn: true}});
	});
});
