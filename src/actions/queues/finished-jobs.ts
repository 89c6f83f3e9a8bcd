import {textsOf} from '../../queues/replies.ts';
import {asking, askingEach} from '../../queues/steps.ts';
import {toNumber} from '../../redis/parse/number.ts';
import {formatCount} from '../../text/format.ts';
import {fromSteps, type Reading} from '../trips.ts';
import type {Refusal} from '../types.ts';
import {jobKey, queueKeys} from './queue-script.ts';

export type FinishedState = 'completed' | 'failed';

/** Which finished jobs are to go: all that ended at or before the cutoff, but for the newest few. */
export type Wish = {
	readonly base: string;
	readonly state: FinishedState;
	/** By the server's clock when the dialog was opened. */
	readonly cutoffMs: number;
	readonly keep: number;
};

/** What the wish comes to, as it was read before the dialog. */
export type Found = {
	/** Jobs in the set, and those of them that are to go: the oldest so many. */
	readonly size: number;
	readonly total: number;
	/** The newest of those that are to go. */
	readonly last: {readonly id: string; readonly scoreText: string};
	readonly oldestMs: number;
	readonly newestMs: number;
	/** Of some 20 of them, from the oldest to the newest; orphans have no name and no bytes. */
	readonly sample: readonly {readonly id: string; readonly name: string | undefined; readonly bytes: number}[];
};

const sampled = 20;

export function* findFinished(wish: Wish): Reading<Found | Refusal> {
	const key = queueKeys(wish.base)[wish.state];
	const sizes = yield* fromSteps(asking({size: ['ZCARD', key], old: ['ZCOUNT', key, '-inf', String(wish.cutoffMs)]}));
	const [size, old] = [sizes.count('size'), sizes.count('old')];
	if (size === undefined || old === undefined) return {refused: `The ${wish.state} jobs cannot be counted: ${sizes.unknown[0]?.reason ?? 'no answer'}`};
	const total = Math.min(old, size - wish.keep);
	if (total <= 0) return {refused: whyNone(wish, size, old)};

	const ends = yield* fromSteps(
		asking({first: ['ZRANGE', key, '0', '0', 'WITHSCORES'], last: ['ZRANGE', key, String(total - 1), String(total - 1), 'WITHSCORES']}),
	);
	const [first] = ends.scored('first');
	const [last] = ends.scored('last');
	if (!first || !last) return {refused: 'They are being removed by somebody else at this moment'};
	const sample = yield* sampleOf(wish.base, key, total);
	return {size, total, last: {id: last.member, scoreText: String(last.score)}, oldestMs: first.score, newestMs: last.score, sample};
}

function whyNone({state, keep}: Wish, size: number, old: number): string {
	if (size === 0) return `There is no ${state} job`;
	if (old === 0) return `None of ${formatCount(size)} ${state} jobs is so old`;
	return `All of ${formatCount(size)} ${state} jobs are among the newest ${formatCount(keep)}`;
}

function* sampleOf(base: string, key: string, total: number): Reading<Found['sample']> {
	const count = Math.min(sampled, total);
	const ranks = Array.from({length: count}, (_, index) => String(Math.floor((index * total) / count)));
	const {replies} = yield* fromSteps(askingEach(ranks.map(rank => ['ZRANGE', key, rank, rank])));
	const ids = replies.flatMap(reply => textsOf(reply)).filter(id => id !== undefined);
	// The hash, and the list of what it has logged, which may be the larger one.
	const argvs = ids
		.map(id => jobKey(base, id))
		.flatMap(job => [
			['HGET', job, 'name'],
			['MEMORY', 'USAGE', job],
			['MEMORY', 'USAGE', `${job}:logs`],
		]);
	const answers = (yield* fromSteps(askingEach(argvs))).replies;
	return ids.map((id, index) => {
		const [name, hash, logs] = answers.slice(index * 3, index * 3 + 3);
		return {id, name: typeof name === 'string' ? name : undefined, bytes: (toNumber(hash) ?? 0) + (toNumber(logs) ?? 0)};
	});
}

/** How many that were to go are still there, as the script would count them. */
export function* countLeft(wish: Wish, last: Found['last']): Reading<number | undefined> {
	const key = queueKeys(wish.base)[wish.state];
	const now = yield* fromSteps(
		asking({
			score: ['ZSCORE', key, last.id],
			rank: ['ZRANK', key, last.id],
			below: ['ZCOUNT', key, '-inf', `(${last.scoreText}`],
			size: ['ZCARD', key],
		}),
	);
	const [below, size] = [now.count('below'), now.count('size')];
	if (below === undefined || size === undefined) return undefined;
	const isSame = now.number('score') === Number(last.scoreText);
	return Math.max(0, Math.min(isSame ? (now.count('rank') ?? below - 1) + 1 : below, size - wish.keep));
}
