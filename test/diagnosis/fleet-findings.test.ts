import {describe, expect, it} from 'vitest';
import {diagnoseAll} from '../../src/diagnosis/fleet-findings.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {ClusterInfo} from '../../src/redis/parse/cluster-info.ts';
import type {Fleet} from '../../src/store/fleet.ts';
import {clusterOf, fleetFinding, fleetNode, wholeCluster} from '../helpers/fleet.ts';
import {find, healthyState} from './healthy.ts';

const all = (fleet: Fleet, parts: Parameters<typeof healthyState>[0] = {}) => diagnoseAll(healthyState({fleet, ...parts}), defaultThresholds);
const ids = (fleet: Fleet, parts?: Parameters<typeof healthyState>[0]) => all(fleet, parts).map(({id}) => id);
const sick = (port: number, ...findings: ReturnType<typeof fleetFinding>[]) => fleetNode({port, findings});

describe('findings of other nodes', () => {
	it('carry their node, offer the way there and nothing that would act here', () => {
		const [finding] = all(clusterOf([sick(7002, fleetFinding('server.oom', 'P0'))]));
		expect(finding).toMatchObject({id: 'server.oom@10.0.0.1:7002', node: '10.0.0.1:7002', title: '[10.0.0.1:7002] server.oom title', remedies: []});
		expect(finding?.steps).toEqual(['Enter goes to 10.0.0.1:7002: what can be done about it is offered there.', 'by hand']);
	});

	it('without a remedy only show the way there, behind what is done by hand', () => {
		const [finding] = all(clusterOf([sick(7002, {...fleetFinding('server.down', 'P0'), remedies: []})]));
		expect(finding?.steps).toEqual(['by hand', 'Enter goes to 10.0.0.1:7002.']);
	});

	it('stand among the own ones by severity, own ones first', () => {
		const own = {info: {maxMemoryBytes: 0}};
		expect(ids(clusterOf([sick(7002, fleetFinding('a', 'P2')), sick(7003, fleetFinding('b', 'P0'))]), own)).toEqual([
			'b@10.0.0.1:7003',
			'memory.no-limit',
			'a@10.0.0.1:7002',
		]);
	});

	it('are told once where many have the same, with all their names', () => {
		const nodes = [7002, 7003, 7004, 7005].map(port => sick(port, fleetFinding('server.down', 'P0')));
		expect(all(clusterOf(nodes.slice(1)))).toHaveLength(3);
		expect(all(clusterOf(nodes))).toMatchObject([
			{
				id: 'server.down@nodes',
				node: '10.0.0.1:7002',
				title: '[4 nodes] server.down title',
				evidence: '10.0.0.1:7002, 10.0.0.1:7003, 10.0.0.1:7004, 10.0.0.1:7005',
			},
		]);
	});

	it('leave out the one that is looked at, and a risk that it runs too', () => {
		const {address} = healthyState().session.target;
		expect(ids(clusterOf([{...sick(1, fleetFinding('server.oom', 'P0')), address}]))).toEqual([]);
		const node = sick(7002, fleetFinding('memory.no-limit', 'P2'));
		expect(ids(clusterOf([node]), {info: {maxMemoryBytes: 0}})).toEqual(['memory.no-limit']);
		expect(ids(clusterOf([node]))).toEqual(['memory.no-limit@10.0.0.1:7002']);
	});

	it('name every master of a cluster that has no replica, also where this one has none', () => {
		const nodes = [7002, 7003].map(port => sick(port, fleetFinding('ha.none', 'P2')));
		const none = {info: {connectedReplicas: 0, replicas: []}};
		expect(ids(clusterOf(nodes), none)).toEqual(['ha.none', 'ha.none@10.0.0.1:7002', 'ha.none@10.0.0.1:7003']);
		expect(ids(clusterOf(nodes, {kind: 'replicas'}), none)).toEqual(['ha.none']);
	});

	it('are the same array while they say the same', () => {
		const state = healthyState({fleet: clusterOf([sick(7002, fleetFinding('a'))])});
		const findings = diagnoseAll(state, defaultThresholds);
		expect(diagnoseAll({...state, findings}, defaultThresholds)).toBe(findings);
	});
});

describe('cluster.down', () => {
	const fleet = (change: Partial<ClusterInfo>, failed = false) =>
		clusterOf([fleetNode({flags: failed ? ['master', 'fail'] : ['master']})], {cluster: {...wholeCluster, ...change}});

	it.each<[string, Fleet | undefined, string | undefined]>([
		['a cluster that is whole', fleet({}), undefined],
		['no cluster', undefined, undefined],
		['slots without a node', fleet({state: 'fail', slotsFail: 5461}, true), 'The cluster is down: 5,461 of 16,384 slots have no node that serves them'],
		['the same where the rest is served', fleet({slotsFail: 1}), '1 of 16,384 slots have no node that serves them: keys in them are refused'],
		['what one node suspects, and nobody else', fleet({slotsOk: 10_923, slotsPfail: 5461}), undefined],
		[
			'suspects, and no keys',
			fleet({state: 'fail', slotsOk: 5461, slotsPfail: 10_923}),
			'The cluster is down: cluster_state is fail, and 10,923 slots are of nodes that are only suspected',
		],
		[
			'every slot served, and no keys',
			fleet({state: 'fail'}),
			'The cluster is down: cluster_state is fail though every slot has a node, as for a moment after a start',
		],
	])('%s', (_what, cluster, title) => expect(find('cluster.down', {fleet: cluster})?.title).toBe(title));

	it('names who has failed, and slots that nobody has', () => {
		expect(find('cluster.down', {fleet: fleet({state: 'fail', slotsFail: 100, slotsAssigned: 16_000}, true)})).toMatchObject({
			severity: 'P0',
			evidence: 'cluster_state:fail; failed: 10.0.0.1:7001; 384 slots assigned to nobody',
		});
	});
});
