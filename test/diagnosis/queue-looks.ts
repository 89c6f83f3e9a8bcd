import type {QueueStatus} from '../../src/queues/types.ts';
import {type QueueHistory, withQueueLook} from '../../src/store/queue-history.ts';
import {received} from '../../src/store/resource.ts';
import type {Snapshot} from '../../src/store/snapshot.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';

type Queues = readonly Partial<QueueStatus>[];

/** BullMQ 5 with a worker in sight and no rate limit: nothing is wrong with it, whatever waits. */
const attended = {workers: 1, rateLimitedMs: 0} as const;

/** What a console knows that has looked at queues again and again; the last look was at noon. */
export function looks(series: readonly Queues[], {everyMs = 5000, knowsClients = true} = {}): Pick<Snapshot, 'queues' | 'queueHistory'> {
	let queueHistory: QueueHistory = new Map();
	let queues: readonly QueueStatus[] = [];
	for (const [index, list] of series.entries()) {
		const atMs = noonMs - (series.length - 1 - index) * everyMs;
		queues = list.map(queue => queueStatus({...attended, ...queue}));
		queueHistory = withQueueLook(queueHistory, {queues, atMs, knowsClients, pauseMs: 5000}, atMs);
	}
	return {queues: received(queues, noonMs), queueHistory};
}

/** The same was seen at every look, which were five seconds apart. */
export const steady = (queues: Queues, count = 2): Pick<Snapshot, 'queues' | 'queueHistory'> => looks(Array.from({length: count}, () => queues));
