import {existsSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {isRunning} from '../helpers/processes.ts';
import {startForTest} from '../helpers/server-session.ts';
import {start} from '../helpers/tmux.ts';
import {isUp, program, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

async function openConsole(env: Readonly<Record<string, string>> = {}): Promise<Triage> {
	const redis = await startForTest();
	const triage = await startTriage([redis.url], {env});
	await triage.waitFor(isUp);
	await expect.poll(triage.pane).toMatchObject({alternateScreen: true, cursorVisible: false, wraps: false, bracketedPaste: true});
	return triage;
}

/** The shell's screen as it was: the command that was typed, the prompt again, and in between what the program had to say. */
async function expectLeftAsFound(triage: Triage, said = ''): Promise<void> {
	await expect.poll(triage.pane).toEqual(triage.paneBefore);
	await triage.waitFor(screen => screen === `$ program\n${said}$`);
}

it.each([
	['q', 'q', 0],
	['Ctrl-C', 'C-c', 0],
])('leaves the terminal as it was found on %s', async (_name, key, code) => {
	const triage = await openConsole();
	await triage.press(key);
	expect(await triage.backAtShell()).toBe(code);
	await expectLeftAsFound(triage);
});

it.each([
	['SIGTERM', 143, 'Terminated\n'],
	['SIGHUP', 129, 'Hangup\n'],
	['SIGINT', 130, '\n'],
	['SIGQUIT', 131, ''],
] as const)('leaves the terminal as it was found on %s', async (signal, code, shellSays) => {
	const triage = await openConsole();
	process.kill(await triage.pid(), signal);
	expect(await triage.backAtShell()).toBe(code);
	await expectLeftAsFound(triage, shellSays);
});

it.each([
	['an open dialog', ['2', 'g', 'K'], /disruptive ═╗/],
	['the palette', [':', 'k'], 'type to find'],
	['a half typed filter', ['2', '/', 'x'], '/x '],
] as const)('leaves the terminal as it was found from %s', async (_name, keys, shown) => {
	const redis = await startForTest();
	const client = await redis.connect();
	await client.call('CLIENT', 'ID');
	const triage = await startTriage([redis.url], {cols: 80, rows: 24});
	await triage.waitFor(isUp);
	await triage.press(...keys);
	await triage.waitFor(shown);
	process.kill(await triage.pid(), 'SIGTERM');
	expect(await triage.backAtShell()).toBe(143);
	await expect.poll(triage.pane).toEqual(triage.paneBefore);
});

/** Defects that cannot be provoked through the program's own doors: code that Node loads before it, and that waits for a signal. */
const faults = {
	'an error thrown in a timer': "process.on('SIGUSR2', () => setTimeout(() => { throw new Error('a fault in a timer') }, 1))",
	'a promise rejected and not caught': "process.on('SIGUSR2', () => { Promise.reject(new Error('a fault in a promise')) })",
	'an error while rendering':
		"process.on('SIGUSR2', () => { Array.from = () => { throw new Error('a fault while rendering') }; process.stdout.emit('resize') })",
} as const;

it.each(Object.entries(faults))('leaves the terminal as it was found on %s, and says so in one line', async (_name, fault) => {
	const dir = await mkdtemp(join(tmpdir(), 'redis-triage-fault-'));
	onTestFinished(() => rm(dir, {recursive: true}));
	await writeFile(join(dir, 'fault.cjs'), fault);
	const triage = await openConsole({NODE_OPTIONS: `--require ${join(dir, 'fault.cjs')}`});
	process.kill(await triage.pid(), 'SIGUSR2');
	expect(await triage.backAtShell()).toBe(1);
	const text = /a fault [\w ]+/.exec(fault)?.[0];
	await expectLeftAsFound(triage, `redis-triage: internal error: ${text} (REDIS_TRIAGE_DEBUG=1 shows where)\n`);
});

function endIfRunning(pid: number): void {
	if (isRunning(pid)) process.kill(pid, 'SIGKILL');
}

it('ends within a second when its terminal is gone', async () => {
	const triage = await openConsole();
	const pid = await triage.pid();
	onTestFinished(() => endIfRunning(pid));
	await triage.close();
	await until('the process is gone', () => !isRunning(pid), 1000);
});

/** Its own session: no signal tells it that the terminal has gone, only what it reads and writes there. */
const apart =
	"const {pid} = require('node:child_process').spawn(process.execPath, process.argv.slice(1), {detached: true, stdio: 'inherit'}); console.error(String(pid))";

it('ends within a second when its terminal is gone, even where no signal comes', async () => {
	const redis = await startForTest();
	const tmux = await start([process.execPath, '-e', apart, program, redis.url]);
	await tmux.waitFor(isUp);
	const pid = Number(/program\r\n(\d+)\r\n/.exec(await tmux.rawOutput())?.[1]);
	expect(isRunning(pid)).toBe(true);
	onTestFinished(() => endIfRunning(pid));
	await tmux.close();
	await until('the process is gone', () => !isRunning(pid), 1000);
});

it('opens no debugger on SIGUSR1, and stays as it was', async () => {
	const triage = await openConsole();
	const pid = await triage.pid();
	await triage.press('Space');
	await triage.waitFor('FROZEN');
	process.kill(pid, 'SIGUSR1');
	await triage.press('?');
	await triage.waitFor('Keys and words');
	expect(await triage.rawOutput()).not.toContain('Debugger');
	const listening = readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
		const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
		return inode !== undefined && listeningInodes().has(inode) ? [inode] : [];
	});
	expect(listening).toEqual([]);
});

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		// Closed meanwhile.
		return '';
	}
}

/** Of TCP sockets that listen (state 0A), by /proc/net/tcp. */
const listeningInodes = (): ReadonlySet<string> =>
	new Set(
		['/proc/net/tcp', '/proc/net/tcp6']
			.filter(file => existsSync(file))
			.flatMap(file => readFileSync(file, 'utf8').split('\n'))
			.map(row => row.trim().split(/\s+/))
			.filter(cells => cells[3] === '0A')
			.map(cells => cells[9] ?? ''),
	);
