import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {figureOf, foundIn, parseExposition} from '../helpers/exposition.ts';
import {infoField} from '../helpers/finding-watch.ts';
import {startForTest} from '../helpers/server-session.ts';
import {program, startTriage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

const bareEnv = {PATH: process.env.PATH ?? ''};

/** The built program as cron starts it: no terminal, next to no environment. */
function check(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const startedAtMs = performance.now();
	const {status, stdout, stderr} = spawnSync(process.execPath, [program, 'check', ...args], {
		encoding: 'utf8',
		env: {...bareEnv, ...env},
		input: '',
		timeout: 20_000,
	});
	return {status, stdout, stderr, tookMs: performance.now() - startedAtMs};
}

/** A shell command in which `check` is the program. */
function shell(command: string) {
	const {status, stdout, stderr} = spawnSync('bash', ['--norc', '-c', `check() { "${process.execPath}" "${program}" check "$@"; }; ${command}`], {
		encoding: 'utf8',
		env: bareEnv,
		input: '',
		timeout: 20_000,
	});
	return {status, stdout, stderr};
}

describe('without a terminal', () => {
	it('prints text without a single escape code, and JSON that holds the same', async () => {
		const redis = await startForTest();
		const text = check([redis.url]);
		expect(text).toMatchObject({status: 1, stderr: ''});
		expect(text.stdout).toMatch(new RegExp(`^P2 OK 127\\.0\\.0\\.1:${redis.port} .*\\n`));
		expect(text.stdout).not.toContain('\u001b');
		expect(text.stdout.split('\n').filter(row => row.length > 80)).toEqual([]);
		const json = check([redis.url, '--json']);
		expect(json).toMatchObject({status: 1, stderr: ''});
		expect(JSON.parse(json.stdout)).toMatchObject({schema: 1, state: 'OK', severity: 'P2', server: {role: 'master'}});
	});

	it('Prometheus text; by the line for cron in docs/check.md it gets into the folder whole', async () => {
		const redis = await startForTest();
		const {status, stdout, stderr} = check([redis.url, '--prometheus']);
		expect({status, stderr}).toEqual({status: 1, stderr: ''});
		expect(foundIn(parseExposition(stdout))).toContain('memory.no-limit P2');

		const folder = mkdtempSync(join(tmpdir(), 'redis-triage-prom-'));
		onTestFinished(() => rmSync(folder, {recursive: true}));
		const [, cron = ''] = /^\* \* \* \* \* (.*)$/m.exec(readFileSync(new URL('../../docs/check.md', import.meta.url), 'utf8')) ?? [];
		const line = (args: string) => cron.replace('/var/lib/node_exporter', folder).replace('redis-triage check', 'check').replace('--target prod-cache', args);
		shell(line(redis.url));
		const written = () => readFileSync(join(folder, 'prod-cache.prom'), 'utf8');
		expect(figureOf(parseExposition(written()), 'up')).toBe(1);
		const first = written();
		expect(shell(line(`${redis.url} --bogus`)).stderr).toContain('--bogus');
		expect(written()).toBe(first);
		await redis.kill();
		shell(line(redis.url));
		expect(foundIn(parseExposition(written()))).toEqual(['server.down P0']);
		expect(readdirSync(folder)).toEqual(['prod-cache.prom']);
	});

	it('a reader that has seen enough, or nothing, is no failure', async () => {
		const redis = await startForTest();
		const head = shell(`check ${redis.url} | head -1; echo "\${PIPESTATUS[0]}"`);
		expect(head.stdout).toMatch(/^P2 OK .*\n1\n$/);
		expect(head.stderr).toBe('');
		const closed = shell(`check ${redis.url} --json | true; echo "\${PIPESTATUS[0]}"`);
		expect(closed).toEqual({status: 0, stdout: '1\n', stderr: ''});
	});

	it('a disk that is full is one', async () => {
		const redis = await startForTest();
		const full = shell(`check ${redis.url} > /dev/full`);
		expect(full).toEqual({status: 3, stdout: '', stderr: expect.stringMatching(/^redis-triage: .*ENOSPC.*\n$/)});
	});

	it('SILENT: a stopped server is told within ten seconds, exit 2', async () => {
		const redis = await startForTest();
		redis.signal('SIGSTOP');
		const {status, stdout, stderr, tookMs} = check([redis.url]);
		expect(stdout).toMatch(/^P0 SILENT 127\.0\.0\.1:\d+ The server has not answered for /);
		expect({status, stderr}).toEqual({status: 2, stderr: ''});
		expect(tookMs).toBeLessThan(10_000);
	});

	it('DOWN: exit 2', () => {
		const {status, stdout} = check(['-p', '1', '--json']);
		expect(JSON.parse(stdout)).toMatchObject({state: 'DOWN', severity: 'P0', target: '127.0.0.1:1'});
		expect(status).toBe(2);
	});

	it('NOAUTH: exit 3; a password is nowhere to be read', async () => {
		const redis = await startForTest({password: 's3cret-word'});
		const without = check(['-p', String(redis.port)]);
		expect(without).toMatchObject({status: 3, stderr: ''});
		expect(without.stdout).toMatch(/^\?\? NOAUTH 127\.0\.0\.1:\d+ could not tell: NOAUTH /);
		const withOne = check(['-p', String(redis.port), '--json'], {REDISCLI_AUTH: 's3cret-word'});
		expect(withOne.status).toBe(1);
		expect(withOne.stdout + withOne.stderr).not.toContain('s3cret');
		expect(check([redis.url]).stdout).not.toContain('s3cret');
	});

	it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it at once, without a word', async signal => {
		const redis = await startForTest();
		const child = spawn(process.execPath, [program, 'check', redis.url], {env: bareEnv, stdio: ['ignore', 'pipe', 'pipe']});
		let written = '';
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
		const ended = new Promise(resolve => child.once('exit', (_code, by) => resolve(by)));
		await until('it has connected', async () => Number(await infoField(redis, 'connected_clients')) > 1);
		const askedAtMs = performance.now();
		child.kill(signal);
		expect(await ended).toBe(signal);
		expect(performance.now() - askedAtMs).toBeLessThan(1000);
		expect(written).toBe('');
	});
});

