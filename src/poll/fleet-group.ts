import type {Clock} from '../clock.ts';
import type {ServerInfo} from '../redis/parse/server-info.ts';
import {address, announcedEndpoint, type Endpoint, type TcpEndpoint} from '../redis/target.ts';
import {type Fleet, type FleetNode, noCluster} from '../store/fleet.ts';
import {answersReads} from '../store/server-state.ts';
import type {ConsoleStore} from '../store/store.ts';
import type {FleetPace, Member} from './fleet.ts';
import type {NodeWatch} from './node-watch.ts';
import {commonInfo, type KnownNode, type Place, topologyOf} from './topology.ts';

/** Who belongs together, and what is shown of them. */
export type Group = {
	readonly members: (watches: readonly NodeWatch[]) => readonly Member[];
	readonly describe: (watches: readonly NodeWatch[], pace: FleetPace) => Fleet | undefined;
};

/** All nodes of a cluster, by what those that answer say of it. The last that was known stays while none does. */
export function clusterGroup(home: () => Endpoint, prefersHostname: boolean, clock: Pick<Clock, 'now'>): Group {
	const places = new Map<string, Place>();
	let topology: readonly KnownNode[] = [];
	let leftOut = 0;
	let newestMs = 0;
	let toldBy = 0;
	let madeAtMs = 0;
	const isHome = ({address: one}: KnownNode) => one === address(home());
	const refresh = (watches: readonly NodeWatch[]) => {
		const views = watches.flatMap(({view}) => view ?? []);
		const latestMs = Math.max(0, ...views.map(({atMs}) => atMs));
		const isSame = latestMs === newestMs && views.length === toldBy;
		// In a large cluster one of them is told anew every moment.
		if (isSame || (clock.now() - madeAtMs < leastPauseMs && views.length === toldBy)) return;
		madeAtMs = clock.now();
		newestMs = latestMs;
		toldBy = views.length;
		const next = topologyOf(watches, places, prefersHostname);
		if (next.length === 0) return;
		const sorted = next.toSorted((a, b) => byAddress(a.address, b.address));
		// The one that was asked for keeps its connection.
		const homeFirst = [...sorted.filter(isHome), ...sorted.filter(node => !isHome(node))];
		leftOut = Math.max(0, homeFirst.length - mostNodes);
		topology = homeFirst.slice(0, mostNodes);
	};
	return {
		members(watches) {
			refresh(watches);
			return topology.length === 0 ? [{endpoint: home()}] : topology;
		},
		describe(watches, pace) {
			refresh(watches);
			const byName = new Map(watches.map(watch => [watch.address, watch]));
			const addresses = new Map(topology.map(({id, address: one}) => [id, one]));
			const nodes = topology.flatMap(node => {
				const watch = byName.get(node.address);
				return watch ? nodeOf(watch, {...node, masterAddress: addresses.get(node.masterId ?? '')}) : [];
			});
			const problem = nodes.length > 0 ? undefined : watches[0] && whyNothing(watches[0]);
			return {kind: 'cluster', nodes, cluster: commonInfo(watches), problem, ...pace, leftOut};
		},
	};
}

function whyNothing({refusal, store}: NodeWatch): string | undefined {
	if (refusal !== undefined) return /cluster support disabled/i.test(refusal) ? noCluster : refusal;
	const {kind, detail} = store.getState().snapshot.server;
	return kind === 'OK' || kind === 'CONNECTING' ? undefined : `${kind}${detail === '' ? '' : `: ${detail}`}`;
}

type Told = Pick<FleetNode, 'id' | 'role' | 'masterAddress' | 'slots' | 'moves' | 'flags'>;

const nothingTold: Told = {id: undefined, role: undefined, masterAddress: undefined, slots: [], moves: [], flags: []};

function nodeOf(watch: NodeWatch, {id, role, masterAddress, slots, moves, flags}: Told): FleetNode {
	const {snapshot, findings} = watch.store.getState();
	const {data: info, updatedAtMs} = snapshot.info;
	const isKnown = info !== undefined;
	const answers = snapshot.contact.link === 'open';
	return {
		address: watch.address,
		id,
		// What it says of itself is newer than what is said of it, as long as it says anything.
		role: (answers ? roleOf(info) : undefined) ?? role ?? roleOf(info),
		masterAddress: masterAddress ?? masterOf(info),
		slots,
		moves,
		flags,
		server: snapshot.server,
		isKnown,
		info,
		vitals: snapshot.vitals,
		updatedAtMs,
		clientId: watch.clientId,
		ownCostPercent: snapshot.ownCostPercent,
		// One that cannot be reached from here, and never could, need not be down.
		findings: isKnown || flags.includes('fail') ? findings : [],
		queues: snapshot.queues.data,
		queuesAtMs: snapshot.queues.updatedAtMs,
		isQueueSearchComplete: snapshot.queueSearch.isComplete,
	};
}

