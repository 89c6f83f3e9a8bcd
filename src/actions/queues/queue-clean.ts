import {cleanFinished} from '../../queues/lua/clean-finished.ts';
import type {Check, ConfirmRequest} from '../../store/dialog.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatClock, formatCount, formatSeconds} from '../../text/format.ts';
import {mayRun} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {duration, wholeNumber} from '../params.ts';
import {skippedCount, tallyText} from '../tally.ts';
import type {Reading} from '../trips.ts';
import {type Choice, type Done, isRefusal, type Refusal, type Verdict} from '../types.ts';
import {type Cleaning, cleaningPlan, cleaningWork, limitFor, microsEach} from './clean-rounds.ts';
import {countLeft, type FinishedState, type Found, findFinished, type Wish} from './finished-jobs.ts';
import {libraryName, scriptChecks, statusOf} from './queue-checks.ts';
import {explainCall} from './queue-script.ts';
import {chosenQueue, whyNotCleanable} from './queue-target.ts';
import {scriptNeeds} from './script-needs.ts';

type Target = Cleaning & {
	readonly label: string;
	readonly library: string;
	readonly isMixed: boolean;
	readonly olderThanSeconds: number;
	/** The server's clock when the dialog opened. */
	readonly clockMs: number;
};

const notFound: Found = {size: 0, total: 0, last: {id: '', scoreText: '0'}, oldestMs: 0, newestMs: 0, sample: []};

/**
 * Remove finished jobs in rounds. Allowed also where the major is not known or several work on the queue, unlike the other actions: all of them
 * (Bull 4, BullMQ 1 to 6) keep finished jobs alike, a set by the time of their end and a hash each, and none takes work from there.
 */
export const queueClean = defineAction<Target>({
	id: 'queue.clean',
	title: 'Remove finished jobs',
	danger: 'destructive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a script that removes up to 250 jobs a call, after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'completed or failed jobs older than a time, but for the newest N, are removed with data, result and logs; of flows only what no parent needs',
		cost: '10 to 18 µs a job, in rounds below 5 ms with pauses: a fifth of one core at most',
		verify: 'the set is counted again: nothing is left of what was to go, but for what was left alone',
		undo: 'none: what is removed is gone',
	},

	on: 'a queue',
	params: [
		{name: 'state', hint: 'completed or failed', initial: () => 'completed'},
		{name: 'older-than', aliases: ['age', 'older'], hint: 'a time, as in 90s, 15m, 2h or 7d', initial: () => '1h'},
		{name: 'keep', aliases: ['keep-newest'], hint: 'how many of the newest to keep, 0 or more', initial: () => '0'},
	],
	target: wished,
	*prepare(target, _state, pace) {
		const found = yield* findFinished(target.wish);
		return isRefusal(found) ? found : {...target, found, limit: limitFor(pace)};
	},

	facts: cleaningFacts,
	checks: ({wish}, now) => [...scriptChecks(now), isStillThere(wish, now), mayRun(now, 'UNLINK')],
	plan: cleaningPlan,
	needs: target => scriptNeeds({base: target.wish.base, major: 5}, cleanFinished),
	goesOn: ({found, limit}) =>
		found.total > limit ? `and so on, up to 250 jobs a call, until ${formatCount(found.total)} have been tried` : 'one call is enough',
	work: cleaningWork,
	effect: ({wish: {state}, found, isMixed}) => [
		`${formatCount(found.total)} ${state} jobs are removed with their data, ${state === 'failed' ? 'reasons' : 'results'} and logs`,
		'left alone: children of a flow whose parent is still there, parents of unfinished children; jobs that finish from now on',
		'ids without a job are removed from the set; an id that was chosen by the program can be added again',
		...(isMixed ? ['several majors work on this queue: all of them keep finished jobs alike'] : []),
	],
	affects: ({label}) => `who asks for finished jobs of ${label}: dashboards, and programs that wait for a result`,
	cost: cleaningCost,
	evidence: ['info'],

	verify: () => ({ok: false, detail: 'it has not been looked at'}),
	review: reviewCleaning,
	undo: () => ({none: 'cannot be undone: what is removed is gone'}),
	explain: explainCall,
});

