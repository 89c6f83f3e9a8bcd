import {sizedFields} from '../../queues/bull-jobs.ts';
import {reasonShape} from '../../queues/failure-groups.ts';
import {textsOf} from '../../queues/replies.ts';
import {toCount, toNumber} from '../../redis/parse/number.ts';
import {formatCount} from '../../text/format.ts';
import {ask, fromSteps, type Reading} from '../trips.ts';
import {freezeJobs, type ScoredJob, serverNow} from './frozen-jobs.ts';
import {jobKey, queueKeys} from './queue-script.ts';
import type {QueueTarget} from './queue-target.ts';
import {type RetryWish, sinceMs} from './retry-wish.ts';

/** What would be retried, and what is known of it. */
export type FailedJobs = {
	/** Those wanted, in the order in which they failed. */
	readonly jobs: readonly ScoredJob[];
	/** How many have failed since then, and how many of these were looked at. */
	readonly total: number;
	readonly lookedAt: number;
	readonly nowMs: number;
	/** By the reason without what varies, the commonest first. */
	readonly reasons: readonly (readonly [shape: string, count: number])[];
	/** Children of flows and ids without a job: the script leaves them alone. */
	readonly children: number;
	readonly orphans: number;
	readonly prioritized: number;
	/** Not compared with the words, as it is too long. */
	readonly longReasons: number;
	/** Where those without a priority will wait; that is how far one with a priority may have to be placed. */
	readonly waiting: number;
};

/** In one run. */
export const mostRetried = 100_000;

const perPage = 500;
const maxReasonBytes = 4096;

/** Read what there is to retry: the list first, then the reasons page by page. */
export function* readFailed({base}: QueueTarget, wish: RetryWish, ourMs: number): Reading<FailedJobs> {
	const nowMs = yield* serverNow(ourMs);
	const keys = queueKeys(base);
	const from = wish.since === undefined ? '-inf' : String(sinceMs(wish.since, nowMs));
	const {jobs, total} = yield* freezeJobs({key: keys.failed, from, to: '+inf', most: mostRetried});
	const lengths = yield* ask([
		['LLEN', keys.wait],
		['LLEN', keys.paused],
	]);
	const summary = new Summary(wish);
	for (let at = 0; at < jobs.length; at += perPage) {
		const page = jobs.slice(at, at + perPage);
		const told = `Reading the reasons of ${formatCount(at)} of ${formatCount(jobs.length)} failures …`;
		const fields = yield* telling(told, ask(page.map(({id}) => ['HMGET', jobKey(base, id), 'timestamp', 'parentKey', 'priority'])));
		const wanted = page.map(({id}) => [jobKey(base, id), 'failedReason'] as const);
		const reasons = yield* telling(told, fromSteps(sizedFields(wanted, maxReasonBytes)));
		for (const [index, job] of page.entries()) summary.add(job, {fields: fields[index], reason: reasons[index]?.text, bytes: reasons[index]?.bytes ?? 0});
	}
	const waiting = lengths.map(length => toCount(length) ?? 0).reduce((sum, length) => sum + length, 0);
	return {...summary.whole(), total, lookedAt: jobs.length, nowMs, waiting};
}

/** The same reading, which says the same all the while. */
function* telling<T>(told: string, reading: Reading<T>): Reading<T> {
	let turn = reading.next();
	while (turn.done !== true) turn = reading.next(yield {...turn.value, told});
	return turn.value;
}

type Seen = {readonly fields: unknown; readonly reason: string | undefined; readonly bytes: number};

class Summary {
	readonly #words: string;
	readonly #jobs: ScoredJob[] = [];
	readonly #reasons = new Map<string, number>();
	#children = 0;
	#orphans = 0;
	#prioritized = 0;
	#longReasons = 0;

	constructor({reason}: RetryWish) {
		this.#words = reason;
	}

	add(job: ScoredJob, {fields, reason, bytes}: Seen): void {
		const isLong = reason === undefined && bytes > 0;
		const shape = reason === undefined ? unread(bytes) : reasonShape(reason);
		if (isLong && this.#words !== '') this.#longReasons++;
		if (!`${reason ?? ''}\n${shape}`.toLowerCase().includes(this.#words)) return;
		const [timestamp, parentKey, priority] = textsOf(fields);
		this.#jobs.push(job);
		this.#reasons.set(shape, (this.#reasons.get(shape) ?? 0) + 1);
		if (parentKey !== undefined) this.#children++;
		else if (timestamp === undefined && bytes === 0) this.#orphans++;
		if ((toNumber(priority) ?? 0) > 0) this.#prioritized++;
	}

	whole() {
		return {
			jobs: this.#jobs,
			reasons: [...this.#reasons].sort((a, b) => b[1] - a[1]),
			children: this.#children,
			orphans: this.#orphans,
			prioritized: this.#prioritized,
			longReasons: this.#longReasons,
		};
	}
}

const unread = (bytes: number): string => (bytes === 0 ? '(no reason kept)' : `(a reason of ${Math.round(bytes / 1024)} KB)`);
