import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {flagSpecs} from '../../src/commands/flag-table.ts';
import {type CliOptions, type ConnectionOptions, type DisplayFlags, type Environment, parseFlags} from '../../src/commands/flags.ts';
import {UsageError} from '../../src/errors.ts';

const scenarios = ['script', 'unkillable', 'clients'];
const parse = (argv: readonly string[], env: Environment = {}): CliOptions => parseFlags({argv, env, scenarios});

function connectionOf(...argv: string[]): ConnectionOptions {
	const options = parse(argv);
	if (options.command !== 'console') throw new Error(`command is ${options.command}`);
	return options.connection;
}

function displayOf(argv: readonly string[], env?: Environment): DisplayFlags {
	const options = parse(argv, env);
	if (!('display' in options)) throw new Error(`${options.command} has no display`);
	return options.display;
}

function refusal(...argv: string[]): string {
	try {
		parse(argv);
	} catch (error) {
		expect(error).toBeInstanceOf(UsageError);
		expect(String(error)).toMatch(/^UsageError: [\x20-\x7e]+$/);
		return (error as UsageError).message;
	}
	throw new Error(`accepted ${argv.join(' ')}`);
}

describe('commands', () => {
	it.each([
		[[], {command: 'console'}],
		[['--help'], {command: 'help'}],
		[['--version'], {command: 'version'}],
		[['--bogus', '--help', '-p', 'x'], {command: 'help'}],
		[['--version', '--help'], {command: 'help'}],
		[['demo'], {command: 'demo', scenario: undefined}],
		[['demo', 'script', '--ascii'], {command: 'demo', scenario: 'script', display: {ascii: true}}],
		[['--read-only', 'demo', 'clients'], {command: 'demo', scenario: 'clients', display: {readOnly: true}}],
		[['check'], {command: 'check', json: false, configOnly: false, configFile: undefined, connection: {url: undefined}}],
		[['check', 'h:1', '--json', '-n', '3'], {command: 'check', json: true, connection: {db: 3, url: {from: 'URL'}}}],
		[['-h', 'h', 'check'], {command: 'check', connection: {host: 'h'}, colour: true}],
		[['check', '--no-color'], {command: 'check', colour: false}],
		[['check', '--config-only', '--config', 'c.yaml', '--json'], {command: 'check', configOnly: true, configFile: 'c.yaml', json: true}],
		[['check', 'h:1', '--prometheus'], {command: 'check', prometheus: true, json: false}],
		[['check'], {command: 'check', prometheus: false}],
		[['check', '--target', 'prod'], {command: 'check', connection: {targetName: 'prod'}}],
		[['--target', 'prod', '--config', 'c.yaml'], {command: 'console', connection: {targetName: 'prod'}, configFile: 'c.yaml'}],
		[['report', 'x.rec'], {command: 'report', file: 'x.rec', out: undefined, json: false}],
		[['report', 'x.rec', '-o', 'y.md', '--json'], {command: 'report', file: 'x.rec', out: 'y.md', json: true}],
		[['report', '-o', '-', 'x.rec'], {command: 'report', file: 'x.rec', out: undefined}],
		[['actions'], {command: 'actions', json: false, configFile: undefined}],
		[['actions', '--json', '--config', 'c.yaml'], {command: 'actions', json: true, configFile: 'c.yaml'}],
		[['demo-host', 'script', '--whatever', '-x'], {command: 'demo-host', rest: ['script', '--whatever', '-x']}],
	])('%j', (argv, options) => {
		expect(parse(argv)).toMatchObject(options);
	});
});

