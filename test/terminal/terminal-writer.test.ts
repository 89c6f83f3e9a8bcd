import {execFileSync} from 'node:child_process';
import {closeSync, constants, mkdtempSync, openSync, readSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {TerminalWriter} from '../../src/terminal/terminal-writer.ts';
import {until} from '../helpers/until.ts';

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
