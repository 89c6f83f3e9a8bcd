import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {isRunning} from '../helpers/processes.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';
import {program} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

function tempFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-seat-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

/**
 * The console in a terminal that `script` holds. Our pipe to `script` is its screen: when nobody reads the pipe, `script` stops reading the
 * terminal, as an ssh over a dead line does.
 */
async function openTerminal(url: string) {
	const home = tempFolder();
	const pidFile = join(home, 'pid');
	const command = `stty rows 50 cols 160; echo $$ > '${pidFile}'; exec '${process.execPath}' '${program}' '${url}'`;
	const script = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
		env: {PATH: process.env.PATH ?? '', HOME: home, SHELL: '/bin/sh', TERM: 'xterm-256color', LANG: 'C.UTF-8'},
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	let output = '';
	script.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
	});
	const pid = Number(await until('the console is started', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim()));
	onTestFinished(() => {
		for (const left of [pid, script.pid]) if (left !== undefined && isRunning(left)) process.kill(left, 'SIGKILL');
	});
	await until('the first frame', () => output.includes('GUARDED'));
	return {
		pid,
		output: () => output,
		press: (keys: string) => script.stdin.write(keys),
		resume: () => script.stdout.resume(),
		/** Nobody reads any more, and whole frames are drawn (SIGCONT asks for one) until every buffer in between is more than full. */
		async stall() {
			script.stdout.pause();
			let frames = 0;
			await until('many frames are asked for', () => {
				process.kill(pid, 'SIGCONT');
				frames += 1;
				return frames >= 150;
			});
		},
	};
}

async function pings(redis: TestRedis): Promise<number> {
	const info = String(await redis.call('INFO', 'commandstats'));
	return Number(/cmdstat_ping:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

describe('a terminal that nobody reads', () => {
	it('holds nothing up: the server is watched on, and SIGTERM ends the console', async () => {
		const redis = await startForTest();
		const terminal = await openTerminal(redis.url);
		await terminal.stall();
		const before = await pings(redis);
		await until('PINGs go on', async () => (await pings(redis)) >= before + 3);
		process.kill(terminal.pid, 'SIGTERM');
		await until('the console has ended', () => !isRunning(terminal.pid));
	});

	it('gets the newest picture when it is read again, not all that it missed, and is left as found', async () => {
		const redis = await startForTest();
		const terminal = await openTerminal(redis.url);
		await terminal.stall();
		const {length} = terminal.output();
		const before = await pings(redis);
		await until('time has passed', async () => (await pings(redis)) >= before + 3);
		terminal.resume();
		terminal.press('?');
		await until('a key has its effect', () => terminal.output().slice(length).includes('Words on the screen'));
		// 64 KiB in the pipe, 64 KiB in streams and a few in the terminal; 150 whole frames are five times as much.
		expect(terminal.output().length - length).toBeLessThan(300_000);
		process.kill(terminal.pid, 'SIGTERM');
		await until('the console has ended', () => !isRunning(terminal.pid));
		await until('the terminal is given back', () => terminal.output().includes('\u001B[?2004l\u001B[?25h\u001B[0m\u001B[?1049l'));
	});
});

describe('without a terminal', () => {
	type Options = {readonly file?: string; readonly uid?: number; readonly env?: Readonly<Record<string, string>>};
	const run = (args: readonly string[], {file = program, uid, env = {}}: Options = {}) => {
		return spawnSync(process.execPath, [file, ...args], {
			encoding: 'utf8',
			env: {PATH: process.env.PATH ?? '', ...env},
			cwd: '/',
			timeout: 20_000,
			...(uid === undefined ? {} : {uid, gid: uid}),
		});
	};

	it.skipIf(process.getuid?.() !== 0)('a user id that no passwd file knows is no error', () => {
		const folder = tempFolder();
		const file = join(folder, 'redis-triage.mjs');
		copyFileSync(program, file);
		chmodSync(folder, 0o755);
		chmodSync(file, 0o755);
		expect(run(['redis://127.0.0.1:1'], {file, uid: 54_321}).stderr).toMatch(/^redis-triage: The console needs a terminal/);
	});

	it('a control character in what failed is shown, not obeyed', () => {
		const {stderr, status} = run(['demo', 'script'], {env: {REDIS_SERVER: '/nonexistent\u001B]0;title\u0007\u009B31m'}});
		expect(stderr).toContain('/nonexistent␛]0;title␇‹9b›31m');
		expect(stderr.replace(/\n$/, '')).toMatch(/^\P{Cc}+$/u);
		expect(status).not.toBe(0);
	});
});
