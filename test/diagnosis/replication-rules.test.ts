import {describe, expect, it} from 'vitest';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {clusterOf, fleetNode, wholeCluster} from '../helpers/fleet.ts';
import {find, healthyState, replica, standing} from './healthy.ts';

const lagging = (lagSeconds: number | undefined, change: object = {}): StateParts => ({info: {replicas: [replica, {...replica, lagSeconds, ...change}]}});
const replicaInfo = {role: 'replica', masterHost: '10.0.0.1', masterPort: 6379, masterLinkUp: true, connectedReplicas: 0, replicas: []} as const;

describe('replication.lag', () => {
	// Measured on 7.0: 0 and 1 alternate on a healthy replica, so 2 is at most a second and a bit.
	it.each([
		[1, false, false],
		[2, false, false],
		[3, false, true],
		[2, true, true],
		[1, true, false],
		[undefined, true, false],
	])('a replica acknowledged %s s ago, standing %s: %s', (lagSeconds, isStanding, expected) => {
		expect(find('replication.lag', {...lagging(lagSeconds), ...(isStanding ? standing('replication.lag') : {})}) !== undefined).toBe(expected);
	});

	it('does not look at one that has not been in sync yet', () => expect(find('replication.lag', lagging(60, {state: 'wait_bgsave'}))).toBeUndefined());

	// Measured on 7.0: an idle master speaks every ten seconds.
	it.each([
		[10, false, false],
		[11, false, false],
		[12, false, true],
		[11, true, true],
		[10, true, false],
		[undefined, true, false],
	])('a replica heard its master %s s ago, standing %s: %s', (masterLastIoSeconds, isStanding, expected) => {
		const parts = {info: {...replicaInfo, masterLastIoSeconds}, ...(isStanding ? standing('replication.lag') : {})};
		expect(find('replication.lag', parts) !== undefined).toBe(expected);
	});

	it.each([
		[5, 6, false],
		[5, 7, true],
	])('follows its threshold: %i s with %i: %s', (replicationLagSeconds, lagSeconds, expected) => {
		expect(find('replication.lag', lagging(lagSeconds), {replicationLagSeconds}) !== undefined).toBe(expected);
	});

	it('names the slowest, and how far behind it is', () => {
		expect(find('replication.lag', {info: {...lagging(7, {address: '10.0.0.3:6379', offset: 1000}).info, masterReplOffset: 1_049_576}})).toMatchObject({
			severity: 'P1',
			title: 'Replica 10.0.0.3:6379 has not acknowledged anything for 7s',
			evidence: '1.0M behind; 2 replicas in all',
		});
		expect(find('replication.lag', {info: {...replicaInfo, masterLastIoSeconds: 14}})).toMatchObject({
			title: 'The master has not been heard for 14s',
			evidence: 'master 10.0.0.1:6379, the link still counts as up',
		});
	});
});

describe('replication.link-down', () => {
	it.each([
		['up', {...replicaInfo}, false],
		['down', {...replicaInfo, masterLinkUp: false}, true],
		['not told', {...replicaInfo, masterLinkUp: undefined}, false],
		['on a master', {masterLinkUp: false}, false],
	] as const)('%s: %s', (_what, info, expected) => expect(find('replication.link-down', {info}) !== undefined).toBe(expected));

	const down = {...replicaInfo, masterLinkUp: false, masterLinkDownSeconds: 12} as const;
	it.each([
		['it serves what it has', {}, {}, 'P1', 'The link to the master is down for 12s', 'master 10.0.0.1:6379', ['replica.promote']],
		[
			'it answers nothing',
			{kind: 'MASTERDOWN'},
			{},
			'P0',
			'The link to the master is down for 12s, and this replica answers nothing meanwhile',
			'master 10.0.0.1:6379',
			['replica.promote'],
		],
		[
			'it is being filled anew',
			{},
			{masterSyncInProgress: true, masterLinkDownSeconds: undefined},
			'P1',
			'The link to the master is down',
			'master 10.0.0.1:6379; a full synchronisation is under way',
			[],
		],
	] as const)('%s', (_what, server, change, severity, title, evidence, remedies) => {
		expect(find('replication.link-down', {server, info: {...down, ...change}})).toMatchObject({severity, title, evidence, remedies});
	});
});

