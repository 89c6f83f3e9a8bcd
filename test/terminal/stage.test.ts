import {execFileSync} from 'node:child_process';
import {EventEmitter} from 'node:events';
import {closeSync, constants, mkdtempSync, openSync, readSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Stage} from '../../src/terminal/stage.ts';
import {TerminalWriter} from '../../src/terminal/terminal-writer.ts';
import {openScreen} from '../helpers/terminal.tsx';
import {until} from '../helpers/until.ts';

/** A stage on an emulated terminal that can be made to take nothing for a while. */
function openStage() {
	const screen = openScreen({columns: 20, rows: 4});
	const window = Object.assign(new EventEmitter(), {columns: 20, rows: 4});
	let isStalled = false;
	let kept = '';
	const writer = {
		onTaken: () => {},
		write(text: string): boolean {
			if (isStalled) kept += text;
			else screen.stdout.write(text);
			return !isStalled;
		},
	};
	const stage = new Stage(window, writer);
	return {
		...screen,
		stage,
		stall() {
			isStalled = true;
		},
		/** The terminal takes what was kept, and nothing else was. */
		resume(): string {
			isStalled = false;
			const text = kept;
			screen.stdout.write(text);
			writer.onTaken();
			return text;
		},
		async resize(columns: number, rows: number) {
			await screen.resize(columns, rows);
			Object.assign(window, {columns, rows});
			window.emit('resize');
		},
		async shows(text: string) {
			await screen.settle();
			expect(screen.frame()).toBe(text);
		},
	};
}

describe('Stage', () => {
	it('keeps frames until the terminal is ours, and shows the last of them then', async () => {
		const {stage, shows} = openStage();
		stage.write('one');
		stage.write('two');
		await shows('');
		stage.open('');
		await shows('two');
	});

	it('writes only cells that changed', async () => {
		const {stage, shows, rawOutput} = openStage();
		stage.open('');
		stage.write('head\nfigure 1');
		await shows('head\nfigure 1');
		const {length} = rawOutput();
		stage.write('head\nfigure 2');
		await shows('head\nfigure 2');
		expect(rawOutput().slice(length)).toBe('\u001B[2;8H2');
	});

	it('drops frames while the terminal takes nothing, and shows the newest when it does again', async () => {
		const {stage, shows, stall, resume} = openStage();
		stage.open('');
		stage.write('0\nsame');
		stall();
		for (let frame = 1; frame <= 100; frame++) stage.write(`frame ${frame}\nsame`);
		const kept = resume();
		expect(kept).toContain('frame 1');
		expect(kept).not.toContain('frame 2');
		await shows('frame 100\nsame');
	});

	it('starts anew when the terminal is given back and taken again while it takes nothing', async () => {
		const {stage, shows, stall, resume} = openStage();
		stage.open('');
		stall();
		stage.write('one');
		stage.write('two');
		stage.close();
		resume();
		stage.open('');
		await shows('two');
		stage.write('three');
		await shows('three');
	});

	it('passes on bracketed paste as it is while the terminal is ours, and takes it for no frame', async () => {
		const {stage, shows, settle, rawOutput} = openStage();
		stage.write('\u001B[?2004h');
		expect(rawOutput()).toBe('');
		stage.open('');
		stage.write('one');
		stage.write('\u001B[?2004h');
		await settle();
		expect(rawOutput().endsWith('\u001B[?2004h')).toBe(true);
		stage.write('\u001B[?2004l');
		await settle();
		expect(rawOutput().endsWith('\u001B[?2004l')).toBe(true);
		await shows('one');
	});

	it('draws everything after a resize, and nothing that was made for a wider window', async () => {
		const {stage, shows, resize} = openStage();
		stage.open('');
		stage.write('0123456789abcdefghij\nx');
		await resize(10, 4);
		stage.write('0123456789abcdefghij\nx');
		stage.write('0123456789\ny');
		await shows('0123456789\ny');
	});

	it('covers what somebody else has left on the screen', async () => {
		const {stage, shows, stdout} = openStage();
		stage.open('');
		stage.write('ours');
		stdout.write('\u001B[H\u001B[Jtheirs\ntheirs');
		stage.repaint();
		await shows('ours');
	});

	it('tells its cells as plain text, as the terminal shows them', async () => {
		const {stage, shows} = openStage();
		stage.open('');
		stage.write('\u001B[1m\u001B[31mred\u001B[39m\u001B[22m 日本   \n\n\u001B[36mlast\u001B[39m');
		await shows('red 日本\n\nlast');
		expect(stage.text).toBe('red 日本\n\nlast\n');
	});

	it('tells whoever writes the empty text when all is written', async () => {
		const {stage} = openStage();
		await new Promise<void>(resolve => stage.write('', resolve));
	});
});

/** The two ends of a pipe that takes some ten thousand bytes and no more. */
function openPipe() {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-pipe-'));
	const path = join(folder, 'pipe');
	execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
	const input = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	const output = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
	let isClosed = false;
	const close = () => {
		if (!isClosed) closeSync(input);
		isClosed = true;
	};
	onTestFinished(() => {
		close();
		closeSync(output);
		rmSync(folder, {recursive: true});
	});
	return {
		output,
		close,
		/** What has come so far. */
		read(): string {
			const buffer = Buffer.alloc(1 << 20);
			return buffer.toString('utf8', 0, readSync(input, buffer));
		},
	};
}

describe('TerminalWriter', () => {
	const much = 'ü'.repeat(100_000);
	const openWriter = () => {
		const pipe = openPipe();
		const errors: unknown[] = [];
		return {...pipe, errors, writer: new TerminalWriter(pipe.output, error => errors.push(error))};
	};

	it('never waits, writes the rest as soon as it can, in order, and says when that is done', async () => {
		const {writer, read} = openWriter();
		let taken = 0;
		writer.onTaken = () => {
			taken += 1;
		};
		expect(writer.write('short')).toBe(true);
		expect(writer.write(much)).toBe(false);
		expect(writer.write('end')).toBe(false);
		expect(taken).toBe(0);
		const parts: string[] = [];
		await until('all is taken', () => {
			if (taken === 0) parts.push(...readIfAny(read));
			return taken;
		});
		parts.push(...readIfAny(read));
		const text = parts.join('');
		expect(text.startsWith('short')).toBe(true);
		expect(text.endsWith('end')).toBe(true);
		expect(taken).toBe(1);
		expect(writer.write('again')).toBe(true);
	});

	it('writes the last words in place of what was waiting', () => {
		const {writer, read} = openWriter();
		writer.write(much);
		// Somebody reads again.
		read();
		writer.writeLast('LAST');
		expect(read()).toBe('LAST');
	});

	it('gives up on last words that nobody takes, in time', () => {
		const {writer} = openWriter();
		writer.write(much);
		const startedAt = performance.now();
		writer.writeLast('LAST');
		expect(performance.now() - startedAt).toBeLessThan(2000);
	});

	it('tells that the terminal is gone', () => {
		const {writer, close, errors} = openWriter();
		close();
		writer.write('to nobody');
		expect(errors).toEqual([expect.objectContaining({code: 'EPIPE'})]);
		expect(() => writer.writeLast('to nobody')).toThrow('EPIPE');
	});
});

function readIfAny(read: () => string): readonly string[] {
	try {
		return [read()];
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return [];
		throw error;
	}
}
