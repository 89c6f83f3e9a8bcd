import {useScriptName} from '../../hooks/script-names.ts';
import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import {scriptItems, slowlogOrders} from '../../store/lists/script-list.ts';
import type {PaneUi} from '../../store/ui.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type LinePart, line} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {runningLines} from './running-lines.ts';
import {entryTable, groupTable, statTable} from './script-tables.ts';

/** What blocks the server now, and what has been slow: the slowlog, its groups, or statistics per command. */
export function ScriptsPane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.nowMs);
	const snapshot = useShown(shown => shown);
	const items = useConsole(scriptItems);
	const ui = useConsole(state => state.ui.panes.scripts);
	const showsStatistics = useConsole(state => state.ui.showsStatistics);
	const scriptName = useScriptName();

	const above = [...runningLines(snapshot, nowMs, {ascii, room: height}), []];
	const room = Math.max(0, height - above.length - 1);
	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const list = showsStatistics ? 'statistics' : (ui.grouping ?? 'slowlog');
	const visible = useVisibleWindow(items.length, room, props.isFocused ? selected : 0, list);
	const table = showsStatistics ? statTable : ui.grouping === undefined ? entryTable : groupTable;
	const resource = showsStatistics ? snapshot.commandStats : snapshot.slowlog;
	const totalMicros = (snapshot.commandStats.data ?? []).reduce((sum, {totalMicros: micros}) => sum + micros, 0);
	const rows = items.slice(visible.from, visible.to).map(item => table.row(item, {ascii, totalMicros, scriptName}));
	const sortColumn = ui.sort.column === 'took' ? 1 : 0;
	const lines = [
		...above,
		...tableLines({
			columns: table.columns,
			rows,
			width,
			ascii,
			selectedIndex: props.isFocused ? selected - visible.from : -1,
			...(table === entryTable ? {sortedBy: {column: sortColumn, descending: ui.sort.descending}} : {}),
		}),
		...(items.length === 0 ? [line('  ', emptyText(resource, nothing(showsStatistics, ui)))] : []),
	];
	const right: LinePart = line(order(showsStatistics, ui, items.length), '  ', ageSpan(resource, nowMs, ascii));
	return <PaneBox content={{title: '1 Scripts', right, lines}} props={props} />;
}

function nothing(showsStatistics: boolean, {filter}: PaneUi): string {
	if (filter !== '') return `Nothing matches /${filter}`;
	return showsStatistics ? 'No command has been counted yet' : 'The slowlog is empty: no command took longer than slowlog-log-slower-than';
}

function order(showsStatistics: boolean, {grouping, sort, filter}: PaneUi, count: number): string {
	const filtered = filter === '' ? '' : ` /${filter}`;
	if (showsStatistics) return `statistics ${count}${filtered}`;
	if (grouping !== undefined) return `slowlog by shape ${count}${filtered}`;
	const title = slowlogOrders.find(({column}) => column === sort.column)?.title ?? '';
	return `slowlog ${count} by ${title}${filtered}`;
}
