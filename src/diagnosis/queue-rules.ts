import {backlogOf} from '../store/queue-history.ts';
import {formatCount, formatSeconds, plural} from '../text/format.ts';
import {type Hits, queueRule, sumOf, whichQueues} from './queue-cases.ts';
import {lookStep, queueFlowRules} from './queue-flow-rules.ts';
import type {Rule} from './rule.ts';

/** In every look, and in more than one. */
const isLasting = (sinceMs: number | undefined, lookedAtMs: number): boolean => sinceMs !== undefined && sinceMs < lookedAtMs;

const stalled: Rule = queueRule(
	'queue.stalled',
	({queue, track}, {lookedAtMs}) => {
		const {family, active, activeWithoutLock = 0, activeWithoutLockIds, stalledCheckMs} = queue;
		// Of Bull and BullMQ the figure itself is made of two looks at the same jobs.
		if (activeWithoutLock === 0 || (family !== 'bull' && !isLasting(track?.strandedSinceMs, lookedAtMs))) return undefined;
		const ids = activeWithoutLockIds.length === 0 ? '' : ` (${activeWithoutLockIds.slice(0, 3).join(', ')}${activeWithoutLockIds.length > 3 ? ' …' : ''})`;
		const check = stalledCheckMs === 0 ? ', and no worker has looked for such jobs within its interval' : '';
		return {size: activeWithoutLock, text: `${formatCount(activeWithoutLock)} of ${formatCount(active)} active jobs held by nobody${ids}${check}`};
	},
	hits => ({
		severity: 'P1',
		title: `${plural(stalledJobs(hits), 'job')} of ${whichQueues(hits)} ${stalledJobs(hits) === 1 ? 'is' : 'are'} active and held by nobody`,
		meaning: [
			'Their worker was killed or lost its connection, and its claim on the job has run out.',
			'Or it is so busy that it cannot renew its claim: then the job may still be running, and to run it again does its work twice.',
		],
		remedies: ['queue.recover-stalled'],
		steps: [
			'Start a worker of the queue: workers look for such jobs themselves and take them again, every 30 s by default',
			'See whether a worker is at full CPU: it may still be running them',
			...lookStep(hits.worst),
		],
		over: 'every active job is held by a worker again',
	}),
);

const stalledJobs = ({all}: Hits): number => sumOf(all, queue => queue.activeWithoutLock);

const noWorkers: Rule = queueRule(
	'queue.no-workers',
	({queue, track}, {lookedAtMs}) => {
		const backlog = backlogOf(queue) ?? 0;
		if (!isLasting(track?.unmannedSinceMs, lookedAtMs)) return undefined;
		const next = queue.nextJobAgeMs === undefined ? '' : `, the next for ${formatSeconds(Math.floor(queue.nextJobAgeMs / 1000))}`;
		return {size: backlog, text: `${formatCount(backlog)} waiting${next}, no worker visible`};
	},
	hits => ({
		severity: 'P2',
		title: `Jobs wait in ${whichQueues(hits)} and no worker is visible`,
		meaning: [
			'None visible is not the same as none: workers are known by the names of their connections (Bull, BullMQ) or by the list that they keep.',
			'A worker whose own name has a blank in it, or that comes through a proxy which drops names, is not seen. If jobs are taken, this is nothing.',
		],
		remedies: [],
		steps: ['See whether the workers run, where they run: systemctl, kubectl, docker', 'See whether they are set to this server, database and prefix'],
		over: 'a worker is visible, or no job waits',
	}),
);

const paused: Rule = queueRule(
	'queue.paused',
	({queue}) => {
		const held = (backlogOf(queue) ?? 0) + (queue.overdue ?? 0);
		if (queue.paused !== true || held === 0) return undefined;
		return {size: held, text: `${formatCount(held)} waiting${queue.overdue ? `, ${formatCount(queue.overdue)} of them delayed and due` : ''}`};
	},
	hits => ({
		severity: 'P2',
		title: `${whichQueues(hits)} ${hits.all.length === 1 ? 'is' : 'are'} paused with jobs waiting`,
		meaning: [
			'Somebody has paused it, or a tool has: some clean-ups pause a queue and leave it so when they fail. The queue does not tell who, nor when.',
			'What comes in meanwhile is kept; nothing of it runs before somebody resumes the queue.',
		],
		remedies: ['queue.resume'],
		steps: ['Ask who has paused it, and why, before it is resumed'],
		over: 'the queue is resumed, or nothing waits in it',
	}),
);

const mixedMajors: Rule = queueRule(
	'queue.mixed-majors',
	({queue: {mixedMajors: mix}}) =>
		mix && mix.jobsAtRisk > 0 ? {size: mix.jobsAtRisk, text: `${plural(mix.jobsAtRisk, 'job')} at risk: ${mix.evidence.join('; ')}`} : undefined,
	hits => {
		const jobs = sumOf(hits.all, queue => queue.mixedMajors?.jobsAtRisk);
		return {
			severity: 'P1',
			title: `Two majors of the library seem to work on ${whichQueues(hits)}: ${plural(jobs, 'job')} can be lost`,
			meaning: [
				'The jobs lie where one major alone would not have put them: BullMQ 5 and older, and Bull, keep those of a paused queue in another list than BullMQ 6 does.',
				'A pause or a resume by the old one overwrites what the new one has left.',
				'Pause or resume the queue with no tool while that is so: jobs that are overwritten cannot be brought back.',
			],
			remedies: [],
			steps: [
				'Bring all producers, workers and dashboards of the queue to one major; the older ones stop first',
				'Before anybody resumes it, keep the ids that lie in both of its lists, wait and paused',
			],
			over: 'the jobs of the queue lie in one list again',
		};
	},
);

/** What can be wrong with job queues: one finding a kind, for all queues together. */
export const queueRules: readonly Rule[] = [mixedMajors, stalled, ...queueFlowRules, noWorkers, paused];
