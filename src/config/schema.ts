import {z} from 'zod';
import type {Thresholds} from '../diagnosis/thresholds.ts';
import {defaultConfig} from './default-config.ts';
import {httpUrl, listOf, map, name, number, oneOf, text, whole, yesNo} from './fields.ts';
import {variable} from './problem.ts';
import {targets} from './schema-targets.ts';
import {type ThresholdLine, thresholdLines, writtenDefault} from './threshold-lines.ts';

const pattern = (what: string) => text(what, /^[^\s\p{C}]{1,500}$/u);
/** Nothing before the first wildcard: it would match every key there is. */
const clearablePattern = /^[^*?[\\]/;

const thresholds = map(
	Object.fromEntries(
		(Object.entries(thresholdLines) as [keyof Thresholds, ThresholdLine][]).map(([id, {key, from, to, doc}]) => [
			key,
			number({from, to}).default(writtenDefault(id)).describe(doc),
		]),
	),
);

const component = map({
	name: name().describe('Its name in findings'),
	keys: listOf(pattern('a key pattern, as in sess:*'), 'key patterns, as in sess:*').describe('Patterns of its keys, as SCAN takes them'),
	impact: text('one line of text').optional().describe('What users notice when it fails'),
	clearable: yesNo().default(false).describe('Its keys may be offered for deletion in an emergency (keys.unlink)'),
}).superRefine(({keys, clearable}, {addIssue}) => {
	for (const [index, key] of keys.entries()) {
		if (clearable && !clearablePattern.test(key)) {
			addIssue({code: 'custom', path: ['keys', index], message: 'must begin with what its keys begin with, as it is clearable and would match foreign keys'});
		}
	}
});

const queueRule = map({
	match: pattern('a pattern of prefix:name, as in bull:reports*').describe('Which queues: a pattern of prefix:name, as in bull:reports*'),
	ignore: yesNo().default(false).describe('No findings about them'),
	depth: whole({from: 1, to: 1_000_000_000}).optional().describe('As queue-depth-count, for these queues'),
	'stuck-seconds': number({from: 1, to: 1_000_000}).optional().describe('As queue-stuck-seconds'),
	'overdue-seconds': number({from: 1, to: 1_000_000}).optional().describe('As queue-overdue-seconds'),
	'failing-percent': number({from: 0.1, to: 100}).optional().describe('As queue-failing-percent'),
});

const hook = map({
	name: text('lower-case letters, digits and dashes', /^[a-z0-9][a-z0-9-]{0,31}$/).describe(
		'The action is called hook.NAME; lower-case letters, digits, dashes',
	),
	command: listOf(
		text('text of one line: put numbers in quotes'),
		'the program and its arguments, as in [systemctl, restart, api]; there is no shell',
	).describe('Program and arguments, as a list; there is no shell. It is shown and audited as it is: no secrets in it'),
	danger: oneOf(['safe', 'disruptive', 'destructive']).describe('safe runs at once, disruptive asks for y, destructive for the name of the target'),
	timeout: number({from: 1, to: 3600, what: 'seconds'}).default(30).describe('Seconds until it is ended'),
});

const check = map({
	name: name().describe('Its name in the recovery list'),
	url: httpUrl().describe('http:// or https://, fetched with GET'),
	status: whole({from: 100, to: 599, what: 'an HTTP status'}).default(200).describe('The status that is expected'),
});

/** The whole file. Its descriptions, defaults and examples make docs/config.example.yaml. */
export const schema = map({
	targets: targets
		.default({})
		.describe('Servers by name, for --target NAME. One that is given by its address takes environment and read-only from here too.')
		.meta({
			examples: [
				{
					'prod-cache': {
						url: 'rediss://operator@10.0.3.7:6379/0',
						password: variable('PROD_CACHE_PASSWORD'),
						environment: 'production',
						'read-only': 'locked',
						tls: {cacert: '/etc/ssl/company-ca.pem'},
					},
					'prod-queues': {
						sentinel: {nodes: ['10.0.3.1:26379', '10.0.3.2:26379', '10.0.3.3:26379'], master: 'queues'},
						environment: 'production',
					},
					staging: {host: '10.0.8.7', port: 6380, db: 1, environment: 'staging'},
				},
			],
		}),
	thresholds: thresholds.prefault({}).describe('Where the findings begin; these are the defaults.'),
	components: z
		.array(component, 'must be a list of components')
		.default([])
		.describe('What the keys are for, so that findings can say who is affected.')
		.meta({
			examples: [
				[
					{name: 'sessions', keys: ['sess:*'], impact: 'users are logged out'},
					{name: 'rate-limits', keys: ['rl:*', 'quota:*'], impact: 'no request is limited while they are gone', clearable: true},
				],
			],
		}),
	queues: map({
		prefixes: z
			.array(pattern('a key prefix, as in bull'), 'must be a list of key prefixes')
			.default([])
			.describe('Only queues below these prefixes are shown; none: all that are found')
			.meta({examples: [['bull', '{shop}']]}),
		rules: z
			.array(queueRule, 'must be a list of rules')
			.default([])
			.describe('Own lines for some queues; the first rule that matches counts')
			.meta({
				examples: [
					[
						{match: 'bull:reports*', depth: 20000, 'stuck-seconds': 900},
						{match: '*:scratch', ignore: true},
					],
				],
			}),
	})
		.prefault({})
		.describe('Job queues.'),
	scripts: map({
		directories: z
			.array(text('a path'), 'must be a list of folders')
			.default([])
			.describe("Folders with the application's Lua files (.lua): running scripts are then shown by file name")
			.meta({examples: [['/srv/app/lua']]}),
	})
		.prefault({})
		.describe('Lua scripts.'),
	hooks: z
		.array(hook, 'must be a list of hooks')
		.default([])
		.describe('Your own actions, run on this machine.')
		.meta({examples: [[{name: 'restart-workers', command: ['ssh', 'jobs-1', 'systemctl', 'restart', 'workers'], danger: 'disruptive', timeout: 60}]]}),
	checks: z
		.array(check, 'must be a list of checks')
		.default([])
		.describe('Asked when the recovery is verified.')
		.meta({examples: [[{name: 'shop', url: 'https://shop.example.com/health', status: 200}]]}),
	defaults: map({
		interval: number({from: 0.2, to: 60, what: 'seconds'})
			.default(defaultConfig.defaults.intervalSeconds)
			.describe('Seconds between polls, 0.2 to 60; --interval'),
		'read-only': yesNo().default(defaultConfig.defaults.readOnly).describe('Open no connection that could change the server; --read-only'),
		record: yesNo().default(defaultConfig.defaults.record).describe('Record what is seen, for replay and report; --no-record'),
	})
		.prefault({})
		.describe('For what no flag says.'),
});

export type Written = z.output<typeof schema>;
