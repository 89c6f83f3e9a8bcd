import {toNumber} from '../redis/parse/number.ts';
import {toPairs, toText} from '../redis/parse/reply.ts';
import {sumOf, textsOf, toObject} from './replies.ts';
import {countedEntries, namesQueue, shareOf} from './shared-sets.ts';
import {asking, askingEach, type Steps, together} from './steps.ts';
import {ageOf, inMs, lateBy} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

const maxProcesses = 20;

/**
 * Read a queue of Sidekiq 6 to 8. Scheduled, retried and dead jobs of all queues are in one set each; failed jobs are those that wait for their
 * retry and the dead. What runs is told by the processes, which renew their entries every few seconds.
 */
export function* lookAtSidekiq({id, name, isAlone}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const namespace = id.slice(0, -`queue:${name}`.length);
	const first = yield* asking({
		waiting: ['LLEN', id],
		next: ['LINDEX', id, '-1'],
		schedule: ['ZCARD', `${namespace}schedule`],
		due: ['ZCOUNT', `${namespace}schedule`, '-inf', String(nowMs / 1000)],
		firstScheduled: ['ZRANGE', `${namespace}schedule`, '0', '0', 'WITHSCORES'],
		retry: ['ZCARD', `${namespace}retry`],
		dead: ['ZCARD', `${namespace}dead`],
		processes: ['SSCAN', `${namespace}processes`, '0', 'COUNT', '100'],
		paused: ['SISMEMBER', `${namespace}paused`, name],
		processed: ['GET', `${namespace}stat:processed`],
		failed: ['GET', `${namespace}stat:failed`],
	});
	const processes = first.scanned('processes').slice(0, maxProcesses);
	const isEachAsked = first.scanned('processes').length <= maxProcesses && !first.isRefused('processes');
	const [pages, infos, work] = yield* together([
		asking({
			schedule: pageOf(`${namespace}schedule`, first.count('schedule')),
			retry: pageOf(`${namespace}retry`, first.count('retry')),
			dead: pageOf(`${namespace}dead`, first.count('dead')),
		}),
		askingEach(processes.map(each => ['HGET', `${namespace}${each}`, 'info'])),
		// `workers` up to Sidekiq 6, `work` from 7 on.
		askingEach(processes.flatMap(each => ['work', 'workers'].map(suffix => ['HSCAN', `${namespace}${each}:${suffix}`, '0', 'COUNT', '100']))),
	]);
	const isMine = namesQueue(name);
	const share = (set: SharedSet) =>
		shareOf({key: `ZCARD ${namespace}${set}`, size: first.count(set), entries: pages.scored(set).map(({member}) => member), isMine, isAlone});
	const [delayed, retry, dead] = [share('schedule'), share('retry'), share('dead')];
	const mine = pages.scored('schedule').filter(({member}) => isMine(member));
	const shared = delayed.count === undefined ? noOverdue : {overdue: mine.filter(({score}) => score * 1000 <= nowMs).length, firstSeconds: mine[0]?.score};
	const {overdue, firstSeconds} = isAlone ? {overdue: first.count('due'), firstSeconds: first.scored('firstScheduled')[0]?.score} : shared;
	return {
		figures: {
			paused: isOne(first.count('paused')),
			waiting: first.count('waiting'),
			active: isEachAsked ? work.replies.flatMap(queuesOfJobs).filter(queue => queue === name).length : undefined,
			delayed: delayed.count,
			overdue,
			oldestOverdueMs: lateBy(inMs(firstSeconds), nowMs),
			prioritized: 0,
			waitingChildren: 0,
			failed: sumOf(retry.count, dead.count),
			workers: isEachAsked ? infos.replies.filter(info => servesQueue(toText(info), name)).length : undefined,
			nextJobAgeMs: ageOf(enqueuedMs(first.text('next')), nowMs),
		},
		// Kept for all queues together.
		counters: isAlone ? {finished: first.count('processed'), failed: first.count('failed')} : {},
		unknown: [
			...first.unknown,
			...(isEachAsked || first.isRefused('processes') ? [] : [{command: `SSCAN ${namespace}processes`, reason: `more than ${maxProcesses} processes`}]),
			...[delayed, retry, dead, infos, work].flatMap(({unknown}) => unknown),
		],
	};
}

const noOverdue = {overdue: undefined, firstSeconds: undefined};

type SharedSet = 'schedule' | 'retry' | 'dead';

const isOne = (count: number | undefined): boolean | undefined => (count === undefined ? undefined : count === 1);

const pageOf = (key: string, size: number | undefined): readonly string[] =>
	size !== undefined && size > 0 && size <= countedEntries ? ['ZRANGE', key, '0', String(countedEntries - 1), 'WITHSCORES'] : ['ZCARD', key];

/** Seconds with a fraction up to Sidekiq 7, milliseconds from 8 on. */
function enqueuedMs(job: string | undefined): number | undefined {
	const enqueued = toNumber(toObject(job)?.enqueued_at);
	return enqueued !== undefined && enqueued < 1e11 ? enqueued * 1000 : enqueued;
}

/** The queues that a process takes from are in its `info`. */
function servesQueue(info: string | undefined, queue: string): boolean {
	const queues = toObject(info)?.queues;
	return Array.isArray(queues) && queues.includes(queue);
}

/** The queues of the jobs in one process: a field for every busy thread. */
function queuesOfJobs(page: unknown): readonly string[] {
	const fields = Array.isArray(page) ? [...toPairs(page[1]).values()] : [];
	const queues = fields.map(field => toObject(toText(field))?.queue);
	return textsOf(queues).filter(queue => queue !== undefined);
}
