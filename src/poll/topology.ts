import type {ClusterNode} from '../redis/parse/cluster.ts';
import type {ClusterInfo} from '../redis/parse/cluster-info.ts';
import {address, type Endpoint, parseHost, type TcpEndpoint} from '../redis/target.ts';
import type {ClusterView} from './node-watch.ts';

/** A node of the cluster as all that is said of it makes it. */
export type KnownNode = Omit<ClusterNode, 'host' | 'port' | 'hostname' | 'isMyself'> & {
	readonly endpoint: TcpEndpoint;
	readonly address: string;
};

type Asked = {readonly view: ClusterView | undefined; readonly endpoint: Endpoint};

/** Where a node has answered, and which address the others gave it then. */
export type Place = {readonly endpoint: TcpEndpoint; readonly announced: string | undefined};

/**
 * One picture of the cluster from what several nodes say. Of two that differ the higher epoch knows better, then the node itself, then the one asked
 * last. A node that has been asked is where it was asked, whatever it announces: an address given by hand may be the only one that leads there. `places` remembers that.
 */
export function topologyOf(asked: readonly Asked[], places: Map<string, Place>, prefersHostname: boolean): readonly KnownNode[] {
	const views = asked.flatMap(({view, endpoint}) => (view ? [{view, endpoint}] : [])).toSorted((a, b) => b.view.atMs - a.view.atMs);
	const lines = views.flatMap(({view, endpoint}, index) =>
		view.nodes.filter(node => isThere(node) && (index < wholeViews || node.isMyself)).map(node => ({node, view, endpoint})),
	);
	const best = new Map<string, Line>();
	/** What another one says of it last: of its own death it knows nothing, and of its address no more than it has been told. */
	const byOthers = new Map<string, Line>();
	for (const line of lines) {
		const {node} = line;
		const known = best.get(node.id);
		if (!known || isBetter(node, known.node)) best.set(node.id, line);
		if (!node.isMyself && !byOthers.has(node.id)) byOthers.set(node.id, line);
	}
	const announced = (id: string) => {
		const line = byOthers.get(id);
		return line && announcedBy(line, prefersHostname);
	};
	settle(places, lines, announced);
	const nodes = [...best.values()].map(line => {
		const {host, port, hostname, isMyself, ...rest} = line.node;
		const endpoint = places.get(rest.id)?.endpoint ?? announced(rest.id) ?? announcedBy(line, prefersHostname);
		return {...rest, flags: byOthers.get(rest.id)?.node.flags ?? rest.flags, endpoint, address: address(endpoint)};
	});
	// Of a node that was made anew the others may tell under its old id for long.
	const holders = new Map([...places].map(([id, {endpoint}]) => [address(endpoint), id]));
	return nodes.filter(({id, address: one}) => (holders.get(one) ?? id) === id);
}

type Announced = (id: string) => TcpEndpoint | undefined;

/** Who is where now: one that answers elsewhere has moved, one that does not answer has moved if the others say so, and of two at one address it is the one that answers. */
function settle(places: Map<string, Place>, lines: readonly Line[], announced: Announced): void {
	const answering = whoAnswers(lines);
	const holders = new Map([...answering].flatMap(([id, endpoints]) => endpoints.map(endpoint => [address(endpoint), id] as const)));
	const hasLeft = (id: string, place: Place) => {
		const holder = holders.get(address(place.endpoint));
		return holder === undefined ? !answering.has(id) && isElsewhere(place, announced(id)) : holder !== id;
	};
	for (const [id, place] of places) if (hasLeft(id, place)) places.delete(id);
	for (const [id, endpoints] of answering) {
		const place = placeNow(endpoints, announced(id), places.get(id));
		if (place) places.set(id, place);
	}
}

function whoAnswers(lines: readonly Line[]): ReadonlyMap<string, readonly TcpEndpoint[]> {
	const answering = new Map<string, readonly TcpEndpoint[]>();
	for (const {node, endpoint} of lines) if (node.isMyself && isTcp(endpoint)) answering.set(node.id, [...(answering.get(node.id) ?? []), endpoint]);
	return answering;
}

/** One that answers at two addresses stays where it was. */
function placeNow(endpoints: readonly TcpEndpoint[], told: TcpEndpoint | undefined, before: Place | undefined): Place | undefined {
	const endpoint = endpoints.find(one => before && address(one) === address(before.endpoint)) ?? endpoints[0];
	return endpoint && {endpoint, announced: told ? address(told) : before?.announced};
}

const isElsewhere = ({announced}: Place, told: TcpEndpoint | undefined): boolean =>
	told !== undefined && announced !== undefined && address(told) !== announced;

/** The address that this line gives the node; what it leaves out is that of the one that was asked. */
function announcedBy({node: {host, port, hostname}, view}: Line, prefersHostname: boolean): TcpEndpoint {
	const named = hostname !== undefined && (prefersHostname || host === '') ? hostname : host;
	return {kind: 'tcp', host: named === '' ? view.host : named, port};
}

/** The newest count whole; of older ones only what a node says of itself, or a hundred nodes would be ten thousand lines. */
const wholeViews = 10;

type Line = {readonly node: ClusterNode; readonly view: ClusterView; readonly endpoint: Endpoint};

const isThere = ({host, port, flags}: ClusterNode): boolean => port !== 0 && (host === '' || parseHost(host) !== undefined) && !flags.includes('handshake');

const isTcp = (endpoint: Endpoint): endpoint is TcpEndpoint => endpoint.kind === 'tcp';

const isBetter = (node: ClusterNode, known: ClusterNode): boolean =>
	node.configEpoch > known.configEpoch || (node.configEpoch === known.configEpoch && node.isMyself && !known.isMyself);

/** What most of those that answer say of the cluster, the newest of them. */
export function commonInfo(asked: readonly Pick<Asked, 'view'>[]): ClusterInfo | undefined {
	const told = asked.flatMap(({view}) => (view?.info ? [{atMs: view.atMs, info: view.info}] : [])).toSorted((a, b) => b.atMs - a.atMs);
	const count = (state: ClusterInfo['state']) => told.filter(({info}) => info.state === state).length;
	return told.toSorted((a, b) => count(b.info.state) - count(a.info.state))[0]?.info;
}
