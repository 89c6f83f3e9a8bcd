import {EventEmitter} from 'node:events';
import type {WriteStream} from 'node:tty';
import {frameDiff, isTooWide} from './frame-diff.ts';

/** What Ink's own toggles look like: they are passed on as they are, everything else it writes is a frame. */
const bracketedPaste = /^\u001B\[\?2004[hl]$/;

/**
 * The last stage before the terminal, and Ink's idea of a terminal. Ink (in its debug mode) writes every frame whole; only rows that
 * changed go on. While the terminal is slow to take them, frames in between are dropped and the newest one is shown.
 */
export class Stage extends EventEmitter {
	readonly isTTY = true;
	readonly #out: WriteStream;
	#shown: readonly string[] | undefined;
	#waiting: readonly string[] | undefined;
	#isBlocked = false;
	#isOpen = false;
	#frame: readonly string[] = [];

	constructor(out: WriteStream) {
		super();
		this.#out = out;
		out.on('resize', () => {
			this.#shown = undefined;
			this.emit('resize');
		});
		out.on('drain', () => this.#drained());
	}

	get columns(): number {
		return this.#out.columns || 80;
	}

	get rows(): number {
		return this.#out.rows || 24;
	}

	/** Ink's side: a frame, one of its toggles, or nothing at all to hear when everything is written. It ends, with its error, only after that answer. */
	write(text: string, written?: () => void): boolean {
		if (written) setImmediate(written);
		if (text === '') return true;
		if (bracketedPaste.test(text)) {
			if (this.#isOpen) this.#out.write(text);
			return true;
		}
		this.#frame = text.split('\n');
		if (this.#isOpen) this.#show(this.#frame);
		return true;
	}

	/** Frames go to the terminal from now on, the first one whole. */
	open(): void {
		this.#isOpen = true;
		this.repaint();
	}

	/** The terminal belongs to somebody else. */
	close(): void {
		this.#isOpen = false;
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
		if (changes !== '') this.#isBlocked = !this.#out.write(changes);
	}

	#drained(): void {
		this.#isBlocked = false;
		const frame = this.#waiting;
		this.#waiting = undefined;
		if (frame && this.#isOpen) this.#show(frame);
	}
}
