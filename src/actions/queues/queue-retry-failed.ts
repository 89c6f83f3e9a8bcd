import {retryJob} from '../../queues/lua/retry-job.ts';
import {formatCount, formatMoment, formatSeconds, plural} from '../../text/format.ts';
import {defineAction} from '../define-action.ts';
import {skippedCount, tallyText} from '../tally.ts';
import type {Reading} from '../trips.ts';
import {type Done, isRefusal, type Verdict} from '../types.ts';
import {type FailedJobs, mostRetried, readFailed} from './failed-jobs.ts';
import {lookAgain} from './frozen-jobs.ts';
import {type Moves, microsOf, movesBatch, movesCost, movesGoOn, movesPlan, tooManyWait} from './job-moves.ts';
import {statusOf} from './queue-checks.ts';
import {moveChecks, queueFact, whenTheyRun, workersFact} from './queue-now.ts';
import {explainCall, queueKeys} from './queue-script.ts';
import {type QueueTarget, writableQueue} from './queue-target.ts';
import {type RetryWish, retryParams, retryWish, sinceMs} from './retry-wish.ts';
import {scriptNeeds} from './script-needs.ts';

type Target = {readonly queue: QueueTarget; readonly wish: RetryWish; readonly failed: FailedJobs | undefined};

/** Let failed jobs wait again, each only if it is still the failure that was seen. */
export const queueRetryFailed = defineAction<Target>({
	id: 'queue.retry-failed',
	title: 'Retry failed jobs',
	danger: 'disruptive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a small script, one call a job, after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'puts failed jobs back to waiting in the order in which they failed: all, since a time, or by their reason; each only if it is still the failure that was seen. Priorities are kept; children of flows are left alone',
		cost: 'about 50 µs a job, in rounds below 5 ms',
		verify: 'the account of the calls, and a sample that is no longer among the failed jobs',
		undo: 'none: a job that runs again has run again',
	},

	on: 'a queue',
	params: retryParams,
	target(state, choice) {
		const queue = writableQueue(state, choice);
		if (isRefusal(queue)) return queue;
		const wish = retryWish(choice.set);
		if (isRefusal(wish)) return wish;
		if (statusOf(queue, state)?.failed === 0) return {refused: `No job of ${queue.label} has failed`};
		return {queue, wish, failed: undefined};
	},

	*prepare({queue, wish}, {nowMs}) {
		const failed = yield* readFailed(queue, wish, nowMs);
		if (failed.jobs.length === 0) return {refused: nothingToDo(wish, failed)};
		return {queue, wish, failed};
	},

	facts: ({queue, wish, failed}, state) => [
		queueFact(queue),
		...(failed ? failedFacts(queue, wish, failed) : []),
		['attempts', wish.resetsAttempts ? 'counted anew' : 'go on where they were'],
		workersFact(state, queue),
	],

	checks: ({queue, failed}, now) => [
		...moveChecks(queue, now, {grows: true}),
		{
			label: 'some of them can be retried',
			ok: failed === undefined || failed.jobs.length > failed.children + failed.orphans,
			reason: 'None of them can be retried: they are children of flows, which their parents have been told of, or ids whose job is gone',
		},
	],

	plan: target => movesPlan(movesOf(target)),
	needs: target => scriptNeeds(target.queue, retryJob),
	goesOn: target => movesGoOn(movesOf(target), 'the oldest failure first'),
	work: target => movesBatch(movesOf(target)),

	effect: ({queue, wish, failed}, state) => [
		`put back to waiting: ${plural(failed?.jobs.length ?? 0, 'failed job')}, in the order in which they failed, behind what waits already`,
		...(failed && failed.prioritized > 0 ? [`${formatCount(failed.prioritized)} of them keep their priority and wait by it`] : []),
		wish.resetsAttempts ? 'each has all of its attempts again' : 'a job that had used all of its attempts gets one more',
		'what a job did before it failed it does again',
		whenTheyRun(state, queue),
	],
	affects: ({queue}) => `the workers of ${queue.label}, and what its jobs talk to: if that is still down they fail again`,
	cost: target => movesCost(movesOf(target)),
	evidence: ['info'],
	verify: (_target, {tally}) => ({ok: (tally?.done ?? 0) > 0, detail: tally ? tallyText(tally) : 'no account'}),
	review: (target, done) => reviewed(target, done),
	undo: () => ({none: 'cannot be undone: a job that runs again has run again'}),
	explain: error => explainCall(error),
});