describe('what cannot be used: one line on stderr, nothing on stdout, exit 3', () => {
	it.each([
		['an unknown flag', ['--bogus'], /--bogus/],
		['a bad URL', ['http://127.0.0.1', '--json'], /URL: it must begin with redis:\/\//],
		['a target without a config file', ['--target', 'prod', '--json'], /--target: "prod".*config/],
		['a config file that is not there', ['--config', '/nonexistent/c.yaml'], /--config: cannot read \/nonexistent\/c\.yaml/],
		['--askpass without a terminal', ['--askpass'], /--askpass|terminal/],
	])('%s', (_what, args, names) => {
		const {status, stdout, stderr} = check(args, {HOME: '/nonexistent'});
		expect(stderr).toMatch(/^redis-triage: [^\n]+\n$/);
		expect(stderr).toMatch(names);
		expect({status, stdout}).toEqual({status: 3, stdout: ''});
	});

	it('a config file: a line each with file, line and key; --config-only connects to nothing', () => {
		const folder = mkdtempSync(join(tmpdir(), 'redis-triage-check-'));
		onTestFinished(() => rmSync(folder, {recursive: true}));
		const file = join(folder, 'c.yaml');
		writeFileSync(file, 'targets:\n  prod: {url: "redis://127.0.0.1:1"}\nthreshold: {}\ndefaults: {interval: fast}\n');
		for (const args of [['--config-only'], ['--target', 'prod'], ['--target', 'prod', '--json']]) {
			const {status, stdout, stderr} = check([...args, '--config', file]);
			expect(stderr.split('\n')).toEqual([
				expect.stringMatching(/^redis-triage: .*c\.yaml:3:1: threshold is unknown here: did you mean thresholds\?$/),
				expect.stringMatching(/^redis-triage: .*c\.yaml:4:\d+: defaults\.interval must be /),
				'',
			]);
			expect({status, stdout}).toEqual({status: 3, stdout: ''});
		}
		writeFileSync(file, 'targets:\n  prod: {url: "redis://:s3cret@127.0.0.1:1"}\n');
		chmodSync(file, 0o644);
		expect(check(['--config-only', '--config', file])).toMatchObject({
			status: 3,
			stderr: expect.stringMatching(/c\.yaml:2:\d+: targets\.prod\.url .*mode 0644.*chmod 600/),
		});
		chmodSync(file, 0o600);
		expect(check(['--config-only', '--config', file])).toMatchObject({status: 0, stdout: expect.stringMatching(/c\.yaml is in order: 1 target,/)});
		const down = check(['--target', 'prod', '--config', file]);
		expect(down).toMatchObject({status: 2, stdout: expect.stringMatching(/^P0 DOWN prod 127\.0\.0\.1:1 /)});
		expect(down.stdout).not.toContain('s3cret');
	});
});

it('in a terminal the severity has a colour, unless none is wanted', async () => {
	const redis = await startForTest();
	const coloured = await startTriage(['check', redis.url]);
	expect(await coloured.backAtShell()).toBe(1);
	expect(await coloured.rawOutput()).toContain('\u001b[36mP2');
	const plain = await startTriage(['check', redis.url, '--no-color']);
	expect(await plain.backAtShell()).toBe(1);
	expect(await plain.rawOutput()).not.toContain('\u001b[36mP2');
	expect(await plain.screen()).toContain('P2 memory.no-limit');
});
