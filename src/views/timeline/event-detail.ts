import {selectedItem} from '../../store/lists/pane-lists.ts';
import {type TimelineItem, timelineItems} from '../../store/lists/timeline-list.ts';
import type {ConsoleState} from '../../store/store.ts';
import {returnsText} from '../../store/timeline.ts';
import {formatSeconds} from '../../text/format.ts';
import type {Detail} from '../kit/facts.ts';

/** The event under the cursor, with all that was noted of it. */
export function eventDetail(state: ConsoleState, ascii: boolean): Detail | undefined {
	const item = selectedItem<TimelineItem>(state, 'timeline', timelineItems(state));
	if (!item) return undefined;
	const {atMs, kind, severity, text, details} = item.event;
	const ago = formatSeconds(Math.max(0, Math.floor((state.nowMs - atMs) / 1000)), {ascii});
	const returns = returnsText(item.event);
	return {
		title: `Event ${item.id}`,
		facts: [
			['when', `${new Date(atMs).toISOString().replace('T', ' ')}, ${ago} ago`],
			['kind', kind],
			...(severity === undefined ? [] : [['severity', severity] as const]),
			['what', text],
			...(returns === undefined ? [] : [['', returns] as const]),
			...details.map((detail, index) => [index === 0 ? 'more' : '', detail] as const),
		],
	};
}
