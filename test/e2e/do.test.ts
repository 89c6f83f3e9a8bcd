import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {isRunning} from '../helpers/processes.ts';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, startEndless, untilBusy} from '../helpers/stuck-script.ts';
import {program} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** The built program as a script starts it: no terminal, a home of its own. */
function seat() {
	const home = mkdtempSync(join(tmpdir(), 'redis-triage-do-e2e-'));
	onTestFinished(() => rmSync(home, {recursive: true, force: true}));
	const env = {PATH: process.env.PATH ?? '', HOME: home};
	return {
		env,
		auditFile: join(home, '.local/state/redis-triage/audit.jsonl'),
		run(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
			const startedAtMs = performance.now();
			const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {encoding: 'utf8', env: {...env, ...extra}, input: '', timeout: 30_000});
			return {status, stdout, stderr, tookMs: performance.now() - startedAtMs};
		},
	};
}

it.each([
	['no action', ['do'], /do needs the id of an action/],
	['one that there is not', ['do', 'script.kil'], /no action script\.kil: did you mean script\.kill\?/],
	['nothing to act on', ['do', 'client.kill', '--yes'], /client\.kill needs --on with a client id/],
	['something that cannot be set', ['do', 'script.kill', '--set', 'x=1'], /nothing to set/],
	['yes and no', ['do', 'script.kill', '--yes', '--dry-run'], /--dry-run and --yes/],
	['a target without a config file', ['do', 'script.kill', '--target', 'prod'], /--target: "prod".*config/],
])('%s: one line on stderr, nothing on stdout, exit 2', (_what, args, names) => {
	const {status, stdout, stderr} = seat().run(args);
	expect(stderr).toMatch(/^redis-triage: [^\n]+\n$/);
	expect(stderr).toMatch(names);
	expect({status, stdout}).toEqual({status: 2, stdout: ''});
});

it('asked 2, done 0, refused 1, with the audit log of the screen; the way back it prints works', async () => {
	const redis = await startForTest({password: 's3cret-word'});
	const {run, auditFile} = seat();
	const args = ['do', 'script.raise-limit', redis.url, '--set', 'ms=9000'];
	const asked = run(args);
	expect(asked).toMatchObject({status: 2, stderr: 'redis-triage: not run, nothing was sent: --yes runs it\n'});
	expect(asked.stdout).toContain('sends    CONFIG SET busy-reply-threshold 9000\n');

	const done = run([...args, '--yes', '--json']);
	expect(done).toMatchObject({status: 0, stderr: ''});
	const {outcome, undo, auditId} = JSON.parse(done.stdout);
	expect(outcome).toBe('done');
	const log = readFileSync(auditFile, 'utf8');
	expect(
		log
			.trim()
			.split('\n')
			.map(line => JSON.parse(line))
			.map(({id, phase, outcome: how}) => [id === auditId, phase, how]),
	).toEqual([
		[false, 'outcome', 'cancelled'],
		[true, 'intent', undefined],
		[true, 'outcome', 'done'],
	]);
	expect(run([...args, '--yes'])).toMatchObject({status: 1, stdout: expect.stringMatching(/^REFUSED The limit is 9000 ms already\n/)});

	const back = undo.do
		.split(' ')
		.slice(1)
		.filter((word: string) => word !== '--askpass');
	expect(run(back, {REDISCLI_AUTH: 's3cret-word'})).toMatchObject({status: 0, stdout: expect.stringMatching(/^DONE busy-reply-threshold is 5000 ms\n/)});
	expect(asked.stdout + done.stdout + undo.do + log).not.toContain('s3cret');
});

it('stops a script in BUSY, and waits for nothing that a BUSY server does not tell', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 50}});
	await startEndless(redis, endlessEval);
	await untilBusy(redis);
	const {status, stdout, stderr, tookMs} = seat().run(['do', 'script.kill', redis.url, '--yes']);
	expect({status, stdout, stderr}).toEqual({status: 0, stdout: expect.stringMatching(/^DONE the script has ended/), stderr: ''});
	// In this process it has two seconds (do-busy.test.ts); Node's own start is as slow as the machine is busy.
	expect(tookMs).toBeLessThan(5000);
});

