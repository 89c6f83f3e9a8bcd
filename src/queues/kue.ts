import {asking, type Steps} from './steps.ts';
import {ageOf} from './times.ts';
import type {FoundQueue, Look, LookContext, Unknown} from './types.ts';

/** Read a job type of Kue 0.11: one sorted set a state, by priority. When delayed jobs are due is kept for all types together. */
export function* lookAtKue({id, prefix, isAlone}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const first = yield* asking({
		waiting: ['ZCARD', `${id}:inactive`],
		next: ['ZRANGE', `${id}:inactive`, '0', '0'],
		active: ['ZCARD', `${id}:active`],
		delayed: ['ZCARD', `${id}:delayed`],
		failed: ['ZCARD', `${id}:failed`],
		completed: ['ZCARD', `${id}:complete`],
		overdue: ['ZCOUNT', `${prefix}:jobs:delayed`, '-inf', String(nowMs)],
	});
	// A member is the id behind its own length, `03|417`: so jobs of one priority come in the order of their ids.
	const jobId = first.ids('next')[0]?.replace(/^\d+\|/, '');
	const job = yield* asking({created: ['HGET', `${prefix}:job:${jobId ?? ''}`, 'created_at']});
	const createdMs = jobId === undefined ? undefined : job.number('created');
	const overdue = first.count('overdue');
	const isTold = isAlone || first.count('delayed') === 0 || overdue === 0;
	const shared: readonly Unknown[] = isTold ? [] : [{command: `ZCOUNT ${prefix}:jobs:delayed`, reason: `${overdue} overdue jobs of all types together`}];
	return {
		figures: {
			paused: false,
			waiting: first.count('waiting'),
			active: first.count('active'),
			delayed: first.count('delayed'),
			overdue: first.count('delayed') === 0 ? 0 : isTold ? overdue : undefined,
			prioritized: 0,
			waitingChildren: 0,
			failed: first.count('failed'),
			completed: first.count('completed'),
			nextJobAgeMs: ageOf(createdMs, nowMs),
		},
		unknown: [...first.unknown, ...job.unknown, ...shared],
	};
}