const roleOf = (info: ServerInfo | undefined): FleetNode['role'] => (info?.role === 'master' || info?.role === 'replica' ? info.role : undefined);

const masterOf = (info: ServerInfo | undefined): string | undefined => {
	const endpoint = masterEndpoint(info);
	return endpoint && address(endpoint);
};

function masterEndpoint(info: ServerInfo | undefined): TcpEndpoint | undefined {
	const {masterHost, masterPort} = info ?? {};
	return info?.role === 'replica' ? announcedEndpoint(masterHost ?? '', String(masterPort)) : undefined;
}

/** A master, its replicas and theirs, as far as they name each other, without the one that is looked at; one that has two names counts once. */
export function replicaGroup(home: () => Endpoint, main: ConsoleStore, clock: Pick<Clock, 'now'>): Group {
	/** Other names of servers that are there already, by the server's run id. */
	const aliases = new Map<string, string>();
	const namedAtMs = new Map<string, number>();
	const members = (watches: readonly NodeWatch[]): readonly Member[] => {
		const {session, snapshot} = main.getState();
		const focus = session.target.address;
		noteAliases(aliases, snapshot.info.data?.runId, watches);
		const infos = new Map(watches.map(watch => [watch.address, watch.store.getState().snapshot.info.data]));
		const found = new Map<string, Endpoint>();
		const walk = (endpoint: Endpoint, info: ServerInfo | undefined) => {
			const name = address(endpoint);
			if (found.has(name) || aliases.has(name) || found.size >= mostServers) return;
			found.set(name, endpoint);
			for (const next of namedBy(info)) walk(next, infos.get(address(next)));
		};
		const asked = home();
		if (focus !== address(asked)) walk(asked, infos.get(address(asked)));
		for (const next of namedBy(snapshot.info.data)) walk(next, infos.get(address(next)));
		for (const name of found.keys()) namedAtMs.set(name, clock.now());
		const isMissed = missedSince(namedAtMs, clock.now(), session.intervalMs);
		for (const {address: name, endpoint} of watches.filter(watch => !aliases.has(watch.address) && isMissed(watch))) found.set(name, endpoint);
		found.delete(focus);
		return [...found.values()].map(endpoint => ({endpoint}));
	};
	return {
		members,
		describe: (watches, pace) =>
			watches.length === 0
				? undefined
				: {kind: 'replicas', nodes: watches.map(watch => nodeOf(watch, nothingTold)), cluster: undefined, problem: undefined, ...pace, leftOut: 0},
	};
}

/** A master lists no replica that is silent or dead: it stays with its finding until it answers, or for so long. Whether it still does is known after its next look. */
const keptSilentMs = 600_000;
const keptAnywayMs = 5000;

const missedSince =
	(namedAtMs: ReadonlyMap<string, number>, nowMs: number, intervalMs: number) =>
	({address: name, store}: NodeWatch): boolean => {
		const {info, server} = store.getState().snapshot;
		const keptMs = answersReads(server) ? Math.max(keptAnywayMs, intervalMs * 2) : keptSilentMs;
		return info.data !== undefined && nowMs - (namedAtMs.get(name) ?? 0) < keptMs;
	};

/** A list that is longer is not to be believed. */
const mostServers = 50;
/** More than Redis recommends for a cluster; beyond it nobody is watched. */
const mostNodes = 1000;

function noteAliases(aliases: Map<string, string>, focusRunId: string | undefined, watches: readonly NodeWatch[]): void {
	const seen = new Set(focusRunId === undefined ? [] : [focusRunId]);
	for (const [name, runId] of aliases)
		if (!seen.has(runId) && watches.every(watch => watch.store.getState().snapshot.info.data?.runId !== runId)) aliases.delete(name);
	for (const {address: name, store} of watches) {
		const runId = store.getState().snapshot.info.data?.runId;
		if (runId === undefined) continue;
		if (seen.has(runId)) aliases.set(name, runId);
		seen.add(runId);
	}
}

/** Whom it follows, and who follows it. */
function namedBy(info: ServerInfo | undefined): readonly TcpEndpoint[] {
	const master = masterEndpoint(info);
	const replicas = (info?.replicas ?? []).flatMap(({address: text}) => {
		const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(text) ?? [];
		return announcedEndpoint(host, port) ?? [];
	});
	return master ? [master, ...replicas] : replicas;
}

const leastPauseMs = 500;

/** Made when it is needed: it takes longer than all else at the start, and one server alone needs none. */
let collator: Intl.Collator | undefined;

/** `host:9` before `host:10`. */
function byAddress(a: string, b: string): number {
	collator ??= new Intl.Collator('en', {numeric: true});
	return collator.compare(a, b);
}