it('text of others is no order to the terminal', async () => {
	const redis = await startForTest();
	const name = 'bull:caf\u00e9\u001b[2J\u202e\u009b31m';
	const {run} = seat();
	const args = ['do', 'queue.retry-failed', redis.url, '--on', name, '--yes'];
	expect(run(args)).toMatchObject({status: 1, stdout: expect.stringMatching(/^REFUSED There is no queue bull:café␛\[2J‹202e›‹9b›31m\n/)});
	const {status, stdout} = run([...args, '--json']);
	expect({status, isSafe: /^[^\u007f-\u009f\u202e\u001b]*$/.test(stdout)}).toEqual({status: 1, isSafe: true});
	expect(JSON.parse(stdout).detail).toContain(name);
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while it waits for a frozen server: nothing is sent, exit 1', async signal => {
	const redis = await startForTest();
	const {env} = seat();
	redis.signal('SIGSTOP');
	const child = spawn(process.execPath, [program, 'do', 'script.raise-limit', redis.url, '--yes'], {env, stdio: ['ignore', 'pipe', 'pipe']});
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const ended = new Promise(resolve => child.once('exit', code => resolve(code)));
	// The kernel takes its connection though nobody serves it.
	const established = new RegExp(` [0-9A-F]+:${redis.port.toString(16).toUpperCase().padStart(4, '0')} 01 `);
	await until('it has connected', () => established.test(readFileSync('/proc/net/tcp', 'utf8')));
	child.kill(signal);
	expect(await ended).toBe(1);
	expect(stderr).toBe('redis-triage: stopped before anything was sent\n');
	redis.signal('SIGCONT');
	expect(await redis.call('CONFIG', 'GET', 'busy-reply-threshold')).toEqual(['busy-reply-threshold', '5000']);
});

it('a disk that is full, once it has been done: not known, exit 3', async () => {
	const redis = await startForTest();
	const {env} = seat();
	const command = `"${process.execPath}" "${program}" do script.raise-limit ${redis.url} --yes > /dev/full`;
	const {status, stderr} = spawnSync('bash', ['--norc', '-c', command], {encoding: 'utf8', env, timeout: 20_000});
	expect({status, stderr}).toEqual({status: 3, stderr: expect.stringMatching(/^redis-triage: .*ENOSPC.*\n$/)});
});

it('actions --json names what --on and --set take', () => {
	const {status, stdout} = seat().run(['actions', '--json']);
	expect(status).toBe(0);
	const byId = Object.fromEntries(JSON.parse(stdout).map((row: {readonly id: string}) => [row.id, row]));
	expect(byId['client.kill']).toMatchObject({danger: 'disruptive', on: 'a client id', params: []});
	expect(byId['script.raise-limit']).toMatchObject({on: null, params: [{name: 'ms', hint: 'milliseconds, 1 or more'}, {name: 'from'}]});
});

it('a defect while a hook runs: exit 3, and the program is ended first, even one that does not care for SIGTERM', async () => {
	const redis = await startForTest();
	const {run, env, auditFile} = seat();
	const pidFile = join(env.HOME, 'pid');
	const config = join(env.HOME, 'hooks.yaml');
	const script = `trap '' TERM; echo $$ > ${pidFile}; while :; do sleep 0.1; done`;
	writeFileSync(config, `hooks:\n  - {name: slow, command: [sh, -c, "${script}"], danger: disruptive}\n`);
	// Thrown from a timer, as out of a background loop, once the program says that it runs.
	const defect = join(env.HOME, 'defect.cjs');
	const isThere = `require('fs').existsSync('${pidFile}') && require('fs').readFileSync('${pidFile}').length > 0`;
	writeFileSync(defect, `const timer = setInterval(() => { if (${isThere}) { clearInterval(timer); throw new Error('a defect'); } }, 20); timer.unref();`);
	const {status, stderr} = run(['do', 'hook.slow', '--yes', '--config', config, redis.url], {NODE_OPTIONS: `--require ${defect}`});
	expect({status, stderr}).toMatchObject({status: 3, stderr: 'redis-triage: a defect\n'});
	expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
	expect(
		readFileSync(auditFile, 'utf8')
			.trim()
			.split('\n')
			.map(line => JSON.parse(line).phase),
	).toEqual(['intent', 'outcome']);
});
