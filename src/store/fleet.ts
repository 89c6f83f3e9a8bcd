import type {QueueStatus} from '../queues/types.ts';
import {allSlots, type SlotMove, type SlotRange, slotCount} from '../redis/parse/cluster.ts';
import type {ClusterInfo} from '../redis/parse/cluster-info.ts';
import type {ServerInfo} from '../redis/parse/server-info.ts';
import type {Finding, Severity} from './finding.ts';
import type {ServerState} from './server-state.ts';
import type {ConsoleState} from './store.ts';
import type {Vitals} from './vitals.ts';

/** A server beside the one that is looked at, as a light connection of its own last saw it. */
export type FleetNode = {
	/** Where it is asked: `10.0.0.2:6379`. Its name among the others. */
	readonly address: string;
	/** In a cluster. */
	readonly id: string | undefined;
	readonly role: 'master' | 'replica' | undefined;
	/** Of a replica. */
	readonly masterAddress: string | undefined;
	readonly slots: readonly SlotRange[];
	readonly moves: readonly SlotMove[];
	/** What the other nodes of a cluster say of it: `fail`, `fail?` … */
	readonly flags: readonly string[];
	readonly server: ServerState;
	/** It has been read, at least once. */
	readonly isKnown: boolean;
	readonly info: ServerInfo | undefined;
	readonly vitals: Vitals;
	readonly updatedAtMs: number | undefined;
	/** Worst first, and as bad as they are for those who use it (diagnosis/fleet-weight.ts). */
	readonly findings: readonly Finding[];
	/** Of our own connection to it. */
	readonly clientId: string | undefined;
	/** Share of one core that our light connection, and what searches there, took on it. */
	readonly ownCostPercent: number | undefined;
	/** Of a master in a cluster that is not looked at: undefined until it has been searched. */
	readonly queues: readonly QueueStatus[] | undefined;
	/** When they were looked at last. */
	readonly queuesAtMs: number | undefined;
	/** The last search for them has seen all keys. */
	readonly isQueueSearchComplete: boolean;
};

/** The nodes of a cluster, the one that is looked at among them; or a master and its replicas, without the one that is looked at. */
export type Fleet = {
	readonly kind: 'cluster' | 'replicas';
	readonly nodes: readonly FleetNode[];
	/** As most of the nodes that answer see it. */
	readonly cluster: ClusterInfo | undefined;
	/** Why there is nothing to show. */
	readonly problem: string | undefined;
	/** Every node is asked once in so long. */
	readonly roundMs: number;
	/** So many times longer than usual, as it cost one of them too much. */
	readonly slowedBy: number;
	/** Nodes that are announced and, as there are too many, not watched. */
	readonly leftOut: number;
};

/** The problem of a server that is no node of a cluster. */
export const noCluster = 'this server is not in cluster mode: leave out --cluster, or cluster: true in the config file';

export const shownFleet = ({ui, fleet}: Pick<ConsoleState, 'ui' | 'fleet'>): Fleet | undefined => (ui.frozen ? ui.frozen.fleet : fleet);

/** The ones that are not looked at. */
export const otherNodes = ({fleet, session}: Pick<ConsoleState, 'fleet' | 'session'>): readonly FleetNode[] =>
	(fleet?.nodes ?? []).filter(({address}) => address !== session.target.address);

/** What stops a replica, or a master of a cluster that has no slots (others serve them by now), stops nobody's work: one copy less is left. */
export const stopsNobody = ({role, id, slots}: FleetNode): boolean => role === 'replica' || (role === 'master' && id !== undefined && slots.length === 0);

/** A master that has failed and whose slots others have. One that is known to have had no replica had no slots that one could have taken. */
export const isTakenOver = (node: FleetNode): boolean =>
	node.role === 'master' && node.id !== undefined && node.slots.length === 0 && isFailed(node) && node.info?.connectedReplicas !== 0;

/** Worse is higher; 0: nothing is wrong. */
export const severityRank: Readonly<Record<Severity, number>> = {P0: 3, P1: 2, P2: 1};

export const worstOf = ({findings: [worst]}: FleetNode): Finding | undefined => worst;

/** Below this a cost is shown as 0. */
export const leastShownPercent = 0.005;

/** The other server that this console costs most, where that is more than this one. */
export function costliest(state: Pick<ConsoleState, 'fleet' | 'session' | 'snapshot'>): {readonly address: string; readonly percent: number} | undefined {
	const [worst] = otherNodes(state)
		.flatMap(({address, ownCostPercent: percent}) => (percent === undefined ? [] : [{address, percent}]))
		.toSorted((a, b) => b.percent - a.percent);
	return worst && worst.percent >= Math.max(leastShownPercent, state.snapshot.ownCostPercent ?? 0) ? worst : undefined;
}

/** How many slots it has. */
export const slotsIn = ({slots}: Pick<FleetNode, 'slots'>): number => slotCount(slots);

const rangeText = ({from, to}: SlotRange): string => (from === to ? String(from) : `${from}-${to}`);
/** In a dialog; after many moves a node has hundreds. */
const shownRanges = 3;

/** Which node of the cluster the server is that is looked at, for a dialog; undefined where it is none, or is not known as one. */
export function nodeWords({fleet, session}: Pick<ConsoleState, 'fleet' | 'session'>): string | undefined {
	if (fleet?.kind !== 'cluster') return undefined;
	const node = fleet.nodes.find(({address}) => address === session.target.address);
	if (!node) return fleet.problem && `not known: ${fleet.problem}`;
	const {id, role, slots, masterAddress} = node;
	const more = slots.length > shownRanges ? ` and ${slots.length - shownRanges} more ranges` : '';
	const has = slots.length > 0 ? `slots ${slots.slice(0, shownRanges).map(rangeText).join(', ')}${more}` : 'no slots';
	const what = role === 'replica' ? `replica of ${masterAddress ?? '?'}` : has;
	return `${id?.slice(0, 8) ?? node.address}, ${what}; of the whole cluster this node alone`;
}

/** How many there are in all. */
export const slotsInAll = allSlots;

/** Slots of nobody, and those of nodes that a majority holds to be down. What one node suspects of another is not among them: it may be wrong in a moment. */
export function slotsUnserved({slotsAssigned, slotsFail}: Pick<ClusterInfo, 'slotsAssigned' | 'slotsFail'>): number | undefined {
	return slotsAssigned === undefined ? undefined : Math.min(allSlots, allSlots - slotsAssigned + (slotsFail ?? 0));
}

/** The cluster itself holds that it is gone. */
export const isFailed = ({flags}: FleetNode): boolean => flags.includes('fail');

/** Bytes of its master's stream that a replica has not yet had, by the figures that were read last; undefined where one of them is missing. */
export function bytesBehindMaster(node: FleetNode, master: Pick<ServerInfo, 'masterReplOffset'> | undefined): number | undefined {
	const {info} = node;
	const done = info?.replicaOffset;
	if (node.role !== 'replica' || done === undefined || master?.masterReplOffset === undefined) return undefined;
	return Math.max(0, master.masterReplOffset - done);
}
