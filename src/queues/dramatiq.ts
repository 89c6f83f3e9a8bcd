import {toCount, toNumber} from '../redis/parse/number.ts';
import {sumOf, toObject} from './replies.ts';
import {asking, askingEach, type Steps} from './steps.ts';
import {ageOf} from './times.ts';
import type {FoundQueue, Look, LookContext} from './types.ts';

const maxWorkers = 100;

/** Read a queue of Dramatiq: lists of ids with the messages in a hash; `.DQ` delayed, `.XQ` dead; what each worker has taken in a set of its own. */
export function* lookAtDramatiq({id, prefix, name}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const first = yield* asking({
		waiting: ['LLEN', id],
		next: ['LINDEX', id, '0'],
		delayed: ['LLEN', `${id}.DQ`],
		failed: ['ZCARD', `${id}.XQ`],
		workers: ['ZRANGE', `${prefix}:__heartbeats__`, '0', String(maxWorkers - 1)],
		workerCount: ['ZCARD', `${prefix}:__heartbeats__`],
	});
	const workers = first.ids('workers');
	const message = yield* asking({next: ['HGET', `${id}.msgs`, first.text('next') ?? '']});
	const taken = yield* askingEach(workers.map(worker => ['SCARD', `${prefix}:__acks__.${worker}.${name}`]));
	const sentMs = toNumber(toObject(message.text('next'))?.message_timestamp);
	const isWhole = workers.length === first.count('workerCount');
	return {
		figures: {
			paused: false,
			waiting: first.count('waiting'),
			active: isWhole ? sumOf(...taken.replies.map(toCount)) : undefined,
			delayed: first.count('delayed'),
			overdue: first.count('delayed') === 0 ? 0 : undefined,
			prioritized: 0,
			waitingChildren: 0,
			failed: first.count('failed'),
			workers: first.count('workerCount'),
			nextJobAgeMs: ageOf(sentMs, nowMs),
		},
		unknown: [...first.unknown, ...message.unknown, ...taken.unknown],
	};
}
