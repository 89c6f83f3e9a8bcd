import {toNumber} from '../redis/parse/number.ts';
import {toText} from '../redis/parse/reply.ts';
import {sumOf, toObject} from './replies.ts';
import {asking, askingEach, type Steps} from './steps.ts';
import {ageOf, lateBy} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

/** Read a queue of bee-queue 1 or 2. Its scores are plain milliseconds; finished jobs are in unsorted sets. It has no pause in Redis, and no locks. */
export function* lookAtBeeQueue({id}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const first = yield* asking({
		waiting: ['LLEN', `${id}:waiting`],
		next: ['LINDEX', `${id}:waiting`, '-1'],
		active: ['LLEN', `${id}:active`],
		delayed: ['ZCARD', `${id}:delayed`],
		overdue: ['ZCOUNT', `${id}:delayed`, '-inf', String(nowMs)],
		firstDelayed: ['ZRANGE', `${id}:delayed`, '0', '0', 'WITHSCORES'],
		failed: ['SCARD', `${id}:failed`],
		completed: ['SCARD', `${id}:succeeded`],
		added: ['GET', `${id}:id`],
		stallBlock: ['PTTL', `${id}:stallBlock`],
	});
	const next = first.text('next');
	const job = yield* askingEach(next === undefined ? [] : [['HGET', `${id}:jobs`, next]]);
	const stallBlock = first.number('stallBlock');
	return {
		figures: {
			paused: false,
			waiting: first.count('waiting'),
			active: first.count('active'),
			delayed: first.count('delayed'),
			overdue: first.count('overdue'),
			oldestOverdueMs: lateBy(first.scored('firstDelayed')[0]?.score, nowMs),
			prioritized: 0,
			waitingChildren: 0,
			failed: first.count('failed'),
			completed: first.count('completed'),
			nextJobAgeMs: ageOf(createdMs(toText(job.replies[0])), nowMs),
			stalledCheckMs: stallBlock === undefined ? undefined : Math.max(0, stallBlock),
		},
		counters: {added: first.count('added'), finished: sumOf(first.count('completed'), first.count('failed')), failed: first.count('failed')},
		unknown: [...first.unknown, ...job.unknown],
	};
}

function createdMs(job: string | undefined): number | undefined {
	const options = toObject(job)?.options;
	return typeof options === 'object' && options !== null ? toNumber((options as {readonly timestamp?: unknown}).timestamp) : undefined;
}
