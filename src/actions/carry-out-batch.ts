import {DeadlineError, messageOf, ReplyLostError, ServerRefusedError} from '../errors.ts';
import {formatCount, plural} from '../text/format.ts';
import {keyText} from '../text/key-text.ts';
import type {Context, Ended} from './carry-out.ts';
import type {RoundSender} from './deps.ts';
import {type Broken, brokenBy} from './endings.ts';
import {failedCount, skippedCount, type Tally, tallyText} from './tally.ts';
import type {Batch, BoundAction, Round} from './types.ts';

/** Progress that is told more often nobody can read. */
const tellEveryMs = 100;

/** A batch in rounds: each written down before it leaves, none sent twice, a pause after each, and stopped between two of them. */
export function carryOutBatch(bound: BoundAction, batch: Batch, context: Context): Promise<Ended> {
	return new BatchRun(bound, batch, context).run();
}

class BatchRun {
	readonly #bound: BoundAction;
	readonly #batch: Batch;
	readonly #context: Context;
	#sender: RoundSender | undefined;
	readonly #startedAtMs: number;
	#rounds = 0;
	#slowestRoundMs = 0;
	#toldAtMs = 0;

	constructor(bound: BoundAction, batch: Batch, context: Context) {
		this.#bound = bound;
		this.#batch = batch;
		this.#context = context;
		this.#startedAtMs = context.deps.clock.now();
	}

	async run(): Promise<Ended> {
		const {deps, pace, signal} = this.#context;
		const rounds = this.#batch.rounds(pace);
		let turn = rounds.next();
		while (turn.done !== true) {
			const round = turn.value;
			if (signal.aborted) return this.#ended(round.tally, this.#stopped(round.tally));
			const sent = await this.#send(round);
			if ('outcome' in sent) return this.#ended(round.tally, sent);
			turn = rounds.next(sent.replies);
			const tally = turn.done === true ? turn.value : turn.value.tally;
			const refused = sent.replies.find(reply => reply instanceof ServerRefusedError);
			if (refused)
				return this.#ended(tally, brokenBy(refused, this.#bound, {refused: `. ${this.#account(tally)}`, lost: '', unsent: ''}, deps.store.getState()));
			const pauseMs = pace.settle(round.micros, sent.tookMs);
			this.#tell(tally, pauseMs, turn.done === true);
			if (turn.done !== true) await deps.clock.sleep(pauseMs, signal);
		}
		return {done: {replies: [], tally: turn.value}, output: []};
	}

	async #send(round: Round): Promise<{readonly replies: readonly unknown[]; readonly tookMs: number} | Broken> {
		const {deps, note} = this.#context;
		const {argvs, units, tally} = round;
		// A round that only looks for what is next changes nothing.
		if (units > 0) {
			try {
				await deps.audit({
					...note,
					phase: 'intent',
					plan: this.#batch.encoding === 'bytes' ? argvs.map(readable) : argvs,
					round: this.#rounds + 1,
					detail: tallyText(tally),
				});
			} catch (error) {
				const detail = `the audit log cannot be written (${messageOf(error)}), so the rest was not sent. ${this.#account(tally)}`;
				return {outcome: 'failed', detail, next: [], output: []};
			}
		}
		const sentAtMs = deps.clock.now();
		try {
			this.#sender ??= deps.openRounds(this.#batch.encoding ?? 'utf8');
			const replies = await this.#sender.send(argvs, this.#bound.deadlineMs(deps.store.getState()));
			const tookMs = deps.clock.now() - sentAtMs;
			this.#slowestRoundMs = Math.max(this.#slowestRoundMs, tookMs);
			if (units > 0) this.#rounds += 1;
			return {replies, tookMs};
		} catch (error) {
			return this.#broken(error, round);
		}
	}

	#broken(error: unknown, {units, tally}: Round): Broken {
		const {deps} = this.#context;
		const inFlight = units > 0 ? ` round ${this.#rounds + 1} with ${formatCount(units)} ${this.#batch.unit} is unknown;` : '';
		const before = `before it: ${tallyText(tally)}${this.#left(tally, units)}`;
		const isAnswerless = error instanceof ReplyLostError || error instanceof DeadlineError;
		// Without an order under way nothing is unknown, and the rest is not sent.
		if (isAnswerless && units === 0)
			return {outcome: 'failed', detail: `${error.message}; the rest was not sent. ${this.#account(tally)}`, next: [], output: []};
		const unsentTally = settledOf(tally) === 0 ? 'nothing was sent: {}' : `the rest was not sent: {}. ${this.#account(tally)}`;
		return brokenBy(error, this.#bound, {refused: `. ${this.#account(tally)}`, lost: `:${inFlight} ${before}`, unsent: unsentTally}, deps.store.getState());
	}

	/** The last that is told is the account as it stands at the end, however it ended. */
	#ended(tally: Tally, broken: Broken): Broken {
		this.#tell(tally, 0, true);
		return broken;
	}

	#stopped(tally: Tally): Broken {
		return {outcome: 'cancelled', detail: `stopped between two rounds. ${this.#account(tally)}`, next: [], output: []};
	}

	/** `2,750 done, 3 skipped (3 gone), 1,250 left, in 11 rounds`. */
	#account(tally: Tally): string {
		return `${tallyText(tally)}${this.#left(tally, 0)}, in ${plural(this.#rounds, 'round')}`;
	}

	#left(tally: Tally, inFlight: number): string {
		const {total} = this.#batch;
		const left = total === undefined ? 0 : Math.max(0, total - settledOf(tally) - inFlight);
		return left > 0 ? `, ${formatCount(left)} not tried` : '';
	}

	#tell(tally: Tally, pauseMs: number, isLast: boolean): void {
		const {deps} = this.#context;
		const nowMs = deps.clock.now();
		// Before the first round that does something there is nothing to tell.
		if (!isLast && (this.#rounds === 0 || nowMs - this.#toldAtMs < tellEveryMs)) return;
		this.#toldAtMs = nowMs;
		const {unit, total} = this.#batch;
		deps.progress({
			batch: {
				unit,
				total,
				done: tally.done,
				skipped: skippedCount(tally),
				failed: failedCount(tally),
				rounds: this.#rounds,
				slowestRoundMs: this.#slowestRoundMs,
				pauseMs,
			},
			startedAtMs: this.#startedAtMs,
			atMs: nowMs,
		});
	}
}

/** Names of keys in the log as people know them; bytes that are no text as redis-cli writes them. */
const readable = (argv: readonly string[]): readonly string[] => argv.map(arg => keyText(arg, Number.POSITIVE_INFINITY));

const settledOf = (tally: Tally): number => tally.done + skippedCount(tally) + failedCount(tally);
