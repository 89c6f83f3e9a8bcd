import {describe, expect, it} from 'vitest';
import {problemsOf, variable} from './config-text.ts';

describe('YAML', () => {
	it.each([
		['a tab', 'defaults:\n\tinterval: 1', '2:1: a tab indents here: YAML is indented with blanks'],
		['an open quote', 'defaults:\n  interval: "1', '2:15: a quote is not closed'],
		['an open bracket', 'queues:\n  prefixes: [bull', '2:18: this is indented like nothing above it, or a [ or { before it is not closed'],
		['no colon', 'defaults:\n  interval: 1\n  record', '3:3: a colon and a blank must follow a key'],
		['two colons', 'defaults: interval: 1', '1:11: a second colon on the line: put the value in quotes if the colon is part of it'],
		['a list beside keys', '- a\ndefaults: 1', '2:1: this does not fit what is above it: look at the indentation, the dashes and the quotes'],
		['a wrong indentation', 'defaults:\n  interval: 1\n record: true', '3:1: this is indented like nothing above it, or a [ or { before it is not closed'],
		['a reserved sign', 'targets: @x', '1:10: a value cannot begin with this sign: put it in quotes'],
		[
			'a bare variable in brackets',
			`hooks: [${variable('X')}]`,
			`1:10: a comma is missing here; ${variable('VAR')} between [ and ] or { and } must be in quotes`,
		],
		['two documents', 'defaults: {}\n---\ntargets: {}', '2:1: a second document begins here: the file must hold one'],
		['a tag', 'targets: !!js/function x', '1:10: a tag (!...) has no meaning here: leave it out, or put the value in quotes if ! is part of it'],
		['an escape', 'targets: "\\q"', '1:11: in double quotes a backslash begins an escape: write two of them, or take single quotes'],
		['a key that is a list', '? [a]\n: 1', '1:3: a key must be plain text'],
		['a quarter million brackets', '['.repeat(250_000), ' is nested deeper than 20 levels'],
		['as many dashes', '- '.repeat(125_000), ' is nested deeper than 20 levels'],
	])('%s', (_what, text, problem) => {
		const [first, ...more] = problemsOf(text);
		expect(more).toEqual([]);
		expect(first).toBe(problem);
	});

	it.each([
		['a repeated key', 'defaults:\n  interval: 1\n  interval: 2', '3:3: defaults.interval is here twice: keep one of them'],
		['a repeated section', 'defaults: {}\nchecks: []\ndefaults: {}', '3:1: defaults is here twice: keep one of them'],
		[
			'an alias of nothing',
			'queues:\n  prefixes: *none',
			'2:13: queues.prefixes has an alias (*) whose anchor (&) is not above it: put the value in quotes if * is part of it',
		],
		['an alias of itself', 'queues: &a\n  prefixes: [*a]', /is nested deeper than 20 levels$/],
		['nesting without sense', `targets: ${'{a: '.repeat(30)}1${'}'.repeat(30)}`, /is nested deeper than 20 levels$/],
		[
			'aliases of aliases',
			`hooks:\n- &a [${'x,'.repeat(60)}]\n- &b [${'*a,'.repeat(60)}]\n- [${'*b,'.repeat(60)}]`,
			/is more than 10000 values, its aliases unfolded$/,
		],
	])('%s', (_what, text, problem) => {
		expect(problemsOf(text)).toContainEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
	});

	it('unfolding is bounded in time and in what it says', () => {
		const bomb = ['hooks:', '- &l0 [x]', ...Array.from({length: 15}, (_, level) => `- &l${level + 1} [${`*l${level},`.repeat(9)}]`)].join('\n');
		const begin = performance.now();
		expect(problemsOf(bomb).length).toBeLessThanOrEqual(51);
		expect(performance.now() - begin).toBeLessThan(5000);
	});
});

