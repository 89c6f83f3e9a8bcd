import type {QueueStatus} from '../queues/types.ts';
import {backlogOf, endedLately} from '../store/queue-history.ts';
import {formatCount, formatPercent, formatSeconds, plural, roughly} from '../text/format.ts';
import {type QueueCase, type QueueHit, queueRule, sumOf, whichQueues} from './queue-cases.ts';
import type {Rule} from './rule.ts';
import {hysteresisRatio} from './thresholds.ts';

const slack = ({isStanding}: QueueCase): number => (isStanding ? hysteresisRatio : 1);
const seconds = (ms: number): string => formatSeconds(Math.floor(ms / 1000));
const join = (parts: readonly (string | false | undefined)[]): string => parts.filter(part => part !== false && part !== undefined).join(', ');

const depth: Rule = queueRule(
	'queue.depth',
	(each, {thresholds}) => {
		const backlog = backlogOf(each.queue);
		const limit = each.lines?.depthCount ?? thresholds.queueDepthCount;
		if (backlog === undefined || backlog < limit * slack(each)) return undefined;
		return {size: backlog, text: join([`${formatCount(backlog)} waiting`, pace(each.queue), nextAge(each.queue)])};
	},
	hits => ({
		severity: 'P1',
		title: `${formatCount(sumOf(hits.all, backlogOf))} jobs wait in ${whichQueues(hits)}`,
		meaning: [
			'Jobs come faster than the workers take them, or have done so for a while. A burst works itself off; a drain time of "never" does not.',
			'Every waiting job lies in the server’s memory, and each of them is late by the age of the next one.',
		],
		remedies: [],
		steps: [
			'Start more workers, if the server and what the jobs call can take it',
			'Look at what the newest jobs are (Enter on the queue): a producer that runs wild is stopped at its source',
		],
		over: `fewer jobs wait than the line of each queue, ${formatCount(hits.thresholds.queueDepthCount)} by default`,
	}),
);

function pace({paused, drainSeconds, processedPerSecond, addedPerSecond}: QueueStatus): string | undefined {
	if (paused === true) return 'paused';
	const flow = `${rate(addedPerSecond)} in and ${rate(processedPerSecond)} out per second`;
	if (drainSeconds === undefined) return undefined;
	return drainSeconds === 'never' ? `at this pace it never drains (${flow})` : `drains in about ${roughly(drainSeconds)} at this pace`;
}

const rate = (perSecond: number | undefined): string => (perSecond === undefined ? '?' : perSecond.toFixed(perSecond < 10 ? 1 : 0));

const nextAge = ({nextJobAgeMs}: QueueStatus): string | undefined => (nextJobAgeMs === undefined ? undefined : `the next job is ${seconds(nextJobAgeMs)} old`);

/** Active jobs that somebody holds. */
const heldJobs = ({active = 0, activeWithoutLock = 0}: QueueStatus): number => Math.max(0, active - activeWithoutLock);

const stuck: Rule = queueRule(
	'queue.stuck',
	({queue, track, lines}, {thresholds, lookedAtMs}) => {
		const idleMs = track?.idleSinceMs === undefined ? undefined : lookedAtMs - track.idleSinceMs;
		if (idleMs === undefined || idleMs < (lines?.stuckSeconds ?? thresholds.queueStuckSeconds) * 1000) return undefined;
		const held = heldJobs(queue);
		// Where workers are at it, others come first.
		const size = idleMs / (held > 0 ? 1e9 : 1);
		return {size, text: join([`none taken for ${seconds(idleMs)}`, `${formatCount(backlogOf(queue))} waiting`, atWork(queue), workersSeen(queue)])};
	},
	hits => {
		const isHeld = hits.all.every(({queue}) => heldJobs(queue) > 0);
		return {
			severity: isHeld ? 'P2' : 'P1',
			title: `Jobs wait in ${whichQueues(hits)} and none is taken`,
			meaning: [
				isHeld
					? 'Workers hold jobs and take no more: long jobs, or jobs that hang (a call without a time limit). The console cannot tell one from the other.'
					: 'Nobody takes a job though nothing known holds them back: no worker runs, it has lost its connection, or it is not meant for this queue.',
				'Counted from when this console began to look, so it may have lasted longer.',
			],
			remedies: ['queue.recover-stalled'],
			steps: [
				isHeld ? 'Open the queue and look at its active jobs: since when they run, and what they are' : 'See whether the workers run, and read their log',
				'Restart the workers of the queue; jobs that they held are taken again when their locks have run out',
				...lookStep(hits.worst),
			],
			over: 'a job is taken, or none waits any more',
		};
	},
);

