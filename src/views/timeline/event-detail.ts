import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type TimelineItem, timelineItems} from '../../store/lists/timeline-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatClock} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';

/** The event under the cursor, with all that was noted of it. */
export function eventDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<TimelineItem>(state, 'timeline', timelineItems(state));
	if (!item) return undefined;
	const {atMs, kind, severity, text, details} = item.event;
	return {
		title: text,
		facts: [
			['when', formatClock(atMs, {ascii})],
			['kind', severity === undefined ? kind : `${kind} ${severity}`],
			...details.map(detail => ['', detail] as const),
		],
	};
}
