import {parseInfo} from './info.ts';
import {reader} from './info-reader.ts';

/** What one node thinks of its cluster (CLUSTER INFO, any version). Undefined: it did not tell. */
export type ClusterInfo = {
	/** Keys are served, as far as this node is concerned. */
	readonly isUp: boolean | undefined;
	/** Of 16384: those that somebody is to serve. */
	readonly slotsAssigned: number | undefined;
	/** Those of nodes that are down for this node, and for the majority. */
	readonly slotsPfail: number | undefined;
	readonly slotsFail: number | undefined;
	readonly knownNodes: number | undefined;
};

export function toClusterInfo(text: string): ClusterInfo {
	const {text: value, count} = reader(parseInfo(text));
	const state = value('cluster_state');
	return {
		isUp: state === undefined ? undefined : state === 'ok',
		slotsAssigned: count('cluster_slots_assigned'),
		slotsPfail: count('cluster_slots_pfail'),
		slotsFail: count('cluster_slots_fail'),
		knownNodes: count('cluster_known_nodes'),
	};
}
