import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {Programs} from '../../../src/commands/console/programs.ts';
import {isRunning} from '../../helpers/processes.ts';
import {until} from '../../helpers/until.ts';

const machine = {env: process.env, kill: (pid: number, signal: NodeJS.Signals | 0) => void process.kill(pid, signal)};

/** From SIGTERM to SIGKILL, here. */
const patienceMs = 700;

type Setting = {readonly env?: Record<string, string>; readonly own?: Record<string, string>; readonly timeoutMs?: number; readonly patience?: number};

/** A script under way: what it has told so far, its end, and the ways to end it. */
const start = (script: string, setting: Setting = {}) => startArgv(['sh', '-c', script], setting);

function startArgv(argv: readonly string[], {env = {}, own = {}, timeoutMs = 20_000, patience = patienceMs}: Setting = {}) {
	const programs = new Programs({...machine, env: {...machine.env, ...own}}, patience);
	onTestFinished(() => programs.close());
	const stop = new AbortController();
	const told: (readonly string[])[] = [];
	const ending = programs.run(argv, {env, timeoutMs}, lines => told.push(lines), stop.signal);
	const pidIn = async (word: string) =>
		Number(
			await until(`${word} is told`, () =>
				told
					.at(-1)
					?.find(line => line.startsWith(`${word} `))
					?.slice(word.length),
			),
		);
	return {programs, ending, told, stop, pidIn};
}

/** Its parent, which is this process, knows that it has ended. */
function isReaped(pid: number): boolean {
	try {
		return !process.kill(pid, 0);
	} catch {
		return true;
	}
}

/** A grandchild that would stay for a minute, and says so. */
const grandchild = 'sleep 60 & echo "grandchild $!"';

describe('what it says', () => {
	it('is told while it runs, and whole at the end: both streams, and a last line without its end', async () => {
		const {ending, told} = start('echo one; echo two >&2; sleep 0.4; printf three');
		await until('the first lines are told', () => told.at(-1)?.length === 2);
		await expect(ending).resolves.toEqual({exitCode: 0, signal: undefined, isTimedOut: false, isStopped: false, output: ['one', 'two', 'three']});
	});

	it('is told at most some ten times a second', async () => {
		const {ending, told} = start('for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 0.03; done');
		await ending;
		expect(told.length).toBeGreaterThan(1);
		expect(told.length).toBeLessThan(8);
	});

	it('may have a character in two pieces', async () => {
		const {ending} = start("printf 'a\\303'; sleep 0.2; printf '\\274b\\n'");
		await expect(ending).resolves.toMatchObject({output: ['aüb']});
	});

	it('is bounded in lines: the first and the last of them stay', async () => {
		const {output} = await start('seq 1 100000').ending;
		expect(output).toHaveLength(501);
		expect([output[0], output[99], output[100], output[101], output[500]]).toEqual(['1', '100', '(99,500 lines left out here)', '99601', '100000']);
	});

	it('is bounded in the length of a line, and in what it takes of this machine', async () => {
		const {ending, stop, told} = start("head -c 3000000 /dev/zero | tr '\\0' x; echo; exec yes 0123456789");
		await until('the long line is told', () => (told.at(-1)?.length ?? 0) > 100);
		stop.abort();
		const {output} = await ending;
		expect(output[0]).toBe(`${'x'.repeat(1000)} (2,999,000 more characters)`);
		expect(output.length).toBeLessThanOrEqual(502);
	});

	it('is masked where it looks like a password', async () => {
		const {output} = await start('echo "PASSWORD=hunter2 x"; echo redis://bob:hunter2@10.0.0.1/0; printf "AUTH bob hunter2"').ending;
		expect(output).toEqual(['PASSWORD=*** x', 'redis://***@10.0.0.1/0', 'AUTH ***']);
	});
});

