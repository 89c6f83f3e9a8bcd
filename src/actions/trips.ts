import {sliced} from '../in-slices.ts';
import type {Steps} from '../queues/steps.ts';
import type {SentinelAnswer} from '../redis/parse/sentinel.ts';
import type {Plan} from '../store/dialog.ts';

/** Plain commands that leave together, and what they are assumed to take the server. */
export type Trip = {
	readonly argvs: Plan;
	readonly micros: number;
	/** How far one has got, for the eye. */
	readonly told?: string;
	/** Key names are bytes, not always text; a long reply is gone through as it came. */
	readonly encoding?: 'bytes' | 'buffer';
	/** Not the server is asked but every Sentinel that watches it, also when the server is silent; `askSentinels` makes these. Nobody: `amongOthers` has computed for a while. */
	readonly to?: 'sentinels' | 'nobody';
	/** The next look must not come sooner: what may be a moment's is only believed when it is seen twice. */
	readonly restMs?: number;
};

/** Reads without the connection: yields what it wants answered and is handed the replies, error replies as Errors in their places. */
export type Reading<T> = Generator<Trip, T, readonly unknown[]>;

/** One trip, by hand of how much each command costs. */
export function* ask(argvs: Plan, microsEach = 2, encoding: Pick<Trip, 'encoding'> = {}): Reading<readonly unknown[]> {
	return yield {argvs, micros: argvs.length * microsEach, ...encoding};
}

/** The same to every Sentinel of the group; an answer for each. */
export function* askSentinels(argvs: Plan): Reading<readonly SentinelAnswer[]> {
	const told = 'Asking the Sentinels …';
	return (yield {argvs, micros: 0, told, to: 'sentinels'}) as readonly SentinelAnswer[];
}

/** A long computation, of which nothing is asked: keys have their turn between its slices. */
export function* amongOthers<T>(steps: Generator<void, T>): Reading<T> {
	const slices = sliced(steps);
	for (;;) {
		const slice = slices.next();
		if (slice.done) return slice.value;
		yield {argvs: [], micros: 0, to: 'nobody'};
	}
}

/** What the queues' own readings ask, as trips. */
export function* fromSteps<T>(steps: Steps<T>): Reading<T> {
	let turn = steps.next();
	while (turn.done !== true) turn = steps.next(yield* ask(turn.value));
	return turn.value;
}
