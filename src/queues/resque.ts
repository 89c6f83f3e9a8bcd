import {toText} from '../redis/parse/reply.ts';
import {toObject} from './replies.ts';
import {countedEntries, namesQueue, shareOf} from './shared-sets.ts';
import {asking, askingEach, type Steps} from './steps.ts';
import type {FoundQueue, Look} from './types.ts';

/** Read a queue of Resque: the head of the list comes next, and no job says when it was put there. Failed jobs of all queues are in one list. */
export function* lookAtResque({id, name, isAlone}: FoundQueue): Steps<Look> {
	const namespace = id.slice(0, -`queue:${name}`.length);
	const first = yield* asking({
		waiting: ['LLEN', id],
		failed: ['LLEN', `${namespace}failed`],
		workers: ['SSCAN', `${namespace}workers`, '0', 'COUNT', '200'],
	});
	const workers = first.scanned('workers');
	const size = first.count('failed') ?? 0;
	const failures = yield* asking({
		entries:
			size > 0 && size <= countedEntries && !isAlone ? ['LRANGE', `${namespace}failed`, '0', String(countedEntries - 1)] : ['LLEN', `${namespace}failed`],
	});
	const running = yield* askingEach(workers.map(worker => ['GET', `${namespace}worker:${worker}`]));
	const failed = shareOf({
		key: `LLEN ${namespace}failed`,
		size: first.count('failed'),
		entries: failures.ids('entries'),
		isMine: namesQueue(name),
		isAlone,
	});
	return {
		figures: {
			paused: false,
			waiting: first.count('waiting'),
			active:
				first.isRefused('workers') || running.unknown.length > 0 ? undefined : running.replies.filter(job => toObject(toText(job))?.queue === name).length,
			delayed: 0,
			overdue: 0,
			prioritized: 0,
			waitingChildren: 0,
			failed: failed.count,
			workers: first.isRefused('workers') ? undefined : workers.filter(worker => servesQueue(worker, name)).length,
		},
		unknown: [...first.unknown, ...running.unknown, ...failed.unknown],
	};
}

/** A worker's id ends with its queues: `host:417:mail,reports`, or `*`. */
function servesQueue(worker: string, queue: string): boolean {
	const queues = worker.split(':').slice(2).join(':').split(',');
	return queues.includes(queue) || queues.includes('*');
}
