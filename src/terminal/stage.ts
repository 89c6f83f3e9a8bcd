import {EventEmitter} from 'node:events';
import {writeSync} from 'node:fs';
import {stripVTControlCharacters} from 'node:util';
import {frameDiff, isTooWide} from './frame-diff.ts';

/** How often a terminal that takes nothing is asked again. */
const retryMs = 20;
/** For the last words to a terminal that takes nothing. A slow line gets them, one that nobody reads holds us no longer. */
const longestLastWordsMs = 300;

/**
 * Writes to a non-blocking file descriptor, and keeps what it does not take for later. Unlike a stream it can forget that again: nothing of a
 * frame may come out behind the words that leave the terminal.
 */
export class TerminalWriter {
	/** Called when a write that was not taken at once has been taken after all. */
	onTaken: () => void = () => {};
	readonly #fd: number;
	readonly #onError: (error: unknown) => void;
	#rest: Buffer = Buffer.alloc(0);
	#retry: NodeJS.Timeout | undefined;

	/** `onError` hears why the terminal cannot be written to any more; what was left to write is forgotten then. */
	constructor(fd: number, onError: (error: unknown) => void) {
		this.#fd = fd;
		this.#onError = onError;
	}

	/** In order, behind whatever is still waiting. False: not all of it was taken yet. */
	write(text: string): boolean {
		this.#rest = Buffer.concat([this.#rest, Buffer.from(text, 'utf8')]);
		if (!this.#retry) this.#push();
		return this.#rest.length === 0;
	}

	/** Forget what is waiting and write this, now or never. Synchronous, and bounded in time. Throws when the terminal is gone. */
	writeLast(text: string): void {
		clearTimeout(this.#retry);
		this.#retry = undefined;
		let rest: Buffer = Buffer.from(text, 'utf8');
		this.#rest = Buffer.alloc(0);
		const deadlineMs = performance.now() + longestLastWordsMs;
		for (;;) {
			rest = this.#taken(rest);
			if (rest.length === 0 || performance.now() > deadlineMs) return;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
		}
	}

	#push(): void {
		try {
			this.#rest = this.#taken(this.#rest);
		} catch (error) {
			this.#rest = Buffer.alloc(0);
			this.#onError(error);
			return;
		}
		if (this.#rest.length === 0) return;
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			this.#push();
			if (this.#rest.length === 0) this.onTaken();
		}, retryMs);
	}

	/** What is left after writing as much as the terminal takes without waiting. */
	#taken(bytes: Buffer): Buffer {
		let rest = bytes;
		try {
			while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
		}
		return rest;
	}
}

/** The window: undefined or 0 where the terminal does not tell. */
type Window = {readonly columns: number | undefined; readonly rows: number | undefined; on(event: 'resize', listener: () => void): unknown};

/** What Ink's own toggles look like: they are passed on as they are, everything else it writes is a frame. */
const bracketedPaste = /^\u001B\[\?2004[hl]$/;

/**
 * The last stage before the terminal, and Ink's idea of a terminal. Ink (in its debug mode) writes every frame whole; only rows that
 * changed go on. While the terminal is slow to take them, frames in between are dropped and the newest one is shown.
 */
export class Stage extends EventEmitter {
	readonly isTTY = true;
	readonly #window: Window;
	readonly #unfold: (frame: string) => string;
	readonly #writer: Pick<TerminalWriter, 'write' | 'onTaken'>;
	#shown: readonly string[] | undefined;
	#waiting: readonly string[] | undefined;
	#isBlocked = false;
	#isOpen = false;
	#frame: readonly string[] = [];

	/** `unfold`: what Ink has laid out, as it is to be shown. */
	constructor(window: Window, writer: Pick<TerminalWriter, 'write' | 'onTaken'>, unfold: (frame: string) => string = frame => frame) {
		super();
		this.#unfold = unfold;
		this.#window = window;
		this.#writer = writer;
		window.on('resize', () => {
			this.#shown = undefined;
			this.emit('resize');
		});
		writer.onTaken = () => this.#drained();
	}

	get columns(): number {
		return this.#window.columns || 80;
	}

	get rows(): number {
		return this.#window.rows || 24;
	}

	/** The last frame as plain text: its cells row by row, without colours, and without blanks at the right. */
	get text(): string {
		return this.#frame.map(row => `${stripVTControlCharacters(row).trimEnd()}\n`).join('');
	}

	/** Ink's side: a frame, one of its toggles, or nothing at all to hear when everything is written. It ends, with its error, only after that answer. */
	write(text: string, written?: () => void): boolean {
		if (written) setImmediate(written);
		if (text === '') return true;
		if (bracketedPaste.test(text)) {
			if (this.#isOpen) this.#isBlocked = !this.#writer.write(text);
			return true;
		}
		this.#frame = this.#unfold(text).split('\n');
		if (this.#isOpen) this.#show(this.#frame);
		return true;
	}

	/** Frames go to the terminal from now on, the first one whole. */
	open(): void {
		this.#isOpen = true;
		this.repaint();
	}

	/** The terminal belongs to somebody else. What it had not taken yet it will not get. */
	close(): void {
		this.#isOpen = false;
		this.#isBlocked = false;
		this.#waiting = undefined;
	}

	/** Whatever the terminal shows now is not known: draw everything. */
	repaint(): void {
		this.#shown = undefined;
		if (this.#isOpen && this.#frame.length > 0) this.#show(this.#frame);
	}

	#show(frame: readonly string[]): void {
		if (this.#isBlocked) {
			this.#waiting = frame;
			return;
		}
		const {columns, rows} = this;
		// Made for the window before it shrank; the one for this window is under way.
		if (!this.#shown && isTooWide(frame, {columns, rows})) return;
		const changes = frameDiff(this.#shown, frame, {columns, rows});
		this.#shown = frame;
		if (changes !== '') this.#isBlocked = !this.#writer.write(changes);
	}

	#drained(): void {
		this.#isBlocked = false;
		const frame = this.#waiting;
		this.#waiting = undefined;
		if (frame && this.#isOpen) this.#show(frame);
	}
}
