import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {shownFleet} from '../../store/fleet.ts';
import {type HaItem, haItems} from '../../store/lists/ha-list.ts';
import {formatBytes, formatSeconds} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {type Cell, type Column, tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {ClusterPane} from './cluster-pane.tsx';
import {haLines} from './ha-lines.ts';
import {ownCells, ownColumns, replicaTells} from './replica-own.ts';
import {bytesBehind, isBeyondBacklog, stateWords} from './replica-words.ts';

/** What would be left if this server were lost: on its disk, and with its replicas. */
export function HaPane(props: PaneProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.nowMs);
	const shownAtMs = useConsole(state => state.ui.frozen?.atMs ?? state.nowMs);
	const findings = useConsole(state => state.ui.frozen?.findings ?? state.findings);
	const snapshot = useShown(shown => shown);
	const intervalMs = useConsole(state => state.session.intervalMs);
	const items = useConsole(haItems);
	const ui = useConsole(state => state.ui.panes.ha);
	const fleet = useConsole(shownFleet);
	const session = useConsole(state => state.session);

	const {info} = snapshot;
	const isStale = info.updatedAtMs !== undefined && shownAtMs - info.updatedAtMs > intervalMs * 2 + 1000;
	const linesIn = (room: number) => haLines({snapshot, findings, nowMs: shownAtMs, ascii, isStale, fleet, room});
	const isCluster = fleet?.kind === 'cluster' && fleet.nodes.length > 0;
	const all = Math.max(info.data?.replicas?.length ?? 0, items.length);
	const told = replicaTells({fleet, session, snapshot}, ascii);
	const room = height - told.length - (all === 0 ? 0 : 1 + leastRows(items.length, height));
	const above = isCluster ? [] : [...told, ...linesIn(room)];
	const rows = height - above.length - 1;
	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const visible = useVisibleWindow(items.length, Math.max(0, rows), selected);
	const shown = items.slice(visible.from, visible.to);
	const table = tableLines({
		columns: columnsFor(items, fleet !== undefined),
		rows: shown.map(item => cells(item, info.data, ascii)),
		width,
		ascii,
		selectedIndex: props.isFocused ? selected - visible.from : -1,
	});
	const nothing = items.length === 0 ? [line('  ', {text: `Nothing matches /${ui.filter}`, tone: 'dim'})] : [];
	const replicas = all === 0 ? [] : around([...table, ...nothing], rows - items.length);
	if (isCluster) return <ClusterPane fleet={fleet} props={props} below={linesIn} />;
	const filtered = ui.filter === '' ? undefined : {text: `/${ui.filter}: ${items.length} of ${all}  `};
	return <PaneBox content={{title: '5 HA', right: line(filtered, ageSpan(info, nowMs, ascii)), lines: [...above, ...replicas]}} props={props} />;
}

/** With air above it and a word on its figures below, where there is room for both. */
const around = (table: readonly Line[], spare: number): readonly Line[] => (spare >= 2 ? [[], ...table, heardLine] : table);

/** Replicas are seen even where room is short: two of them, or a third of the pane. */
const leastRows = (count: number, height: number): number => Math.min(Math.max(1, count), Math.max(2, Math.floor(height / 3)));

const heardLine: Line = line('  ', {text: 'last heard: whole seconds since it acknowledged; it does so every second, 0 and 1 are well', tone: 'dim'});

const columns: readonly Column[] = [
	{title: 'REPLICA', width: 21, grow: true},
	{title: 'STATE', width: 14},
	{title: 'BEHIND', width: 7, align: 'right'},
	{title: 'LAST HEARD', align: 'right', priority: 1},
	{title: 'IN BACKLOG', priority: 2},
];

/** What they say of themselves only where somebody asks them. */
function columnsFor(items: readonly HaItem[], isAsked: boolean): readonly Column[] {
	const [first, ...others] = columns;
	const named = first && items.some(({replica}) => !replica) ? [{...first, title: 'SERVER'}, ...others] : columns;
	return isAsked ? [...named, ...ownColumns] : named;
}

function cells(item: HaItem, info: ServerInfo | undefined, ascii: boolean): readonly Cell[] {
	return [...seenByMaster(item, info, ascii), ...ownCells(item, ascii)];
}

function seenByMaster({id, replica, node}: HaItem, info: ServerInfo | undefined, ascii: boolean): readonly Cell[] {
	if (!replica) return [id, node?.role ?? '?', ...Array.from({length: 3}, () => glyphsFor(ascii).none)];
	const {address, state, lagSeconds} = replica;
	const behind = info && bytesBehind(replica, info);
	const isBeyond = info && isBeyondBacklog(replica, info);
	const isOnline = state === 'online';
	const {none} = glyphsFor(ascii);
	return [
		address,
		{text: stateWords(replica), tone: isOnline ? 'good' : 'warn'},
		formatBytes(behind, {ascii}),
		lagSeconds === undefined || !isOnline ? none : {text: `${formatSeconds(lagSeconds, {ascii})} ago`, tone: lagSeconds > 1 ? 'warn' : 'plain'},
		isBeyond === undefined ? none : isBeyond ? {text: 'NO', tone: 'warn'} : 'yes',
	];
}
