import type {QueueStatus} from '../../src/queues/types.ts';
import {firstLook} from '../../src/store/opened-queue.ts';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts} from './fixtures.ts';
import {queueStatus} from './queue-status.ts';

/** A queue that is open. */
export const openQueueWorld = (change: Partial<QueueStatus> = {}): StateParts => ({
	snapshot: {queues: received([queueStatus(change)], noonMs)},
	ui: {view: 'queues', queue: firstLook(queueStatus(change))},
});
