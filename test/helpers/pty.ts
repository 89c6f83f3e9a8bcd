import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {childrenOf} from './processes.ts';
import {program} from './triage.ts';

/** The built program on a pseudo terminal of 120x40 (util-linux `script`), read byte by byte: for what tmux is too slow to time. */
export function openPty(args: readonly string[]) {
	const home = mkdtempSync(join(tmpdir(), 'redis-triage-pty-'));
	const command = [process.execPath, program, ...args].join(' ');
	const env = {...process.env, XDG_STATE_HOME: home, XDG_CACHE_HOME: home, TERM: 'xterm-256color', COLORTERM: ''};
	const child = spawn('script', ['-qfec', `stty cols 120 rows 40; exec ${command}`, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'inherit']});
	const waiting = new Set<() => void>();
	let raw = '';
	child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
		raw += chunk;
		for (const look of waiting) look();
	});
	onTestFinished(() => {
		child.kill('SIGKILL');
		rmSync(home, {recursive: true, force: true});
	});

	/** When something like this is written behind this place of the output; rejects with what was written instead. */
	const written = (pattern: RegExp, from: number, timeoutMs: number) =>
		new Promise<number>((resolve, reject) => {
			const end = (finish: () => void) => {
				clearTimeout(timer);
				waiting.delete(look);
				finish();
			};
			const look = () => {
				if (pattern.test(plain(raw.slice(from)))) end(() => resolve(performance.now()));
			};
			const timer = setTimeout(() => end(() => reject(new Error(`waited ${timeoutMs} ms for ${pattern}; written: ${plain(raw.slice(from))}`))), timeoutMs);
			waiting.add(look);
			look();
		});
	return {
		/** Resolves when the screen has had something like this since now, or since its start. */
		waitFor: (pattern: RegExp, {sinceStart = false, timeoutMs = 10_000} = {}) => written(pattern, sinceStart ? 0 : raw.length, timeoutMs),
		/** What the program has used of a processor so far, in ms (Linux counts in steps of 10). */
		cpuMs: () => cpuMsOf(childrenOf(child.pid ?? 0)[0] ?? 0),
		/** From the key to what it draws, in ms. */
		async press(key: string, draws: RegExp): Promise<number> {
			const from = raw.length;
			const pressedAt = performance.now();
			child.stdin.write(key);
			return (await written(draws, from, 10_000)) - pressedAt;
		},
	};
}

/** utime and stime of /proc/PID/stat, in hundredths of a second. */
function cpuMsOf(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

const plain = (raw: string): string => raw.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
