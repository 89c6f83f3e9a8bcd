import {toStatus} from '../../src/queues/status.ts';
import type {QueueStatus} from '../../src/queues/types.ts';
import {noonMs} from './fixtures.ts';

/** An empty queue of BullMQ 5 with no worker in sight. */
export function queueStatus(change: Partial<QueueStatus> = {}): QueueStatus {
	const {id = 'bull:orders'} = change;
	const [prefix = '', name = ''] = id.split(':');
	const counts = {paused: false, waiting: 0, active: 0, delayed: 0, overdue: 0, prioritized: 0, failed: 0, completed: 0, activeWithoutLock: 0};
	const look = {figures: counts, identity: {system: 'bullmq', version: '5.81.5', major: 5} as const, unknown: []};
	const {status} = toStatus({id, family: 'bull', system: 'bullmq', prefix, name, isAlone: true}, look, {nowMs: noonMs, before: undefined, workers: undefined});
	return {...status, ...change};
}