describe('how it is started', () => {
	it('without a shell: its arguments are nobody’s to interpret', async () => {
		const {ending} = startArgv(['printf', '%s\n', '$HOME; echo x', '`id`', '*']);
		await expect(ending).resolves.toMatchObject({output: ['$HOME; echo x', '`id`', '*']});
	});

	it('with the variables that it is told of, and without what could log it in to a server', async () => {
		const own = {
			REDISCLI_AUTH: 'hunter2',
			REDIS_URL: 'redis://:hunter2@10.0.0.1',
			REDIS_TRIAGE_QUEUE: 'from-outside',
			REDIS_TRIAGE_DEBUG: '1',
			FORCE_COLOR: '1',
			OWN: 'kept',
		};
		const {ending} = start('env', {env: {REDIS_TRIAGE_TARGET: 'cache; rm -rf /'}, own});
		const {output} = await ending;
		const ofInterest = output.filter(line => /^(REDIS|FORCE_COLOR|OWN)/.test(line));
		expect(ofInterest.toSorted()).toEqual(['OWN=kept', 'REDIS_TRIAGE_TARGET=cache; rm -rf /']);
		expect(output.join('\n')).not.toContain('hunter2');
	});

	it('without stdin, and in a session of its own', async () => {
		const {ending} = start('read x || echo nothing to read; ps -o pid=,pgid=,sid= -p $$');
		const {output} = await ending;
		expect(output[0]).toBe('nothing to read');
		expect(new Set(output[1]?.trim().split(/\s+/)).size).toBe(1);
	});

	it.each([
		['no-such-program-of-ours', 'there is no program no-such-program-of-ours in PATH'],
		['/nowhere/restart', 'there is no program /nowhere/restart'],
		['/etc/passwd', '/etc/passwd may not be executed (EACCES)'],
	])('not at all, with the reason: %s', async (command, reason) => {
		await expect(startArgv([command]).ending).rejects.toMatchObject({name: 'NotSentError', message: reason});
	});

	it('not with what no program can be given', async () => {
		await expect(startArgv(['echo', 'a\0b']).ending).rejects.toMatchObject({name: 'NotSentError', message: expect.stringContaining('echo: ')});
	});
});

