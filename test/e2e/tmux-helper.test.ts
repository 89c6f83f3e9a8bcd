import {expect, it} from 'vitest';
import {start} from '../helpers/tmux.ts';

/** Raw mode, alternate screen, hidden cursor, bracketed paste; echoes what it hears; `q` leaves cleanly with 3, `x` leaves all of it behind with 4. */
const echoProgram = `
	const enter = () => { process.stdin.setRawMode(true); process.stdout.write('\\x1b[?1049h\\x1b[?25l\\x1b[?2004h\\x1b[2J\\x1b[Hready ' + process.env.GREETING); };
	const leave = () => { process.stdout.write('\\x1b[?2004l\\x1b[?25h\\x1b[?1049l'); process.stdin.setRawMode(false); };
	process.stdin.on('data', chunk => {
		const heard = String(chunk);
		if (heard === 'x') process.exit(4);
		if (heard === 'q') { leave(); process.exit(3); }
		if (heard === '\\x1a') { leave(); process.kill(process.pid, 'SIGTSTP'); return; }
		if (heard === 'c') process.stdout.write('\\x1b]52;c;' + Buffer.from('copied').toString('base64') + '\\x07');
		process.stdout.write('\\r\\n' + JSON.stringify(heard));
	});
	process.on('SIGCONT', enter);
	process.stdout.on('resize', () => process.stdout.write('\\r\\n' + process.stdout.columns + 'x' + process.stdout.rows));
	enter();
`;
const startEcho = () => start(['node', '-e', echoProgram], {cols: 50, rows: 12, env: {GREETING: "it's me"}});

it('presses keys, types, pastes and resizes, and sees the screen', async () => {
	const tmux = await startEcho();
	await tmux.waitFor("ready it's me");
	await tmux.press('Down');
	await tmux.waitFor(String.raw`"\u001b[B"`);
	await tmux.type('a b');
	await tmux.waitFor(/"a b"/);
	await tmux.paste('pasted');
	await tmux.waitFor(String.raw`"\u001b[200~pasted\u001b[201~"`);
	await tmux.resize(40, 10);
	await tmux.waitFor('40x10');
	await tmux.press('c');
	await tmux.waitFor('"c"');
	expect(await tmux.clipboard()).toBe('copied');
	expect(await tmux.rawOutput()).toContain('\u001B[?1049h');
	await expect(tmux.waitFor('never', 100)).rejects.toThrow(/waited 100 ms for "never"; the last screen was\n│ready it's me/);
});

it('tells the exit code, and whether the terminal is left as it was found', async () => {
	const tmux = await startEcho();
	await tmux.waitFor('ready');
	expect(await tmux.pane()).toMatchObject({
		alternateScreen: true,
		cursorVisible: false,
		bracketedPaste: true,
		lineDiscipline: expect.stringContaining('-icanon'),
	});
	await tmux.press('C-z');
	expect(await tmux.backAtShell()).toBe(148);
	expect(await tmux.pane()).toEqual(tmux.paneBefore);
	await tmux.type('fg\n');
	await tmux.waitFor(screen => screen.startsWith('ready'));
	await tmux.press('q');
	expect(await tmux.backAtShell()).toBe(3);
	expect(await tmux.pane()).toEqual(tmux.paneBefore);
});

it('sees what a program left behind', async () => {
	const tmux = await startEcho();
	await tmux.waitFor('ready');
	process.kill(await tmux.pid(), 'SIGKILL');
	expect(await tmux.backAtShell()).toBe(137);
	expect(await tmux.pane()).toMatchObject({
		alternateScreen: true,
		cursorVisible: false,
		bracketedPaste: true,
		lineDiscipline: expect.stringContaining('-icanon'),
	});
});