describe('keys', () => {
	it.each([
		['thresolds: {}', '1:1: thresolds is unknown here: did you mean thresholds?'],
		['redis: {}', '1:1: redis is unknown here: known are targets, thresholds, components, queues, scripts, hooks, checks, defaults'],
		['defaults:\n  interval: 2\n  readonly: true', '3:3: defaults.readonly is unknown here: did you mean read-only?'],
		['defaults:\n  interval: 2\n  intervall: 2', '3:3: defaults.intervall is unknown here: known are interval, read-only, record'],
		['targets:\n  prod:\n    url: redis://h\n    enviroment: staging', '4:5: targets.prod.enviroment is unknown here: did you mean environment?'],
		['targets:\n  prod:\n    url: redis://h\n    tls:\n      cacrt: x', '5:7: targets.prod.tls.cacrt is unknown here: did you mean cacert?'],
		[
			`hooks:\n- {name: a, danger: safe, command: [x, "${variable('X')}"]}`,
			`2:40: hooks[0].command[1] must not be ${variable('X')}: it is shown and audited as it is; the program has X from the environment`,
		],
		['hooks:\n  - name: a\n    command: [x]\n    danger: safe\n    tiemout: 3', '5:5: hooks[0].tiemout is unknown here: did you mean timeout?'],
		['thresholds:\n  memory-high: 80', '2:3: thresholds.memory-high is unknown here: '],
		['<<: {}', '1:1: << is unknown here: '],
		['"a b": 1', '1:1: (...) is unknown here: '],
		['__proto__: 1', '1:1: __proto__ is unknown here: '],
		['constructor: 1', '1:1: constructor is unknown here: '],
		['components:\n- keys: [a]', '2:3: components[0].name is missing: it must be a name of '],
		['targets:\n  prod: {}', '2:3: targets.prod.url is missing: give url, host, socket or sentinel'],
		['targets:\n  prod cache: {host: h}', '2:3: targets.(...) must be a name of letters, digits, dots, dashes and underscores, at most 64'],
	])('%j', (text, problem) => {
		const problems = problemsOf(text);
		expect(problems).toHaveLength(1);
		if (problem.endsWith(' ')) expect(problems[0]?.startsWith(problem)).toBe(true);
		else expect(problems[0]).toBe(problem);
	});
});

