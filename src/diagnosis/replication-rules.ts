import type {ServerInfo} from '../redis/parse/server-info.ts';
import type {Finding} from '../store/finding.ts';
import {slotsIn} from '../store/fleet.ts';
import {replicasWanted} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatBytes, formatCount, formatSeconds, plural} from '../text/format.ts';
import type {Rule} from './rule.ts';
import {hysteresisRatio} from './thresholds.ts';

/** A replica acknowledges once a second; the figure counts whole seconds of silence, so 0 and 1 alternate on a healthy one (measured on 7.0). */
const acknowledgeEverySeconds = 1;
/** An idle master speaks this often, repl-ping-replica-period by default: up to 10 s of silence are no lag (measured on 7.0). */
const masterSpeaksEverySeconds = 10;

type Lag = Omit<Finding, 'id' | 'severity'> & {
	/** What is usual is not held against it. */
	readonly lateSeconds: number;
};

/** On a replica: how long its master has been silent. */
function masterLag({masterLastIoSeconds, masterHost, masterPort}: ServerInfo): Lag | undefined {
	if (masterLastIoSeconds === undefined) return undefined;
	return {
		lateSeconds: masterLastIoSeconds - masterSpeaksEverySeconds,
		title: `The master has not been heard for ${formatSeconds(masterLastIoSeconds)}`,
		evidence: `master ${masterHost ?? '?'}:${masterPort ?? '?'}, the link still counts as up`,
		meaning: ['What is read here may be old. The master is blocked or gone, or the network between them is.'],
		components: ['whoever reads from this replica'],
		remedies: [],
		over: 'the master is heard again',
	};
}

/** On a master: its slowest replica. */
function slowestReplica({replicas = [], masterReplOffset}: ServerInfo): Lag | undefined {
	// Before its first synchronisation is done a replica acknowledges nothing.
	const [slowest] = replicas
		.flatMap(({address, state, lagSeconds, offset}) => (state === 'online' && lagSeconds !== undefined ? [{address, lagSeconds, offset}] : []))
		.toSorted((a, b) => b.lagSeconds - a.lagSeconds);
	if (!slowest) return undefined;
	const {address, lagSeconds, offset} = slowest;
	const behind = offset === undefined || masterReplOffset === undefined ? '' : `${formatBytes(Math.max(0, masterReplOffset - offset))} behind; `;
	return {
		lateSeconds: lagSeconds - acknowledgeEverySeconds,
		title: `Replica ${address} has not acknowledged anything for ${formatSeconds(lagSeconds)}`,
		evidence: `${behind}${formatCount(replicas.length)} ${replicas.length === 1 ? 'replica' : 'replicas'} in all`,
		meaning: ['What is read there is old, and a failover to it loses what it has not got yet.', 'It is overloaded or stopped, or the network to it is bad.'],
		components: ['whoever reads from this replica', 'clients in WAIT'],
		remedies: [],
		over: 'the replica acknowledges every second again',
	};
}

const replicationLag: Rule = {
	id: 'replication.lag',
	needs: 'answers',
	judge({state: {snapshot}, thresholds, isStanding}) {
		const info = snapshot.info.data;
		const lag = info && (info.role === 'replica' ? masterLag(info) : slowestReplica(info));
		if (!lag || lag.lateSeconds <= thresholds.replicationLagSeconds * (isStanding ? hysteresisRatio : 1)) return undefined;
		const {lateSeconds: _, ...finding} = lag;
		return {severity: 'P1', ...finding};
	},
};

