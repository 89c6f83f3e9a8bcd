import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import {mastersNotSearched, type QueueItem, queueItems, queueOrders} from '../../store/lists/queue-list.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {type QueueSearch, queuesAtMaster} from '../../store/snapshot.ts';
import type {PaneUi} from '../../store/ui.ts';
import {formatCount} from '../../text/format.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {queueNotes, worstQueue} from './queue-notes.ts';
import {queueCells, queueTable} from './queue-table.ts';

import {searchLines} from './search-lines.ts';

/** Every queue that was found, and what is to be said of the one under the cursor, or else of the worst. */
export function QueuesPane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.nowMs);
	const resource = useShown(shown => shown.queues);
	const search = useShown(shown => shown.queueSearch);
	const items = useConsole(queueItems);
	const notSearched = useConsole(mastersNotSearched);
	const ui = useConsole(state => state.ui.panes.queues);

	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const above = searchLines(search, notSearched, nowMs, ascii).slice(0, Math.max(notSearched > 0 ? 2 : 1, Math.floor(height / 6)));
	const below = noteLines(items, props.isFocused ? items[selected] : undefined, Math.max(1, Math.floor(height / 4)), ascii);
	const room = Math.max(0, height - above.length - 1 - below.length);
	const visible = useVisibleWindow(items.length, room, props.isFocused ? selected : 0);
	const {columns, sortedIndex} = queueTable(ui.sort.column);
	const table = tableLines({
		columns,
		rows: items.slice(visible.from, visible.to).map(item => queueCells(item, nowMs, ascii)),
		width,
		ascii,
		selectedIndex: props.isFocused ? selected - visible.from : -1,
		sortedBy: {column: sortedIndex, descending: ui.sort.descending},
	});
	const nothing = emptyText(resource, nothingText(search, ui.filter));
	const body = items.length === 0 ? [...table, line('  ', nothing)] : table;
	const right = line(order(ui, items.length, resource.data?.length), '  ', ageSpan(resource, nowMs, ascii));
	return <PaneBox content={{title: '4 Queues', right, lines: [...above, ...body, ...below]}} props={props} />;
}

/** `rows`: at most so many, one of them a blank where there is room for it. */
function noteLines(items: readonly QueueItem[], chosen: QueueItem | undefined, rows: number, ascii: boolean): readonly Line[] {
	const queue = chosen?.queue ?? worstQueue(items.map(item => item.queue));
	const notes = queue ? queueNotes(queue, ascii) : [];
	if (!queue || notes.length === 0) return [];
	const gap = rows >= 3 ? [[]] : [];
	return [...gap, ...notes.slice(0, rows - gap.length).map(note => line(' ', {text: `${queueLabel(queue)}: `, tone: 'strong'}, note))];
}

/** That there are none is only said by a search that has seen all. */
function nothingText({phase, isComplete, unknown}: QueueSearch, filter: string): string {
	if (filter !== '') return `Nothing matches /${filter}`;
	if (unknown.some(({reason}) => reason === queuesAtMaster)) return 'No queues are looked for at a replica of a cluster';
	if (unknown.length > 0) return 'No queues found with what this user may ask';
	return phase === 'ended' && isComplete ? 'No queues found' : 'No queues found yet';
}

function order({sort, filter}: PaneUi, count: number, all: number | undefined): string {
	const by = `by ${queueOrders.find(({column}) => column === sort.column)?.title ?? ''}`;
	if (all === undefined) return by;
	return filter === '' ? `${formatCount(all)} found, ${by}` : `/${filter}: ${formatCount(count)} of ${formatCount(all)}, ${by}`;
}
