import {spawnSync} from 'node:child_process';
import {expect, it} from 'vitest';
import packageFile from '../../package.json' with {type: 'json'};
import {program, startTriage} from '../helpers/triage.ts';

/** The built program without a terminal, as cron or a pipe would start it. */
function run(args: readonly string[]) {
	const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {
		encoding: 'utf8',
		env: {PATH: process.env.PATH ?? '', HOME: '/nonexistent'},
		input: '',
		timeout: 20_000,
	});
	return {status, stdout, stderr};
}

it('without a terminal: one line that names check, exit 2', () => {
	const {status, stdout, stderr} = run(['redis://127.0.0.1:1']);
	expect(stderr).toMatch(/^redis-triage: .*terminal.*redis-triage check\n$/);
	expect({status, stdout}).toEqual({status: 2, stdout: ''});
});

it.each([
	['an unknown flag', ['--reed-only'], /--reed-only/],
	['an unknown flag that is close to one', ['--read-onli'], /--read-onli.*--read-only/],
	['a flag without its value', ['-p'], /-p/],
	['a bad port', ['-p', '70000'], /-p.*65535/],
	['a bad interval', ['--interval', '0.01'], /--interval.*0\.2/],
	['a bad database', ['-n', 'x'], /-n/],
	['an unknown scenario', ['demo', 'flood'], /script/],
])('%s: one line that names it, exit 2', (_what, args, names) => {
	const {status, stdout, stderr} = run(args);
	expect(stderr).toMatch(/^redis-triage: [^\n]+\n$/);
	expect(stderr).toMatch(names);
	expect({status, stdout}).toEqual({status: 2, stdout: ''});
});

/** What is looked at only once there is a terminal to work on. */
it.each([
	['a bad URL', ['http://127.0.0.1'], {}, /URL: it must begin with redis:\/\//],
	['a bad port in a URL', ['redis://:s3cret-word@127.0.0.1:99999'], {}, /URL: the port must be a number from 1 to 65535/],
	['a bad URL in the environment', [], {REDIS_URL: 'redis://:s3cret-word@127.0.0.1:x'}, /REDIS_URL: the port/],
	['a CA file that is not there', ['--tls', '--cacert', '/nonexistent/ca.pem'], {}, /--cacert/],
])('%s, in a terminal: one line without the password, exit 2, and the terminal untouched', async (_what, args, env, names) => {
	const triage = await startTriage(args, {env, cols: 160});
	expect(await triage.backAtShell()).toBe(2);
	const rows = (await triage.screen()).split('\n').filter(row => !row.startsWith('$'));
	expect(rows).toEqual([expect.stringMatching(/^redis-triage: /)]);
	expect(rows[0]).toMatch(names);
	expect(rows[0]).not.toContain('s3cret');
	expect(await triage.pane()).toEqual(triage.paneBefore);
	expect(await triage.rawOutput()).not.toContain('\u001B[?1049h');
});

it('--help and --version print and end', () => {
	const help = run(['--help']);
	expect(help).toMatchObject({status: 0, stderr: ''});
	expect(help.stdout).toMatch(/redis-triage demo \[SCENARIO\]/);
	expect(help.stdout).toMatch(/--read-only/);
	expect(help.stdout.split('\n').filter(row => row.length > 80)).toEqual([]);
	expect(run(['--version'])).toEqual({status: 0, stdout: `redis-triage ${packageFile.version}\n`, stderr: ''});
});

it.each([
	['the console', []],
	['check', ['check']],
	['do', ['do', 'memory.purge', '--dry-run']],
])('%s gives the terminal its echo back when it is hung up at the question for a password', async (_what, words) => {
	const triage = await startTriage([...words, '-p', '1', '--askpass']);
	await triage.waitFor('Password for');
	process.kill(await triage.pid(), 'SIGHUP');
	await triage.backAtShell();
	await triage.type('true seen\n');
	await triage.waitFor(/^\$ true seen$/m);
});
