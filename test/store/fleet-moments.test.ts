import {describe, expect, it} from 'vitest';
import type {Fleet} from '../../src/store/fleet.ts';
import {fleetHappenings} from '../../src/store/fleet-moments.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode, wholeCluster} from '../helpers/fleet.ts';

const told = (before: Fleet | undefined, after: Fleet | undefined): readonly string[] => fleetHappenings(before, after, noonMs).map(({text}) => text);
const master = fleetNode({port: 7001, slots: [{from: 0, to: 99}]});
const replica = fleetNode({port: 7002, role: 'replica', masterAddress: '10.0.0.1:7001'});

describe('what is told of the others', () => {
	it.each<[string, Fleet | undefined, Fleet | undefined, readonly string[]]>([
		['nothing new', clusterOf([master, replica]), clusterOf([master, replica]), []],
		['the first that is known', undefined, clusterOf([master, replica]), []],
		['a node that joins', clusterOf([master]), clusterOf([master, replica]), ['Node 10.0.0.1:7002 has joined the cluster: 2 nodes now']],
		['a node that leaves', clusterOf([master, replica]), clusterOf([replica]), ['Node 10.0.0.1:7001 has left the cluster: 1 node now']],
		[
			'a failover',
			clusterOf([master, replica]),
			clusterOf([
				{...master, role: 'replica', slots: [], masterAddress: '10.0.0.1:7002'},
				{...replica, role: 'master', slots: [{from: 0, to: 99}]},
			]),
			['10.0.0.1:7001 is a replica of 10.0.0.1:7002 now; it was a master', 'Failover: 10.0.0.1:7002 is the master now; it was a replica of 10.0.0.1:7001'],
		],
		[
			'another master',
			clusterOf([replica]),
			clusterOf([{...replica, masterAddress: '10.0.0.1:7003'}]),
			['10.0.0.1:7002 follows 10.0.0.1:7003 now; it followed 10.0.0.1:7001'],
		],
		[
			'a slot on its way, told by both ends, once',
			clusterOf([master, {...master, address: '10.0.0.1:7003', id: 'id7003'}]),
			clusterOf([
				{...master, moves: [{slot: 7, way: 'to', nodeId: 'id7003'}]},
				{...master, address: '10.0.0.1:7003', id: 'id7003', moves: [{slot: 7, way: 'from', nodeId: 'id7001'}]},
			]),
			['Slots are moving from 10.0.0.1:7001 to 10.0.0.1:7003'],
		],
		[
			'slots that have moved',
			clusterOf([{...master, moves: [{slot: 7, way: 'to', nodeId: 'id7003'}]}]),
			clusterOf([{...master, slots: [{from: 0, to: 98}]}]),
			['No slots are moving any more from 10.0.0.1:7001 to id7003', 'Slots have another master now: 10.0.0.1:7001 100 to 99'],
		],
		[
			'a cluster that goes down',
			clusterOf([master]),
			clusterOf([master], {cluster: {...wholeCluster, state: 'fail', slotsFail: 16_374}}),
			['The cluster is down: keys are answered CLUSTERDOWN', 'Slots covered by nodes that have not failed: 10 of 16384, 16384 before'],
		],
		['what one node suspects', clusterOf([master]), clusterOf([master], {cluster: {...wholeCluster, slotsOk: 10, slotsPfail: 16_374}}), []],
		['replicas that are listed or not by where one looks', clusterOf([replica], {kind: 'replicas'}), clusterOf([master], {kind: 'replicas'}), []],
	])('%s', (_what, before, after, expected) => expect(told(before, after)).toEqual(expected));
});
