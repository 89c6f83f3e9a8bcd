import {type FleetNode, otherNodes} from '../../store/fleet.ts';
import type {HaItem} from '../../store/lists/ha-list.ts';
import {isSinceStart} from '../../store/saves.ts';
import {answersReads} from '../../store/server-state.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatCount, formatSeconds} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import {type Line, line, type Span} from '../kit/line.ts';
import type {Cell, Column} from '../kit/table.ts';

/** What a server says of itself, beside what its master says of it. */
export const ownColumns: readonly Column[] = [
	{title: 'ITSELF', width: 15, priority: 3},
	{title: 'MEMORY', width: 7, align: 'right', priority: 4},
	{title: 'SAVED', width: 7, align: 'right', priority: 5},
	{title: 'VERSION', width: 9, priority: 6},
];

export function ownCells({node}: HaItem, ascii: boolean): readonly Cell[] {
	const {none} = glyphsFor(ascii);
	if (!node) return [none, none, none, none];
	const {info, vitals} = node;
	const savedAgo = info?.lastSaveAtSeconds === undefined || info.clockMs === undefined ? undefined : info.clockMs / 1000 - info.lastSaveAtSeconds;
	return [
		itself(node),
		formatBytes(vitals.usedMemoryBytes, {ascii}),
		info && isSinceStart(info) ? 'not yet' : formatSeconds(savedAgo, {ascii}),
		info?.version ?? none,
	];
}

function itself(node: FleetNode): Span {
	const {server, info, role, isKnown} = node;
	if (!isKnown && server.kind !== 'CONNECTING') return {text: 'not reached', tone: 'warn'};
	if (role === 'master') return {text: `master ${server.kind}`, tone: server.kind === 'OK' ? 'good' : 'bad'};
	if (!answersReads(server)) return {text: server.kind, tone: server.kind === 'CONNECTING' ? 'dim' : 'bad'};
	if (info?.masterLinkUp === false) return {text: 'link DOWN', tone: 'bad'};
	return info?.replicaReadOnly === false ? {text: 'TAKES WRITES', tone: 'warn'} : {text: 'read-only', tone: 'good'};
}

const stuck: ReadonlySet<string> = new Set(['BUSY', 'SILENT', 'DOWN', 'UNREACHABLE', 'LOADING', 'MAXCLIENTS']);

/** While the server that is looked at answers nothing: what its replicas may still tell. */
export function replicaTells(state: Pick<ConsoleState, 'fleet' | 'session' | 'snapshot'>, ascii: boolean): readonly Line[] {
	if (!stuck.has(state.snapshot.server.kind) || state.fleet?.kind !== 'replicas') return [];
	return otherNodes(state)
		.filter(({role}) => role === 'replica')
		.map(node => line(' ', {text: node.address, tone: 'strong'}, ' ', tells(node, ascii)));
}

function tells({server, info, isKnown}: FleetNode, ascii: boolean): Line {
	if (!isKnown) return line({text: `cannot be asked from here: ${server.detail}`, tone: 'dim'});
	if (server.kind === 'MASTERDOWN') return line({text: 'refuses reads without its master (replica-serve-stale-data no)', tone: 'bad'});
	if (!answersReads(server)) return line({text: server.kind, tone: 'bad'});
	const {masterLinkUp, masterLastIoSeconds: heard, masterLinkDownSeconds: down, replicaOffset} = info ?? {};
	const age = masterLinkUp ? heard : down;
	return line(
		{text: 'answers reads', tone: 'good'},
		age === undefined ? ', data of an unknown age' : `, data of ${formatSeconds(age, {ascii})} ago`,
		masterLinkUp === false && ', when its link went',
		replicaOffset !== undefined && `, up to offset ${formatCount(replicaOffset, {ascii})}`,
		{text: '  o looks there', tone: 'dim'},
	);
}
