import type {QueueStatus} from '../../queues/types.ts';
import {memoizeLatest} from '../memoize.ts';
import {type ConsoleState, shownSnapshot} from '../store.ts';
import {filtered, type Order, type Sort, sorted} from './order.ts';

/** The columns that `s` walks through, and which way up each begins. What is not known sorts as nothing. */
export const queueOrders: readonly Order<QueueStatus>[] = [
	{column: 'waiting', title: 'waiting', descending: true, value: queue => (queue.waiting ?? 0) + (queue.prioritized ?? 0)},
	{column: 'failed', title: 'failed', descending: true, value: queue => queue.failed ?? 0},
	{column: 'age', title: 'next job age', descending: true, value: queue => queue.nextJobAgeMs ?? 0},
	{column: 'active', title: 'active', descending: true, value: queue => queue.active ?? 0},
	{column: 'delayed', title: 'delayed', descending: true, value: queue => queue.delayed ?? 0},
	{column: 'in', title: 'jobs in', descending: true, value: queue => queue.addedPerSecond ?? 0},
	{column: 'name', title: 'name', descending: false, value: queue => queue.name},
	{column: 'system', title: 'system', descending: false, value: queue => queue.system},
];

export type QueueItem = {readonly id: string; readonly queue: QueueStatus};

/** The rows of the Queues pane as shown: filtered and sorted. Same inputs, same array. */
export function queueItems(state: ConsoleState): readonly QueueItem[] {
	const {filter, sort} = state.ui.panes.queues;
	return list(shownSnapshot(state).queues.data ?? noQueues, filter, sort);
}

const noQueues: readonly QueueStatus[] = [];

const list = memoizeLatest((queues: readonly QueueStatus[], filter: string, sort: Sort): readonly QueueItem[] =>
	sorted(
		filtered(queues, filter, ({system, version = '', prefix, name, paused}) => `${system} ${version} ${prefix} ${name} ${paused ? 'paused' : ''}`).toSorted(
			(a, b) => (a.id < b.id ? -1 : 1),
		),
		queueOrders,
		sort,
	).map(queue => ({id: queue.id, queue})),
);
