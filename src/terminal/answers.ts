import {closeSync, constants, openSync, readSync} from 'node:fs';
import type {ReadStream} from 'node:tty';

/** What a terminal says to DSR: it is well, and has come so far. Ink leaves such sequences out. */
const answer = '\u001B[0n';
/** An answer that comes later than this is left to whoever reads next: a shell shows it as a letter or two. */
const longestWaitMs = 700;
const pauseMs = 5;

type Hearers = {readonly onAnswer: () => void; readonly onKey: () => void};

/** Hears the terminal's answers among the keys, whoever reads them. */
export class Answers {
	readonly #stdin: ReadStream;
	readonly #hearers: Hearers;
	/** The beginning of an answer whose end is still to come. */
	#begun = '';

	constructor(stdin: ReadStream, hearers: Hearers) {
		this.#stdin = stdin;
		this.#hearers = hearers;
	}

	listen(): void {
		// Paused, the stream leaves it to the others to read it; we hear what they read.
		this.#stdin.pause();
		this.#stdin.on('data', this.#hear);
	}

	ignore(): void {
		this.#stdin.removeListener('data', this.#hear);
	}

	/** Reads so many answers before others can, and all that comes with them: nobody has seen yet what was typed there. Bounded in time. */
	swallow(count: number): void {
		if (count === 0) return;
		// A descriptor of our own: reading it never waits.
		const terminal = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const deadlineMs = performance.now() + longestWaitMs;
			for (let left = count; left > 0 && performance.now() < deadlineMs; ) {
				left -= this.#count(readIfAny(terminal));
				if (left > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
			}
		} finally {
			closeSync(terminal);
		}
	}

	readonly #hear = (chunk: string | Buffer): void => {
		const text = String(chunk);
		const count = this.#count(text);
		for (let heard = 0; heard < count; heard++) this.#hearers.onAnswer();
		if (text.length > count * answer.length) this.#hearers.onKey();
	};

	#count(text: string): number {
		const parts = (this.#begun + text).split(answer);
		const rest = parts.at(-1) ?? '';
		this.#begun = [3, 2, 1].map(length => answer.slice(0, length)).find(start => rest.endsWith(start)) ?? '';
		return parts.length - 1;
	}
}

/** What there is to read now; empty if there is nothing. */
function readIfAny(fd: number): string {
	const buffer = Buffer.alloc(4096);
	try {
		return buffer.toString('latin1', 0, readSync(fd, buffer));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return '';
		throw error;
	}
}
