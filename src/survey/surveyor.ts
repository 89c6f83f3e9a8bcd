import type {Clock} from '../clock.ts';
import {ReplyLostError} from '../errors.ts';
import {Link, type LinkStatus} from '../redis/link.ts';
import {address, type Target} from '../redis/target.ts';
import {type SurveyChange, type SurveyEnding, surveyEnded, surveyProgressed, surveyStarted} from '../store/survey.ts';
import type {SurveyComponent} from './findings.ts';
import {mergeProgress, mergeResults, type SurveyPart} from './merge-parts.ts';
import {runSurvey, type SurveyJob, type SurveyLimits} from './run-survey.ts';

type Ending = Omit<SurveyEnding, 'atMs'>;

export type SurveyorOptions = {
	/** Its database is the one that is surveyed. */
	readonly target: Target;
	/** Where its keys are if they are not all there: the masters of a cluster, one after the other. */
	readonly parts?: (() => readonly Target[]) | undefined;
	/** What CLIENT LIST calls the connection: `redis-triage:alice@bastion1:survey`. */
	readonly name: string;
	readonly clock: Clock;
	readonly components: readonly SurveyComponent[];
	/** Carry out a change of the survey's state. */
	readonly report: (change: SurveyChange) => void;
	/** Called with every connection that is opened, before it stands: its id is one of ours. */
	readonly onLink?: (link: Link) => void;
	/** Called with every command that is sent, and the server that pays for it, for the account of what the console costs. */
	readonly onSend?: (argv: readonly string[], to: Target) => void;
	readonly limits?: Partial<SurveyLimits>;
};

const connectWithinMs = 5000;
/** A round takes milliseconds; a server that takes longer has other troubles. */
const deadlineMs = 2000;

/** Surveys when asked, one at a time, each on a connection of its own that is closed afterwards. */
export class Surveyor {
	readonly #options: SurveyorOptions;
	#running: AbortController | undefined;

	constructor(options: SurveyorOptions) {
		this.#options = options;
	}

	/** Resolves when the survey has ended, however; at once when one is under way already. Rejects for a defect only. */
	async start(): Promise<void> {
		if (this.#running) return;
		const {target, clock, report} = this.#options;
		const running = new AbortController();
		this.#running = running;
		report(surveyStarted(target.db, clock.now()));
		try {
			const ending = await this.#surveyAll(running.signal);
			report(surveyEnded({...ending, atMs: clock.now()}));
		} finally {
			this.#running = undefined;
		}
	}

	/** End the survey that is under way, within one round; what it has found stays. */
	stop(): void {
		this.#running?.abort();
	}

	/** One after the other: each is burdened alone, and what has been found so far is told as one. One that cannot be surveyed is named; the others are. */
	async #surveyAll(signal: AbortSignal): Promise<Ending> {
		const {target, parts, report} = this.#options;
		const named = parts?.() ?? [];
		const targets = named.length === 0 ? [target] : named;
		const done: SurveyPart[] = [];
		const failed: string[] = [];
		let ending: Ending = {kind: 'finished', detail: ''};
		for (const one of targets) {
			const node = address(one.endpoint);
			let part: SurveyPart = {node, progress: undefined, result: undefined};
			const ended = await this.#survey(one, signal, (progress, result) => {
				part = {node, progress, result: result ?? part.result};
				const told = [...done, part];
				const merged = mergeProgress(told, targets.length);
				if (merged) report(surveyProgressed(merged, result && mergeResults(told)));
			});
			done.push(part);
			if (ended.kind === 'stopped' || targets.length === 1) return ended;
			if (ended.kind === 'finished') continue;
			failed.push(`${node}: ${ended.detail}`);
			ending = {kind: ended.kind, detail: `without ${failed.join('; ')}`};
		}
		return ending;
	}

	async #survey(target: Target, signal: AbortSignal, onProgress: SurveyJob['onProgress']): Promise<Ending> {
		const {name, clock, components, onLink, onSend, limits} = this.#options;
		const link = new Link({target, name, clock});
		onLink?.(link);
		// A server that stands still must not keep an operator who wants to stop.
		signal.addEventListener('abort', () => link.close(), {once: true});
		try {
			const status = await settled(link.open(), clock, signal);
			if (signal.aborted) return {kind: 'stopped', detail: ''};
			if (status.kind !== 'open') return {kind: 'broken', detail: status.kind === 'broken' ? status.failure.detail : 'the server does not answer the login'};
			return await runSurvey(
				{
					ask(argvs) {
						// A new connection is in database 0, and its SCAN knows nothing of our cursor.
						if (link.status !== status) return Promise.reject(new ReplyLostError('the connection was lost'));
						for (const argv of argvs) onSend?.(argv, target);
						return link.sendAll(argvs, deadlineMs, 'bytes');
					},
					clock,
					db: target.db,
					components,
					isOrderRandom: status.greeting.hello?.mode !== 'cluster',
					onProgress,
					...(limits ? {limits} : {}),
				},
				signal,
			);
		} finally {
			link.close();
		}
	}
}

/** The first status that says whether there is a connection; whatever it is when time is up. */
async function settled(link: Link, clock: Clock, signal: AbortSignal): Promise<LinkStatus> {
	const hasSettled = new AbortController();
	const unsubscribe = link.subscribe(() => {
		if (link.status.kind === 'open' || link.status.kind === 'broken') hasSettled.abort();
	});
	await clock.sleep(connectWithinMs, AbortSignal.any([hasSettled.signal, signal]));
	unsubscribe();
	return link.status;
}
