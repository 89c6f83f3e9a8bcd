import type {ClusterInfo} from '../../src/redis/parse/cluster-info.ts';
import type {Finding} from '../../src/store/finding.ts';
import type {Fleet, FleetNode} from '../../src/store/fleet.ts';
import {vitalsOf} from '../../src/store/vitals.ts';
import {noonMs, serverInfo, serverState} from './fixtures.ts';

/** A node of a cluster that is well. */
export function fleetNode(change: Partial<FleetNode> & {readonly port?: number} = {}): FleetNode {
	const {port = 7001, role = 'master', ...rest} = change;
	const info = serverInfo({role});
	return {
		address: `10.0.0.1:${port}`,
		id: `id${port}`,
		role,
		masterAddress: undefined,
		slots: role === 'master' ? [{from: 0, to: 16_383}] : [],
		moves: [],
		flags: [role === 'master' ? 'master' : 'slave'],
		server: serverState({kind: role === 'master' ? 'OK' : 'READONLY'}),
		isKnown: true,
		info,
		vitals: vitalsOf({info, atMs: noonMs}, undefined),
		updatedAtMs: noonMs,
		findings: [],
		clientId: undefined,
		ownCostPercent: undefined,
		queues: undefined,
		queuesAtMs: undefined,
		isQueueSearchComplete: true,
		...rest,
	};
}

export const wholeCluster: ClusterInfo = {state: 'ok', slotsAssigned: 16_384, slotsOk: 16_384, slotsPfail: 0, slotsFail: 0, knownNodes: 1, size: 1};

export const clusterOf = (nodes: readonly FleetNode[], change: Partial<Fleet> = {}): Fleet => ({
	kind: 'cluster',
	nodes,
	cluster: wholeCluster,
	problem: undefined,
	roundMs: 1000,
	slowedBy: 1,
	leftOut: 0,
	...change,
});

export const fleetFinding = (id: string, severity: Finding['severity'] = 'P1'): Finding => ({
	id,
	severity,
	title: `${id} title`,
	evidence: `${id} evidence`,
	meaning: [],
	components: [],
	remedies: ['config.maxmemory'],
	steps: ['by hand'],
	over: '',
});
