import {toNumber} from '../redis/parse/number.ts';
import {toObject} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import {ageOf, inMs, lateBy} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

/**
 * Read a queue of Laravel. Scores are seconds: of `:delayed` when a job is due, of `:reserved` when a taken one is given to another worker.
 * Failed jobs are in Laravel's database; nobody registers as a worker.
 */
export function* lookAtLaravel({id}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const nowSeconds = String(Math.floor(nowMs / 1000));
	const first = yield* asking({
		waiting: ['LLEN', id],
		next: ['LINDEX', id, '0'],
		active: ['ZCARD', `${id}:reserved`],
		expired: ['ZCOUNT', `${id}:reserved`, '-inf', `(${nowSeconds}`],
		delayed: ['ZCARD', `${id}:delayed`],
		overdue: ['ZCOUNT', `${id}:delayed`, '-inf', nowSeconds],
		firstDelayed: ['ZRANGE', `${id}:delayed`, '0', '0', 'WITHSCORES'],
	});
	const job = toObject(first.text('next'));
	// Horizon writes `pushedAt`, newer Laravel `createdAt`; both are seconds.
	const pushedSeconds = toNumber(job?.pushedAt) ?? toNumber(job?.createdAt);
	return {
		figures: {
			paused: false,
			waiting: first.count('waiting'),
			active: first.count('active'),
			delayed: first.count('delayed'),
			overdue: first.count('overdue'),
			oldestOverdueMs: lateBy(inMs(first.scored('firstDelayed')[0]?.score), nowMs),
			prioritized: 0,
			waitingChildren: 0,
			activeWithoutLock: first.count('expired'),
			nextJobAgeMs: ageOf(inMs(pushedSeconds), nowMs),
		},
		unknown: first.unknown,
	};
}