describe('how it ends', () => {
	it.each([
		['exit 3', {exitCode: 3, signal: undefined}],
		['kill -9 $$', {exitCode: undefined, signal: 'SIGKILL'}],
	])('by itself: %s', async (script, expected) => {
		await expect(start(script).ending).resolves.toMatchObject({...expected, isTimedOut: false, isStopped: false});
	});

	it('when its time is up, with all that it has started', async () => {
		const {ending, pidIn} = start(`${grandchild}; wait`, {timeoutMs: 500});
		const pid = await pidIn('grandchild');
		expect(isRunning(pid)).toBe(true);
		await expect(ending).resolves.toMatchObject({isTimedOut: true, isStopped: false, signal: 'SIGTERM'});
		expect(isRunning(pid)).toBe(false);
	});

	it('by SIGKILL, where it does not care for SIGTERM', async () => {
		const startedAt = performance.now();
		const {ending, pidIn} = start('trap \'\' TERM; echo "me $$"; (while :; do sleep 0.1; done) & while :; do sleep 0.1; done', {timeoutMs: 300});
		const pid = await pidIn('me');
		await expect(ending).resolves.toMatchObject({isTimedOut: true, signal: 'SIGKILL'});
		expect(performance.now() - startedAt).toBeGreaterThan(300 + patienceMs);
		expect(isRunning(pid)).toBe(false);
	});

	it('when a grandchild ignores SIGTERM and the program itself does not: nobody is left', async () => {
		const {ending, pidIn} = start('(trap \'\' TERM; while :; do sleep 0.1; done) & echo "grandchild $!"; wait', {timeoutMs: 300});
		const pid = await pidIn('grandchild');
		await expect(ending).resolves.toMatchObject({isTimedOut: true, signal: 'SIGTERM'});
		// It is killed; that it is gone may take the kernel a moment.
		await until('it is gone', () => !isRunning(pid), 1000);
	});

	it('not before those that it has started have said their last words', async () => {
		const {ending, stop, pidIn} = start('(trap \'sleep 0.5; echo sorry; exit 0\' TERM; echo "child $$"; while :; do sleep 0.05; done) & wait', {
			patience: 10_000,
		});
		await pidIn('child');
		stop.abort();
		await expect(ending).resolves.toMatchObject({signal: 'SIGTERM', output: expect.arrayContaining(['sorry'])});
	});

	it('when the operator stops it', async () => {
		const {ending, stop, pidIn} = start(`${grandchild}; wait`);
		const pid = await pidIn('grandchild');
		stop.abort();
		await expect(ending).resolves.toMatchObject({isTimedOut: false, isStopped: true, signal: 'SIGTERM'});
		expect(isRunning(pid)).toBe(false);
	});

	it('with what it says on its way out', async () => {
		const {ending, stop, pidIn} = start('trap \'echo sorry; exit 0\' TERM; echo "me $$"; while :; do sleep 0.05; done');
		await pidIn('me');
		stop.abort();
		await expect(ending).resolves.toMatchObject({exitCode: 0, isStopped: true, output: expect.arrayContaining(['sorry'])});
	});

	it('soon after itself, whoever holds its output open: a daemon that it has started goes on', async () => {
		const {ending, pidIn} = start(`${grandchild}; sleep 0.3`);
		const pid = await pidIn('grandchild');
		onTestFinished(() => void process.kill(pid, 'SIGKILL'));
		const {exitCode, output} = await ending;
		expect(exitCode).toBe(0);
		expect(output.at(-1)).toBe('(it has ended; something it has started still holds its output open and goes on)');
		expect(isRunning(pid)).toBe(true);
	});

	it('by itself, when the stop comes while its last words are read', async () => {
		const {programs, ending, pidIn} = start(`${grandchild}; echo "me $$"; sleep 0.3`);
		const own = await pidIn('me');
		await until('it has ended, and that has been heard', () => isReaped(own));
		programs.close();
		await expect(ending).resolves.toMatchObject({exitCode: 0, isStopped: false});
	});

	it('with the console, soon, even where it does not care for SIGTERM', async () => {
		const {programs, ending, stop, pidIn} = start('trap \'\' TERM; echo "me $$"; while :; do sleep 0.1; done');
		const pid = await pidIn('me');
		const startedAt = performance.now();
		programs.close();
		stop.abort();
		await expect(ending).resolves.toMatchObject({signal: 'SIGKILL'});
		expect(performance.now() - startedAt).toBeLessThan(950);
		expect(isRunning(pid)).toBe(false);
	});

	it('sooner than begun, when the console ends in the middle of a stop', async () => {
		const {programs, ending, stop, pidIn} = start('trap \'\' TERM; echo "me $$"; while :; do sleep 0.1; done');
		await pidIn('me');
		stop.abort();
		const startedAt = performance.now();
		programs.close();
		await ending;
		expect(performance.now() - startedAt).toBeLessThan(950);
	});
});

it('starts nothing once it is stopped or closed', async () => {
	const {programs} = start('true');
	const stop = new AbortController();
	const onOutput = vi.fn();
	stop.abort();
	await expect(programs.run(['true'], {env: {}, timeoutMs: 1000}, onOutput, stop.signal)).rejects.toMatchObject({name: 'NotSentError'});
	programs.close();
	await expect(programs.run(['true'], {env: {}, timeoutMs: 1000}, onOutput, new AbortController().signal)).rejects.toMatchObject({name: 'NotSentError'});
});

it('says so when it may not end a program, and waits no longer', async () => {
	const signals: unknown[] = [];
	const kill = (pid: number, signal: NodeJS.Signals | 0) => {
		signals.push([pid < 0, signal]);
		throw Object.assign(new Error('not permitted'), {code: 'EPERM'});
	};
	const programs = new Programs({env: process.env, kill}, patienceMs);
	let pid = 0;
	const ending = programs.run(
		['sh', '-c', 'echo $$; exec sleep 60'],
		{env: {}, timeoutMs: 300},
		([line]) => {
			pid = Number(line);
		},
		new AbortController().signal,
	);
	const {isTimedOut, output} = await ending;
	process.kill(pid, 'SIGKILL');
	expect(isTimedOut).toBe(true);
	expect(output.at(-1)).toBe('(it runs as another user and could not be ended from here: it may still run)');
	expect(signals).toContainEqual([true, 'SIGKILL']);
});
