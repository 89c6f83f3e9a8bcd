import {toCount} from '../redis/parse/number.ts';
import {sumOf} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import {ageOf, inMs, lateBy} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

/** Read a queue of Asynq (Go). Scores are seconds; what waits for a retry counts as delayed, what is archived as failed; a lease is its lock. */
export function* lookAtAsynq({id}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const nowSeconds = String(Math.floor(nowMs / 1000));
	const first = yield* asking({
		waiting: ['LLEN', `${id}:pending`],
		next: ['LINDEX', `${id}:pending`, '-1'],
		active: ['LLEN', `${id}:active`],
		expired: ['ZCOUNT', `${id}:lease`, '-inf', `(${nowSeconds}`],
		scheduled: ['ZCARD', `${id}:scheduled`],
		retry: ['ZCARD', `${id}:retry`],
		dueScheduled: ['ZCOUNT', `${id}:scheduled`, '-inf', nowSeconds],
		dueRetry: ['ZCOUNT', `${id}:retry`, '-inf', nowSeconds],
		firstScheduled: ['ZRANGE', `${id}:scheduled`, '0', '0', 'WITHSCORES'],
		firstRetry: ['ZRANGE', `${id}:retry`, '0', '0', 'WITHSCORES'],
		failed: ['ZCARD', `${id}:archived`],
		completed: ['ZCARD', `${id}:completed`],
		paused: ['EXISTS', `${id}:paused`],
		processedTotal: ['GET', `${id}:processed`],
		failedTotal: ['GET', `${id}:failed`],
	});
	const task = yield* asking({since: ['HGET', `${id}:t:${first.text('next') ?? ''}`, 'pending_since']});
	const sinceNanos = toCount(task.text('since'));
	const dueSeconds = [...first.scored('firstScheduled'), ...first.scored('firstRetry')].map(({score}) => score).sort((a, b) => a - b)[0];
	const paused = first.count('paused');
	return {
		figures: {
			paused: paused === undefined ? undefined : paused > 0,
			waiting: first.count('waiting'),
			active: first.count('active'),
			delayed: sumOf(first.count('scheduled'), first.count('retry')),
			overdue: sumOf(first.count('dueScheduled'), first.count('dueRetry')),
			oldestOverdueMs: lateBy(inMs(dueSeconds), nowMs),
			prioritized: 0,
			waitingChildren: 0,
			failed: first.count('failed'),
			completed: first.count('completed'),
			activeWithoutLock: first.count('expired'),
			nextJobAgeMs: ageOf(sinceNanos === undefined ? undefined : sinceNanos / 1e6, nowMs),
		},
		counters: {finished: first.count('processedTotal'), failed: first.count('failedTotal')},
		unknown: [...first.unknown, ...task.unknown],
	};
}
