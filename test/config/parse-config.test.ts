import {inspect} from 'node:util';
import {describe, expect, it} from 'vitest';
import {defaultConfig} from '../../src/config/default-config.ts';
import {thresholdLines} from '../../src/config/threshold-lines.ts';
import {defaultThresholds, type Thresholds} from '../../src/diagnosis/thresholds.ts';
import {configOf, variable} from './config-text.ts';

/** The target that lines of the file mean, with its password in clear. */
function targetOf(lines: string, env: Readonly<Record<string, string>> = {}) {
	const target = configOf(`targets:\n  prod:\n    ${lines.replaceAll('\n', '\n    ')}`, {env}).targets.get('prod');
	if (!target) throw new Error('no target');
	const {endpoint, username, password, db, isTls} = target.parts;
	return {...target, endpoint, username, password: password?.reveal(), db, isTls};
}

describe('an empty file', () => {
	it.each(['', '\n', '# nothing yet\n', '---\n', '{}', 'null', 'targets:\ndefaults:\n  # interval: 2\nhooks:\n'])('%j means all defaults', text => {
		expect(configOf(text)).toEqual({...defaultConfig, file: '/etc/triage/c.yaml'});
	});
});

describe('targets', () => {
	const tcp = (host: string, port = 6379) => ({kind: 'tcp', host, port});
	it.each([
		['url: redis://h', {endpoint: tcp('h'), username: undefined, password: undefined, db: undefined, isTls: false}],
		['url: rediss://eve:hunter2@h:7/3', {endpoint: tcp('h', 7), username: 'eve', password: 'hunter2', db: 3, isTls: true}],
		['url: redis://eve@h\npassword: hunter2', {username: 'eve', password: 'hunter2'}],
		['url: redis://h\nusername: eve\npassword: hunter2\ndb: 2', {username: 'eve', password: 'hunter2', db: 2}],
		['url: unix:///run/redis.sock?db=1', {endpoint: {kind: 'unix', path: '/run/redis.sock'}, db: 1}],
		['host: h', {endpoint: tcp('h')}],
		['host: "[::1]"\nport: 7\ntls: true', {endpoint: tcp('::1', 7), isTls: true, tls: undefined}],
		['host: 10.0.3.7\ntls: false', {endpoint: tcp('10.0.3.7'), isTls: false}],
		['socket: /run/redis.sock\npassword: "0123"', {endpoint: {kind: 'unix', path: '/run/redis.sock'}, password: '0123'}],
		['host: h\nenvironment: production\nread-only: locked', {environment: 'production', readOnly: 'locked'}],
		['host: h\nenvironment: staging\nread-only: true\ncluster: true', {environment: 'staging', readOnly: true, isCluster: true}],
		['host: h', {environment: undefined, readOnly: false, isCluster: false, sentinel: undefined, name: 'prod', where: '/etc/triage/c.yaml:2'}],
	])('%j', (lines, expected) => {
		expect(targetOf(lines)).toMatchObject(expected);
	});

	it('knows Sentinels, and that they know the server', () => {
		const {endpoint, sentinel} = targetOf('sentinel:\n  nodes: [10.0.3.1:26380, s2, "[::1]:1"]\n  master: cache\n  username: eve\n  password: hunter2');
		expect(endpoint).toBeUndefined();
		expect(sentinel).toMatchObject({nodes: [tcp('10.0.3.1', 26380), tcp('s2', 26379), tcp('::1', 1)], master: 'cache', username: 'eve'});
		expect(sentinel?.password?.reveal()).toBe('hunter2');
	});

	it('takes the paths of TLS files from its own folder, or from home', () => {
		expect(targetOf('host: h\ntls: {cacert: ca.pem, cacertdir: ../ca, cert: ~/c.pem, key: /k.pem, sni: a.b, insecure: true}').tls).toEqual({
			cacert: '/etc/triage/ca.pem',
			cacertdir: '/etc/ca',
			cert: '/home/eve/c.pem',
			key: '/k.pem',
			sni: 'a.b',
			insecure: true,
		});
	});

	it('can share what they have in common', () => {
		const text = 'targets:\n  a: {host: h, tls: &tls {insecure: true}}\n  b: {host: i, tls: *tls}';
		expect(configOf(text).targets.get('b')).toMatchObject({tls: {insecure: true}, parts: {isTls: true}});
	});

	it('give their passwords away in no dump', () => {
		const config = configOf('targets: {p: {url: "redis://:hunter2@h"}, s: {sentinel: {nodes: [h], master: m, password: hunter2}}}');
		expect(inspect(config, {depth: null})).not.toContain('hunter2');
		expect(JSON.stringify([...config.targets.values()])).not.toContain('hunter2');
	});
});