function wished(state: ConsoleState, choice: Choice): Target | Refusal {
	const queue = chosenQueue(state, choice);
	if (isRefusal(queue)) return queue;
	const refused = whyNotCleanable(queue);
	if (refused !== undefined) return {refused};
	const {set} = choice;
	const finished = finishedState(set.state ?? '');
	if (isRefusal(finished)) return finished;
	const olderThanSeconds = duration('older-than', set['older-than'] ?? '');
	if (isRefusal(olderThanSeconds)) return olderThanSeconds;
	const keep = wholeNumber('keep', set.keep ?? '', {from: 0});
	if (isRefusal(keep)) return keep;
	// The server's own clock: the workers stamp the end of a job, and they are nearer to it than this machine may be.
	const clockMs = Math.floor(serverClockMs(state.snapshot, state.nowMs));
	return {
		db: state.session.target.db,
		wish: {base: queue.id, state: finished, cutoffMs: Math.floor(clockMs - olderThanSeconds * 1000), keep},
		found: notFound,
		limit: 1,
		label: queueLabel(queue),
		library: libraryName(queue),
		isMixed: queue.mixedMajors !== undefined,
		olderThanSeconds,
		clockMs,
	};
}

function finishedState(text: string): FinishedState | Refusal {
	const word = text.trim().toLowerCase();
	return word === 'completed' || word === 'failed' ? word : {refused: 'state must be completed or failed'};
}

function isStillThere({base}: Wish, now: ConsoleState): Check {
	const queue = statusOf({base}, now);
	const reason = queue ? whyNotCleanable(queue) : 'The queue has gone';
	return {label: 'the queue is still there', ok: reason === undefined, ...(reason === undefined ? {} : {reason})};
}

function cleaningFacts({wish, found, library, olderThanSeconds, clockMs}: Target): ConfirmRequest['facts'] {
	const age = (ms: number) => formatSeconds(Math.max(0, clockMs - ms) / 1000);
	const names = countNames(found.sample);
	const kept = wish.keep > 0 ? `, the newest ${formatCount(wish.keep)} are kept` : '';
	return [
		['queue', `${wish.base}  ${library}`],
		['jobs', `${formatCount(found.total)} of ${formatCount(found.size)} ${wish.state}`],
		['which', `ended over ${formatSeconds(olderThanSeconds)} ago, by ${formatClock(wish.cutoffMs)}${kept}`],
		['age', `${age(found.newestMs)} to ${age(found.oldestMs)}`],
		...(names === '' ? [] : [['names', names] as const]),
		['memory', `about ${formatBytes(bytesOf(found))}, from ${formatCount(found.sample.length)} of them`],
	];
}

const shownNames = 4;

/** `process 14, charge 6`: of the sample. */
function countNames(sample: Found['sample']): string {
	const counts = new Map<string, number>();
	for (const {name = '(id without a job)'} of sample) counts.set(name, (counts.get(name) ?? 0) + 1);
	const sorted = [...counts].sort((a, b) => b[1] - a[1]);
	const shown = sorted.slice(0, shownNames).map(([name, count]) => `${name} ${count}`);
	return [...shown, ...(sorted.length > shownNames ? [`${sorted.length - shownNames} more`] : [])].join(', ');
}

const bytesOf = ({sample, total}: Found): number => (sample.length === 0 ? 0 : (sample.reduce((sum, {bytes}) => sum + bytes, 0) / sample.length) * total);

/** A fifth of one core, see `runAction`. */
const share = 0.2;

function cleaningCost({found, limit}: Target): string {
	const seconds = (found.total * microsEach) / 1e6;
	const rounds = Math.ceil(found.total / limit);
	return `about ${formatCount(rounds)} ${rounds === 1 ? 'round' : 'rounds'}, ${formatSeconds(seconds)} of server time over ${formatSeconds(seconds / share)} or more, each below 5 ms`;
}

function* reviewCleaning({wish, found}: Target, {tally}: Done): Reading<Verdict> {
	const left = yield* countLeft(wish, found.last);
	const account = tally ? tallyText(tally) : '';
	if (left === undefined) return {ok: false, detail: `${account}; what is left could not be counted`};
	const skipped = tally ? skippedCount(tally) : 0;
	if (left > skipped) return {ok: false, detail: `${account}; ${formatCount(left - skipped)} more are still there`};
	return {ok: true, detail: `${account}; ${left === 0 ? 'none is left of them' : `${formatCount(left)} are left, which were skipped`}`};
}
