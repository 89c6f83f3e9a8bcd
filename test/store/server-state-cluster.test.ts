import {describe, expect, it} from 'vitest';
import {parseClusterInfo} from '../../src/redis/parse/cluster-info.ts';
import type {ServerInfo} from '../../src/redis/parse/server-info.ts';
import {deriveServerState, type ServerState, type StateKind} from '../../src/store/server-state.ts';
import {contact, noonMs, serverInfo} from '../helpers/fixtures.ts';

const connecting: ServerState = {kind: 'CONNECTING', sinceMs: noonMs, detail: ''};
const overLimit = {usedMemoryBytes: 101, maxMemoryBytes: 100, maxMemoryPolicy: 'noeviction'};

describe('a cluster, and the copies that writes need', () => {
	const told = (info: Partial<ServerInfo>, more: object) =>
		deriveServerState(connecting, contact(), {info: serverInfo(info), oomRefusedAtMs: undefined, ...more}, noonMs).kind;
	const cluster = (isUp: boolean | undefined) => ({cluster: parseClusterInfo(isUp === undefined ? '' : `cluster_state:${isUp ? 'ok' : 'fail'}`)});

	it.each<[boolean | undefined, boolean | undefined, StateKind]>([
		[true, false, 'CLUSTERDOWN'],
		[true, true, 'OK'],
		[true, undefined, 'OK'],
		[false, false, 'OK'],
	])('a node of a cluster %s, up %s: %s', (clusterEnabled, isUp, kind) => expect(told({clusterEnabled}, cluster(isUp))).toBe(kind));

	it('no cluster comes before full memory: no key is served either way', () => {
		expect(told({clusterEnabled: true, ...overLimit}, cluster(false))).toBe('CLUSTERDOWN');
	});

	it.each<[number, number | undefined, StateKind]>([
		[1, 2, 'NOREPLICAS'],
		[2, 2, 'OK'],
		[1, undefined, 'OK'],
		[0, undefined, 'NOREPLICAS'],
		[0, 0, 'NOREPLICAS'],
	])('%s replicas in sync, %s wanted: %s', (goodReplicas, replicasWanted, kind) => expect(told({role: 'master', goodReplicas}, {replicasWanted})).toBe(kind));

	it('a replica is asked for no copies', () => expect(told({role: 'replica', replicaReadOnly: false, goodReplicas: 0}, {})).toBe('OK'));
});
