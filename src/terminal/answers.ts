import {closeSync, constants, openSync, readSync} from 'node:fs';
import {Readable} from 'node:stream';
import type {ReadStream} from 'node:tty';
import {AnswerFilter} from './answer-filter.ts';

/** An answer that comes later than this is left to whoever reads next: a shell shows it as a letter or two. */
const longestWaitMs = 700;
const pauseMs = 5;
/** What begins like an answer and does not go on was something else (Alt-[). Longer than Ink waits, for lines that carry byte by byte. */
const longestHoldMs = 50;

type Hearers = {
	readonly onAnswer: () => void;
	readonly onKey: () => void;
	/** Whether an answer may come now. */
	readonly isOwed: () => boolean;
};

/** Takes the terminal's answers out of what is typed; `keys` is the rest, and Ink's idea of a terminal to read from. */
export class Answers {
	readonly keys: Keys;
	readonly #stdin: ReadStream;
	readonly #hearers: Hearers;
	readonly #filter = new AnswerFilter();
	#hold: NodeJS.Timeout | undefined;
	#afterReading: NodeJS.Immediate | undefined;

	constructor(stdin: ReadStream, hearers: Hearers) {
		this.#stdin = stdin;
		this.#hearers = hearers;
		this.keys = new Keys(stdin);
	}

	listen(): void {
		// A letter may be cut over two reads.
		this.#stdin.setEncoding('utf8').on('data', this.#hear);
		this.#stdin.resume();
	}

	/** What is typed from now on is left to whoever reads next. */
	ignore(): void {
		this.#holdOn();
		this.#stdin.removeListener('data', this.#hear);
		this.#stdin.pause();
	}

	/** Reads so many answers before others can, and what was typed before the last of them. What comes behind that is the next one's. Bounded in time. */
	swallow(count: number): void {
		if (count === 0) return;
		// A descriptor of our own: reading it never waits.
		const terminal = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const deadlineMs = performance.now() + longestWaitMs;
			for (let left = count; left > 0 && performance.now() < deadlineMs; ) {
				const byte = readIfAny(terminal);
				left -= this.#filter.feed(byte, performance.now(), true).answers;
				if (byte === '') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
			}
		} finally {
			closeSync(terminal);
		}
	}

	readonly #hear = (chunk: string | Buffer): void => {
		this.#holdOn();
		const {answers, keys} = this.#filter.feed(String(chunk), performance.now(), this.#hearers.isOwed());
		for (let heard = 0; heard < answers; heard++) this.#hearers.onAnswer();
		this.#pass(keys);
		if (!this.#filter.isHolding) return;
		this.#hold = setTimeout(() => {
			// Where this process was busy for so long, the rest may lie there, not read yet.
			this.#afterReading = setImmediate(() => this.#pass(this.#filter.letGo(performance.now())));
		}, longestHoldMs);
	};

	#holdOn(): void {
		clearTimeout(this.#hold);
		clearImmediate(this.#afterReading);
	}

	#pass(keys: string): void {
		if (keys === '') return;
		this.#hearers.onKey();
		this.keys.push(keys, 'utf8');
	}
}

/** What Ink reads of a terminal, and tells it. */
class Keys extends Readable {
	readonly isTTY = true;
	readonly #stdin: ReadStream;

	constructor(stdin: ReadStream) {
		super({encoding: 'utf8'});
		this.#stdin = stdin;
	}

	setRawMode(isRaw: boolean): this {
		this.#stdin.setRawMode(isRaw);
		return this;
	}

	ref(): this {
		this.#stdin.ref();
		return this;
	}

	unref(): this {
		this.#stdin.unref();
		return this;
	}

	override _read(): void {
		// They are pushed as they are typed.
	}
}

/** The next byte, if it is there now; else empty. */
function readIfAny(fd: number): string {
	const buffer = Buffer.alloc(1);
	try {
		return buffer.toString('latin1', 0, readSync(fd, buffer));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return '';
		throw error;
	}
}
