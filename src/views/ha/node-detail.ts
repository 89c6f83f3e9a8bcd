import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {FleetNode} from '../../store/fleet.ts';
import {lagOf, stateWord} from '../../store/lists/node-list.ts';
import {received} from '../../store/resource.ts';
import {isSinceStart} from '../../store/saves.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import {formatBytes, formatClock, formatCount, formatRate, formatSeconds} from '../../text/format.ts';
import type {Facts} from '../kit/facts.ts';
import {rangesText} from './node-table.ts';

const unknown = 'not known';

/** Another server as it told of itself, in full. */
export function nodeFacts(node: FleetNode, nodes: readonly FleetNode[], ascii: boolean): Facts {
	const {info, vitals, server, updatedAtMs, id, moves} = node;
	const bytes = (figure: number | undefined) => (figure === undefined ? unknown : formatBytes(figure, {ascii}));
	const count = (figure: number | undefined) => (figure === undefined ? unknown : formatCount(figure, {ascii}));
	return [
		['state', `${stateWord(node)}${server.detail === '' ? '' : `: ${server.detail}`}, since ${formatClock(server.sinceMs, {ascii})}`],
		['as of', updatedAtMs === undefined ? 'never read from here' : formatClock(updatedAtMs, {ascii})],
		['role', roleWords(node)],
		...(id === undefined
			? []
			: ([
					['node id', id],
					['slots', rangesText(node)],
				] as const)),
		...(moves.length === 0 ? [] : [['moving', movesText(node, nodes)] as const]),
		...replicaFacts(node, nodes, ascii),
		['version', `${info?.product ?? ''} ${info?.version ?? unknown}`.trim()],
		['up', info?.uptimeSeconds === undefined ? unknown : formatSeconds(info.uptimeSeconds, {ascii})],
		['ops/s', vitals.opsPerSecond === undefined ? unknown : formatRate(vitals.opsPerSecond, {ascii})],
		['memory', `${bytes(vitals.usedMemoryBytes)}${vitals.maxMemoryBytes ? ` of ${bytes(vitals.maxMemoryBytes)}` : ', no limit'}`],
		['clients', `${count(vitals.connectedClients)} of ${count(vitals.maxClients)}, ${count(vitals.blockedClients)} blocked`],
		['last save', lastSave(node, ascii)],
		...node.findings.map(({severity, title}, index) => [index === 0 ? 'findings' : '', `${severity} ${title}`] as const),
	];
}

function roleWords({role, masterAddress, info, flags}: FleetNode): string {
	const gone = flags.filter(flag => flag.startsWith('fail'));
	const says = gone.length === 0 ? '' : `; the others say ${gone.join(', ')}`;
	if (role !== 'replica') return `${role ?? unknown}${says}`;
	const writes = info?.replicaReadOnly === false ? ', TAKES WRITES' : info?.replicaReadOnly === true ? ', read-only' : '';
	return `replica of ${masterAddress ?? unknown}${writes}${says}`;
}

function movesText({moves}: FleetNode, nodes: readonly FleetNode[]): string {
	return moves
		.slice(0, 20)
		.map(({slot, way, nodeId}) => `${slot} ${way} ${nodes.find(({id}) => id === nodeId)?.address ?? nodeId.slice(0, 8)}`)
		.join(', ');
}

function replicaFacts(node: FleetNode, nodes: readonly FleetNode[], ascii: boolean): Facts {
	const {info, role} = node;
	if (role !== 'replica' || !info) return [];
	const lag = lagOf(node, nodes);
	const behind = lag === undefined ? '' : `, ${lag === 0 ? 'nothing' : formatBytes(lag, {ascii})} behind`;
	return [
		['link to master', linkWords(info, ascii)],
		['offset', info.replicaOffset === undefined ? unknown : `${formatCount(info.replicaOffset, {ascii})}${behind}`],
	];
}

function linkWords({masterLinkUp, masterLastIoSeconds: heard, masterLinkDownSeconds: down}: ServerInfo, ascii: boolean): string {
	if (masterLinkUp === undefined) return unknown;
	if (!masterLinkUp) return `DOWN${down === undefined ? '' : ` for ${formatSeconds(down, {ascii})}`}`;
	return `up${heard === undefined ? '' : `, last heard ${formatSeconds(heard, {ascii})} ago`}`;
}

function lastSave({info, updatedAtMs}: FleetNode, ascii: boolean): string {
	const saved = info?.lastSaveAtSeconds;
	if (!info || saved === undefined || updatedAtMs === undefined) return unknown;
	const ago = Math.max(0, serverClockMs({info: received(info, updatedAtMs)}, updatedAtMs) / 1000 - saved);
	const when = `${formatClock(saved * 1000, {ascii})}, ${formatSeconds(ago, {ascii})} before that`;
	return `${isSinceStart(info) ? `none since its start at ${when}` : when}${info.lastSaveOk === false ? ', the last try FAILED' : ''}; ${info.aofEnabled ? 'append-only file on' : 'no append-only file'}`;
}
