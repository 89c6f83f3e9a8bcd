import {closeSync, openSync} from 'node:fs';
import {PassThrough} from 'node:stream';
import type {ReadStream, WriteStream} from 'node:tty';
import {expect, it, onTestFinished, vi} from 'vitest';
import {Answers} from '../../src/terminal/answers.ts';
import {Terminal} from '../../src/terminal/terminal.ts';

/** A terminal of nobody: what is told to its two ends is noted. */
function openTerminal() {
	const done: string[] = [];
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
		onEnd: () => {},
		isDebug: false,
	});
	onTestFinished(() => terminal.leave());
	return {terminal, done};
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
