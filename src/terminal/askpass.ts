import type {Readable, Writable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import {UsageError} from '../errors.ts';

/** The operator left the prompt (Ctrl-C, Ctrl-D on an empty line), or its input ended. */
export class PromptCancelledError extends Error {
	override readonly name = 'PromptCancelledError' as const;
}

type PromptInput = Readable & {
	readonly isTTY?: boolean | undefined;
	readonly isRaw?: boolean | undefined;
	readonly setRawMode?: ((isRaw: boolean) => unknown) | undefined;
};

type AskPasswordOptions = {
	readonly input: PromptInput;
	readonly output: Writable;
	readonly prompt?: string;
	/** Aborting ends the prompt with the signal's reason: the way out for SIGTERM and SIGHUP, on which raw mode would stay. */
	readonly signal: AbortSignal;
};

/**
 * Ask for a password on the terminal, without echo. The terminal's mode is put back on every way out, and the input is left paused.
 * Text that arrives together with Enter and behind it is dropped and counted on the screen: it must not become keys of what runs next.
 * Rejects with PromptCancelledError, with the signal's reason, with the input's error, or with a UsageError when `input` is no terminal.
 */
export async function askPassword({input, output, prompt = 'Password: ', signal}: AskPasswordOptions): Promise<string> {
	if (input.isTTY !== true || !input.setRawMode) {
		throw new UsageError('--askpass needs a terminal to ask on: without one, set REDISCLI_AUTH');
	}
	signal.throwIfAborted();

	const wasRaw = input.isRaw === true;
	input.setRawMode(true);
	let notice = '';
	try {
		output.write(prompt);
		const {password, dropped} = await readLine(input, signal);
		if (dropped > 0) notice = `Dropped ${dropped} ${dropped === 1 ? 'character' : 'characters'} that came after Enter.\n`;
		return password;
	} finally {
		input.setRawMode(wasRaw);
		output.write(`\n${notice}`);
	}
}

type Line = {readonly password: string; readonly dropped: number};

function readLine(input: Readable, signal: AbortSignal): Promise<Line> {
	return new Promise((resolve, reject) => {
		const decoder = new StringDecoder('utf8');
		const editor = new SecretLine();
		const settle = (action: () => void) => {
			input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
			signal.removeEventListener('abort', onAbort);
			input.pause();
			action();
		};
		const onEnd = () => {
			if (editor.state !== 'done') settle(() => reject(new PromptCancelledError('no password: the input ended before Enter')));
		};
		const onError = (error: Error) => settle(() => reject(error));
		const onAbort = () => settle(() => reject(signal.reason));
		const onData = (chunk: Buffer | string) => {
			const wasOpen = editor.state === 'open';
			editor.feed(typeof chunk === 'string' ? chunk : decoder.write(chunk));
			if (editor.state === 'cancelled') settle(() => reject(new PromptCancelledError('no password: cancelled at the prompt')));
			// One turn of the loop later, so that the rest of a paste that came in two reads is counted and not handed on.
			else if (wasOpen && editor.state === 'done') setImmediate(() => settle(() => resolve({password: editor.text, dropped: editor.dropped})));
		};
		input.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
		signal.addEventListener('abort', onAbort);
		input.resume();
	});
}

const escapeByte = '\x1b';

/** A line edited blind: text, Backspace, Ctrl-U. Arrow keys and paste marks are left out, for nobody sees what they would do. */
class SecretLine {
	state: 'open' | 'done' | 'cancelled' = 'open';
	/** Printable characters after Enter. */
	dropped = 0;
	#characters: string[] = [];
	#sequence: 'none' | 'started' | 'csi' | 'ss3' = 'none';

	get text(): string {
		return this.#characters.join('');
	}

	feed(chunk: string): void {
		for (const character of chunk) {
			if (!this.#isPartOfSequence(character)) this.#key(character);
			if (this.state === 'cancelled') return;
		}
		// An ESC that ends a chunk was the Esc key: what is typed next is text.
		if (this.#sequence === 'started') this.#sequence = 'none';
	}

	#isPartOfSequence(character: string): boolean {
		if (character === escapeByte) {
			this.#sequence = 'started';
			return true;
		}
		if (this.#sequence === 'none') return false;
		if (this.#sequence === 'started' && character === '[') this.#sequence = 'csi';
		else if (this.#sequence === 'started' && character === 'O') this.#sequence = 'ss3';
		else if (this.#sequence !== 'csi' || /[@-~]/.test(character)) this.#sequence = 'none';
		return true;
	}

	#key(character: string): void {
		const isPrintable = !/\p{Cc}/u.test(character);
		if (this.state === 'done') {
			if (isPrintable) this.dropped += 1;
		} else if (isPrintable) this.#characters.push(character);
		else this.#control(character);
	}

	#control(character: string): void {
		if (character === '\r' || character === '\n') this.state = 'done';
		else if (character === '\x7f' || character === '\b') this.#characters.pop();
		else if (character === '\x15') this.#characters = [];
		else if (character === '\x03') this.state = 'cancelled';
		else if (character === '\x04') this.state = this.#characters.length === 0 ? 'cancelled' : 'done';
	}
}
