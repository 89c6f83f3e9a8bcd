import type {Clock} from '../../clock.ts';
import type {Config} from '../../config/config.ts';
import {diagnose} from '../../diagnosis/diagnose.ts';
import {Fleet} from '../../poll/fleet.ts';
import {clusterGroup, replicaGroup} from '../../poll/fleet-group.ts';
import type {Target} from '../../redis/target.ts';
import {fleetHappenings} from '../../store/fleet-moments.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {record} from '../../store/timeline.ts';
import {connectionName} from './connections.ts';

type FleetKeeping = {
	readonly store: ConsoleStore;
	readonly home: Target;
	readonly isCluster: boolean;
	readonly label: string;
	readonly clock: Clock;
	readonly thresholds: Config['thresholds'];
	readonly signal: AbortSignal;
};

/** Watch the servers beside the one that is looked at, wherever the console turns: all nodes of a cluster, or whoever replicates with whom. */
export function keepFleet({store, home, isCluster, label, clock, thresholds, signal}: FleetKeeping): Promise<void> {
	const group = isCluster ? clusterGroup(home.endpoint, home.tls !== undefined) : replicaGroup(home.endpoint, store);
	const fleet = new Fleet({
		login: home,
		name: connectionName(label, 'fleet'),
		clock,
		diagnose: state => diagnose(state, thresholds),
		intervalMs: () => store.getState().session.intervalMs,
		asksCluster: isCluster,
		members: group.members,
		publish(watches, roundMs) {
			const next = group.describe(watches, roundMs);
			const before = store.getState().fleet;
			if (next === undefined && before === undefined) return;
			const events = fleetHappenings(before, next, clock.now());
			store.setState(({timeline}) => ({fleet: next, timeline: record(timeline, events)}));
		},
	});
	return fleet.run(signal);
}