describe('connection flags', () => {
	it('are all unset when none is given', () => {
		expect(connectionOf()).toEqual({
			url: undefined,
			targetName: undefined,
			sentinel: undefined,
			isCluster: false,
			host: undefined,
			port: undefined,
			socketPath: undefined,
			username: undefined,
			password: undefined,
			askpass: false,
			db: undefined,
			tls: {isOn: false, insecure: false, sni: undefined, cacert: undefined, cacertdir: undefined, cert: undefined, key: undefined},
		});
	});

	it('are read as redis-cli reads them', () => {
		const argv = '-h 10.0.3.7 -p 6380 --user bob --askpass -n 3 --tls --sni a.b --cacert c --cacertdir d --cert e --key f --insecure'.split(' ');
		expect(connectionOf(...argv)).toMatchObject({
			host: '10.0.3.7',
			port: 6380,
			username: 'bob',
			askpass: true,
			db: 3,
			tls: {isOn: true, insecure: true, sni: 'a.b', cacert: 'c', cacertdir: 'd', cert: 'e', key: 'f'},
		});
		expect(connectionOf('-s', '/run/redis.sock').socketPath).toBe('/run/redis.sock');
		expect(connectionOf('-h', '[::1]').host).toBe('::1');
	});

	it('name Sentinels, with the port that Sentinels have where none is typed', () => {
		expect(connectionOf('--sentinel', '10.0.3.1:26380, s2,[::1]', '--master', 'my master').sentinel).toEqual({
			nodes: [
				{kind: 'tcp', host: '10.0.3.1', port: 26_380},
				{kind: 'tcp', host: 's2', port: 26_379},
				{kind: 'tcp', host: '::1', port: 26_379},
			],
			master: 'my master',
			username: undefined,
			password: undefined,
		});
	});

	it.each([
		[['redis://h:1'], 'redis://h:1', 'URL'],
		[['10.0.0.3:6379'], 'redis://10.0.0.3:6379', 'URL'],
		[['[::1]:6379'], 'redis://[::1]:6379', 'URL'],
		[['-u', 'rediss://h'], 'rediss://h', '-u'],
		[['--', 'unix:///s'], 'unix:///s', 'URL'],
	])('URL in %j', (argv, text, from) => {
		const {url} = connectionOf(...argv);
		expect(url?.text.reveal()).toBe(text);
		expect(url?.from).toBe(from);
	});

	it.each(['-secret', '--secret', '0123', '1e3', 'true', 'a=b', '"quoted"', "'q'", '-', '-n=3', '--no-color=1', '--user=x', 'x --tls', '__proto__', '{}', ' '])(
		'password %j arrives as typed',
		password => {
			expect(connectionOf('-a', password, '-n', '3')).toMatchObject({db: 3});
			expect(connectionOf('-a', password, '-n', '3').password?.reveal()).toBe(password);
			expect(connectionOf(`-a=${password}`).password?.reveal()).toBe(password);
		},
	);

	it('takes every value exactly as typed, in any place, and gives it back in no dump', () => {
		const spellings = [...flagSpecs.values()].map(({spelled}) => spelled);
		const tricky = fc.string({unit: fc.constantFrom('-', '=', '"', "'", ' ', '0', '.', '\\', '\n', '{', 'e', '*'), minLength: 8});
		const password = fc.oneof(tricky, fc.string({unit: 'binary', minLength: 8})).filter(text => !spellings.includes(text));
		fc.assert(
			fc.property(password, fc.boolean(), (secret, isFirst) => {
				const login = ['-a', secret];
				const connection = connectionOf(...(isFirst ? [...login, '-p', '7', 'redis://h'] : ['redis://h', '-p', '7', ...login]));
				expect(connection.password?.reveal()).toBe(secret);
				expect(connection.port).toBe(7);
				expect(JSON.stringify(connection)).not.toContain(JSON.stringify(secret).slice(1, -1));
			}),
		);
	});
});

describe('display flags', () => {
	it('have defaults', () => {
		const record = {file: undefined, isOn: undefined, isRedacted: false, isAudited: true};
		expect(displayOf([])).toEqual({intervalSeconds: undefined, readOnly: false, ascii: false, colour: true, record});
		expect(displayOf(['--interval', '0.2', '--read-only', '--ascii', '--no-color', '--record', 'x.rec', '--redact', '--no-audit'])).toEqual({
			intervalSeconds: 0.2,
			readOnly: true,
			ascii: true,
			colour: false,
			record: {file: 'x.rec', isOn: true, isRedacted: true, isAudited: false},
		});
		expect(displayOf(['--no-record'])).toMatchObject({record: {...record, isOn: false}});
	});

	it.each([
		[['replay'], 'replay needs the file of a recording: redis-triage replay FILE'],
		[['replay', 'a.rec', 'b.rec'], 'replay takes one recording: redis-triage replay FILE'],
		[['--record', 'x.rec', '--no-record'], '--record and --no-record: one records and the other does not, so give one of them'],
		[['--redact', '--no-record'], '--redact and --no-record: nothing is recorded that could be redacted, so give one of them'],
		[['check', '--record', 'x.rec'], '--record makes no sense with check: it goes with redis-triage [URL] and redis-triage demo'],
		[['demo', '--record', 'x.rec', '--no-record'], '--record and --no-record: one records and the other does not, so give one of them'],
	])('refuses %j', (argv, message) => {
		expect(refusal(...argv)).toBe(message);
	});

	it.each([
		['0.2', 0.2],
		['60', 60],
		['.5', 0.5],
		['02', 2],
	])('interval %s is %s', (typed, seconds) => {
		expect(displayOf(['--interval', typed]).intervalSeconds).toBe(seconds);
	});

	it.each([
		[{}, true],
		[{NO_COLOR: ''}, true],
		[{NO_COLOR: '0'}, false],
		[{TERM: 'dumb'}, false],
		[{TERM: 'xterm-256color'}, true],
	])('colour with %j is %s', (env, colour) => {
		expect(displayOf([], env).colour).toBe(colour);
	});
});

