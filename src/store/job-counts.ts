import type {JobPage, JobState} from '../queues/job-types.ts';
import type {QueueStatus} from '../queues/types.ts';
import type {QueueView} from './opened-queue.ts';

/** How many jobs of an open queue are in a state, by the page on the screen or else by the last look at the queue; undefined: not known. */
export function jobCount(state: JobState, queue: QueueStatus | undefined, view: QueueView, page: JobPage | undefined): number | undefined {
	if (state === view.state && !view.showsReasons && page?.total !== undefined) return page.total;
	if (!queue) return undefined;
	switch (state) {
		case 'waiting':
			return waitingIn(queue, 'waiting');
		case 'paused':
			return waitingIn(queue, 'paused');
		case 'waiting-children':
			return queue.waitingChildren;
		default:
			return queue[state];
	}
}

/** What waits is one figure of the queue, and it lies in either of two lists; with mixed majors in both. */
function waitingIn({family, paused, major, waiting, mixedMajors}: QueueStatus, state: 'waiting' | 'paused'): number | undefined {
	if (family !== 'bull') return waiting;
	if (mixedMajors || paused === undefined) return undefined;
	const place = paused && major !== 6 ? 'paused' : 'waiting';
	return state === place ? waiting : 0;
}
