import {describe, expect, it} from 'vitest';
import {clusterGroup, replicaGroup} from '../../src/poll/fleet-group.ts';
import {NodeWatch} from '../../src/poll/node-watch.ts';
import {parseClusterNodes} from '../../src/redis/parse/cluster.ts';
import type {ServerInfo} from '../../src/redis/parse/server-info.ts';
import {address, type TcpEndpoint} from '../../src/redis/target.ts';
import {received} from '../../src/store/resource.ts';
import type {StateKind} from '../../src/store/server-state.ts';
import {replica} from '../diagnosis/healthy.ts';
import {jumpingClock, noonMs, serverInfo, storeWith} from '../helpers/fixtures.ts';

const clock = jumpingClock();

function watchOf(port: number): NodeWatch {
	const endpoint: TcpEndpoint = {kind: 'tcp', host: '10.0.0.1', port};
	const target = {name: 'n', endpoint, username: undefined, password: undefined, db: 0, tls: undefined, environment: undefined};
	return new NodeWatch({target, name: 'test', clock, diagnose: () => []});
}

/** It has said this of its cluster. */
function tells(watch: NodeWatch, atMs: number, lines: readonly string[]): NodeWatch {
	watch.view = {atMs, host: '10.0.0.1', nodes: parseClusterNodes(lines.join('\n')), info: undefined};
	return watch;
}

/** It answers, and has said this of itself. */
function answers(watch: NodeWatch, info: ServerInfo): NodeWatch {
	watch.store.setState(({snapshot}) => ({snapshot: {...snapshot, contact: {...snapshot.contact, link: 'open'}, info: received(info, noonMs)}}));
	return watch;
}

describe('the nodes of a cluster', () => {
	it('are a thousand at most, and what is left out is counted', () => {
		const home = watchOf(7001);
		const group = clusterGroup(() => home.endpoint, false, clock);
		const others = Array.from({length: 1500}, (_, index) => `n${index} 10.1.${Math.floor(index / 250)}.${index % 250}:1@2 master - 0 0 0 connected`);
		tells(home, 1, ['home 10.0.0.1:7001@2 myself,master - 0 0 0 connected', ...others]);
		const members = group.members([home]).map(({endpoint}) => address(endpoint));
		expect(members).toHaveLength(1000);
		expect(members[0]).toBe('10.0.0.1:7001');
		expect(group.describe([home], {roundMs: 1000, slowedBy: 1})?.leftOut).toBe(501);
	});

	it.each([
		['ERR This instance has cluster support disabled', 'this server is not in cluster mode: leave out --cluster, or cluster: true in the config file'],
		["NOPERM User default has no permissions to run the 'cluster|nodes' command", "NOPERM User default has no permissions to run the 'cluster|nodes' command"],
	])('are none of a server that answers %s', (refusal, problem) => {
		const home = watchOf(7001);
		home.refusal = refusal;
		const group = clusterGroup(() => home.endpoint, false, clock);
		expect(group.describe([home], {roundMs: 1000, slowedBy: 1})).toMatchObject({nodes: [], problem});
	});
});

describe('who replicates with whom', () => {
	it.each([99_999, 1.5])('a master at port %d is not gone to', masterPort => {
		const store = storeWith({snapshot: {info: received(serverInfo({role: 'replica', masterHost: '10.0.0.9', masterPort}), noonMs)}});
		const group = replicaGroup(() => ({kind: 'tcp', host: '10.0.0.1', port: 7001}), store, clock);
		expect(group.members([]).map(({endpoint}) => address(endpoint))).toEqual(['10.0.0.1:7001']);
		const watch = answers(watchOf(7002), serverInfo({role: 'replica', masterHost: '10.0.0.9', masterPort}));
		expect(group.describe([watch], {roundMs: 1000, slowedBy: 1})?.nodes[0]?.masterAddress).toBeUndefined();
	});

	it('a replica that its master lists no more stays until it answers, or for ten minutes', () => {
		let nowMs = noonMs;
		const replicas = (...ports: number[]) => ports.map(port => ({...replica, address: `10.0.0.1:${port}`}));
		const store = storeWith({snapshot: {info: received(serverInfo({role: 'master', replicas: replicas(7002)}), noonMs)}});
		const home: TcpEndpoint = {kind: 'tcp', host: store.getState().session.target.address.split(':')[0] ?? '', port: 6379};
		const group = replicaGroup(() => home, store, {now: () => nowMs});
		const watch = answers(watchOf(7002), serverInfo({role: 'replica', runId: 'another'}));
		const listed = (kind: StateKind, passedMs: number) => {
			nowMs = noonMs + passedMs;
			watch.store.setState(({snapshot}) => ({snapshot: {...snapshot, server: {...snapshot.server, kind}}}));
			return group.members([watch]).some(({endpoint}) => address(endpoint) === '10.0.0.1:7002');
		};
		expect(listed('READONLY', 0)).toBe(true);
		store.setState(({snapshot}) => ({snapshot: {...snapshot, info: received(serverInfo({role: 'master', replicas: []}), noonMs)}}));
		expect(listed('READONLY', 1000)).toBe(true);
		expect(listed('SILENT', 599_000)).toBe(true);
		expect(listed('READONLY', 599_000)).toBe(false);
		expect(listed('SILENT', 601_000)).toBe(false);
	});

	it('begins at the one that is home now', () => {
		let port = 7001;
		const group = replicaGroup(() => ({kind: 'tcp', host: '10.0.0.1', port}), storeWith(), clock);
		port = 7009;
		expect(group.members([]).map(({endpoint}) => address(endpoint))).toContain('10.0.0.1:7009');
	});
});
