import {lookedAtActive} from '../../queues/bull-reads.ts';
import {recoverJob} from '../../queues/lua/recover-job.ts';
import {toNumber} from '../../redis/parse/number.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {defineAction} from '../define-action.ts';
import {tallyText} from '../tally.ts';
import type {Reading} from '../trips.ts';
import {type Done, isRefusal, type Refusal, type Verdict} from '../types.ts';
import {serverNow} from './frozen-jobs.ts';
import {type Moves, microsOf, movesBatch, movesCost, movesGoOn, movesPlan} from './job-moves.ts';
import {statusOf} from './queue-checks.ts';
import {moveChecks, queueFact, whenTheyRun, workersFact} from './queue-now.ts';
import {explainCall} from './queue-script.ts';
import {type QueueTarget, writableQueue} from './queue-target.ts';
import {scriptNeeds} from './script-needs.ts';
import {isSameRun, type LocklessRun, lookAtActive, mostActive} from './stalled-jobs.ts';

type Stalled = {readonly runs: readonly LocklessRun[]; readonly active: number; readonly orphans: number; readonly nowMs: number};
type Target = {readonly queue: QueueTarget; readonly stalled: Stalled | undefined};

/** Bull, and BullMQ 4 and older, move a job first and lock it a moment later: once is nothing. */
const betweenLooksMs = 1000;

/** Let active jobs that nobody holds run again, next. */
export const queueRecoverStalled = defineAction<Target>({
	id: 'queue.recover-stalled',
	title: 'Recover stalled jobs',
	danger: 'disruptive',
	pane: 'queues',
	doc: {
		sends: 'EVALSHA of a small script, one call a job, after SCRIPT LOAD and, where it is not database 0, SELECT',
		does: 'puts active jobs without a lock, seen so twice a second apart, back to waiting as the next to run; each only if it is still the same run of it. A job whose worker is blocked for over 30 s may still be running and then runs twice',
		cost: 'about 50 µs a job; refused above 5,000 active jobs',
		verify: 'the account of the calls, and none of them is active without a lock in the same run',
		undo: 'none: a job that runs again has run again',
	},

	on: 'a queue',
	target(state, choice) {
		const queue = writableQueue(state, choice);
		if (isRefusal(queue)) return queue;
		const refused = whyNothing(queue, state);
		return refused ?? {queue, stalled: undefined};
	},

	*prepare({queue}, {nowMs: ourMs}) {
		const first = yield* lookAtActive(queue);
		if (first.active > mostActive)
			return {refused: `${formatCount(first.active)} jobs are active: each would take a walk through all of them. Start a worker, it recovers them by itself`};
		if (first.lockless.length === 0) return {refused: nothingStalled(first.orphans)};
		yield {argvs: [['TIME']], micros: 1, restMs: betweenLooksMs, told: 'Looking twice, a second apart, at who holds the active jobs …'};
		const again = yield* lookAtActive(queue);
		const nowMs = yield* serverNow(ourMs);
		const before = new Map(first.lockless.map(run => [run.id, run]));
		const runs = again.lockless.filter(run => isSameRun(run, before.get(run.id)));
		if (runs.length === 0) return {refused: nothingStalled(again.orphans)};
		return {queue, stalled: {runs, active: again.active, orphans: again.orphans, nowMs}};
	},

	facts: ({queue, stalled}, state) => [
		queueFact(queue),
		...(stalled ? stalledFacts(stalled) : []),
		workersFact(state, queue),
		['stalled check', stalledCheck(state, queue)],
	],
	checks: ({queue}, now) => moveChecks(queue, now),
	plan: target => movesPlan(movesOf(target)),
	needs: target => scriptNeeds(target.queue, recoverJob),
	goesOn: target => movesGoOn(movesOf(target), 'the longest active last: it is the next to run'),
	work: target => movesBatch(movesOf(target)),

	effect: ({queue, stalled}, state) => [
		`put back as the next to run: ${plural(stalled?.runs.length ?? 0, 'active job')} that nobody holds`,
		'a lock also runs out where a worker’s event loop is blocked for over 30 s: such a job may still be running, and would run twice',
		'each is counted as stalled once more: a worker’s own check fails a job that has stalled more often than its maxStalledCount (1 unless set); this does not',
		'a running worker does it by itself in one or two of its checks, 30 s apart unless set: that is safer, if there is one and time',
		whenTheyRun(state, queue),
	],
	affects: ({queue}) => `the workers of ${queue.label}; what such a job had done before, it does again`,
	cost: target => movesCost(movesOf(target)),
	evidence: ['info'],
	verify: (_target, {tally}) => ({ok: (tally?.done ?? 0) > 0, detail: tally ? tallyText(tally) : 'no account'}),
	review: (target, done) => reviewed(target, done),
	undo: () => ({none: 'cannot be undone: a job that runs again has run again'}),
	explain: error => explainCall(error),
});

