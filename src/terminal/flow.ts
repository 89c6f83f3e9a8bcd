/** So old may be at most what is still under way to the terminal when something newer is to follow. */
const mostUnderWayMs = 500;
/** Before anything is known of the line: a first frame without its data, or a good part of one with them. */
const firstWindow = 2048;
/** Less is not worth its cursor moves and its question. */
const leastPortion = 120;
/** The terminal is asked after so many bytes, or when half of what may be under way is. */
const mostUnasked = 512;
/** Bytes that tell something of the speed. */
const leastSample = 100;
/** A terminal that has answered before and is silent so long has lost the question, or the line is dead. */
const patienceMs = 3000;
/** However slow the line seemed when it was measured: it may have been stopped then (Ctrl-S). */
const longestPatienceMs = 60_000;
/** 2,400 baud, for patience with a line whose speed is not known yet. */
const slowestBytesPerMs = 0.24;

/** `bytes`: what was written together with it. */
type Question = {readonly atMs: number; readonly total: number; readonly bytes: number};

/**
 * How much may be written to the terminal now. What lies in the kernel and in ssh on the way there cannot be seen from here, and cannot be called back: the
 * terminal itself is asked now and then whether it has come so far (DSR), and not more is sent than it takes in half a second. One that never answers gets all.
 */
export class Flow {
	readonly #now: () => number;
	#total = 0;
	#shown = 0;
	#shownAtMs = 0;
	/** When that was asked of which the answer came last. */
	#lastAskedAtMs = 0;
	#questions: Question[] = [];
	#hasAnswered = false;
	/** The shortest time between a question and its answer that had nothing else to carry. */
	#wayMs: number | undefined;
	/** Bytes a millisecond, the last two measured. */
	#rates: readonly number[] = [];

	/** `now`: milliseconds that only grow. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Nothing is known any more: another terminal, or another program had it. */
	restart(): void {
		this.#questions = [];
		this.#shown = this.#total;
		this.#hasAnswered = false;
		this.#rates = [];
		this.#wayMs = undefined;
	}

	/** The bytes that may be written now; 0: not before `answered`, or after some time. */
	get room(): number {
		if (!this.#hasAnswered) return Number.POSITIVE_INFINITY;
		if (this.#isOverdue) {
			this.#questions = [];
			this.#shown = this.#total;
		}
		const room = this.#window - (this.#total - this.#shown);
		return room < leastPortion ? 0 : room;
	}

	wrote(bytes: number): void {
		this.#total += bytes;
	}

	/** Whether to ask now, behind all that was written. `isWaiting`: more is to follow as soon as there is room for it. */
	isToAsk(isWaiting: boolean): boolean {
		if (!this.#hasAnswered) return this.#questions.length === 0;
		const unasked = this.#total - (this.#questions.at(-1)?.total ?? this.#shown);
		return unasked >= Math.min(mostUnasked, this.#window / 2) || (isWaiting && unasked > 0 && this.#questions.length === 0);
	}

	/** `bytes`: of those that were written, how many with this question. */
	asked(bytes: number): void {
		this.#questions.push({atMs: this.#now(), total: this.#total, bytes});
	}

	/** The terminal has come as far as to the oldest question. */
	answered(): void {
		const question = this.#questions.shift();
		if (!question) return;
		const nowMs = this.#now();
		this.#hasAnswered = true;
		this.#measure(question, nowMs);
		this.#shown = question.total;
		this.#shownAtMs = nowMs;
		this.#lastAskedAtMs = question.atMs;
	}

	/** Two bounds of the line's speed, neither of which can be too high: ours may be the slow end, and hear an answer late. */
	#measure({atMs, total, bytes}: Question, nowMs: number): void {
		const tookMs = nowMs - atMs;
		if (bytes < leastSample) this.#wayMs = Math.min(this.#wayMs ?? tookMs, tookMs);
		const together = {bytes, ms: Math.max(tookMs - (this.#wayMs ?? 0), tookMs / 2)};
		const sinceTheLast = {bytes: total - this.#shown, ms: nowMs - this.#lastAskedAtMs};
		const samples = [together, sinceTheLast].filter(sample => sample.bytes >= leastSample).map(sample => sample.bytes / Math.max(sample.ms, 1));
		if (samples.length > 0) this.#rates = [Math.max(...samples), ...this.#rates.slice(0, 1)];
	}

	get #rate(): number | undefined {
		return this.#rates.length > 0 ? Math.max(...this.#rates) : undefined;
	}

	get #window(): number {
		return this.#rate === undefined ? firstWindow : Math.max(2 * leastPortion, this.#rate * mostUnderWayMs);
	}

	get #isOverdue(): boolean {
		const [oldest] = this.#questions;
		if (!oldest) return false;
		const expectedMs = (this.#total - this.#shown) / (this.#rate ?? slowestBytesPerMs);
		return this.#now() - Math.max(oldest.atMs, this.#shownAtMs) > Math.min(patienceMs + 4 * expectedMs, longestPatienceMs);
	}
}
