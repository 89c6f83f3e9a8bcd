import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import {type MemoryItem, memoryItems, memoryOrders} from '../../store/lists/memory-list.ts';
import {shownSurvey} from '../../store/store.ts';
import type {SurveyResult} from '../../store/survey.ts';
import type {PaneUi} from '../../store/ui.ts';
import {formatCount} from '../../text/format.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {fit, type Line, line} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {databaseTable, groupCells, groupTable, itemCells, keyCells, keyTable, type MemoryTable} from './memory-tables.ts';
import {surveyLines} from './survey-lines.ts';
import {usageLines} from './usage-lines.ts';

/** From this width on large keys and components stand beside the list. */
const wideColumns = 110;

/** How full the memory is and how that goes; who takes it, once it has been surveyed. */
export function MemoryPane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.ui.frozen?.atMs ?? state.nowMs);
	const snapshot = useShown(shown => shown);
	const survey = useConsole(shownSurvey);
	const ui = useConsole(state => state.ui.panes.memory);
	const items = useConsole(memoryItems);
	const db = useConsole(state => state.session.target.db);
	const intervalMs = useConsole(state => state.session.intervalMs);

	const {info} = snapshot;
	const isStale = info.updatedAtMs !== undefined && nowMs - info.updatedAtMs > intervalMs * 2 + 1000;
	const usage = info.data
		? usageLines({snapshot, stats: snapshot.memoryStats, nowMs, isStale, ascii, width})
		: [line(' ', emptyText(info, 'The server has told nothing of its memory'))];
	const told = surveyLines({survey, info: info.data, datasetBytes: snapshot.memoryStats?.datasetBytes, db, nowMs, ascii, width});
	const hasList = survey.shown?.result !== undefined || ui.grouping === 'databases';
	const above = hasList ? heading(usage, told, height, props.isFramed) : [...usage.slice(0, Math.max(2, height - told.length - 1)), [], ...told];
	const rows = Math.max(0, height - above.length);
	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const visible = useVisibleWindow(items.length, Math.max(0, rows - 1), props.isFocused ? selected : 0);
	const shown = items.slice(visible.from, visible.to);
	const body = bodyLines({result: survey.shown?.result, ui, shown, selectedIndex: props.isFocused ? selected - visible.from : -1, width, rows, ascii});
	const right = line(order(ui, items.length), '  ', ageSpan(info, nowMs, ascii));
	return <PaneBox content={{title: '3 Memory', right, lines: [...above, ...body]}} props={props} />;
}

type BodyInput = {
	readonly result: SurveyResult | undefined;
	readonly ui: PaneUi;
	/** The rows of the list that are in its window. */
	readonly shown: readonly MemoryItem[];
	readonly selectedIndex: number;
	readonly width: number;
	readonly rows: number;
	readonly ascii: boolean;
};

/** The list, and what it leaves out beside it where there is room; nothing before there is anything to list. */
function bodyLines(input: BodyInput): readonly Line[] {
	const {result, ui, width, rows, ascii} = input;
	if (!result) return ui.grouping === 'databases' ? listLines(input, width) : [];
	if (width < wideColumns) return listLines(input, width);
	const listWidth = Math.floor(width * 0.6);
	const left = listLines(input, listWidth);
	const right = sideLines(result, ui.grouping, width - listWidth - 2, rows, ascii);
	return Array.from({length: rows}, (_, row) => [...fit(left[row] ?? [], listWidth, {ascii}), {text: '  '}, ...(right[row] ?? [])]);
}

function listLines({result, ui, shown, selectedIndex, ascii}: BodyInput, width: number): readonly Line[] {
	const table = tableFor(ui.grouping, ascii);
	const rows = shown.map(item => itemCells(item, result?.total.bytes, ascii));
	const sortedBy = {column: table.sorted[ui.sort.column] ?? -1, descending: ui.sort.descending};
	const lines = tableLines({columns: table.columns, rows, width, ascii, selectedIndex, sortedBy});
	return shown.length === 0 ? [...lines, line('  ', {text: nothing(ui), tone: 'dim'})] : lines;
}

/** Of the rows of the pane, at most; the rest is the list's. */
const usageShare = 0.35;
const toldShare = 0.25;

/** What stands above the list: in little room the first rows of each part, which say most. */
function heading(usage: readonly Line[], told: readonly Line[], height: number, isFramed: boolean): readonly Line[] {
	const usageRows = isFramed ? 2 : Math.max(2, Math.floor(height * usageShare));
	const toldRows = Math.max(1, Math.floor(height * toldShare));
	const gap = height >= 20 ? [[]] : [];
	return [...usage.slice(0, usageRows), ...gap, ...told.slice(0, toldRows)];
}

function tableFor(grouping: string | undefined, ascii: boolean): MemoryTable {
	if (grouping === 'databases') return databaseTable;
	if (grouping === 'big keys') return keyTable;
	return groupTable(grouping === 'components' ? 'COMPONENT' : 'PREFIX', ascii);
}

function nothing({filter, grouping}: PaneUi): string {
	if (filter !== '') return `Nothing matches /${filter}`;
	if (grouping === 'components') return 'No components are named in the config file';
	if (grouping === 'big keys') return 'No key could be measured';
	return grouping === 'databases' ? 'No database has a key' : 'The database is empty';
}

function order({grouping, sort, filter}: PaneUi, count: number): string {
	const filtered = filter === '' ? '' : ` /${filter}: ${formatCount(count)}`;
	return `${grouping ?? 'prefixes'} by ${memoryOrders.find(({column}) => column === sort.column)?.title ?? ''}${filtered}`;
}

/** What the list does not show: components, then large keys, or the prefixes beside those. */
function sideLines(result: SurveyResult, grouping: string | undefined, width: number, height: number, ascii: boolean): readonly Line[] {
	const groups = (title: string, all: SurveyResult['prefixes'], rows: number) =>
		tableLines({
			columns: groupTable(title, ascii, 16).columns,
			rows: all.slice(0, rows).map(group => groupCells(group, result.total.bytes, ascii)),
			width,
			ascii,
		});
	if (grouping === 'big keys') return groups('PREFIX', result.prefixes, height - 1);
	const hasComponents = result.components.length > 0 && grouping !== 'components';
	const components = hasComponents ? [...groups('COMPONENT', result.components, Math.max(1, Math.floor(height / 2) - 2)), []] : [];
	const rows = result.bigKeys.slice(0, Math.max(0, height - components.length - 1)).map(key => keyCells(key, ascii));
	return [...components, ...tableLines({columns: keyTable.columns, rows, width, ascii})];
}
