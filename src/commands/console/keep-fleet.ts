import type {Clock} from '../../clock.ts';
import type {Config} from '../../config/config.ts';
import {parseHostAndPort} from '../../config/host-and-port.ts';
import {diagnose, rules} from '../../diagnosis/diagnose.ts';
import {weighedFleet} from '../../diagnosis/fleet-weight.ts';
import {Fleet, type FleetLimits} from '../../poll/fleet.ts';
import {FleetCosts} from '../../poll/fleet-costs.ts';
import {clusterGroup, replicaGroup} from '../../poll/fleet-group.ts';
import {watchFleetQueues} from '../../poll/fleet-queues.ts';
import type {Target} from '../../redis/target.ts';
import {otherNodes} from '../../store/fleet.ts';
import {fleetHappenings} from '../../store/fleet-moments.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {record} from '../../store/timeline.ts';
import {connectionName} from './connections.ts';
import {budgetShare, queueFilter} from './session.ts';

type FleetKeeping = {
	readonly store: ConsoleStore;
	/** The one that was asked for; another one when the master has moved. */
	readonly home: () => Target;
	readonly isCluster: boolean;
	readonly label: string;
	readonly clock: Clock;
	readonly config: Pick<Config, 'thresholds' | 'queues'>;
	/** The other masters' keys are searched for queues, as those of the one that is looked at are. */
	readonly searchesQueues?: boolean;
	/** The other nodes are not asked: only which node of the cluster this is. */
	readonly isHomeAlone?: boolean;
	readonly limits?: FleetLimits | undefined;
	/** Counts what is sent to them; without it nobody asks what it costs. */
	readonly costs?: FleetCosts;
	readonly signal: AbortSignal;
};

/** Watch the servers beside the one that is looked at, wherever the console turns: all nodes of a cluster, or whoever replicates with whom. */
export function keepFleet({
	store,
	home,
	isCluster,
	label,
	clock,
	config,
	searchesQueues = isCluster,
	isHomeAlone = false,
	limits,
	costs,
	signal,
}: FleetKeeping): Promise<unknown> {
	const homeEndpoint = () => home().endpoint;
	const group = isCluster ? clusterGroup(homeEndpoint, home().tls !== undefined, clock) : replicaGroup(homeEndpoint, store, clock);
	const fleet = new Fleet({
		login: home,
		name: connectionName(label, 'fleet'),
		clock,
		diagnose: state => diagnose(state, config.thresholds, {table}),
		intervalMs: () => store.getState().session.intervalMs,
		asksCluster: isCluster,
		limits,
		budget: costs && {costs, percent: config.thresholds.observerCostRatio * budgetShare * 100},
		members: watches => group.members(watches).slice(0, isHomeAlone ? 1 : undefined),
		publish(watches, pace) {
			const told = group.describe(watches, pace);
			const next = told && weighedFleet(told);
			const before = store.getState().fleet;
			if (next === undefined && before === undefined) return;
			const events = fleetHappenings(before, next, clock.now());
			store.setState(({timeline}) => ({fleet: next, timeline: record(timeline, events)}));
		},
	});
	if (!searchesQueues) return fleet.run(signal);
	const search = {
		login: home,
		name: connectionName(label, 'fleet'),
		clock,
		costs: costs ?? new FleetCosts(),
		slowedBy: () => fleet.slowedBy,
		isWanted: queueFilter(config.queues.prefixes),
		watches: () => fleet.watches.filter(({address: one}) => isOtherMaster(store, one)),
	};
	return Promise.all([fleet.run(signal), watchFleetQueues(search, signal)]);
}

/** The keys of the one that is looked at are searched by its own session. */
const isOtherMaster = (store: ConsoleStore, address: string): boolean =>
	otherNodes(store.getState()).some(node => node.address === address && node.role === 'master' && node.slots.length > 0);

/** Of queues they are looked at now and then, too rarely to judge how they go; of the way there only that to the one that is looked at counts. */
const table = rules.filter(({id}) => !id.startsWith('queue.') && id !== 'latency.high');

/** The masters of the cluster that is watched: together they have its keys. `home` is asked each time, as it may have moved. */
export const mastersOf =
	(home: () => Target) =>
	({getState}: Pick<ConsoleStore, 'getState'>): readonly Target[] =>
		(getState().fleet?.nodes ?? [])
			.filter(({role, slots}) => role === 'master' && slots.length > 0)
			.flatMap(({address}) => {
				const endpoint = parseHostAndPort(address);
				return endpoint ? [{...home(), name: address, endpoint, db: 0}] : [];
			});
