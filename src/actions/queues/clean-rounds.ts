import type {Pace} from '../../pace.ts';
import {cleanFinished} from '../../queues/lua/clean-finished.ts';
import type {Plan} from '../../store/dialog.ts';
import {emptyTally, skippedCount, type Tally, withDone, withFailed, withSkipped} from '../tally.ts';
import type {Batch, Rounds} from '../types.ts';
import type {Found, Wish} from './finished-jobs.ts';
import {beginning, callScript, loadedFirst, queueKeys, scriptPlan} from './queue-script.ts';

/** Jobs to be removed, frozen. `limit` is for the first round. */
export type Cleaning = {readonly db: number; readonly wish: Wish; readonly found: Found; readonly limit: number};

/** What one job takes the server, of ten short fields: 12 to 18 µs (Redis 7.0 on a shared core). */
export const microsEach = 16;
const mostInRound = 250;

export const limitFor = (pace: Pace): number => Math.max(1, Math.min(mostInRound, pace.fit(microsEach)));

const call = ({wish: {base, state, keep}, found: {last}}: Cleaning, offset: number, limit: number): readonly string[] =>
	callScript(cleanFinished, [queueKeys(base)[state]], [`${base}:`, last.id, last.scoreText, String(offset), String(limit), String(keep)]);

export const cleaningPlan = (cleaning: Cleaning): Plan => scriptPlan(cleaning, cleanFinished, [call(cleaning, 0, cleaning.limit)]);

export const cleaningWork = (cleaning: Cleaning): Batch & {readonly kind: 'batch'} => ({
	kind: 'batch',
	unit: 'jobs',
	total: cleaning.found.total,
	rounds: pace => loadedFirst(beginning(cleaning, cleanFinished), cleaningRounds(cleaning, pace)),
});

function* cleaningRounds(cleaning: Cleaning, pace: Pace): Rounds {
	const {total} = cleaning.found;
	let tally = emptyTally;
	let [tried, left] = [0, total];
	let argvs: Plan = [call(cleaning, 0, cleaning.limit)];
	let units = Math.min(cleaning.limit, total);
	// No more than were counted, whatever the set has come to meanwhile.
	while (left > 0 && tried < total) {
		const replies = yield {argvs, units, micros: units * microsEach, tally};
		const reply = replies.at(-1);
		if (reply instanceof Error) return withFailed(tally, reply.message, units);
		const counts = Array.isArray(reply) ? reply.map(Number) : [];
		tally = counted(tally, counts);
		tried += units;
		left = counts[5] ?? 0;
		units = Math.min(limitFor(pace), Math.max(0, total - tried));
		// What has been left alone is now the oldest: it is not looked at again.
		argvs = [call(cleaning, skippedCount(tally), units)];
	}
	// Counted when the dialog opened, and not there any more: workers that keep only so many remove them too.
	const rest = total - tally.done - skippedCount(tally);
	return left === 0 && rest > 0 ? withSkipped(tally, 'gone by then', rest) : tally;
}

/** Of the done: an id that stood in the set alone. */
const orphanIds = 'without a job';

function counted(tally: Tally, [removed = 0, orphans = 0, children = 0, parents = 0, unfinished = 0]: readonly number[]): Tally {
	const done = withDone(withDone(tally, removed), orphans, orphanIds);
	const skips = [
		[children, 'child of a flow whose parent is there'],
		[parents, 'parent of unfinished children'],
		[unfinished, 'not finished: its id is used again'],
	] as const;
	return skips.reduce((sum, [count, reason]) => (count > 0 ? withSkipped(sum, reason, count) : sum), done);
}
