import {memoizeLatest} from '../memoize.ts';
import type {ConsoleState} from '../store.ts';
import type {Timeline, TimelineEvent} from '../timeline.ts';
import {filtered, type Order, type Sort, sorted} from './order.ts';

export const timelineOrders: readonly Order<TimelineEvent>[] = [{column: 'when', title: 'time', descending: true, value: event => event.id}];

export type TimelineItem = {readonly id: string; readonly event: TimelineEvent};

/** The rows of the Timeline pane as shown: filtered, the newest first. A freeze keeps what had happened by then. */
export function timelineItems(state: ConsoleState): readonly TimelineItem[] {
	const {filter, sort} = state.ui.panes.timeline;
	return list(state.ui.frozen?.timeline ?? state.timeline, filter, sort);
}

const list = memoizeLatest((timeline: Timeline, filter: string, sort: Sort): readonly TimelineItem[] => {
	const wanted = filtered(timeline, filter, ({kind, severity = '', text, details}) => `${kind} ${severity} ${text} ${details.join(' ')}`);
	return sorted(wanted, timelineOrders, sort).map(event => ({id: String(event.id), event}));
});
