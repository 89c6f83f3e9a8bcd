import type {ClusterNode} from '../redis/parse/cluster.ts';
import type {ClusterInfo} from '../redis/parse/cluster-info.ts';
import {address, type Endpoint, type TcpEndpoint} from '../redis/target.ts';
import type {ClusterView} from './node-watch.ts';

/** A node of the cluster as all that is said of it makes it. */
export type KnownNode = Omit<ClusterNode, 'host' | 'port' | 'hostname' | 'isMyself'> & {
	readonly endpoint: TcpEndpoint;
	readonly address: string;
};

type Asked = {readonly view: ClusterView | undefined; readonly endpoint: Endpoint};

/**
 * One picture of the cluster from what several nodes say. Of two that differ the higher epoch knows better, then the node itself, then the one asked
 * last. A node that has been asked is where it was asked, whatever it announces: an address given by hand may be the only one that leads there. `places` remembers that.
 */
export function topologyOf(asked: readonly Asked[], places: Map<string, TcpEndpoint>, prefersHostname: boolean): readonly KnownNode[] {
	const views = asked.flatMap(({view, endpoint}) => (view ? [{view, endpoint}] : [])).toSorted((a, b) => b.view.atMs - a.view.atMs);
	const lines = views.flatMap(({view, endpoint}, index) =>
		view.nodes.filter(node => isThere(node) && (index < wholeViews || node.isMyself)).map(node => ({node, view, endpoint})),
	);
	const best = new Map<string, Line>();
	/** What others say of it last; of itself it says nothing of that kind. */
	const flagsOf = new Map<string, readonly string[]>();
	for (const line of lines) {
		const {node, endpoint} = line;
		const known = best.get(node.id);
		if (!known || isBetter(node, known.node)) best.set(node.id, line);
		if (!node.isMyself && !flagsOf.has(node.id)) flagsOf.set(node.id, node.flags);
		if (node.isMyself && isTcp(endpoint) && !places.has(node.id)) places.set(node.id, endpoint);
	}
	return [...best.values()].map(({node, view}) => {
		const {host, port, hostname, isMyself, ...rest} = node;
		const named = hostname !== undefined && (prefersHostname || host === '') ? hostname : host;
		const endpoint = places.get(node.id) ?? {kind: 'tcp' as const, host: named === '' ? view.host : named, port};
		return {...rest, flags: flagsOf.get(node.id) ?? node.flags, endpoint, address: address(endpoint)};
	});
}

/** The newest count whole; of older ones only what a node says of itself, or a hundred nodes would be ten thousand lines. */
const wholeViews = 10;

type Line = {readonly node: ClusterNode; readonly view: ClusterView; readonly endpoint: Endpoint};

const isThere = ({port, flags}: ClusterNode): boolean => port !== 0 && !flags.includes('handshake');

const isTcp = (endpoint: Endpoint): endpoint is TcpEndpoint => endpoint.kind === 'tcp';

const isBetter = (node: ClusterNode, known: ClusterNode): boolean =>
	node.configEpoch > known.configEpoch || (node.configEpoch === known.configEpoch && node.isMyself && !known.isMyself);

/** What most of those that answer say of the cluster, the newest of them. */
export function commonInfo(asked: readonly Pick<Asked, 'view'>[]): ClusterInfo | undefined {
	const told = asked.flatMap(({view}) => (view?.info ? [{atMs: view.atMs, info: view.info}] : [])).toSorted((a, b) => b.atMs - a.atMs);
	const count = (state: ClusterInfo['state']) => told.filter(({info}) => info.state === state).length;
	return told.toSorted((a, b) => count(b.info.state) - count(a.info.state))[0]?.info;
}
