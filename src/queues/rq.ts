import {sumOf} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import {ageOf, inMs, lateBy} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

/**
 * Read a queue of RQ (Python). Scores are seconds: of `wip` when a running job counts as abandoned, of `scheduled` when it is due; of
 * `failed` and `finished` when the entry expires, so they say nothing of when it happened.
 */
export function* lookAtRq({id, name}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const nowSeconds = String(nowMs / 1000);
	const first = yield* asking({
		waiting: ['LLEN', id],
		next: ['LINDEX', id, '0'],
		active: ['ZCARD', `rq:wip:${name}`],
		abandoned: ['ZCOUNT', `rq:wip:${name}`, '0', nowSeconds],
		delayed: ['ZCARD', `rq:scheduled:${name}`],
		overdue: ['ZCOUNT', `rq:scheduled:${name}`, '-inf', nowSeconds],
		firstDelayed: ['ZRANGE', `rq:scheduled:${name}`, '0', '0', 'WITHSCORES'],
		deferred: ['ZCARD', `rq:deferred:${name}`],
		failed: ['ZCARD', `rq:failed:${name}`],
		completed: ['ZCARD', `rq:finished:${name}`],
		workers: ['SCARD', `rq:workers:${name}`],
		suspended: ['EXISTS', 'rq:suspended'],
	});
	const job = yield* asking({enqueued: ['HGET', `rq:job:${first.text('next') ?? ''}`, 'enqueued_at']});
	const enqueuedMs = Date.parse(job.text('enqueued') ?? '');
	const suspended = first.count('suspended');
	return {
		figures: {
			paused: suspended === undefined ? undefined : suspended > 0,
			waiting: first.count('waiting'),
			active: first.count('active'),
			delayed: first.count('delayed'),
			overdue: first.count('overdue'),
			oldestOverdueMs: lateBy(inMs(first.scored('firstDelayed')[0]?.score), nowMs),
			prioritized: 0,
			waitingChildren: first.count('deferred'),
			failed: first.count('failed'),
			completed: first.count('completed'),
			workers: first.count('workers'),
			activeWithoutLock: first.count('abandoned'),
			nextJobAgeMs: ageOf(enqueuedMs, nowMs),
		},
		// Finished jobs stay for 500 s and failed ones for a year by default, so both sets grow while jobs go through.
		counters: {finished: sumOf(first.count('completed'), first.count('failed')), failed: first.count('failed')},
		unknown: [...first.unknown, ...job.unknown],
	};
}
