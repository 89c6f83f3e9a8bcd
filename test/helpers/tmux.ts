import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {onTestFinished} from 'vitest';
import {meets, neverCame, type ScreenCondition} from './screen-condition.ts';
import {until} from './until.ts';

const execute = promisify(execFile);
const pollMs = 60;

export type TmuxOptions = {
	readonly cols?: number;
	readonly rows?: number;
	/** Added to an otherwise clean environment: `PATH`, `LANG`, `REDIS_SERVER` and a `HOME` of its own, so that no test writes into the user's folders. */
	readonly env?: Readonly<Record<string, string>>;
};

/** Everything a program can leave behind in a terminal. */
export type PaneState = {
	readonly alternateScreen: boolean;
	readonly cursorVisible: boolean;
	readonly mouse: boolean;
	/** A letter behind the last column goes into the next row. */
	readonly wraps: boolean;
	readonly bracketedPaste: boolean;
	/** What `stty -a` says. */
	readonly lineDiscipline: string;
};

/**
 * Runs a program in a real tmux of its own socket, started from a shell with job control, so that Ctrl-Z and `fg` work. The shell is `sh`, because
 * bash and zsh repair the terminal after a program, and we want to see what it left. Call it inside a test: all of it is gone when the test ends.
 */
export async function start(command: readonly string[], {cols = 120, rows = 40, env = {}}: TmuxOptions = {}) {
	const home = await mkdtemp(join(tmpdir(), 'redis-triage-tmux-'));
	const {tmux, ending} = await startServer(home, command, cols, rows, env);
	let isClosed = false;
	onTestFinished(() => stopServer(isClosed ? undefined : tmux, ending));

	const screen = () => tmux('capture-pane', '-p');
	const prompts = shellPrompts(home, screen);
	await prompts.next(10_000);

	const rawFile = join(home, 'raw');
	await writeFile(rawFile, '');
	await tmux('pipe-pane', '-o', `exec cat >> ${quote(rawFile)}`);
	const rawOutput = () => readFile(rawFile, 'utf8');
	const pane = () => paneState(tmux, rawOutput);
	const paneBefore = await pane();
	await tmux('send-keys', 'program', 'Enter');

	return {
		/** The folder that is the program's `HOME`. */
		home,
		/** The visible text, without blanks at the right and below. */
		screen,
		/** Everything the program wrote, escape codes and all. */
		rawOutput,
		/** Keys by tmux's names, or characters: `press('K', 'Enter', 'C-c', 'Escape')`. All in one go: split the call to wait in between. */
		press: (...keys: readonly string[]) => tmux('send-keys', '--', ...keys),
		/** Literal text, in one go. */
		type: (text: string) => tmux('send-keys', '-l', '--', text),
		/** As from the clipboard: bracketed if the program has asked for that, bare keystrokes if not. */
		async paste(text: string) {
			await tmux('set-buffer', '-b', 'paste', '--', text);
			await tmux('paste-buffer', '-p', '-d', '-b', 'paste');
		},
		/** What the program copied by OSC 52. */
		clipboard: () => tmux('show-buffer'),
		resize: (nextCols: number, nextRows: number) => tmux('resize-window', '-x', String(nextCols), '-y', String(nextRows)),
		/** The first screen that meets the condition. Rejects with the last screen when none does in time. */
		waitFor: (condition: ScreenCondition, timeoutMs = 10_000) => waitFor(screen, condition, timeoutMs),
		/** Resolves when the shell has the terminal again: with the program's exit code, 128 + N if signal N ended it, or 148 if it is suspended (Ctrl-Z). */
		async backAtShell(timeoutMs = 10_000): Promise<number> {
			const code = await prompts.next(timeoutMs);
			// The shell tells of its prompt in a file, before tmux has drawn what came ahead of it. On an alternate screen that was left behind it is anywhere.
			await until(
				'the prompt is drawn',
				async () => (await tmux('display-message', '-p', '#{alternate_on}')) === '1' || (await screen()).endsWith('$'),
				timeoutMs,
			);
			return code;
		},
		/** The terminal now, and as it was before the program: equal again when it is left as found. */
		pane,
		paneBefore,
		/** Any other command of this tmux. */
		command: tmux,
		/** As when the window is closed: the terminal is gone for good, and so is this tmux. */
		async close() {
			isClosed = true;
			await tmux('kill-pane');
		},
		/** The program's process, to send signals to. */
		async pid(): Promise<number> {
			const shell = await tmux('display-message', '-p', '#{pane_pid}');
			const {stdout} = await execute('pgrep', ['-P', shell]);
			return Number(stdout.trim().split('\n')[0]);
		},
	};
}

type Tmux = (...args: readonly string[]) => Promise<string>;

