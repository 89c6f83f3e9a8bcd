import type {Pace} from '../pace.ts';
import type {Plan} from '../store/dialog.ts';
import {emptyTally, type Tally, withDone, withFailed, withSkipped} from './tally.ts';
import type {Batch, Rounds} from './types.ts';

type ListBatch = {
	readonly unit: string;
	/** All of it: one command for each. */
	readonly plan: Plan;
	readonly microsEach: number;
	/** `undefined`: done; else why it was left alone. */
	readonly skippedBecause: (reply: unknown, argv: readonly string[]) => string | undefined;
};

/** Commands that are all known beforehand, as many in a round as its time allows. */
export const listBatch = ({unit, plan, microsEach, skippedBecause}: ListBatch): Batch & {readonly kind: 'batch'} => ({
	kind: 'batch',
	unit,
	total: plan.length,
	rounds: pace => listRounds(plan, microsEach, skippedBecause, pace),
});

const mostInRound = 250;

function* listRounds(plan: Plan, microsEach: number, skippedBecause: ListBatch['skippedBecause'], pace: Pace): Rounds {
	let tally = emptyTally;
	for (let from = 0; from < plan.length; ) {
		const argvs = plan.slice(from, from + Math.max(1, Math.min(mostInRound, pace.fit(microsEach))));
		const replies = yield {argvs, units: argvs.length, micros: argvs.length * microsEach, tally};
		for (const [index, argv] of argvs.entries()) tally = counted(tally, replies[index], argv, skippedBecause);
		from += argvs.length;
	}
	return tally;
}

function counted(tally: Tally, reply: unknown, argv: readonly string[], skippedBecause: ListBatch['skippedBecause']): Tally {
	if (reply instanceof Error) return withFailed(tally, reply.message);
	const reason = skippedBecause(reply, argv);
	return reason === undefined ? withDone(tally, 1) : withSkipped(tally, reason);
}
