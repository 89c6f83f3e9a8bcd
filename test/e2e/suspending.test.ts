import {expect, it} from 'vitest';
import {startForTest} from '../helpers/server-session.ts';
import {start} from '../helpers/tmux.ts';
import {isUp, program, startTriage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

const active = {alternateScreen: true, cursorVisible: false, wraps: false, bracketedPaste: true, lineDiscipline: expect.stringContaining('-icanon')};

it('gives the terminal back on Ctrl-Z, and has all of it again after fg, twice', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	for (const pane of ['2', '1']) {
		await triage.press('C-z');
		expect(await triage.backAtShell()).toBe(148);
		await expect.poll(triage.pane).toEqual(triage.paneBefore);
		await triage.type('clear; echo something else; fg\n');
		await triage.waitFor(isUp);
		await expect.poll(triage.pane).toMatchObject(active);
		expect(await triage.screen()).not.toContain('something else');
		await triage.press(pane);
		await triage.waitFor(pane === '1' ? /1 Scripts +slowlog/ : /2 Clients +by idle/);
	}
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	await expect.poll(triage.pane).toEqual(triage.paneBefore);
});

it('goes on where it was when the window had another size meanwhile', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('C-z');
	await triage.backAtShell();
	await triage.resize(80, 24);
	await triage.type('fg\n');
	await triage.waitFor(screen => isUp(screen) && screen.split('\n').length === 24 && screen.split('\n').every(row => row.length <= 80), 30_000);
});

it('has raw mode, alternate screen and the whole picture again after a SIGSTOP that nobody announced', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url]);
	const before = await triage.waitFor(isUp);
	process.kill(await triage.pid(), 'SIGSTOP');
	expect(await triage.backAtShell()).toBe(147);
	// What a shell's user does to a terminal that looks broken, and something of somebody else's on top of it.
	const {length} = await triage.rawOutput();
	await triage.type("stty sane; printf '\\033[?1049l\\033[?25h\\033[?2004l'; clear; seq 100; fg\n");
	await until('the alternate screen is entered again', async () => (await triage.rawOutput()).slice(length).includes('\u001b[?1049h'));
	await triage.waitFor(isUp);
	await expect.poll(triage.pane).toMatchObject(active);
	const rows = (await triage.screen()).split('\n');
	expect(rows.filter(row => /^\d+$/.test(row))).toEqual([]);
	expect(rows).toHaveLength(before.split('\n').length);
	await triage.press('2');
	await triage.waitFor(/2 Clients +by idle/);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	await expect.poll(triage.pane).toEqual(triage.paneBefore);
});

it('suspends with npm and its shell, and the demo goes on after fg', async () => {
	const tmux = await start(['npm', 'run', '--silent', 'demo', '--', 'script']);
	await tmux.waitFor(/RUNNING|SILENT/, 30_000);
	await tmux.press('C-z');
	expect(await tmux.backAtShell()).toBe(148);
	await expect.poll(tmux.pane).toEqual(tmux.paneBefore);
	await tmux.type('clear; fg\n');
	await tmux.waitFor(/ BUSY \d/);
	await expect.poll(tmux.pane).toMatchObject(active);
	await tmux.press('?');
	await tmux.waitFor('Words on the screen');
	await tmux.press('C-c');
	expect(await tmux.backAtShell()).toBe(0);
	await expect.poll(tmux.pane).toEqual(tmux.paneBefore);
});

it('takes the terminal back where no shell could continue it: the console is the command of the window itself', async () => {
	const redis = await startForTest();
	const tmux = await start(['sleep', '600']);
	await tmux.command('new-window', `exec '${process.execPath}' '${program}' '${redis.url}'`);
	await tmux.command('pipe-pane', `exec cat >> '${tmux.home}/raw'`);
	await tmux.waitFor(isUp);
	for (const [pane, title] of [
		['2', /2 Clients +by idle/],
		['1', /1 Scripts +slowlog/],
	] as const) {
		const {length} = await tmux.rawOutput();
		await tmux.press('C-z');
		await until('the terminal is given back and taken again', async () => {
			const written = (await tmux.rawOutput()).slice(length);
			return written.lastIndexOf('\u001B[?1049h') > written.indexOf('\u001B[?1049l') && written.includes('\u001B[?1049l');
		});
		await tmux.waitFor(isUp);
		await expect.poll(tmux.pane).toMatchObject(active);
		await tmux.press(pane);
		await tmux.waitFor(title);
	}
	await tmux.press('q');
	await until('the window is closed', async () => (await tmux.command('list-windows')).split('\n').length === 1);
});