async function startServer(home: string, command: readonly string[], cols: number, rows: number, extra: Readonly<Record<string, string>>) {
	const shellFile = join(home, 'shell');
	const settings = ['set -g default-terminal tmux-256color', 'set -g status off', 'set -s set-clipboard on'];
	// A subshell that becomes the program: one job for the shell, one process, and a command line short enough for any width.
	const program = `program() (exec ${command.map(quote).join(' ')})`;
	await writeFile(join(home, 'tmux.conf'), settings.join('\n'));
	await writeFile(shellFile, `PS1='$(echo $? >> ${quote(join(home, 'prompts'))})$ '\n${program}\n`);
	await writeFile(join(home, 'prompts'), '');

	const {PATH = '', REDIS_SERVER} = process.env;
	const env = {PATH, HOME: home, ENV: shellFile, LANG: 'C.UTF-8', ...(REDIS_SERVER === undefined ? {} : {REDIS_SERVER}), ...extra};
	const socket = join(home, 'socket');
	const tmux: Tmux = async (...args) => {
		const {stdout} = await execute('tmux', ['-S', socket, '-f', join(home, 'tmux.conf'), ...args], {env, encoding: 'utf8'});
		return stdout.trimEnd();
	};
	await tmux('new-session', '-d', '-x', String(cols), '-y', String(rows), 'exec sh -i');
	return {tmux, ending: prepareEnding(home, socket)};
}

/** Ends the tmux server, which is a daemon, when its stdin closes: when the test is over, or when this process dies before that, however it dies. */
function prepareEnding(home: string, socket: string): ChildProcess {
	const script = 'cat; tmux -S "$1" kill-server; rm -rf "$0"';
	return spawn('sh', ['-c', script, home, socket], {detached: true, stdio: ['pipe', 'ignore', 'ignore']});
}

/** Ends what runs in the terminal as a closed window does (SIGHUP), and by force what does not mind that. */
async function stopServer(tmux: Tmux | undefined, ending: ChildProcess): Promise<void> {
	const pids = tmux ? await pidsIn(await tmux('display-message', '-p', '#{pane_tty}')) : [];
	ending.stdin?.end();
	await once(ending, 'exit');
	const deadline = Date.now() + 3000;
	let left = await running(pids);
	while (left.length > 0 && Date.now() < deadline) {
		await sleep(pollMs);
		left = await running(pids);
	}
	for (const pid of left) process.kill(pid, 'SIGKILL');
}

async function pidsIn(terminal: string): Promise<readonly number[]> {
	const {stdout} = await execute('ps', ['-t', terminal.replace('/dev/', ''), '-o', 'pid=']);
	return stdout.trim().split('\n').map(Number);
}

/** Zombies do not count: in a container, process 1 may take seconds to bury them, and until then `kill -0` finds them. */
async function running(pids: readonly number[]): Promise<readonly number[]> {
	const {stdout} = await execute('ps', ['-A', '-o', 'pid=,stat=']);
	const alive = stdout.split('\n').flatMap(row => (/^\s*\d+\s+[^Z]/.test(row) ? [Number.parseInt(row, 10)] : []));
	return pids.filter(pid => alive.includes(pid));
}

/** The shell writes the last status to a file at each prompt: nothing that the program left on the screen can be mistaken for it. */
function shellPrompts(home: string, screen: () => Promise<string>) {
	let seen = 0;
	return {
		async next(timeoutMs: number): Promise<number> {
			const deadline = Date.now() + timeoutMs;
			for (;;) {
				const status = (await readFile(join(home, 'prompts'), 'utf8')).split('\n').slice(0, -1)[seen];
				if (status !== undefined) {
					seen += 1;
					return Number(status);
				}
				if (Date.now() > deadline) throw neverCame('a shell prompt', timeoutMs, await screen());
				await sleep(pollMs);
			}
		},
	};
}

async function waitFor(screen: () => Promise<string>, condition: ScreenCondition, timeoutMs: number): Promise<string> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const now = await screen();
		if (meets(condition, now)) return now;
		if (Date.now() > deadline) throw neverCame(condition, timeoutMs, now);
		await sleep(pollMs);
	}
}

async function paneState(tmux: Tmux, rawOutput: () => Promise<string>): Promise<PaneState> {
	const flags = '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{pane_tty}';
	const [alternate, cursor, mouse, wraps, terminal = ''] = (await tmux('display-message', '-p', flags)).split(' ');
	const {stdout} = await execute('sh', ['-c', 'stty -a < "$0"', terminal]);
	const raw = await rawOutput();
	return {
		alternateScreen: alternate === '1',
		cursorVisible: cursor === '1',
		mouse: mouse === '1',
		wraps: wraps === '1',
		// tmux tells this only from 3.6 on, so it is read off the program's output.
		bracketedPaste: raw.lastIndexOf('\u001B[?2004h') > raw.lastIndexOf('\u001B[?2004l'),
		lineDiscipline: stdout,
	};
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
