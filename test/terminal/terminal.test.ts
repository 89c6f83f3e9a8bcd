import {closeSync, openSync} from 'node:fs';
import {PassThrough} from 'node:stream';
import type {ReadStream, WriteStream} from 'node:tty';
import {expect, it, onTestFinished, vi} from 'vitest';
import {Answers} from '../../src/terminal/answers.ts';
import {type EndReason, Terminal} from '../../src/terminal/terminal.ts';

const fatal = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;
const heard = [...fatal, 'SIGCONT', 'SIGTSTP', 'exit', 'uncaughtException', 'unhandledRejection'] as const;

/** A terminal of nobody: what is told to its two ends is noted. */
function openTerminal() {
	const done: string[] = [];
	const ends: EndReason[] = [];
	const before = new Map(heard.map(event => [event, process.rawListeners(event)]));
	const fd = openSync('/dev/null', 'w');
	onTestFinished(() => closeSync(fd));
	const stdin = Object.assign(new PassThrough(), {setRawMode: (isRaw: boolean) => done.push(`raw ${isRaw}`)});
	const stdout = Object.assign(new PassThrough(), {
		fd,
		columns: 80,
		rows: 24,
		_handle: {setBlocking: (isBlocking: boolean) => done.push(`blocking ${isBlocking}`)},
	});
	const terminal = new Terminal({
		stdin: stdin as unknown as ReadStream,
		stdout: stdout as unknown as WriteStream & {readonly fd: number},
		unfold: frame => frame,
		onEnd: reason => ends.push(reason),
		isDebug: false,
	});
	/** Those of this terminal, by event. */
	const listeners = () =>
		Object.fromEntries(heard.map(event => [event, process.rawListeners(event).filter(listener => !before.get(event)?.includes(listener)).length]));
	onTestFinished(() => {
		terminal.leave();
		for (const event of heard)
			for (const listener of process.rawListeners(event)) if (!before.get(event)?.includes(listener)) process.removeListener(event, listener as () => void);
	});
	return {terminal, done, ends, listeners, stdin};
}

it('gives the modes back also where the answers that are owed cannot be read', () => {
	const {terminal, done} = openTerminal();
	vi.spyOn(Answers.prototype, 'swallow').mockImplementation(() => {
		throw new Error('no /dev/tty');
	});
	onTestFinished(() => {
		vi.restoreAllMocks();
	});
	terminal.enter();
	expect(done).toEqual(['raw true', 'blocking false']);
	terminal.leave();
	expect(done.slice(2)).toEqual(['raw false', 'blocking true']);
});

const deaf = {SIGHUP: 1, SIGINT: 1, SIGQUIT: 1, SIGTERM: 1, SIGCONT: 0, SIGTSTP: 0, exit: 0, uncaughtException: 0, unhandledRejection: 0};

const ways: readonly (readonly [string, (opened: ReturnType<typeof openTerminal>) => unknown, readonly Partial<EndReason>[]])[] = [
	['by the key', ({terminal}) => terminal.leave(), []],
	['with its terminal', ({stdin}) => stdin.emit('end'), [{code: 129}]],
	...fatal.map(
		(signal, index) =>
			[`by ${signal}`, () => process.emit(signal), [{code: [129, 130, 131, 143][index] ?? 0, ...(signal === 'SIGQUIT' ? {} : {signal})}]] as const,
	),
];

it.each(ways)('once it has ended %s, no other signal cuts short what is still to be written down', (_how, end, reasons) => {
	const opened = openTerminal();
	opened.terminal.enter();
	end(opened);
	expect(opened.listeners()).toEqual(deaf);
	for (const signal of fatal) process.emit(signal);
	opened.terminal.leave();
	expect(opened.listeners()).toEqual(deaf);
	expect(opened.ends).toMatchObject(reasons);
	expect(opened.ends).toHaveLength(reasons.length);
});

it('has the same listeners after every suspension, and no one else’s are touched', () => {
	const others = vi.fn();
	process.on('SIGTSTP', others);
	onTestFinished(() => void process.removeListener('SIGTSTP', others));
	const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
	onTestFinished(() => kill.mockRestore());
	const {terminal, listeners} = openTerminal();
	terminal.enter();
	for (let turn = 0; turn < 3; turn++) {
		terminal.suspend();
		expect(listeners()).toMatchObject({SIGTSTP: 0});
		process.emit('SIGCONT');
		expect(listeners()).toMatchObject({SIGTSTP: 1});
	}
	expect(kill.mock.calls).toEqual([
		[0, 'SIGTSTP'],
		[0, 'SIGTSTP'],
		[0, 'SIGTSTP'],
	]);
	expect(process.rawListeners('SIGTSTP')).toContain(others);
	terminal.leave();
	expect(listeners()).toEqual(deaf);
});
