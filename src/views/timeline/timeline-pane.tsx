import {useConsole} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import {type TimelineItem, timelineItems} from '../../store/lists/timeline-list.ts';
import type {Timeline} from '../../store/timeline.ts';
import type {PaneUi} from '../../store/ui.ts';
import {formatClock, formatSeconds, plural} from '../../text/format.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {type Line, line} from '../kit/line.ts';
import {type Cell, type Column, tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {eventText, eventTime, eventTone} from './event-words.ts';

/** What has happened since the console was opened, the newest first: for now, and for the post-mortem. */
export function TimelinePane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const items = useConsole(timelineItems);
	const timeline = useConsole(state => state.timeline);
	const ui = useConsole(state => state.ui.panes.timeline);
	const nowMs = useConsole(state => state.ui.frozen?.atMs ?? state.nowMs);

	const nothing = quiet(timeline, items.length, ui);
	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const visible = useVisibleWindow(items.length, Math.max(0, height - 1 - nothing.length), props.isFocused ? selected : 0);
	const shown = items.slice(visible.from, visible.to);
	const table = tableLines({
		columns: columnsFor(shown, nowMs),
		rows: shown.map(item => cells(item, nowMs, ascii)),
		width,
		ascii,
		selectedIndex: props.isFocused ? selected - visible.from : -1,
		sortedBy: {column: 0, descending: ui.sort.descending},
	});
	return <PaneBox content={{title: '6 Timeline', right: order(ui, items.length), lines: [...table, ...nothing]}} props={props} />;
}

const clockWidth = 8;
const dateWidth = 19;

/** The day only where one shown is another than today. */
function columnsFor(shown: readonly TimelineItem[], nowMs: number): readonly Column[] {
	const isToday = shown.every(({event}) => eventTime(event.atMs, nowMs).length === clockWidth);
	return [
		// With the arrow of the sorting this title is as wide as a time.
		{title: 'UTC', width: isToday ? clockWidth : dateWidth},
		{title: 'AGO', width: 6, align: 'right', priority: 2},
		{title: 'KIND', width: 7},
		{title: 'SEV', width: 3, priority: 1},
		{title: 'WHAT', width: 24, grow: true},
	];
}

function cells({event}: TimelineItem, nowMs: number, ascii: boolean): readonly Cell[] {
	const tone = eventTone(event);
	return [
		eventTime(event.atMs, nowMs),
		{text: formatSeconds(Math.max(0, Math.floor((nowMs - event.atMs) / 1000)), {ascii}), tone: 'dim'},
		{text: event.kind, tone},
		{text: event.severity ?? '', tone},
		{text: eventText(event), tone: event.kind === 'over' ? 'plain' : tone},
	];
}

function order({filter, sort}: PaneUi, count: number): Line {
	const filtered = filter === '' ? '' : ` /${filter}`;
	return line({text: `${plural(count, 'event')}${filtered}  ${sort.descending ? 'newest' : 'oldest'} first`, tone: 'dim'});
}

/** What is said where there is nothing to see, or nothing but that the console was opened. */
function quiet(timeline: Timeline, shownCount: number, {filter}: PaneUi): readonly Line[] {
	const dim = (text: string): readonly Line[] => [line('  ', {text, tone: 'dim'})];
	if (shownCount === 0) return dim(filter === '' ? 'Nothing has happened yet' : `Nothing matches /${filter}`);
	const isOpening = timeline.every(({kind, text}) => kind === 'console' || (kind === 'state' && /^(OK|READONLY) after .* of CONNECTING$/.test(text)));
	return isOpening && filter === '' ? [[], ...dim(`Nothing has happened since ${formatClock(timeline.at(-1)?.atMs)}`)] : [];
}
