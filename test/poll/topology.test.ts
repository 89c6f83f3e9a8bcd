import {describe, expect, it} from 'vitest';
import type {ClusterView} from '../../src/poll/node-watch.ts';
import {commonInfo, type Place, topologyOf} from '../../src/poll/topology.ts';
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
		const places = new Map<string, Place>();
		const lines = ['a 172.17.0.2:6379@1 myself,master - 0 0 1 connected 0-99', 'b 172.17.0.3:6379@1 master - 0 0 2 connected'];
		const addresses = (...views: ReturnType<typeof asked>[]) => topologyOf(views, places, false).map(({address}) => address);
		expect(addresses(asked(7001, 1, lines, 'bastion'))).toEqual(['bastion:7001', '172.17.0.3:6379']);
		expect(addresses(asked(6379, 2, [lines[0]?.replace('myself,', '') ?? '', lines[1]?.replace('master', 'myself,master') ?? ''], '172.17.0.3'))).toEqual([
			'bastion:7001',
			'172.17.0.3:6379',
		]);
	});

	describe('a node that comes back at another address', () => {
		const myself = (where: string) => [`a ${where}@1 myself,master - 0 0 1 connected 0-99`];
		const other = (where: string) => [`a ${where}@1 master - 0 0 1 connected 0-99`, 'b :1@1 myself,master - 0 0 2 connected'];
		const addressOf = (places: Map<string, Place>, ...views: ReturnType<typeof asked>[]) =>
			topologyOf(views, places, false).find(({id}) => id === 'a')?.address;

		it('is there as soon as it answers there, and as soon as the others say so', () => {
			const places = new Map<string, Place>();
			expect(addressOf(places, asked(7, 1, myself(':7'), 'h'), asked(1, 2, other('10.0.0.7:7')))).toBe('h:7');
			// It is silent, and nobody knows better.
			expect(addressOf(places, asked(1, 3, other('10.0.0.7:7')))).toBe('h:7');
			expect(addressOf(places, asked(1, 4, other('10.0.0.8:7')))).toBe('10.0.0.8:7');
			expect(addressOf(places, asked(1, 4, other('10.0.0.8:7')), asked(7, 5, myself(':7'), '10.0.0.8'))).toBe('10.0.0.8:7');
			expect(addressOf(places, asked(1, 6, other('10.0.0.8:7')), asked(8, 7, myself(':8'), '10.0.0.9'))).toBe('10.0.0.9:8');
		});

		it('that has two answers at both and stays at the first', () => {
			const places = new Map<string, Place>();
			const [one, two] = [asked(7, 1, myself(':7'), 'h'), asked(7, 9, myself(':7'), 'i')];
			expect(addressOf(places, one)).toBe('h:7');
			expect(addressOf(places, one, two)).toBe('h:7');
			expect(addressOf(places, two)).toBe('i:7');
		});
	});

	it('of two at one address the one that answers there is shown', () => {
		const places = new Map<string, Place>();
		const old = asked(7, 1, ['a :7@1 myself,master - 0 0 1 connected 0-99']);
		const renewed = asked(7, 2, ['c :7@1 myself,master - 0 0 0 connected', 'a 127.0.0.1:7@1 master,fail - 0 0 1 connected 0-99']);
		expect(topologyOf([old], places, false).map(({id}) => id)).toEqual(['a']);
		expect(topologyOf([renewed], places, false).map(({id}) => id)).toEqual(['c']);
		expect([...places.keys()]).toEqual(['c']);
	});

	it('an address that is not known is that of the one that was asked; names count where certificates do', () => {
		const view = asked(7001, 1, ['b :7002@1 master - 0 0 2 connected', 'c 10.0.0.3:7003@1,redis-3 master - 0 0 3 connected'], '10.9.9.9');
		const addresses = (prefersHostname: boolean) => topologyOf([view], new Map(), prefersHostname).map(({address}) => address);
		expect(addresses(false)).toEqual(['10.9.9.9:7002', '10.0.0.3:7003']);
		expect(addresses(true)).toEqual(['10.9.9.9:7002', 'redis-3:7003']);
	});

	it('leaves out who has no address or is only being met', () => {
		expect(known(asked(1, 1, ['b a:b:1@2 master - 0 0 0 connected']))).toEqual([]);
		expect(known(asked(1, 1, ['b :0@0 master,noaddr - 0 0 0 disconnected', 'c 10.0.0.3:1@2 handshake - 0 0 0 connected']))).toEqual([]);
	});
});

it('the state of the cluster is what most of them say, by the newest of those', () => {
	const info = (state: 'ok' | 'fail', slotsOk: number) => ({state, slotsOk, slotsAssigned: 16_384, slotsPfail: 0, slotsFail: 0, knownNodes: 3, size: 3});
	const view = (atMs: number, told: ReturnType<typeof info>) => ({view: {atMs, host: '', nodes: [], info: told}});
	expect(commonInfo([view(1, info('ok', 1)), view(3, info('fail', 3)), view(2, info('ok', 2))])).toMatchObject({state: 'ok', slotsOk: 2});
	expect(commonInfo([{view: undefined}])).toBeUndefined();
});
