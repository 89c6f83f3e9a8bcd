import {describe, expect, it} from 'vitest';
import {diagnoseAll} from '../../src/diagnosis/fleet-findings.ts';
import {weighedFleet} from '../../src/diagnosis/fleet-weight.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {FleetNode} from '../../src/store/fleet.ts';
import {noonMs, serverInfo, serverState} from '../helpers/fixtures.ts';
import {clusterOf, fleetFinding, fleetNode, wholeCluster} from '../helpers/fleet.ts';
import {healthyState} from './healthy.ts';

const down = {...fleetFinding('server.down', 'P0'), components: ['every client of this server'], remedies: []};
const serving = {role: 'master', slots: [{from: 0, to: 5460}]} as const;
const replaced = {role: 'master', slots: [], flags: ['master', 'fail']} as const;
const replica = {role: 'replica', slots: []} as const;

describe('of other nodes', () => {
	const weighed = (change: Partial<FleetNode>, kind: 'cluster' | 'replicas' = 'cluster') =>
		weighedFleet(clusterOf([fleetNode({port: 7002, findings: [down], ...change})], {kind})).nodes[0]?.findings ?? [];

	it.each<[string, Partial<FleetNode>, string]>([
		['a master with slots', serving, 'P0'],
		['a master whose slots others have taken over', replaced, 'P1'],
		['a master without slots', {...replaced, flags: ['master']}, 'P1'],
		['a replica', replica, 'P1'],
	])('%s', (_what, change, severity) => expect(weighed(change)).toMatchObject([{id: 'server.down', severity}]));

	it('what is about the whole cluster weighs as much wherever it is seen, and the worst is in front', () => {
		const findings = [fleetFinding('script.busy', 'P0'), fleetFinding('cluster.down', 'P0'), fleetFinding('b', 'P1')];
		expect(weighed({...replica, findings}).map(({id, severity}) => [severity, id])).toEqual([
			['P0', 'cluster.down'],
			['P1', 'script.busy'],
			['P1', 'b'],
		]);
	});

	it.each<[string, Partial<FleetNode>, readonly string[], RegExp]>([
		['a former master', replaced, ['redundancy: one copy less'], /^Its slots are served by others now; start it again and it rejoins as a replica/],
		['one that never had a replica', {...replaced, info: serverInfo({connectedReplicas: 0})}, ['every client of this server'], /by hand/],
		['a replica', replica, ['redundancy: one copy less', 'whoever reads from this replica'], /by hand/],
	])('whom it concerns that %s is down', (_what, change, components, step) => {
		const [finding] = weighed({info: serverInfo({connectedReplicas: 1}), ...change});
		expect(finding?.components).toEqual(components);
		expect(finding?.steps?.[0]).toMatch(step);
	});

	it('a replica of no cluster is told of as it always was', () => expect(weighed(replica, 'replicas')[0]?.components).toEqual(['every client of this server']));
});

describe('of the one that is looked at', () => {
	const {address} = healthyState().session.target;
	const own = {server: {kind: 'DOWN', sinceMs: noonMs - 9000}, contact: {link: 'broken'}} as const;
	const first = (here: Partial<FleetNode>, other: Partial<FleetNode> = {}, kind: 'cluster' | 'replicas' = 'cluster') => {
		const nodes = [{...fleetNode(here), address}, fleetNode({port: 7002, ...other})];
		return diagnoseAll(healthyState({...own, fleet: clusterOf(nodes, {kind, cluster: wholeCluster})}), defaultThresholds)[0];
	};

	it('as the others tell', () => {
		expect(first(serving)).toMatchObject({id: 'server.down', severity: 'P0'});
		expect(first(replica)).toMatchObject({id: 'server.down', severity: 'P1'});
		expect(first({...replaced, info: undefined})).toMatchObject({severity: 'P1', components: ['redundancy: one copy less']});
	});

	it('as it is where nobody tells: none of them answers, or it is no cluster', () => {
		expect(first(replica, {server: serverState({kind: 'SILENT'})})?.severity).toBe('P0');
		expect(first(replica, {}, 'replicas')?.severity).toBe('P0');
	});
});