const linkDown: Rule = {
	id: 'replication.link-down',
	needs: 'answers',
	judge({state: {snapshot}}) {
		const info = snapshot.info.data;
		if (info?.role !== 'replica' || info.masterLinkUp !== false) return undefined;
		const isMute = snapshot.server.kind === 'MASTERDOWN';
		const {masterHost, masterPort, masterLinkDownSeconds, masterSyncInProgress} = info;
		const since = masterLinkDownSeconds === undefined ? '' : ` for ${formatSeconds(masterLinkDownSeconds)}`;
		return {
			severity: isMute ? 'P0' : 'P1',
			title: `The link to the master is down${since}${isMute ? ', and this replica answers nothing meanwhile' : ''}`,
			evidence: `master ${masterHost ?? '?'}:${masterPort ?? '?'}${masterSyncInProgress ? '; a full synchronisation is under way' : ''}`,
			meaning: [
				isMute
					? 'It is set to answer no reads without its master (replica-serve-stale-data no).'
					: 'Reads go on and are answered with what it had when the link broke.',
				masterSyncInProgress
					? 'It is being filled anew: the link counts as down until that is done.'
					: 'The master is gone, or cannot be reached from here, or refuses this replica (masterauth).',
				'If the master is lost and no Sentinel acts, a replica can be made the master by hand; what it had not received is lost.',
			],
			components: ['whoever reads from this replica'],
			remedies: masterSyncInProgress ? [] : ['replica.promote'],
			over: 'master_link_status is up again',
		};
	},
};

/** It wants copies of every write, and has nobody to keep them. */
const tooFew: Rule = {
	id: 'replication.too-few',
	needs: 'answers',
	judge({state: {snapshot}}) {
		if (snapshot.server.kind !== 'NOREPLICAS') return undefined;
		const {goodReplicas = 0, connectedReplicas} = snapshot.info.data ?? {};
		const wanted = replicasWanted(snapshot);
		return {
			severity: 'P0',
			title: `Writes are refused: ${goodReplicas === 0 ? 'no replica is' : `only ${plural(goodReplicas, 'replica')} ${goodReplicas === 1 ? 'is' : 'are'}`} in sync${wanted === undefined ? '' : `, ${formatCount(wanted)} wanted`}`,
			evidence: `${connectedReplicas === undefined ? '' : `${formatCount(connectedReplicas)} connected; `}min-replicas-to-write ${wanted ?? 'could not be read'}`,
			meaning: [
				'Every write is answered NOREPLICAS; reads and PING go on, so health checks that PING see nothing.',
				'A replica counts while it acknowledges at least every min-replicas-max-lag seconds (10 unless set).',
			],
			components: ['every client that writes'],
			remedies: [],
			over: 'enough replicas acknowledge again',
		};
	},
};

/** Undefined where nobody has read the cluster. */
function slotsHere({snapshot, fleet, session}: ConsoleState): number | undefined {
	const node = fleet?.nodes.find(({address}) => address === session.target.address);
	return node ? slotsIn(node) : snapshot.ownSlots;
}

const clusterSteps = ['Start a node on another machine, then: redis-cli --cluster add-node NEW:PORT THIS:PORT --cluster-slave --cluster-master-id ID.'];

const haNone: Rule = {
	id: 'ha.none',
	needs: 'answers',
	judge({state, isStanding}) {
		const info = state.snapshot.info.data;
		if (info?.role !== 'master' || info.connectedReplicas === undefined) return undefined;
		const slots = info.mode === 'cluster' ? slotsHere(state) : undefined;
		// One without slots has nothing that could be lost.
		if (info.mode === 'cluster' && !slots) return undefined;
		// One that has just come has nothing yet: it counts when it is in sync.
		const isCovered = isStanding ? info.replicas?.some(({state: step}) => step === 'online') : info.connectedReplicas > 0;
		if (isCovered) return undefined;
		return {
			severity: 'P2',
			title: `No replica: if this server is lost, nobody takes over${slots === undefined ? '' : ` its ${plural(slots, 'slot')}`}`,
			evidence: info.connectedReplicas === 0 ? 'connected_slaves 0' : `${info.connectedReplicas} connected, none in sync yet`,
			meaning: [
				slots === undefined
					? 'Until it is back, or restored from its files, there is no service. For a cache that may be all right.'
					: 'Until it is back, the keys of these slots are refused, and with cluster-require-full-coverage (yes by default) all others too.',
			],
			components: [slots === undefined ? 'every client of this server' : 'every client of this cluster'],
			remedies: [],
			...(slots === undefined ? {} : {steps: clusterSteps}),
			over: 'a replica is connected and online',
		};
	},
};

export const replicationRules: readonly Rule[] = [linkDown, tooFew, replicationLag, haNone];
