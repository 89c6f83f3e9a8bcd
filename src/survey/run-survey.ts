import type {Clock} from '../clock.ts';
import {DeadlineError, NotSentError, ReplyLostError} from '../errors.ts';
import {Pace} from '../pace.ts';
import {toCount} from '../redis/parse/number.ts';
import {toText, toTexts} from '../redis/parse/reply.ts';
import type {Refused} from '../store/resource.ts';
import type {SurveyEnding, SurveyProgress, SurveyResult} from '../store/survey.ts';
import {Findings, type SurveyComponent} from './findings.ts';
import {KeyQuestions} from './questions.ts';
import {keysPerRound, type Round, roundMicros, scanCount} from './round-cost.ts';
import {verdictOf} from './verdict.ts';

type Argv = readonly string[];

/** Several plain commands in one write, names byte by byte; error replies as Errors in their places. Rejects as Link.sendAll does. */
type SurveyAsk = (argvs: readonly Argv[]) => Promise<readonly unknown[]>;

export type SurveyLimits = {
	/** Of one core, of the server. */
	readonly share: number;
	readonly countPerScan: number;
	/** From this many keys on not every key is measured but one in N. */
	readonly measuredKeys: number;
};

/**
 * The product promises to stay below 1 % of a core by the server's own statistics; the search for queues takes its part; these leave out reading and answering, which `share`
 * contains. What has been seen so far stands for the whole, so nobody need wait for the end.
 */
const defaultLimits: SurveyLimits = {share: 0.005, countPerScan: 500, measuredKeys: 50_000};

export type SurveyJob = {
	readonly ask: SurveyAsk;
	readonly clock: Clock;
	readonly db: number;
	readonly components: readonly SurveyComponent[];
	/** False on a cluster node, which keeps its keys by slot: a part of them does not stand for the whole. */
	readonly isOrderRandom: boolean;
	/** `result` is undefined when only the progress has changed. */
	readonly onProgress: (progress: SurveyProgress, result: SurveyResult | undefined) => void;
	readonly limits?: Partial<SurveyLimits>;
};

type Ended = Omit<SurveyEnding, 'atMs'>;

const stopped: Ended = {kind: 'stopped', detail: ''};
const tellEveryMs = 500;
const asksForTheWay = 3;
/** A server that fills up has twice the keys at the end: what has been seen is extended to those that are there now. */
const sizeEveryMs = 3000;

/**
 * Walk through the database once with SCAN, measure a sample of the keys, and tell what belongs to which prefix. One round trip at a
 * time, a pause after each. It ends when all has been seen, within one round of `signal`, or as soon as the server is not well.
 */
export function runSurvey(job: SurveyJob, signal: AbortSignal): Promise<Ended> {
	return new SurveyRun(job, signal).run();
}

class SurveyRun {
	readonly #job: SurveyJob;
	readonly #signal: AbortSignal;
	readonly #limits: SurveyLimits;
	readonly #pace: Pace;
	readonly #questions = new KeyQuestions();
	readonly #refused: Refused[] = [];
	#findings: Findings;
	#totalKeys: number | undefined;
	#sizedAtMs = 0;
	#toldAtMs = Number.NEGATIVE_INFINITY;

	constructor(job: SurveyJob, signal: AbortSignal) {
		this.#job = job;
		this.#signal = signal;
		this.#limits = {...defaultLimits, ...job.limits};
		this.#pace = new Pace(this.#limits.share);
		this.#findings = new Findings(job.components, 1);
	}

	async run(): Promise<Ended> {
		try {
			const ended = (await this.#begin()) ?? (await this.#walk());
			this.#tell(true);
			return ended;
		} catch (error) {
			this.#tell(true);
			if (error instanceof Stop) return error.ended;
			if (this.#signal.aborted) return stopped;
			if (error instanceof DeadlineError || error instanceof ReplyLostError || error instanceof NotSentError) return {kind: 'broken', detail: error.message};
			throw error;
		}
	}

	/** Choose the database, learn its size, and how long the way is. Resolves to the reason when it ends here. */
	async #begin(): Promise<Ended | undefined> {
		const {db} = this.#job;
		if (db !== 0) {
			const [selected] = await this.#round([['SELECT', String(db)]]);
			if (selected instanceof Error) return {kind: 'refused', detail: `SELECT ${db}: ${selected.message}`};
		}
		for (let turn = 0; turn < asksForTheWay; turn += 1) {
			const sentAtMs = this.#job.clock.now();
			const size = await this.#askSize();
			this.#pace.learnWay(this.#job.clock.now() - sentAtMs);
			if (turn === 0 && size instanceof Error) this.#refused.push({command: 'DBSIZE', reason: size.message});
		}
		this.#findings = new Findings(this.#job.components, Math.max(1, Math.ceil((this.#totalKeys ?? 0) / this.#limits.measuredKeys)));
		this.#tell(false);
		return undefined;
	}

	async #askSize(): Promise<unknown> {
		const [size] = await this.#round([['DBSIZE']]);
		this.#sizedAtMs = this.#job.clock.now();
		this.#totalKeys = toCount(size);
		return size;
	}