describe('the environment', () => {
	it('fills in whole values, of whatever kind is wanted', () => {
		const text = [
			'targets:',
			`  prod: {url: "${variable('URL')}", password: "${variable('PW')}", cluster: "${variable('YES')}"}`,
			`  other: {host: h, port: "${variable('PORT')}"}`,
			`defaults: {interval: "${variable('SECONDS')}"}`,
		].join('\n');
		const env = {URL: 'redis://h', PW: '012345', YES: 'true', PORT: '6380', SECONDS: '2.5'};
		const {targets, defaults} = configOf(text, {env, mode: 0o644});
		expect(targets.get('prod')?.parts.password?.reveal()).toBe('012345');
		expect(targets.get('prod')?.isCluster).toBe(true);
		expect(targets.get('other')?.parts.endpoint).toEqual({kind: 'tcp', host: 'h', port: 6380});
		expect(defaults.intervalSeconds).toBe(2.5);
	});

	it('is left alone by everything that is not a whole value', () => {
		const command = ['sh', '-c', `echo ${variable('HOME')}`, '$HOME', `${variable('A')}${variable('B')}`];
		expect(configOf(`hooks: [{name: a, danger: safe, command: ${JSON.stringify(command)}}]`, {env: {HOME: '/x'}}).hooks[0]?.command).toEqual(command);
	});

	it('can hold a password where the file cannot', () => {
		const text = `targets: {p: {url: redis://eve@h, password: "${variable('PW')}"}}`;
		expect(configOf(text, {env: {PW: 'hunter2'}, mode: 0o644}).targets.get('p')?.parts).toMatchObject({username: 'eve'});
	});
});

describe('the other sections', () => {
	it('are read', () => {
		const text = `
components:
  - {name: limits, keys: [rl:*, "q:[ab]*"], impact: no limits, clearable: true}
  - {name: sessions, keys: ["*:sess"]}
queues:
  prefixes: [bull, "{shop}"]
  rules: [{match: bull:r*, depth: 5, stuck-seconds: 6, overdue-seconds: 7, failing-percent: 8}, {match: "*", ignore: true}]
scripts: {directories: [lua, ~/lua, /srv/lua]}
hooks: [{name: restart, command: [systemctl, restart, api], danger: destructive}]
checks: [{name: shop, url: "https://shop.example.com/health?x=1"}]
defaults: {interval: 0.5, read-only: true, record: false}
`;
		expect(configOf(text)).toMatchObject({
			components: [
				{name: 'limits', keys: ['rl:*', 'q:[ab]*'], impact: 'no limits', isClearable: true},
				{name: 'sessions', keys: ['*:sess'], impact: undefined, isClearable: false},
			],
			queues: {
				prefixes: ['bull', '{shop}'],
				rules: [
					{match: 'bull:r*', isIgnored: false, depthCount: 5, stuckSeconds: 6, overdueSeconds: 7, failingRatio: 0.08},
					{match: '*', isIgnored: true, depthCount: undefined, stuckSeconds: undefined, overdueSeconds: undefined, failingRatio: undefined},
				],
			},
			scripts: {directories: ['/etc/triage/lua', '/home/eve/lua', '/srv/lua']},
			hooks: [{name: 'restart', command: ['systemctl', 'restart', 'api'], danger: 'destructive', timeoutSeconds: 30}],
			checks: [{name: 'shop', url: 'https://shop.example.com/health?x=1', status: 200}],
			defaults: {intervalSeconds: 0.5, readOnly: true, record: false},
		});
	});

	it('%YAML 1.1 does not turn no into false', () => {
		expect(configOf('%YAML 1.1\n---\ncomponents: [{name: no, keys: [on]}]').components[0]).toMatchObject({name: 'no', keys: ['on']});
	});
});

describe('thresholds', () => {
	const lines = Object.entries(thresholdLines) as [keyof Thresholds, (typeof thresholdLines)[keyof Thresholds]][];

	it.each(lines)('%s can be set alone, in the unit of its key', (id, {key, to, factor}) => {
		const {thresholds} = configOf(`thresholds:\n  ${key}: ${to}`);
		expect(thresholds).toEqual({...defaultThresholds, [id]: to * factor});
	});

	it.each(lines)('%s says its unit in its key', (id, {key, factor}) => {
		expect(key).toMatch(/-(percent|seconds|ms|ratio|mib|count|per-second|per-minute)$/);
		expect(factor).toBe(key.endsWith('-percent') ? 0.01 : key.endsWith('-mib') ? 2 ** 20 : 1);
		expect(id.endsWith('Ratio')).toBe(/-(percent|ratio)$/.test(key));
	});
});
