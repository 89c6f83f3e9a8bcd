import type {QueueStatus} from '../../queues/types.ts';
import {type FleetNode, shownFleet} from '../fleet.ts';
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

/** `node`: the server it is on, if that is not the one that is looked at; and when it was looked at there. */
export type QueueItem = {readonly id: string; readonly queue: QueueStatus; readonly node?: string; readonly atMs?: number | undefined};

/** The rows of the Queues pane as shown: filtered and sorted. Same inputs, same array. */
export function queueItems(state: ConsoleState): readonly QueueItem[] {
	const {filter, sort} = state.ui.panes.queues;
	const fleet = shownFleet(state);
	return list(shownSnapshot(state).queues.data ?? noQueues, fleet?.kind === 'cluster' ? fleet.nodes : noNodes, state.session.target.address, filter, sort);
}

/** Other masters whose keys have not all been looked through: there may be more queues on them. */
export function mastersNotSearched(state: ConsoleState): number {
	const fleet = shownFleet(state);
	if (fleet?.kind !== 'cluster') return 0;
	const others = fleet.nodes.filter(({address, role, slots}) => address !== state.session.target.address && role === 'master' && slots.length > 0);
	return others.filter(node => !node.isQueueSearchComplete).length;
}

const noQueues: readonly QueueStatus[] = [];
const noNodes: readonly FleetNode[] = [];

type Found = {readonly queue: QueueStatus; readonly node: string | undefined; readonly atMs?: number | undefined};

/** Those of the server that is looked at, and those that were found on the other masters. */
function found(own: readonly QueueStatus[], nodes: readonly FleetNode[], focus: string): readonly Found[] {
	const others = nodes.filter(({address, role, queues}) => address !== focus && role === 'master' && queues !== undefined);
	return [
		...own.map(queue => ({queue, node: undefined})),
		...others.flatMap(({address, queues = [], queuesAtMs: atMs}) => queues.map(queue => ({queue, node: address, atMs}))),
	];
}

const foundOrders: readonly Order<Found>[] = queueOrders.map(order => ({...order, value: ({queue}) => order.value(queue)}));

const words = ({queue: {system, version = '', prefix, name, paused}, node = ''}: Found): string =>
	`${system} ${version} ${prefix} ${name} ${paused ? 'paused' : ''} ${node}`;

const list = memoizeLatest((own: readonly QueueStatus[], nodes: readonly FleetNode[], focus: string, filter: string, sort: Sort): readonly QueueItem[] =>
	sorted(
		filtered(found(own, nodes, focus), filter, words).toSorted((a, b) => (a.queue.id < b.queue.id ? -1 : 1)),
		foundOrders,
		sort,
	).map(({queue, node, atMs}) => (node === undefined ? {id: queue.id, queue} : {id: `${node} ${queue.id}`, queue, node, atMs})),
);
