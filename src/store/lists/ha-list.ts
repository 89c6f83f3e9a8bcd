import type {ServerInfo} from '../../redis/parse/server-info.ts';
import {type FleetNode, shownFleet} from '../fleet.ts';
import {memoizeLatest} from '../memoize.ts';
import {type ConsoleState, shownSnapshot} from '../store.ts';
import {listNodes} from './node-list.ts';
import {filtered} from './order.ts';

type Replica = NonNullable<ServerInfo['replicas']>[number];

/** A node of the cluster, or a server of this replication: as its master sees it, as it sees itself, or both. */
export type HaItem = {readonly id: string; readonly replica: Replica | undefined; readonly node: FleetNode | undefined};

/** The rows of the HA pane as shown. */
export function haItems(state: ConsoleState): readonly HaItem[] {
	const {filter, sort} = state.ui.panes.ha;
	const fleet = shownFleet(state);
	if (fleet?.kind === 'cluster' && fleet.nodes.length > 0) return clusterList(listNodes(fleet.nodes, filter, sort));
	return list(shownSnapshot(state).info.data?.replicas ?? noReplicas, fleet?.nodes ?? noNodes, filter);
}

const noReplicas: readonly Replica[] = [];
const noNodes: readonly FleetNode[] = [];

const clusterList = memoizeLatest((nodes: readonly FleetNode[]): readonly HaItem[] => nodes.map(node => ({id: node.address, replica: undefined, node})));

/** The master of one that is a replica itself first, then its replicas, then those of the same master. */
const list = memoizeLatest((replicas: readonly Replica[], nodes: readonly FleetNode[], filter: string): readonly HaItem[] => {
	const own = replicas.map(replica => ({id: replica.address, replica, node: nodes.find(({address}) => address === replica.address)}));
	const others = nodes.filter(({address}) => own.every(({id}) => id !== address)).map(node => ({id: node.address, replica: undefined, node}));
	const masters = others.filter(({node}) => node.role === 'master');
	const all: readonly HaItem[] = [...masters, ...own, ...others.filter(item => !masters.includes(item))];
	return filtered(all, filter, ({id, replica, node}) => `${id} ${replica?.state ?? ''} ${node?.role ?? ''} ${node?.server.kind ?? ''}`);
});