describe('replication.too-few', () => {
	it.each([
		['NOREPLICAS', true],
		['OK', false],
	] as const)('%s: %s', (kind, expected) => expect(find('replication.too-few', {server: {kind}, info: {goodReplicas: 0}}) !== undefined).toBe(expected));

	it('says how many there are and how many are wanted, as far as it is known', () => {
		const parts = {server: {kind: 'NOREPLICAS'}, info: {goodReplicas: 1, connectedReplicas: 2}} as const;
		expect(find('replication.too-few', {...parts, settings: {'min-replicas-to-write': '3'}})).toMatchObject({
			severity: 'P0',
			title: 'Writes are refused: only 1 replica is in sync, 3 wanted',
			evidence: '2 connected; min-replicas-to-write 3',
			steps: [expect.any(String), expect.stringContaining('CONFIG SET min-replicas-to-write 0')],
		});
		expect(find('replication.too-few', {...parts, info: {goodReplicas: 0}})).toMatchObject({title: 'Writes are refused: no replica is in sync'});
	});
});

describe('cluster.down', () => {
	const data = (slotsAssigned: number, slotsFail: number, slotsPfail: number) =>
		received({...wholeCluster, state: 'fail' as const, slotsAssigned, slotsFail, slotsPfail, knownNodes: 6}, noonMs);
	it.each([
		['CLUSTERDOWN', true],
		['OK', false],
	] as const)('%s: %s', (kind, expected) => expect(find('cluster.down', {server: {kind}}) !== undefined).toBe(expected));

	it.each([
		[16_383, 0, 0, 'cluster_state fail; 1 slot of nobody; 6 nodes known'],
		[16_384, 5461, 0, 'cluster_state fail; 5,461 slots of nodes that are down; 6 nodes known'],
		[16_384, 0, 7, 'cluster_state fail; 7 slots of nodes that are suspected, which no majority has confirmed; 6 nodes known'],
	])('%i slots assigned, %i failing, %i suspected', (assigned, failing, suspected, evidence) => {
		expect(find('cluster.down', {server: {kind: 'CLUSTERDOWN'}, snapshot: {cluster: data(assigned, failing, suspected)}})).toMatchObject({
			severity: 'P0',
			evidence,
		});
	});
});

describe('ha.none', () => {
	const alone = {connectedReplicas: 0, replicas: []};
	const syncing = {connectedReplicas: 1, replicas: [{...replica, state: 'wait_bgsave'}]};

	it.each([
		['no replica', alone, false, true],
		['one that is in sync', {}, true, false],
		['one that is not yet in sync', syncing, false, false],
		['one that is not yet in sync, once found', syncing, true, true],
		['a replica', replicaInfo, false, false],
		['a node of a cluster of which nothing is known', {...alone, mode: 'cluster'}, false, false],
		['not told', {connectedReplicas: undefined, replicas: undefined}, false, false],
	] as const)('%s: standing %s, found %s', (_what, info, isStanding, expected) => {
		expect(find('ha.none', {info, ...(isStanding ? standing('ha.none') : {})}) !== undefined).toBe(expected);
	});

	it.each([
		['with slots', 5461, 'No replica: if this server is lost, nobody takes over its 5,461 slots'],
		['without slots', 0, undefined],
	])('a master of a cluster %s, by its light connection', (_what, ownSlots, title) =>
		expect(find('ha.none', {info: {...alone, mode: 'cluster'}, snapshot: {ownSlots}})?.title).toBe(title),
	);

	it('a master of a cluster that is looked at, by what is known of the cluster', () => {
		const {address} = healthyState().session.target;
		const fleet = clusterOf([{...fleetNode({slots: [{from: 0, to: 99}]}), address}]);
		expect(find('ha.none', {info: {...alone, mode: 'cluster'}, fleet})?.title).toContain('its 100 slots');
	});

	it('is P2', () => expect(find('ha.none', {info: alone})).toMatchObject({severity: 'P2', evidence: 'connected_slaves 0', remedies: []}));
});