function movesOf({queue, wish, failed}: Target): Moves {
	return {
		queue,
		script: retryJob,
		from: 'failed',
		jobs: (failed?.jobs ?? []).map(({id, score}) => ({id, args: [String(score), wish.resetsAttempts ? '1' : '0', String(failed?.nowMs ?? 0)]})),
		microsEach: microsOf(queue, {prioritized: failed?.prioritized ?? 0, waiting: failed?.waiting ?? 0, jobs: failed?.jobs.length ?? 0}),
	};
}

const mostReasons = 3;

function failedFacts(queue: QueueTarget, wish: RetryWish, failed: FailedJobs): readonly (readonly [string, string])[] {
	const {jobs, total, lookedAt, nowMs, reasons, children, orphans, longReasons} = failed;
	const ago = (job: (typeof jobs)[number] | undefined) => formatSeconds(job && Math.max(0, nowMs - job.score) / 1000);
	const isCut = lookedAt < total;
	const which = `that have failed${sinceWords(wish, nowMs)}${wish.reason === '' ? '' : `, with “${wish.reason}” in the reason`}`;
	const left = [
		children > 0 ? (children === 1 ? '1 child of a flow' : `${formatCount(children)} children of flows`) : '',
		orphans > 0 ? `${plural(orphans, 'id')} without a job` : '',
		tooManyWait(queue, failed),
		longReasons > 0 ? `${formatCount(longReasons)} whose reason is too long to compare` : '',
	].filter(text => text !== '');
	return [
		['jobs', `${formatCount(jobs.length)} of ${formatCount(Math.max(total, jobs.length))} ${which}`],
		...(isCut
			? [
					[
						'at once',
						`the oldest ${formatCount(mostRetried)} are looked at in one run; ${wish.reason === '' ? 'run it again for the rest' : 'a later since leads to the newer ones'}`,
					] as const,
				]
			: []),
		['failed', `${ago(jobs[0])} to ${ago(jobs.at(-1))} ago`],
		...reasons.slice(0, mostReasons).map(([shape, count]) => ['reason', `${formatCount(count)} × ${shape}`] as const),
		...(reasons.length > mostReasons ? [['', `and ${formatCount(reasons.length - mostReasons)} more kinds of reasons`] as const] : []),
		...(left.length > 0 ? [['left alone', left.join(', ')] as const] : []),
	];
}

/** By the server's clock, which the jobs are dated by. */
const sinceWords = ({since}: RetryWish, nowMs: number): string => (since === undefined ? '' : ` since ${formatMoment(sinceMs(since, nowMs), nowMs)}`);

function nothingToDo(wish: RetryWish, {total, lookedAt, nowMs}: FailedJobs): string {
	if (total === 0) return `No job has failed${sinceWords(wish, nowMs)}`;
	return `Of ${plural(lookedAt, 'failed job')} none has “${wish.reason}” in its reason`;
}

function* reviewed({queue, failed}: Target, {tally}: Done): Reading<Verdict> {
	const {left, back, looked, now} = yield* lookAgain(queueKeys(queue.base).failed, failed?.jobs ?? []);
	const account = tally ? tallyText(tally) : '';
	const sample = back > 0 ? `; of ${formatCount(looked)} looked at ${formatCount(back)} have failed again` : '';
	if (!tally || tally.done === 0) return {ok: false, detail: `${account}: none of them was put back`, isFinal: true};
	if (left > skippedCount(tally))
		return {ok: false, detail: `${account}; of ${formatCount(looked)} looked at ${formatCount(left)} are among the failed as before`};
	return {ok: true, detail: `${account}${sample}; ${plural(now ?? 0, 'failed job')} now`};
}
