import {EventEmitter} from 'node:events';
import {stripVTControlCharacters} from 'node:util';
import {Flow} from './flow.ts';
import {isTooWide, Picture} from './picture.ts';
import type {TerminalWriter} from './terminal-writer.ts';

/** The window: undefined or 0 where the terminal does not tell. */
type Window = {readonly columns: number | undefined; readonly rows: number | undefined; on(event: 'resize', listener: () => void): unknown};

/** What Ink's own toggles look like: they are passed on as they are, everything else it writes is a frame. */
const bracketedPaste = /^\u001B\[\?2004[hl]$/;

const clear = '\u001B[m\u001B[H\u001B[J';
/** DSR: are you well? A terminal says so (`ESC [ 0 n`) when it comes to it, so behind all that was written before. */
const question = '\u001B[5n';

/** A frame within this time of a key shows what the key has done. */
const keyEffectMs = 150;
/** Where so much may be written at once, rows need no order. */
const muchRoom = 4096;
/** How often a line that answers nothing is looked at again. */
const lookAgainMs = 500;
/** Not more is under way than a line carries in half a second; a terminal that takes so much longer has lost the question. */
const longestAnswerMs = 5000;

/**
 * The last stage before the terminal, and Ink's idea of a terminal. Ink (in its debug mode) writes every frame whole; only cells that
 * changed go on. While the terminal is slow to take them, frames in between are dropped: what is written next is always what the newest frame
 * has otherwise than the screen. On a slow line that goes out in portions of whole rows, first those that the last key has changed.
 */
export class Stage extends EventEmitter {
	readonly isTTY = true;
	readonly #window: Window;
	readonly #unfold: (frame: string) => string;
	readonly #writer: Pick<TerminalWriter, 'write' | 'onTaken'>;
	readonly #now: () => number;
	readonly #flow: Flow;
	/** Undefined: what the terminal shows is not known. */
	#picture: Picture | undefined;
	#frame: readonly string[] = [];
	#isBlocked = false;
	#isOpen = false;
	#keyAtMs = Number.NEGATIVE_INFINITY;
	/** Rows that keys have changed and that are not shown yet, those of the last key first. */
	#urgent: ReadonlySet<number> = new Set();
	/** The row behind the last one that was shown for want of room. */
	#nextRow = 0;
	#lookAgain: NodeJS.Timeout | undefined;
	/** Questions that were written and not answered: the flow forgets those that it has given up, their answers may come all the same. */
	#unanswered = 0;
	/** Of these, how many the terminal has not taken yet. */
	#untaken = 0;
	#hasAnswered = false;
	#askedAtMs = Number.NEGATIVE_INFINITY;

	/** `unfold`: what Ink has laid out, as it is to be shown. `now`: milliseconds that only grow. */
	constructor(window: Window, writer: Pick<TerminalWriter, 'write' | 'onTaken'>, {unfold = (frame: string) => frame, now = () => performance.now()} = {}) {
		super();
		this.#unfold = unfold;
		this.#window = window;
		this.#writer = writer;
		this.#now = now;
		this.#flow = new Flow(now);
		window.on('resize', () => {
			this.#picture = undefined;
			this.emit('resize');
		});
		writer.onTaken = () => {
			this.#isBlocked = false;
			this.#untaken = 0;
			this.#goOn();
		};
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
			if (this.#isOpen) this.#send(text);
			return true;
		}
		this.show(this.#unfold(text).split('\n'));
		return true;
	}

	/** A frame: its rows from the top, with SGR sequences and no others. */
	show(frame: readonly string[]): void {
		if (this.#now() - this.#keyAtMs < keyEffectMs) this.#noteUrgent(frame);
		this.#frame = frame;
		this.#push();
	}

	/** Frames go to the terminal from now on, the first one whole. `modes` go before them. */
	open(modes: string): void {
		this.#isOpen = true;
		this.#flow.restart();
		this.#send(modes);
		this.repaint();
	}

	/** The terminal belongs to somebody else. What it had not taken yet it will not get. */
	close(): void {
		this.#isOpen = false;
		this.#isBlocked = false;
		clearTimeout(this.#lookAgain);
	}

	/**
	 * As `close`, and nobody here will read any more: the answers that the terminal still owes us, and nobody else should get. None where it has never answered,
	 * nor to what it had not taken.
	 */
	release(): number {
		const owed = this.#hasAnswered && this.isAnswerOwed ? this.#unanswered - this.#untaken : 0;
		this.close();
		this.#unanswered = 0;
		this.#untaken = 0;
		return owed;
	}

	/** The terminal has been asked, and its answer may come at any moment: not one that it has kept to itself for long. */
	get isAnswerOwed(): boolean {
		return this.#unanswered > this.#untaken && this.#now() - this.#askedAtMs < longestAnswerMs;
	}

	/** Whatever the terminal shows now is not known: draw everything. */
	repaint(): void {
		this.#picture = undefined;
		this.#push();
	}

	/** A key was pressed: what changes next is what somebody waits for. */
	hurry(): void {
		this.#keyAtMs = this.#now();
	}

	/** The terminal has answered the oldest of our questions. */
	answered(): void {
		this.#hasAnswered = true;
		this.#unanswered = Math.max(0, this.#unanswered - 1);
		this.#flow.answered();
		this.#goOn();
	}

	#goOn(): void {
		this.#push();
		if (this.#isOpen && !this.#isBlocked && this.#flow.isToAsk(false)) this.#send('');
	}

	#noteUrgent(frame: readonly string[]): void {
		const changed = frame.flatMap((text, row) => (text === this.#frame[row] ? [] : [row]));
		this.#urgent = new Set([...changed, ...this.#urgent]);
	}

	/** As much of the newest frame as there is room for. */
	#push(): void {
		clearTimeout(this.#lookAgain);
		if (!this.#isOpen || this.#isBlocked || this.#frame.length === 0) return;
		const size = {columns: this.columns, rows: this.rows};
		// Made for the window before it shrank; the one for this window is under way.
		if (!this.#picture && isTooWide(this.#frame, size)) return;
		const picture = this.#picture ?? new Picture(size);
		const changed = picture.changedRows(this.#frame);
		if (this.#picture && changed.length === 0) return;
		const {room} = this.#flow;
		const isAllDrawn = room > 0 && this.#draw(picture, changed, room).length === 0;
		// What was written while the terminal took nothing may have gone without a question, and nothing but an answer makes room.
		if (room === 0 && this.#flow.isToAsk(true)) this.#send('', true);
		if (!isAllDrawn && !this.#isBlocked) this.#lookAgain = setTimeout(() => this.#push(), lookAgainMs);
	}

	/** The rows that there was no room for. */
	#draw(picture: Picture, changed: readonly number[], room: number): readonly number[] {
		const order = room > muchRoom ? changed : this.#inOrder(changed);
		const changes = picture.changesTo(this.#frame, order, room);
		const left = picture.changedRows(this.#frame);
		const last = order.filter(row => !left.includes(row)).at(-1) ?? 0;
		if (!this.#urgent.has(last)) this.#nextRow = last + 1;
		this.#urgent = new Set([...this.#urgent].filter(row => left.includes(row)));
		this.#send(this.#picture ? changes : clear + changes, left.length > 0);
		this.#picture = picture;
		return left;
	}

	/** What a key has changed, then each of the others in its turn, so that rows that change all the time keep none waiting. */
	#inOrder(rows: readonly number[]): readonly number[] {
		const others = rows.filter(row => !this.#urgent.has(row));
		return [
			...[...this.#urgent].filter(row => rows.includes(row)),
			...others.filter(row => row >= this.#nextRow),
			...others.filter(row => row < this.#nextRow),
		];
	}

	/** `isWaiting`: more is to follow as soon as there is room for it. */
	#send(text: string, isWaiting = false): void {
		const bytes = Buffer.byteLength(text);
		this.#flow.wrote(bytes);
		const isToAsk = this.#flow.isToAsk(isWaiting);
		if (isToAsk) this.#flow.asked(bytes);
		this.#isBlocked = !this.#writer.write(isToAsk ? text + question : text);
		if (!isToAsk) return;
		this.#askedAtMs = this.#now();
		this.#unanswered += 1;
		if (this.#isBlocked) this.#untaken += 1;
	}
}