describe('refusals', () => {
	it.each([
		[['--raed-only'], 'Unknown flag --raed-only: did you mean --read-only?'],
		[['--readOnly'], 'Unknown flag --readOnly: did you mean --read-only?'],
		[['--intervall=2'], 'Unknown flag --intervall: did you mean --interval?'],
		[['--host', 'h'], 'Unknown flag --host: did you mean -h?'],
		[['--pass=hunter2'], 'Unknown flag --pass: did you mean -a?'],
		[['--color'], 'Unknown flag --color: did you mean --no-color?'],
		[['-tls'], 'Unknown flag -t...: did you mean --tls?'],
		[['-help'], 'Unknown flag -h...: did you mean --help?'],
		[['-v'], 'Unknown flag -v: did you mean --version?'],
		[['-x'], 'Unknown flag -x: see redis-triage --help'],
		[['--no-ascii'], 'Unknown flag --no-ascii: see redis-triage --help'],
		[['--no-tls'], 'Unknown flag --no-tls: see redis-triage --help'],
		[['--a\x1b[31m'], 'Unknown flag --a?[31m: see redis-triage --help'],
		[['-p6380'], '-p stands alone: put a space between it and its value'],
		[['-h'], '-h needs a value, as in -h 10.0.3.7 (help is --help)'],
		[['-h', '-p', '1'], '-h needs a value, as in -h 10.0.3.7 (help is --help); -p is a flag (-h=-p takes it as the value)'],
		[['-a', '--'], '-a needs a value, as in -a PASSWORD; -- is a flag (-a=-- takes it as the value)'],
		[['-a', ''], '-a is empty: it needs a value, as in -a PASSWORD'],
		[['--user='], '--user is empty: it needs a value, as in --user operator'],
		[['--tls=no'], '--tls is a switch and takes no value: give --tls alone'],
		[['-p', '1', '-p', '2'], '-p is given twice: give it once'],
		[['-p', 'abc'], '-p must be a number from 1 to 65535'],
		[['-p', '65536'], '-p must be a number from 1 to 65535'],
		[['-n', '99999999999'], '-n must be a number from 0 to 2147483647'],
		[['-h', '10.0.3.7:6380'], '-h must be a host name or an address alone; the port goes with -p, a URL with -u'],
		[['--interval', '0.1'], '--interval must be a number of seconds from 0.2 to 60'],
		[['--interval', '61'], '--interval must be a number of seconds from 0.2 to 60'],
		[['--interval', '1s'], '--interval must be a number of seconds from 0.2 to 60'],
		[['redis://a', 'redis://b'], 'one URL can be given, not 2 arguments: a console watches one server'],
		[['-u', 'redis://a', 'redis://b'], '-u and a URL without -u are both given: give one of them'],
		[['-a', 'x', '--askpass'], '-a and --askpass: both give the password, so give one of them'],
		[['-s', '/s', '-h', 'h'], '-s and -h: the server is on a socket or on a host, so give one of them'],
		[['-s', '/s', '-p', '1'], '-s and -p: a socket has no port, so give one of them'],
		[['-s', '/s', '--tls'], '-s and --tls: a unix socket has no TLS, so give one of them'],
		[['--tls', '--cert', 'c'], '--cert needs --key with it'],
		[['--tls', '--key', 'c'], '--key needs --cert with it'],
		[['demo', '-h', 'h'], '-h makes no sense with demo: it goes with redis-triage [URL], redis-triage check and redis-triage do'],
		[['actions', '--read-only'], '--read-only makes no sense with actions: it goes with redis-triage [URL], redis-triage do and redis-triage demo'],
		[['--json'], '--json makes no sense here: it goes with redis-triage check, redis-triage do, redis-triage report and redis-triage actions'],
		[['--config-only'], '--config-only makes no sense here: it goes with redis-triage check'],
		[
			['demo', '--config', 'c'],
			'--config makes no sense with demo: it goes with redis-triage [URL], redis-triage check, redis-triage do and redis-triage actions',
		],
		[['check', '--ascii'], '--ascii makes no sense with check: it goes with redis-triage [URL], redis-triage demo and redis-triage replay'],
		[['check', '--config-only', 'redis://h'], '--config-only looks at no server: leave out a URL'],
		[['check', '--config-only', '--tls'], '--config-only looks at no server: leave out --tls'],
		[['check', '--config-only', '--target', 'prod'], '--config-only looks at no server: leave out --target'],
		[['check', '--config-only', '--prometheus'], '--config-only looks at no server: leave out --prometheus'],
		[['check', '--json', '--prometheus'], '--json and --prometheus: both say how it is printed, so give one of them'],
		[['--prometheus'], '--prometheus makes no sense here: it goes with redis-triage check'],
		[['do', '--prometheus'], '--prometheus makes no sense with do: it goes with redis-triage check'],
		[['demo', '--prometheus'], '--prometheus makes no sense with demo: it goes with redis-triage check'],
		[['actions', '--prometheus'], '--prometheus makes no sense with actions: it goes with redis-triage check'],
		[['check', '--prom'], 'Unknown flag --prom: did you mean --prometheus?'],
		[['check', 'h'], '"h" is neither a URL (redis://host:6379) nor host:port; a host alone goes with -h'],
		[['check', 'h:1', 'h:2'], 'one URL can be given, not 2 arguments: a check looks at one server'],
		[['--target', 'prod', '-h', 'h'], '--target and -h: both say which server, so give one of them'],
		[['--target', 'prod', '-p', '1'], '--target and -p: both say which server, so give one of them'],
		[['--target', 'prod', '-s', '/s'], '--target and -s: both say which server, so give one of them'],
		[['--target', 'prod', '-u', 'redis://h'], '--target and -u: both say which server, so give one of them'],
		[['--target', 'prod', 'redis://h'], '--target and a URL: both say which server, so give one of them'],
		[['--sentinel', 's'], '--sentinel needs --master with it'],
		[['--master', 'm'], '--master needs --sentinel with it'],
		[['--target', 'prod', '--sentinel', 's', '--master', 'm'], '--target and --sentinel: both say which server, so give one of them'],
		[['--sentinel', 's', '--master', 'm', 'redis://h'], '--sentinel and a URL: both say which server, so give one of them'],
		[['--sentinel', 's', '--master', 'm', '-u', 'redis://h'], '--sentinel and -u: both say which server, so give one of them'],
		[['--sentinel', 's', '--master', 'm', '-h', 'h'], '--sentinel and -h: both say which server, so give one of them'],
		[['--sentinel', 's', '--master', 'm', '-p', '1'], '--sentinel and -p: the Sentinels know its port, so give one of them'],
		[['--sentinel', 's', '--master', 'm', '-s', '/s'], '--sentinel and -s: both say which server, so give one of them'],
		[['--sentinel', 's,', '--master', 'm'], '--sentinel must be host:port,host:port, as in 10.0.3.1:26379,10.0.3.2:26379'],
		[['--sentinel', 's:x', '--master', 'm'], '--sentinel must be host:port,host:port, as in 10.0.3.1:26379,10.0.3.2:26379'],
		[['--sentinel', 's', '--master', 'a\tb'], '--master must be the name under which the Sentinels watch it'],
		[['--target'], '--target needs a value, as in --target prod-cache'],
		[['--confg', 'c'], 'Unknown flag --confg: did you mean --config?'],
		[['actions', 'x'], 'actions takes no argument: redis-triage actions [--json] [--config FILE]'],
		[['demo', 'scirpt'], '"scirpt" is no scenario of demo: did you mean script?'],
		[['demo', 'x'], '"x" is no scenario of demo: it has script, unkillable, clients'],
		[['demo', 'script', 'clients'], 'demo takes one scenario: redis-triage demo [SCENARIO]'],
		[['report'], 'report needs the file of a recording: redis-triage report FILE [-o OUT]'],
		[['report', 'a', 'b'], 'report takes one recording: redis-triage report FILE [-o OUT]'],
		[['report', 'a', '-o'], '-o needs a value, as in -o incident.md'],
		[['report', 'a', '--output', 'b'], 'Unknown flag --output: did you mean -o?'],
		[['report', 'a', '-p', '1'], '-p makes no sense with report: it goes with redis-triage [URL], redis-triage check and redis-triage do'],
		[['-o', 'a'], '-o makes no sense here: it goes with redis-triage report'],
		[
			['dmeo'],
			'"dmeo" is neither a command (check, do, replay, report, demo, actions, completion) nor a URL (redis://host:6379) nor host:port: did you mean demo?',
		],
		[
			['help'],
			'"help" is neither a command (check, do, replay, report, demo, actions, completion) nor a URL (redis://host:6379) nor host:port: did you mean --help?',
		],
		[
			['cache-1'],
			'"cache-1" is neither a command (check, do, replay, report, demo, actions, completion) nor a URL (redis://host:6379) nor host:port; a host alone goes with -h',
		],
		[
			[''],
			'"" is neither a command (check, do, replay, report, demo, actions, completion) nor a URL (redis://host:6379) nor host:port; a host alone goes with -h',
		],
		[
			['--', '-h'],
			'"-h" is neither a command (check, do, replay, report, demo, actions, completion) nor a URL (redis://host:6379) nor host:port; a host alone goes with -h',
		],
	])('%j', (argv, message) => {
		expect(refusal(...argv)).toBe(message);
	});
});
