import {type Scored, scoredOf} from '../../queues/replies.ts';
import {toCount, toNumber} from '../../redis/parse/number.ts';
import {formatCount} from '../../text/format.ts';
import {ask, type Reading} from '../trips.ts';

/** A job by its id and its score in a sorted set: when it failed, or when it is due. */
export type ScoredJob = {readonly id: string; readonly score: number};

type Span = {readonly key: string; readonly from: string; readonly to: string; readonly most: number};

const perPage = 1000;
/** ZRANGEBYSCORE takes about 0.1 µs an element. */
const microsPerPage = 200;

/** The members of a sorted set between two scores, the lowest first, in pages; up to so many of them. Whoever takes some meanwhile shifts nothing. */
export function* freezeJobs({key, from, to, most}: Span): Reading<{readonly jobs: readonly ScoredJob[]; readonly total: number}> {
	const [count] = yield* ask([['ZCOUNT', key, from, to]]);
	if (count instanceof Error) throw count;
	const total = toCount(count) ?? 0;
	const jobs = new Map<string, number>();
	let cursor: Cursor | undefined = {score: from, seen: 0};
	while (cursor !== undefined && jobs.size < most) {
		const argv = ['ZRANGEBYSCORE', key, cursor.score, to, 'WITHSCORES', 'LIMIT', String(cursor.seen), String(perPage)];
		const [reply]: readonly unknown[] = yield {
			argvs: [argv],
			micros: microsPerPage,
			told: `Reading ${formatCount(jobs.size)} of ${formatCount(total)} jobs …`,
		};
		if (reply instanceof Error) throw reply;
		const page = scoredOf(reply).slice(0, most - jobs.size);
		for (const {member, score} of page) jobs.set(member, score);
		cursor = behind(page, cursor);
	}
	return {jobs: [...jobs].map(([id, score]) => ({id, score})).sort(inOrder), total};
}

/** The server sorts what happened in one millisecond by the letters of the ids; ids that a library counts up are in the order in which the jobs came. */
function inOrder(a: ScoredJob, b: ScoredJob): number {
	const [one, other] = [toCount(a.id), toCount(b.id)];
	return a.score - b.score || (one === undefined || other === undefined ? 0 : one - other);
}

/** The next page begins with the score that this one ends with, behind those that were seen with it. */
type Cursor = {readonly score: string; readonly seen: number};

function behind(page: readonly Scored[], {score: start, seen}: Cursor): Cursor | undefined {
	const last = page.at(-1);
	if (!last || page.length < perPage) return undefined;
	const score = String(last.score);
	const alike = page.filter(each => each.score === last.score).length;
	return {score, seen: score === start ? seen + alike : alike};
}

const sampleSize = 20;

/** Of a sample of them, how many still have the score that was seen; how many there are now in all. */
export function* lookAgain(
	key: string,
	jobs: readonly ScoredJob[],
): Reading<{readonly left: number; readonly back: number; readonly looked: number; readonly now: number | undefined}> {
	const step = Math.max(1, Math.ceil(jobs.length / sampleSize));
	const sample = jobs.filter((_, index) => index % step === 0);
	const [count, ...scores] = yield* ask([['ZCARD', key], ...sample.map(({id}) => ['ZSCORE', key, id])]);
	const found = scores.map(toNumber);
	const left = sample.filter(({score}, index) => found[index] === score).length;
	return {left, back: found.filter(score => score !== undefined).length - left, looked: sample.length, now: toCount(count)};
}

/** The server's clock; what it does not tell is answered by ours. */
export function* serverNow(ourMs: number): Reading<number> {
	const [reply] = yield* ask([['TIME']]);
	const [seconds, micros] = Array.isArray(reply) ? reply.map(toNumber) : [];
	return seconds === undefined || micros === undefined ? ourMs : seconds * 1000 + Math.floor(micros / 1000);
}
