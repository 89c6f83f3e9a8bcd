import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import xterm from '@xterm/headless';
import {onTestFinished} from 'vitest';
import {isRunning} from './processes.ts';
import {meets, neverCame, type ScreenCondition} from './screen-condition.ts';
import {program} from './triage.ts';
import {until} from './until.ts';

const tickMs = 25;

type Options = {
	readonly columns: number;
	readonly rows: number;
	/** 9600 baud are 960 bytes. */
	readonly bytesPerSecond: number;
	/** A terminal that answers what it is asked, as all but the simplest do. */
	readonly answers?: boolean;
};

/**
 * The built program on a terminal at the far end of a slow line. All that it writes is taken from it at once and waits for its turn, however much it is: as
 * with ssh, whose buffers hold minutes at this speed, and worse than with the 20 KB of a pseudo terminal. Keys and answers get through at once.
 */
export async function openSlowLine(args: readonly string[], {columns, rows, bytesPerSecond, answers = true}: Options) {
	const home = mkdtempSync(join(tmpdir(), 'redis-triage-slow-'));
	const pidFile = join(home, 'pid');
	const command = `stty rows ${rows} cols ${columns}; echo $$ > '${pidFile}'; exec '${process.execPath}' '${program}' ${args.join(' ')}`;
	const env = {PATH: process.env.PATH ?? '', HOME: home, SHELL: '/bin/sh', TERM: 'xterm-256color', LANG: 'C.UTF-8'};
	const script = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'ignore']});
	const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	if (answers) emulator.onData(text => script.stdin.write(text));

	// The emulator loses a character that comes in two pieces.
	const decoder = new TextDecoder();
	let waiting = Buffer.alloc(0);
	let carried = 0;
	let lastAt = performance.now();
	script.stdout.on('data', (chunk: Buffer) => {
		if (waiting.length === 0) lastAt = performance.now();
		waiting = Buffer.concat([waiting, chunk]);
	});
	const timer = setInterval(() => {
		const now = performance.now();
		const count = Math.min(waiting.length, Math.floor(((now - lastAt) * bytesPerSecond) / 1000));
		if (count === 0) return;
		lastAt = now;
		carried += count;
		emulator.write(decoder.decode(waiting.subarray(0, count), {stream: true}));
		waiting = waiting.subarray(count);
	}, tickMs);
	const pid = Number(await until('the program is started', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim()));
	onTestFinished(() => {
		clearInterval(timer);
		for (const left of [pid, script.pid]) if (left !== undefined && isRunning(left)) process.kill(left, 'SIGKILL');
		emulator.dispose();
		rmSync(home, {recursive: true, force: true});
	});

	const line = (row: number) => emulator.buffer.active.getLine(row)?.translateToString().trimEnd() ?? '';
	const screen = () => Array.from({length: rows}, (_, row) => line(row)).join('\n');
	const waitFor = async (condition: ScreenCondition, timeoutMs = 10_000) => {
		const from = performance.now();
		try {
			await until('the screen', () => meets(condition, screen()), timeoutMs);
		} catch {
			throw neverCame(condition, timeoutMs, screen());
		}
		return performance.now() - from;
	};
	return {
		pid,
		screen,
		/** Resolves, when the far screen is like this, to how long that took, in ms. */
		waitFor,
		press: (keys: string) => script.stdin.write(keys),
		/** From the key to the far screen that shows what it does, in ms. */
		async timed(keys: string, condition: ScreenCondition, timeoutMs?: number): Promise<number> {
			script.stdin.write(keys);
			return waitFor(condition, timeoutMs);
		},
		/** The bytes that the far screen has got so far. */
		carried: () => carried,
		/** The bytes that wait for their turn. */
		queued: () => waiting.length,
	};
}