describe('values', () => {
	const target = (lines: string) => `targets:\n  prod:\n    ${lines.replaceAll('\n', '\n    ')}`;
	it.each([
		['just text', '1:1: the file must be a map; its keys are targets, '],
		['[]', '1:1: the file must be a map; its keys are targets, '],
		['targets: prod', '1:10: targets must be a map from names to servers'],
		['targets:\n- prod', '1:1: targets must be a map from names to servers'],
		['targets:\n  prod: redis://h', '2:9: targets.prod must be a map; its keys are url, host, '],
		['targets:\n  prod:', '2:3: targets.prod must be a map; its keys are url, host, '],
		['thresholds:\n  memory-high-percent: high', '2:24: thresholds.memory-high-percent must be a number from 0.1 to 100'],
		['thresholds:\n  memory-high-percent: 101', '2:24: thresholds.memory-high-percent must be a number from 0.1 to 100'],
		['thresholds:\n  memory-high-percent: .nan', '2:24: thresholds.memory-high-percent must be a number from 0.1 to 100'],
		['thresholds:\n  memory-high-percent:\n    - 80', '2:3: thresholds.memory-high-percent must be a number from 0.1 to 100'],
		['defaults:\n  interval: 0.1', '2:13: defaults.interval must be seconds from 0.2 to 60'],
		['defaults:\n  read-only: yes', '2:14: defaults.read-only must be true or false'],
		['defaults:\n  record:', '2:3: defaults.record must be true or false'],
		['scripts:\n  directories: /srv', '2:16: scripts.directories must be a list of folders'],
		['components:\n- {name: a, keys: []}', '2:13: components[0].keys must be a list of key patterns, as in sess:*, with one at least'],
		['components:\n- {name: a, keys: [x*, 3]}', '2:24: components[0].keys[1] must be a key pattern, as in sess:*'],
		[
			'components:\n- {name: a, keys: [x, "*"], clearable: true}',
			'2:23: components[0].keys[1] must begin with what its keys begin with, as it is clearable and would match foreign keys',
		],
		['components:\n- {name: a, keys: [x]}\n- {name: a, keys: [y]}', '3:10: components[1].name is the name of an earlier one: give it another'],
		[
			'hooks:\n- {name: a, danger: safe, command: systemctl restart}',
			'2:36: hooks[0].command must be a list of the program and its arguments, as in [systemctl, restart, api]; there is no shell',
		],
		['hooks:\n- {name: a, danger: distructive, command: [x]}', '2:21: hooks[0].danger must be safe, disruptive or destructive'],
		['hooks:\n- {name: a, command: [x]}', '2:3: hooks[0].danger is missing: it must be safe, disruptive or destructive'],
		['hooks:\n- {name: Restart All, danger: safe, command: [x]}', '2:10: hooks[0].name must be lower-case letters, digits and dashes'],
		['hooks:\n- {name: a, danger: safe, command: [x], timeout: 1h}', '2:50: hooks[0].timeout must be seconds from 1 to 3600'],
		['checks:\n- {name: a, url: shop.example.com}', '2:18: checks[0].url must be a URL, as in https://shop.example.com/health'],
		['checks:\n- {name: a, url: "https://u:hunter2@h/"}', '2:18: checks[0].url must be a URL without user and password'],
		['checks:\n- {name: a, url: "https://h", status: 99}', '2:39: checks[0].status must be an HTTP status from 100 to 599'],
		[target('url: http://h'), '3:10: targets.prod.url: it must begin with redis://, rediss://, valkey://, valkeys:// or unix://'],
		[target('url: redis://h:x'), '3:10: targets.prod.url: the port must be a number from 1 to 65535, as in redis://host:6379'],
		[target('url: redis://h\nhost: h'), '4:11: targets.prod.host cannot stand beside url: both say where the server is, give one of them'],
		[target('host: h:1'), '3:11: targets.prod.host must be a host name or an address alone, without port'],
		[target('host: h\nport: 0'), '4:11: targets.prod.port must be a whole number from 1 to 65535'],
		[target('host: h\nport: 63.5'), '4:11: targets.prod.port must be a whole number from 1 to 65535'],
		[target('url: redis://h\nport: 1'), '4:11: targets.prod.port cannot stand without host'],
		[target('socket: redis.sock'), '3:13: targets.prod.socket must be a whole path, as in /run/redis.sock'],
		[target('host: h\npassword: 12345'), '4:15: targets.prod.password must be text: put it in quotes, or take it from the environment'],
		[target('host: h\npassword: ""'), '4:15: targets.prod.password is empty: leave it out'],
		[target('url: redis://:hunter2@h\npassword: x'), '4:15: targets.prod.password cannot stand beside a url with a password in it'],
		[target('url: redis://eve:hunter2@h\nusername: x'), '4:15: targets.prod.username cannot stand beside a url with a user in it'],
		[target('url: redis://h/1\ndb: 2'), '4:9: targets.prod.db cannot stand beside a url with a database in it'],
		[
			target('host: h\nenvironment: prod'),
			'4:18: targets.prod.environment must be written production: only this word makes the console ask before every action',
		],
		[target('host: h\nenvironment: porduction'), '4:18: targets.prod.environment must be written production: '],
		[target('host: h\nenvironment: Production'), '4:18: targets.prod.environment must be one word in lower case, as in production or staging'],
		[target('host: h\nread-only: lock'), '4:16: targets.prod.read-only must be true, false or locked'],
		[target('host: h\ntls: on'), '4:10: targets.prod.tls must be true, false, or a map with cacert, '],
		[target('host: h\ntls:\n  cacert: 3'), '5:15: targets.prod.tls.cacert must be a path'],
		[target('host: h\ntls:\n  cert: x'), '5:13: targets.prod.tls.cert needs key with it, and key needs cert'],
		[target('socket: /s\ntls: true'), '4:10: targets.prod.tls cannot stand beside a unix socket, which has no TLS'],
		[target('url: rediss://h\ntls: false'), '4:10: targets.prod.tls cannot be false beside a rediss:// url'],
		[target('sentinel: {nodes: [h:x], master: m}'), '3:24: targets.prod.sentinel.nodes[0] must be a host with its port, as in 10.0.3.1:26379'],
		[target('sentinel: {nodes: [h]}'), '3:5: targets.prod.sentinel.master is missing: it must be the name under which the Sentinels watch the master'],
		[target('sentinel: {nodes: [h], master: m}\ncluster: true'), '4:14: targets.prod.cluster needs url or host, one node of the cluster'],
		[target(`url: redis://:${variable('PW')}@h`), '3:10: a variable can only be a whole value: put the whole value into the environment'],
	])('%j', (text, problem) => {
		const problems = problemsOf(text);
		expect(problems).toHaveLength(1);
		if (problem.endsWith(' ')) expect(problems[0]?.startsWith(problem)).toBe(true);
		else expect(problems[0]).toBe(problem);
		expect(problems[0]).not.toContain('hunter2');
	});

	it('are all told at once, in the order of the lines', () => {
		const text = [
			'targets:',
			'  prod:',
			'    host: a b',
			'    port: x',
			'    ports: 1',
			'    environment: prod',
			`    password: ${variable('UNSET')}`,
			'  other: {}',
			'hooks:',
			'  - name: h',
			'checks: [{name: a, url: "http://h"}, {name: a, url: "http://h", status: x}]',
			'components: 3',
			'nonsense: 1',
		].join('\n');
		expect(problemsOf(text).map(line => line.replace(/:\d+: (\S+) .*/, ' $1'))).toEqual([
			'3 targets.prod.host',
			'4 targets.prod.port',
			'5 targets.prod.ports',
			'6 targets.prod.environment',
			'7 targets.prod.password:',
			'8 targets.other.url',
			'10 hooks[0].command',
			'10 hooks[0].danger',
			'11 checks[1].name',
			'11 checks[1].status',
			'12 components',
			'13 nonsense',
		]);
	});

	it('are bounded in number', () => {
		const problems = problemsOf(`checks:\n${'- {}\n'.repeat(500)}`);
		expect(problems).toHaveLength(51);
		expect(problems.at(-1)).toBe(' and 950 more');
	});
});

