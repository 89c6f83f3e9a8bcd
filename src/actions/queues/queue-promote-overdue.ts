import {dueMsOf, dueScore} from '../../queues/bull-reads.ts';
import {promoteJob} from '../../queues/lua/promote-job.ts';
import {textsOf} from '../../queues/replies.ts';
import {toCount, toNumber} from '../../redis/parse/number.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {defineAction} from '../define-action.ts';
import {skippedCount, tallyText} from '../tally.ts';
import {ask, type Reading} from '../trips.ts';
import {type Done, isRefusal, type Verdict} from '../types.ts';
import {freezeJobs, lookAgain, type ScoredJob, serverNow} from './frozen-jobs.ts';
import {type Moves, microsOf, movesBatch, movesCost, movesGoOn, movesPlan, tooManyWait} from './job-moves.ts';
import {statusOf} from './queue-checks.ts';
import {moveChecks, queueFact, whenTheyRun, workersFact} from './queue-now.ts';
import {explainCall, queueKeys} from './queue-script.ts';
import {type QueueTarget, writableQueue} from './queue-target.ts';
import {scriptNeeds} from './script-needs.ts';

type Overdue = {
	readonly jobs: readonly ScoredJob[];
	readonly total: number;
	readonly delayed: number | undefined;
	readonly nowMs: number;
	/** Of a sample: how many have a priority, and how many come from a scheduler. */
	readonly looked: number;
	readonly prioritized: number;
	readonly scheduled: number;
	readonly waiting: number;
};
type Target = {readonly queue: QueueTarget; readonly overdue: Overdue | undefined};

const mostPromoted = 100_000;
const looked = 500;

/** Let delayed jobs whose time has come wait for a worker; what a worker does by itself as long as one runs. */
export const queuePromoteOverdue = defineAction<Target>({
	id: 'queue.promote-overdue',
	title: 'Promote overdue jobs',
	danger: 'disruptive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a small script, one call a job, after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'puts delayed jobs whose time has come to where they wait, in the order in which they were due, as a worker does it; jobs that are not due stay where they are',
		cost: 'about 50 µs a job, in rounds below 5 ms',
		verify: 'the account of the calls, and a sample that is no longer among the delayed jobs',
		undo: 'none: a job that has run has run',
	},

	on: 'a queue',
	target(state, choice) {
		const queue = writableQueue(state, choice);
		if (isRefusal(queue)) return queue;
		if (statusOf(queue, state)?.overdue === 0) return {refused: `No delayed job of ${queue.label} is overdue`};
		return {queue, overdue: undefined};
	},

	*prepare({queue}, {nowMs}) {
		const overdue = yield* readOverdue(queue, nowMs);
		return overdue.jobs.length === 0 ? {refused: `No delayed job of ${queue.label} is overdue by the server’s clock`} : {queue, overdue};
	},

	facts: ({queue, overdue}, state) => [queueFact(queue), ...(overdue ? overdueFacts(queue, overdue) : []), workersFact(state, queue)],
	checks: ({queue}, now) => moveChecks(queue, now, {grows: true}),
	plan: target => movesPlan(movesOf(target)),
	needs: target => scriptNeeds(target.queue, promoteJob),
	goesOn: target => movesGoOn(movesOf(target), 'the longest overdue first'),
	work: target => movesBatch(movesOf(target)),

	effect: ({queue, overdue}, state) => [
		`put to waiting: ${plural(overdue?.jobs.length ?? 0, 'overdue job')}, the longest overdue first, behind what waits already; priorities count`,
		'delayed jobs that are not due stay where they are',
		...(overdue && overdue.scheduled > 0 ? ['some come from a scheduler: when such a job runs its worker adds the next one'] : []),
		'a worker does this by itself: if it has not, look at why',
		whenTheyRun(state, queue),
	],
	affects: ({queue}) => `the workers of ${queue.label}`,
	cost: target => movesCost(movesOf(target)),
	evidence: ['info'],
	verify: (_target, {tally}) => ({ok: (tally?.done ?? 0) > 0, detail: tally ? tallyText(tally) : 'no account'}),
	review: (target, done) => reviewed(target, done),
	undo: () => ({none: 'cannot be undone: a job that has run has run'}),
	explain: error => explainCall(error),
});

function* readOverdue({base}: QueueTarget, ourMs: number): Reading<Overdue> {
	const nowMs = yield* serverNow(ourMs);
	const keys = queueKeys(base);
	const {jobs, total} = yield* freezeJobs({key: keys.delayed, from: '-inf', to: String(dueScore(nowMs)), most: mostPromoted});
	const [delayed, wait, paused, ...fields] = yield* ask([
		['ZCARD', keys.delayed],
		['LLEN', keys.wait],
		['LLEN', keys.paused],
		...jobs.slice(0, looked).map(({id}) => ['HMGET', `${base}:${id}`, 'priority', 'rjk']),
	]);
	const seen = fields.map(textsOf);
	return {
		jobs,
		total,
		delayed: toCount(delayed),
		nowMs,
		looked: seen.length,
		prioritized: seen.filter(([priority]) => (toNumber(priority) ?? 0) > 0).length,
		scheduled: seen.filter(([, scheduler]) => scheduler !== undefined).length,
		waiting: (toCount(wait) ?? 0) + (toCount(paused) ?? 0),
	};
}

function overdueFacts(queue: QueueTarget, overdue: Overdue): readonly (readonly [string, string])[] {
	const {jobs, total, delayed, nowMs, looked: sample, prioritized} = overdue;
	const left = tooManyWait(queue, overdue);
	const late = (job: ScoredJob | undefined) => formatSeconds(job && Math.max(0, nowMs - dueMsOf(job.score)) / 1000);
	return [
		['jobs', `${formatCount(jobs.length)} overdue of ${formatCount(delayed)} delayed`],
		...(jobs.length < total
			? [['at once', `the oldest ${formatCount(mostPromoted)} of ${formatCount(total)} in one run; run it again for the rest`] as const]
			: []),
		['overdue for', `${late(jobs[0])} to ${late(jobs.at(-1))}`],
		...(prioritized > 0 ? [['priority', `${formatCount(prioritized)} of the first ${formatCount(sample)} have one and keep it`] as const] : []),
		...(left === '' ? [] : [['left alone', left] as const]),
	];
}

function movesOf({queue, overdue}: Target): Moves {
	const jobs = overdue?.jobs ?? [];
	return {
		queue,
		script: promoteJob,
		from: 'delayed',
		jobs: jobs.map(({id, score}) => ({id, args: [String(score)]})),
		microsEach: microsOf(queue, {prioritized: overdue?.prioritized ?? 0, waiting: overdue?.waiting ?? 0, jobs: jobs.length}),
	};
}

function* reviewed({queue, overdue}: Target, {tally}: Done): Reading<Verdict> {
	const {left, looked: sample, now} = yield* lookAgain(queueKeys(queue.base).delayed, overdue?.jobs ?? []);
	if (!tally || tally.done === 0) return {ok: false, detail: `${tally ? tallyText(tally) : ''}: none of them was promoted`, isFinal: true};
	const account = tallyText(tally);
	if (left > skippedCount(tally)) return {ok: false, detail: `${account}; of ${formatCount(sample)} looked at ${formatCount(left)} are delayed as before`};
	return {ok: true, detail: `${account}; ${plural(now ?? 0, 'delayed job')} now`};
}
