import {useConsole} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import {type Fleet, isFailed, slotsInAll, slotsUnserved} from '../../store/fleet.ts';
import {haItems} from '../../store/lists/ha-list.ts';
import {nodeOrders, troubleOf} from '../../store/lists/node-list.ts';
import {formatCount, formatSeconds, plural} from '../../text/format.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {type Line, line, type Span} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {nodeCells, nodeTable} from './node-table.ts';

type Props = {
	readonly fleet: Fleet;
	readonly props: PaneProps /** The lines of the node that is looked at, in so much room. */;
	readonly below: (room: number) => readonly Line[];
};

/** All nodes of the cluster, and below them what is known of the one that is looked at. */
export function ClusterPane({fleet, props, below}: Props) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const nowMs = useConsole(state => state.ui.frozen?.atMs ?? state.nowMs);
	const focus = useConsole(state => state.session.target.address);
	const items = useConsole(haItems);
	const ui = useConsole(state => state.ui.panes.ha);

	const head = clusterLines(fleet, ascii);
	// A small cluster leaves its room to the node that is looked at; a large one takes most of it.
	const tableRows = Math.max(2, Math.min(items.length + 1, Math.max(Math.floor(height * 0.7), height - head.length - 5)));
	const selected = items.findIndex(({id}) => id === ui.selectedId);
	const visible = useVisibleWindow(items.length, tableRows - 1, selected);
	const nodes = items.flatMap(({node}) => node ?? []);
	const {columns, sortedIndex} = nodeTable(fleet.nodes, width, ui.sort.column);
	const table = tableLines({
		columns,
		rows: nodes.slice(visible.from, visible.to).map(node => nodeCells(node, {nodes: fleet.nodes, focus, nowMs, width, ascii})),
		width,
		ascii,
		selectedIndex: props.isFocused ? selected - visible.from : -1,
		sortedBy: {column: sortedIndex, descending: ui.sort.descending},
	});
	const nothing = items.length === 0 ? [line('  ', {text: `Nothing matches /${ui.filter}`, tone: 'dim'})] : [];
	const rest = height - head.length - table.length - nothing.length - 2;
	const own = rest > 2 ? [[], line(' ', {text: `This node, ${focus}`, tone: 'strong'}), ...below(rest)] : [];
	const by = nodeOrders.find(({column}) => column === ui.sort.column)?.title ?? '';
	const count = ui.filter === '' ? plural(fleet.nodes.length, 'node') : `/${ui.filter}: ${items.length} of ${fleet.nodes.length}`;
	const more = fleet.leftOut > 0 ? `, ${formatCount(fleet.leftOut)} more not watched` : '';
	const right = `${count}${more}, ${by}`;
	return <PaneBox content={{title: '5 HA  cluster', right, lines: [...head, ...table, ...nothing, ...own]}} props={props} />;
}

/** Does it serve keys, all of them, and who is missing? */
function clusterLines({cluster, nodes, roundMs, slowedBy}: Fleet, ascii: boolean): readonly Line[] {
	const masters = nodes.filter(({role}) => role === 'master');
	const serving = masters.filter(({slots}) => slots.length > 0).length;
	// One that has failed and lost its slots is counted among the failed.
	const idle = masters.filter(node => node.slots.length === 0 && !isFailed(node)).length;
	const failed = nodes.filter(isFailed).length;
	const unwell = nodes.filter(node => troubleOf(node) > 2).length;
	return [
		line(
			' ',
			state(cluster?.state),
			'  ',
			...coverage(cluster),
			`  ${plural(serving, 'master')}, ${idle > 0 ? `${idle} without slots, ` : ''}${plural(nodes.length - masters.length, 'replica')}  `,
			{text: `${failed} failed`, tone: failed > 0 ? 'bad' : 'plain'},
			{text: `, ${unwell} with P0/P1`, tone: unwell > 0 ? 'bad' : 'plain'},
			{text: `  each looked at every ${formatSeconds(roundMs / 1000, {ascii})}${slowedBy > 1 ? ', slowed' : ''}; * this one`, tone: 'dim'},
		),
	];
}

function coverage(cluster: Fleet['cluster']): readonly Span[] {
	const unserved = cluster && slotsUnserved(cluster);
	if (unserved === undefined) return [{text: 'slots not known', tone: 'dim'}];
	const suspected = cluster?.slotsPfail ?? 0;
	return [
		unserved === 0 ? {text: 'all slots covered'} : {text: `${formatCount(slotsInAll - unserved)} of ${formatCount(slotsInAll)} slots covered`, tone: 'bad'},
		...(suspected > 0 ? [{text: `, ${formatCount(suspected)} of suspects`, tone: 'warn' as const}] : []),
	];
}

function state(word: 'ok' | 'fail' | undefined): Span {
	if (word === undefined) return {text: 'cluster ?', tone: 'dim'};
	return word === 'ok' ? {text: 'cluster ok', tone: 'good'} : {text: 'CLUSTERDOWN', tone: 'bad'};
}
