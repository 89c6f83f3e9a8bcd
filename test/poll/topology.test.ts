import {describe, expect, it} from 'vitest';
import type {ClusterView} from '../../src/poll/node-watch.ts';
import {commonInfo, topologyOf} from '../../src/poll/topology.ts';
import {parseClusterNodes} from '../../src/redis/parse/cluster.ts';
import type {TcpEndpoint} from '../../src/redis/target.ts';

const asked = (port: number, atMs: number, lines: readonly string[], host = '127.0.0.1') => {
	const endpoint: TcpEndpoint = {kind: 'tcp', host, port};
	const view: ClusterView = {atMs, host, nodes: parseClusterNodes(lines.join('\n')), info: undefined};
	return {endpoint, view};
};
const known = (...views: ReturnType<typeof asked>[]) =>
	topologyOf(views, new Map(), false).map(
		({id, address, role, slots, flags}) => `${id} ${address} ${role} ${slots.map(({from, to}) => `${from}-${to}`).join(',')} ${flags.join(',')}`,
	);

describe('what several nodes say of one cluster', () => {
	it('of two that differ the higher epoch knows better', () => {
		const old = asked(1, 200, ['a :1@2 myself,master - 0 0 1 connected 0-99', 'b 10.0.0.2:2@3 master - 0 0 2 connected 100-199']);
		const now = asked(2, 100, ['a 10.0.0.1:1@2 slave b 0 0 3 connected', 'b :2@3 myself,master - 0 0 3 connected 0-199']);
		expect(known(old, now).toSorted()).toEqual(['a 127.0.0.1:1 replica  slave', 'b 127.0.0.1:2 master 0-199 master']);
	});

	it('of itself a node knows better than the others, of its death it knows nothing', () => {
		const own = asked(1, 100, ['a :1@2 myself,master - 0 0 1 connected 0-98 [99->-b]']);
		const other = asked(2, 200, ['a 127.0.0.1:1@2 master,fail - 0 0 1 connected 0-99']);
		expect(known(other, own)).toEqual(['a 127.0.0.1:1 master 0-98 master,fail']);
		const later = asked(2, 300, ['a 127.0.0.1:1@2 master - 0 0 1 connected 0-99']);
		expect(known(other, own, later)).toEqual(['a 127.0.0.1:1 master 0-98 master']);
	});

	it('a node is where it was asked, whatever it announces, also when it says nothing any more', () => {
		const places = new Map<string, TcpEndpoint>();
		const lines = ['a 172.17.0.2:6379@1 myself,master - 0 0 1 connected 0-99', 'b 172.17.0.3:6379@1 master - 0 0 2 connected'];
		const addresses = (...views: ReturnType<typeof asked>[]) => topologyOf(views, places, false).map(({address}) => address);
		expect(addresses(asked(7001, 1, lines, 'bastion'))).toEqual(['bastion:7001', '172.17.0.3:6379']);
		expect(addresses(asked(6379, 2, [lines[0]?.replace('myself,', '') ?? '', lines[1]?.replace('master', 'myself,master') ?? ''], '172.17.0.3'))).toEqual([
			'bastion:7001',
			'172.17.0.3:6379',
		]);
	});

	it('an address that is not known is that of the one that was asked; names count where certificates do', () => {
		const view = asked(7001, 1, ['b :7002@1 master - 0 0 2 connected', 'c 10.0.0.3:7003@1,redis-3 master - 0 0 3 connected'], '10.9.9.9');
		const addresses = (prefersHostname: boolean) => topologyOf([view], new Map(), prefersHostname).map(({address}) => address);
		expect(addresses(false)).toEqual(['10.9.9.9:7002', '10.0.0.3:7003']);
		expect(addresses(true)).toEqual(['10.9.9.9:7002', 'redis-3:7003']);
	});

	it('leaves out who has no address or is only being met', () => {
		expect(known(asked(1, 1, ['b :0@0 master,noaddr - 0 0 0 disconnected', 'c 10.0.0.3:1@2 handshake - 0 0 0 connected']))).toEqual([]);
	});
});

it('the state of the cluster is what most of them say, by the newest of those', () => {
	const info = (state: 'ok' | 'fail', slotsOk: number) => ({state, slotsOk, slotsAssigned: 16_384, slotsPfail: 0, slotsFail: 0, knownNodes: 3, size: 3});
	const view = (atMs: number, told: ReturnType<typeof info>) => ({view: {atMs, host: '', nodes: [], info: told}});
	expect(commonInfo([view(1, info('ok', 1)), view(3, info('fail', 3)), view(2, info('ok', 2))])).toMatchObject({state: 'ok', slotsOk: 2});
	expect(commonInfo([{view: undefined}])).toBeUndefined();
});
