import {type FleetNode, severityRank, slotsIn, worstOf} from '../../store/fleet.ts';
import {lagOf, stateWord, troubleOf} from '../../store/lists/node-list.ts';
import {formatBytes, formatCount, formatCountShort, formatRate, formatSeconds, plural} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import type {Tone} from '../kit/line.ts';
import type {Cell, Column} from '../kit/table.ts';

const wideColumns = 100;

/** The columns by the name they are sorted under; the addresses are never cut. */
export function nodeTable(nodes: readonly FleetNode[], width: number, sortColumn: string): {readonly columns: readonly Column[]; readonly sortedIndex: number} {
	const address = Math.min(28, Math.max(6, ...nodes.map(node => node.address.length + 1)));
	const columns: readonly (Column & {readonly order: string})[] = [
		{title: 'NODE', width: address, order: 'node'},
		{title: 'ROLE', width: 7, order: 'role'},
		{title: 'SLOTS', width: width >= wideColumns ? 11 : 5, align: 'right', order: 'slots', priority: 1},
		{title: 'STATE', width: 8, order: 'state'},
		{title: 'OPS/S', width: 6, align: 'right', order: 'ops'},
		{title: 'MEMORY', width: 7, align: 'right', order: 'memory', priority: 3},
		{title: 'CLIENTS', width: 7, align: 'right', order: 'clients', priority: 4},
		{title: 'LAG', width: 6, align: 'right', order: 'lag', priority: 2},
		{title: 'AGE', width: 4, align: 'right', order: '', priority: 5},
		{title: 'WORST FINDING', width: 14, grow: true, order: 'worst'},
	];
	return {columns, sortedIndex: columns.findIndex(({order}) => order === sortColumn)};
}

type Shown = {readonly nodes: readonly FleetNode[]; readonly focus: string; readonly nowMs: number; readonly width: number; readonly ascii: boolean};

export function nodeCells(node: FleetNode, {nodes, focus, nowMs, width, ascii}: Shown): readonly Cell[] {
	const {vitals, updatedAtMs, address} = node;
	const {none} = glyphsFor(ascii);
	// Figures of one that says nothing any more are those of then.
	const isStale = node.server.kind === 'SILENT' || node.server.kind === 'BUSY' || node.server.kind === 'DOWN' || node.server.kind === 'UNREACHABLE';
	const figure = (text: string): Cell => (isStale ? {text, tone: 'dim'} : text);
	return [
		address === focus ? {text: `${address}*`, tone: 'strong'} : address,
		node.role === undefined ? {text: '?', tone: 'dim'} : node.role,
		slotsText(node, width, none),
		{text: stateWord(node), tone: stateTone(node)},
		figure(formatRate(vitals.opsPerSecond, {ascii})),
		figure(formatBytes(vitals.usedMemoryBytes, {ascii})),
		figure(formatCountShort(vitals.connectedClients, {ascii})),
		lagCell(node, nodes, ascii),
		updatedAtMs === undefined ? none : {text: formatSeconds((nowMs - updatedAtMs) / 1000, {ascii}), tone: 'dim'},
		trouble(node, width),
	];
}

function slotsText({slots, role}: FleetNode, width: number, none: string): string {
	const [first] = slots;
	if (!first) return role === 'master' ? '0' : none;
	if (slots.length === 1 && width >= wideColumns) return `${first.from}-${first.to}`;
	return String(slotsIn({slots}));
}

function stateTone(node: FleetNode): Tone {
	const rank = troubleOf(node);
	if (rank > severityRank.P1) return 'bad';
	return rank > 0 ? 'warn' : 'good';
}

function lagCell(node: FleetNode, nodes: readonly FleetNode[], ascii: boolean): Cell {
	if (node.role !== 'replica') return glyphsFor(ascii).none;
	if (node.info?.masterLinkUp === false) return {text: 'LINK', tone: 'bad'};
	const lag = lagOf(node, nodes);
	return lag === 0 ? '0' : formatBytes(lag, {ascii});
}

const tones = {P0: 'bad', P1: 'bad', P2: 'warn'} as const;

/** The worst that is wrong; else what is under way. */
function trouble(node: FleetNode, width: number): Cell {
	const worst = worstOf(node);
	// Where a sentence would be cut to nothing its name says more.
	if (worst) return {text: `${worst.severity} ${width >= wideColumns ? worst.title : worst.id}`, tone: tones[worst.severity]};
	const {kind, detail} = node.server;
	if (!node.isKnown && kind !== 'CONNECTING') return {text: `not reached from here: ${detail}`, tone: 'warn'};
	if (node.moves.length > 0) return {text: `${plural(new Set(node.moves.map(({slot}) => slot)).size, 'slot')} moving`, tone: 'info'};
	return '';
}

/** `0-5460, 10000`: ranges as the cluster tells them. */
export const rangesText = ({slots}: FleetNode): string =>
	slots.length === 0 ? 'none' : `${formatCount(slotsIn({slots}))}: ${slots.map(({from, to}) => (from === to ? String(from) : `${from}-${to}`)).join(', ')}`;
