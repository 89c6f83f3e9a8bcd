import {bytesBehindMaster, type FleetNode, isFailed, severityRank, stopsNobody, worstOf} from '../fleet.ts';
import {memoizeLatest} from '../memoize.ts';
import {filtered, type Order, type Sort, sorted} from './order.ts';

/** How bad it is: what the cluster holds to be gone first where somebody waits for it, then findings, then whatever is not well. */
export function troubleOf(node: FleetNode): number {
	if (isFailed(node)) return stopsNobody(node) ? 1 + severityRank.P1 : 5;
	const worst = worstOf(node);
	if (worst) return 1 + severityRank[worst.severity];
	return wellKinds.has(node.server.kind) ? 0 : 1;
}

const wellKinds: ReadonlySet<string> = new Set(['OK', 'READONLY', 'CONNECTING']);

/** A replica of a cluster is read-only by nature: that is no news of it. */
export function stateWord(node: FleetNode): string {
	if (isFailed(node)) return 'FAIL';
	const {kind} = node.server;
	if (kind === 'READONLY' && node.role === 'replica') return 'OK';
	return kind === 'OK' && node.flags.includes('fail?') ? 'fail?' : kind;
}

/** Bytes behind, of replicas; what cannot be told is undefined. */
export function lagOf(node: FleetNode, nodes: readonly FleetNode[]): number | undefined {
	return bytesBehindMaster(node, nodes.find(({address}) => address === node.masterAddress)?.info);
}

type Row = {readonly node: FleetNode; readonly lag: number | undefined};

/** The columns that `s` walks through. */
export const nodeOrders: readonly Order<Row>[] = [
	{column: 'worst', title: 'worst first', descending: true, value: ({node}) => troubleOf(node)},
	{column: 'node', title: 'node', descending: false, value: ({node}) => node.address},
	{column: 'role', title: 'role', descending: false, value: ({node}) => node.role ?? ''},
	{column: 'slots', title: 'slots', descending: false, value: ({node}) => node.slots[0]?.from ?? Number.MAX_SAFE_INTEGER},
	{column: 'state', title: 'state', descending: false, value: ({node}) => stateWord(node)},
	{column: 'ops', title: 'ops/s', descending: true, value: ({node}) => node.vitals.opsPerSecond ?? -1},
	{column: 'memory', title: 'memory', descending: true, value: ({node}) => node.vitals.usedMemoryBytes ?? -1},
	{column: 'clients', title: 'clients', descending: true, value: ({node}) => node.vitals.connectedClients ?? -1},
	{column: 'lag', title: 'lag', descending: true, value: ({lag}) => lag ?? -1},
];

const textOf = (node: FleetNode): string =>
	[
		node.address,
		node.role ?? '',
		stateWord(node),
		node.masterAddress ?? '',
		worstOf(node)?.id ?? '',
		worstOf(node)?.title ?? '',
		node.slots.length > 0 ? 'slots' : '',
		node.id ?? '',
	].join(' ');

/** Filtered and sorted. Same inputs, same array. */
export const listNodes = memoizeLatest((nodes: readonly FleetNode[], filter: string, sort: Sort): readonly FleetNode[] =>
	sorted(
		filtered(nodes, filter, textOf).map(node => ({node, lag: lagOf(node, nodes)})),
		nodeOrders,
		sort,
	).map(({node}) => node),
);