function whyNothing(queue: QueueTarget, state: ConsoleState): Refusal | undefined {
	const {active, activeWithoutLock} = statusOf(queue, state) ?? {};
	if (active === 0) return {refused: `No job of ${queue.label} is active`};
	if (activeWithoutLock === 0 && (active ?? 0) <= lookedAtActive) return {refused: `Every active job of ${queue.label} is held by a worker`};
	return undefined;
}

function nothingStalled(orphans: number): string {
	const held = 'Every active job is held by a worker, or was taken a moment ago';
	return orphans > 0 ? `${held}; ${plural(orphans, 'id')} without a job stand among them` : held;
}

const mostNamed = 3;

function stalledFacts({runs, active, orphans, nowMs}: Stalled): readonly (readonly [string, string])[] {
	const started = runs.map(({processedOn}) => toNumber(processedOn)).filter(ms => ms !== undefined);
	const ago = (ms: number | undefined) => formatSeconds(ms === undefined ? undefined : Math.max(0, nowMs - ms) / 1000);
	// No spread: there may be thousands.
	const [oldest, newest] = [started.reduce((least, ms) => Math.min(least, ms), nowMs), started.reduce((most, ms) => Math.max(most, ms), 0)];
	const workers = [...new Set(runs.flatMap(({worker}) => worker ?? []))];
	const before = runs.filter(({stalls}) => (toNumber(stalls) ?? 0) > 0).length;
	return [
		[
			'jobs',
			`${formatCount(runs.length)} without a lock of ${formatCount(active)} active: ${firstOf(runs.map(({id, name}) => (name === undefined ? id : `${id} ${name}`)))}`,
		],
		...(started.length > 0 ? [['taken', `${ago(oldest)} to ${ago(newest)} ago`] as const] : []),
		...(workers.length > 0 ? [['by', firstOf(workers)] as const] : []),
		['stalled before', before === 0 ? 'none of them' : `${formatCount(before)} of them`],
		...(orphans > 0 ? [['left alone', `${plural(orphans, 'id')} without a job`] as const] : []),
	];
}

const firstOf = (names: readonly string[]): string =>
	`${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ` and ${formatCount(names.length - mostNamed)} more` : ''}`;

function stalledCheck(state: ConsoleState, queue: QueueTarget): string {
	const {stalledCheckMs} = statusOf(queue, state) ?? {};
	if (stalledCheckMs === undefined) return 'not known';
	return stalledCheckMs > 0 ? `a worker looks again in ${formatSeconds(stalledCheckMs / 1000)}` : 'no worker has looked within its interval';
}

const movesOf = ({queue, stalled}: Target): Moves => ({
	queue,
	script: recoverJob,
	from: 'active',
	jobs: (stalled?.runs ?? []).map(({id, processedOn, stalls}) => ({id, args: [processedOn, stalls]})),
	// They are taken from the head of the list on: there is no search to speak of.
	microsEach: microsOf(queue, {prioritized: 0, waiting: 0, jobs: 0}),
});

function* reviewed({queue, stalled}: Target, {tally}: Done): Reading<Verdict> {
	const {lockless} = yield* lookAtActive(queue);
	const now = new Map(lockless.map(run => [run.id, run]));
	const left = (stalled?.runs ?? []).filter(run => isSameRun(run, now.get(run.id))).length;
	if (!tally || tally.done === 0) return {ok: false, detail: `${tally ? tallyText(tally) : ''}: none of them was put back`, isFinal: true};
	const account = tallyText(tally);
	return left > 0
		? {ok: false, detail: `${account}; still active without a lock, as before: ${formatCount(left)}`}
		: {ok: true, detail: `${account}; none of them is left active without a lock`};
}
