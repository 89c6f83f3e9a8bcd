import {parseInfo} from './info.ts';
import {reader} from './info-reader.ts';

/** What one node thinks of its cluster (CLUSTER INFO, any version). Undefined: it did not tell. */
export type ClusterInfo = {
	/** `fail`: this node answers CLUSTERDOWN to keys. */
	readonly state: 'ok' | 'fail' | undefined;
	/** Of 16384: those that somebody is to serve. */
	readonly slotsAssigned: number | undefined;
	/** Of nodes that this node neither suspects nor knows to have failed. */
	readonly slotsOk: number | undefined;
	/** Of nodes that this node suspects (its own opinion, often for a moment), and of those that a majority holds to be down. */
	readonly slotsPfail: number | undefined;
	readonly slotsFail: number | undefined;
	readonly knownNodes: number | undefined;
	/** Masters with slots. */
	readonly size: number | undefined;
};

export function parseClusterInfo(infoText: string): ClusterInfo {
	const {text, count} = reader(parseInfo(infoText));
	const state = text('cluster_state');
	return {
		state: state === 'ok' || state === 'fail' ? state : undefined,
		slotsAssigned: count('cluster_slots_assigned'),
		slotsOk: count('cluster_slots_ok'),
		slotsPfail: count('cluster_slots_pfail'),
		slotsFail: count('cluster_slots_fail'),
		knownNodes: count('cluster_known_nodes'),
		size: count('cluster_size'),
	};
}