describe('the environment', () => {
	const text = `targets:\n  prod:\n    url: ${variable('PROD_URL')}\n    tls: true`;
	it.each([
		[{}, '3:10: targets.prod.url: the environment variable PROD_URL is not set'],
		[{PROD_URL: ''}, '3:10: targets.prod.url: the environment variable PROD_URL is empty'],
		[{PROD_URL: 'redis://:hunter2@h:x'}, '3:10: targets.prod.url: the port must be a number from 1 to 65535, as in redis://host:6379'],
	])('with %j', (env, problem) => {
		expect(problemsOf(text, {env})).toEqual([problem]);
	});

	it('has only own variables', () => {
		expect(problemsOf(`scripts:\n  directories: ["${variable('__proto__')}"]`)).toEqual([
			'2:17: scripts.directories[0]: the environment variable __proto__ is not set',
		]);
	});

	it('is refused for a number that is none, without quoting it', () => {
		const problems = problemsOf(`defaults:\n  interval: ${variable('SECONDS')}`, {env: {SECONDS: 'hunter2'}});
		expect(problems).toEqual(['2:13: defaults.interval must be seconds from 0.2 to 60']);
	});
});

describe('passwords in a file that others can read', () => {
	it.each([
		['targets: {p: {url: "redis://:hunter2@h"}}', '1:20: targets.p.url'],
		['targets: {p: {url: "redis://hunter2@h"}}', '1:20: targets.p.url'],
		['targets: {p: {host: h, password: hunter2}}', '1:34: targets.p.password'],
		['targets: {p: {sentinel: {nodes: [h], master: m, password: hunter2}}}', '1:59: targets.p.sentinel.password'],
		['x-urls: &a redis://:hunter2@h\ntargets: {p: {url: *a}}', '1:12: x-urls'],
	])('%s', (text, where) => {
		for (const [mode, octal] of [
			[0o644, '0644'],
			[0o100640, '0640'],
			[0o604, '0604'],
			[0o660, '0660'],
		] as const) {
			expect(problemsOf(text, {mode})).toContain(`${where} is a password in a file that others can read (mode ${octal}): chmod 600 /etc/triage/c.yaml`);
		}
	});

	it('are told beside everything else that is wrong, once', () => {
		const text = 'targets:\n  a: {url: "redis://:hunter2@h:x"}\n  b: {host: h, password: hunter2}\nnonsense: 1';
		expect(problemsOf(text, {mode: 0o644})).toEqual([
			'2:12: targets.a.url: the port must be a number from 1 to 65535, as in redis://host:6379',
			'2:12: targets.a.url is a password in a file that others can read (mode 0644): chmod 600 /etc/triage/c.yaml',
			'4:1: nonsense is unknown here: known are targets, thresholds, components, queues, scripts, hooks, checks, defaults',
		]);
	});
});
