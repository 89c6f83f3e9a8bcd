import type {Steps} from '../queues/steps.ts';
import type {SentinelAnswer} from '../redis/parse/sentinel.ts';
import type {Plan} from '../store/dialog.ts';

/** Plain commands that leave together, and what they are assumed to take the server. */
export type Trip = {
	readonly argvs: Plan;
	readonly micros: number;
	/** How far one has got, for the eye. */
	readonly told?: string;
	/** Key names are bytes, not always text. */
	readonly encoding?: 'bytes';
	/** Not the server is asked but every Sentinel that watches it, also when the server is silent; `askSentinels` makes these. */
	readonly to?: 'sentinels';
	/** The next look must not come sooner: what may be a moment's is only believed when it is seen twice. */
	readonly restMs?: number;
};

/** Reads without the connection: yields what it wants answered and is handed the replies, error replies as Errors in their places. */
export type Reading<T> = Generator<Trip, T, readonly unknown[]>;

/** One trip, by hand of how much each command costs. */
export function* ask(argvs: Plan, microsEach = 2): Reading<readonly unknown[]> {
	return yield {argvs, micros: argvs.length * microsEach};
}

/** The same to every Sentinel of the group; an answer for each. */
export function* askSentinels(argvs: Plan): Reading<readonly SentinelAnswer[]> {
	const told = 'Asking the Sentinels …';
	return (yield {argvs, micros: 0, told, to: 'sentinels'}) as readonly SentinelAnswer[];
}

/** What the queues' own readings ask, as trips. */
export function* fromSteps<T>(steps: Steps<T>): Reading<T> {
	let turn = steps.next();
	while (turn.done !== true) turn = steps.next(yield* ask(turn.value));
	return turn.value;
}