function atWork(queue: QueueStatus): string | undefined {
	const {active, concurrency} = queue;
	if (active === undefined) return undefined;
	if (active === 0) return 'none active';
	const limit = concurrency !== undefined && active >= concurrency ? ', which is the limit of the whole queue' : '';
	return `${formatCount(active)} active${limit}`;
}

/** None visible is not none. */
const workersSeen = ({workers}: QueueStatus): string => (workers === undefined ? 'no worker visible' : plural(workers, 'worker'));

/** A literal command for the shell, where the key needs no quoting. */
export function lookStep({queue: {family, id}}: QueueHit): readonly string[] {
	return family === 'bull' && /^[\w:.{}-]+$/.test(id) ? [`Look by hand: redis-cli LRANGE '${id}:active' -10 -1`] : [];
}

const overdue: Rule = queueRule(
	'queue.overdue',
	(each, {thresholds}) => {
		const {overdue: count = 0, oldestOverdueMs = 0, delayed, paused} = each.queue;
		const limitMs = (each.lines?.overdueSeconds ?? thresholds.queueOverdueSeconds) * 1000;
		// A queue that is paused sends nothing on its way; queue.paused tells of it.
		if (count === 0 || paused === true || oldestOverdueMs < limitMs * slack(each)) return undefined;
		return {size: oldestOverdueMs, text: `${formatCount(count)} of ${formatCount(delayed)} delayed jobs are due, the oldest for ${seconds(oldestOverdueMs)}`};
	},
	hits => ({
		severity: 'P1',
		title: `${plural(
			sumOf(hits.all, queue => queue.overdue),
			'delayed job',
		)} of ${whichQueues(hits)} should have run by now`,
		meaning: [
			'It is the workers that move a delayed job on when its time has come: none runs, all are busy, or they do not look after delayed jobs (BullMQ 1 wants a QueueScheduler).',
			'Times are those of the server’s clock; a producer whose clock is wrong can make jobs look late.',
		],
		remedies: ['queue.promote-overdue'],
		steps: ['See whether the workers run, and restart them', 'BullMQ 1: see whether a QueueScheduler runs for this queue'],
		over: `no delayed job is more than ${formatSeconds(hits.thresholds.queueOverdueSeconds)} (or the line of its queue) past its time`,
	}),
);

/** What is counted over a moving minute wanders: what has been found ends at half of its lines. */
const calmRatio = 0.5;
const minuteMs = 60_000;

const countsAttempts: ReadonlySet<string> = new Set(['sidekiq', 'asynq']);

const failing: Rule = queueRule(
	'queue.failing',
	({queue, track, lines, isStanding}, {thresholds, lookedAtMs}) => {
		// Their counters count every attempt, also those that are made again and succeed.
		if (countsAttempts.has(queue.system)) return undefined;
		const ended = endedLately(track, lookedAtMs);
		const ease = isStanding ? calmRatio : 1;
		const all = queue.failed === undefined ? undefined : `${formatCount(queue.failed)} kept as failed`;
		// That none failed while the server was blocked, and none ran, does not mean that they would not.
		const isAfterGap = track?.gapEndedMs !== undefined && lookedAtMs - track.gapEndedMs < minuteMs;
		if (isStanding && isAfterGap && (ended?.finished ?? 0) < thresholds.queueFailingPerMinute)
			return {size: ended?.failed ?? 0, text: join(['too few have ended since the server answers again', all])};
		if (!ended || ended.failed < thresholds.queueFailingPerMinute * ease) return undefined;
		const share = ended.failed / Math.max(ended.finished, ended.failed);
		if (share < (lines?.failingRatio ?? thresholds.queueFailingRatio) * ease) return undefined;
		return {
			size: ended.failed,
			text: join([`${formatCount(ended.failed)} of ${formatCount(Math.max(ended.finished, ended.failed))} jobs failed (${formatPercent(share)})`, all]),
		};
	},
	hits => ({
		severity: 'P1',
		title: `Jobs of ${whichQueues(hits)} fail`,
		meaning: [
			'Of the jobs that ended within the last minute, for good: attempts that are made again do not count. Where events tell it, it is an estimate from a sample.',
			'What they call is down, or a release broke them. As long as it is, retrying makes it worse.',
		],
		remedies: ['queue.pause', 'queue.retry-failed'],
		steps: ['Open the queue and press a: the reasons, grouped', 'Mend what they call first; then retry what has failed since'],
		over: 'within a minute fewer than half as many fail as it takes to find this',
	}),
);

export const queueFlowRules: readonly Rule[] = [stuck, failing, depth, overdue];
