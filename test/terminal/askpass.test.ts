import {PassThrough, Writable} from 'node:stream';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {askPassword, PromptCancelledError} from '../../src/terminal/askpass.ts';

/** A terminal's input: a plain stream that remembers its mode. */
class FakeInput extends PassThrough {
	readonly isTTY: boolean = true;
	isRaw = false;
	readonly modes: boolean[] = [];
	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		this.modes.push(isRaw);
		return this;
	}
}

class FakeOutput extends Writable {
	text = '';
	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.text += chunk.toString();
		done();
	}
}

function start(options: {readonly signal?: AbortSignal} = {}) {
	const input = new FakeInput();
	const output = new FakeOutput();
	const asked = askPassword({input, output, prompt: 'Password for h: ', signal: new AbortController().signal, ...options});
	// Every test reads `asked` in its own time; until then a rejection is not unhandled.
	asked.catch(() => {});
	return {input, output, asked};
}

async function type(...chunks: readonly (string | Buffer)[]): Promise<string> {
	const {input, output, asked} = start();
	for (const chunk of chunks) input.write(chunk);
	const password = await asked;
	expect(input.modes).toEqual([true, false]);
	expect(output.text).toMatch(/^Password for h: \n/);
	return password;
}

const listenerCounts = (input: FakeInput) => ['data', 'end', 'close', 'error', 'readable'].map(event => input.listenerCount(event));

function expectLeftAsFound(input: FakeInput): void {
	expect(input.isRaw).toBe(false);
	// From Node 26 on a stream that was destroyed is not paused any more: nothing can come of it.
	expect(input.isPaused() || input.destroyed).toBe(true);
	expect(listenerCounts(input)).toEqual(listenerCounts(new FakeInput()));
}

describe('askPassword', () => {
	it.each([
		['as typed', ['s', '3', 'c', '\r'], 's3c'],
		['pasted with its line break', ['s3cret\n'], 's3cret'],
		['pasted with a Windows line break', ['s3cret\r\n'], 's3cret'],
		['in bracketed paste', ['\x1b[200~s3cret\x1b[201~', '\r'], 's3cret'],
		['in bracketed paste with a line break', ['\x1b[200~s3cret\r\x1b[201~'], 's3cret'],
		['with spaces kept', [' s3 cret ', '\r'], ' s3 cret '],
		['after Backspace', ['ab\x7f', '\bc', '\r'], 'c'],
		['after too much Backspace', ['a\x7f\x7f\x7fb\r'], 'b'],
		['after Backspace over a character of two units', ['a😀\x7f\r'], 'a'],
		['after Ctrl-U', ['wrong\x15right\r'], 'right'],
		['with arrows and function keys left out', ['a\x1b[D\x1bOPb\x1b[3~c\x1b[1;5Cd\r'], 'abcd'],
		['with a sequence in two reads', ['a\x1b[20', '0~b\r'], 'ab'],
		['after Escape', ['a', '\x1b', 'b', '\r'], 'ab'],
		['with other control keys left out', ['a\x00\x01\t\x1a\x1cb\r'], 'ab'],
		['ended by Ctrl-D', ['abc\x04'], 'abc'],
		['in other scripts', ['пароль密码é\r'], 'пароль密码é'],
		['empty', ['\r'], ''],
	])('%s', async (_case, chunks, password) => {
		expect(await type(...chunks)).toBe(password);
	});

	it('puts together characters that came in pieces', async () => {
		const bytes = Buffer.from('pä😀ß\r');
		expect(await type(...Array.from(bytes, byte => Buffer.from([byte])))).toBe('pä😀ß');
	});

	it('reads any printable password, however the terminal cuts it', async () => {
		const password = fc.string({unit: 'binary'}).map(text => text.replace(/\p{Cc}/gu, ''));
		const run = async (text: string, cuts: readonly number[]) => {
			const bytes = Buffer.from(`${text}\r`);
			const edges = [0, ...cuts.map(cut => cut % bytes.length).sort((a, b) => a - b), bytes.length];
			const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
			expect(await type(...chunks.filter(chunk => chunk.length > 0))).toBe(text);
		};
		await fc.assert(fc.asyncProperty(password, fc.array(fc.nat(), {maxLength: 4}), run));
	});

	it('never echoes', async () => {
		const {input, output, asked} = start();
		input.write('s3c\x7fret\x15again\r');
		await asked;
		expect(output.text).toBe('Password for h: \n');
	});

	it.each([
		['in the same read', ['one\rtwo\r'], 'Dropped 3 characters that came after Enter.'],
		['in the next read', ['one\r', 'q'], 'Dropped 1 character that came after Enter.'],
		['in a paste', ['\x1b[200~one\ntwo\nthree\x1b[201~'], 'Dropped 8 characters that came after Enter.'],
	])('drops what comes after Enter %s, and says so', async (_case, chunks, notice) => {
		const {input, output, asked} = start();
		for (const chunk of chunks) input.write(chunk);
		expect(await asked).toBe('one');
		expect(output.text).toBe(`Password for h: \n${notice}\n`);
		expect(input.read()).toBeNull();
	});

	it('leaves what is typed later to whoever reads next', async () => {
		const {input, asked} = start();
		input.write('one\r');
		await asked;
		expectLeftAsFound(input);
		input.write('later');
		expect(String(input.read())).toBe('later');
	});

	it('puts back the mode it found', async () => {
		const input = new FakeInput();
		input.isRaw = true;
		const asked = askPassword({input, output: new FakeOutput(), signal: new AbortController().signal});
		input.write('x\r');
		await asked;
		expect(input.modes).toEqual([true, true]);
	});

	it.each([
		['Ctrl-C', (input: FakeInput) => input.write('abc\x03def\r'), 'no password: cancelled at the prompt'],
		['Ctrl-D on an empty line', (input: FakeInput) => input.write('\x04'), 'no password: cancelled at the prompt'],
		['the end of input', (input: FakeInput) => input.end('abc'), 'no password: the input ended before Enter'],
		['a closed terminal', (input: FakeInput) => input.destroy(), 'no password: the input ended before Enter'],
	])('is cancelled by %s', async (_case, act, message) => {
		const {input, output, asked} = start();
		act(input);
		await expect(asked).rejects.toThrow(new PromptCancelledError(message));
		expect(output.text).toBe('Password for h: \n');
		expectLeftAsFound(input);
	});

	it('keeps a password whose input ends right after Enter', async () => {
		const {input, asked} = start();
		input.end('abc\r');
		expect(await asked).toBe('abc');
	});

	it('passes on the input’s error', async () => {
		const {input, asked} = start();
		const error = new Error('EIO');
		input.destroy(error);
		await expect(asked).rejects.toBe(error);
		expectLeftAsFound(input);
	});

	it('ends with the signal', async () => {
		const stop = new AbortController();
		const {input, asked} = start({signal: stop.signal});
		const reason = new Error('SIGHUP');
		stop.abort(reason);
		await expect(asked).rejects.toBe(reason);
		expectLeftAsFound(input);

		const late = start({signal: stop.signal});
		await expect(late.asked).rejects.toBe(reason);
		expect(late.input.modes).toEqual([]);
	});

	it('refuses what is no terminal, and names the way without one', async () => {
		const refused = askPassword({input: new PassThrough(), output: new FakeOutput(), signal: new AbortController().signal});
		await expect(refused).rejects.toThrow(new UsageError('--askpass needs a terminal to ask on: without one, set REDISCLI_AUTH'));
	});
});