	async #walk(): Promise<Ended> {
		let cursor = '0';
		do {
			const count = scanCount(this.#pace, this.#limits.countPerScan);
			const [page] = await this.#pacedRound([['SCAN', cursor, 'COUNT', String(count)]], {scannedKeys: count, questions: 0});
			if (page instanceof Error) return {kind: 'refused', detail: `SCAN: ${page.message}`};
			const {next, keys} = readPage(page);
			cursor = next;
			await this.#measure(this.#findings.see(keys));
			await this.#askLengths();
			const isSizeOld = cursor === '0' || this.#job.clock.now() - this.#sizedAtMs >= sizeEveryMs;
			if (this.#totalKeys !== undefined && isSizeOld) await this.#askSize();
			if (this.#job.clock.now() - this.#toldAtMs >= tellEveryMs) this.#tell(true);
		} while (cursor !== '0');
		return {kind: 'finished', detail: ''};
	}

	async #measure(picked: readonly string[]): Promise<void> {
		let from = 0;
		while (from < picked.length && this.#questions.perKey > 0) {
			const keys = picked.slice(from, from + keysPerRound(this.#pace, this.#questions.perKey));
			from += keys.length;
			const commands = this.#questions.commands(keys);
			const replies = await this.#pacedRound(commands, {scannedKeys: 0, questions: commands.length});
			for (const [index, facts] of this.#questions.read(keys, replies).entries()) this.#findings.record(keys[index] ?? '', facts);
		}
	}

	async #askLengths(): Promise<void> {
		const questions = this.#findings.lengthQuestions();
		if (questions.length === 0) return;
		const replies = await this.#pacedRound(
			questions.map(({argv}) => argv),
			{scannedKeys: 0, questions: questions.length},
		);
		for (const [index, {answer}] of questions.entries()) {
			const length = toCount(replies[index]);
			if (length !== undefined) answer(length);
		}
	}

	async #pacedRound(argvs: readonly Argv[], round: Round): Promise<readonly unknown[]> {
		const {clock} = this.#job;
		const sentAtMs = clock.now();
		const replies = await this.#round(argvs);
		await clock.sleep(this.#pace.settle(roundMicros(round), clock.now() - sentAtMs), this.#signal);
		return replies;
	}

	async #round(argvs: readonly Argv[]): Promise<readonly unknown[]> {
		if (this.#signal.aborted) throw new Stop(stopped);
		const replies = await this.#job.ask(argvs);
		for (const reply of replies) {
			const verdict = verdictOf(reply);
			if (verdict?.kind === 'unwell') throw new Stop({kind: 'broken', detail: verdict.reason});
		}
		return replies;
	}

	#tell(withResult: boolean): void {
		const {isOrderRandom, clock, onProgress} = this.#job;
		const {scannedKeys, measuredKeys, everyNth} = this.#findings;
		this.#toldAtMs = clock.now();
		onProgress(
			{
				atMs: this.#toldAtMs,
				scannedKeys,
				totalKeys: this.#totalKeys,
				measuredKeys,
				everyNth,
				isExtended: isOrderRandom && this.#totalKeys !== undefined,
				serverMs: this.#pace.serverMs,
				slowestRoundMs: this.#pace.slowestRoundMs,
				pauseMs: this.#pace.pauseMs,
				refused: [...this.#refused, ...this.#questions.refused],
				hiddenKeys: this.#questions.hiddenKeys,
			},
			withResult && scannedKeys > 0 ? this.#findings.result(isOrderRandom ? this.#totalKeys : undefined) : undefined,
		);
	}
}

/** Ends the walk from wherever it is. */
class Stop extends Error {
	readonly ended: Ended;

	constructor(ended: Ended) {
		super(ended.detail);
		this.ended = ended;
	}
}

function readPage(page: unknown): {readonly next: string; readonly keys: readonly string[]} {
	const [next, keys] = Array.isArray(page) ? page : [];
	return {next: toText(next) ?? '0', keys: toTexts(keys) ?? []};
}
