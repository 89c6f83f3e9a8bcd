import {describe, expect, it} from 'vitest';
import {parseClusterNodes, parseClusterShards, parseClusterSlots, slotCount} from '../../../src/redis/parse/cluster.ts';

const [a, b, c] = ['ef1a19176cd3a10d40c485b5ee681cd05dafff90', '9f6762cad30b219c2d64a06b3805f9a148350613', '378e2cf3d02a77b7906a79fc3e2a09655e03582e'];

describe('CLUSTER NODES', () => {
	it('of 7.0: myself, a replica, slots in ranges and alone, and those on their way', () => {
		const text = [
			`${a} 127.0.0.1:7005@17005 slave ${b} 0 1795974460026 1 connected`,
			`${b} 127.0.0.1:7001@17001 myself,master - 0 1795974460000 1 connected 0-5460 5462 [93->-${c}] [5463-<-${c}]`,
			`${c} 10.0.0.3:7002@17002,redis-2.example.com master,fail - 1 0 7 disconnected 5461`,
			'',
		].join('\n');
		const [replica, myself, failed] = parseClusterNodes(text);
		expect(replica).toMatchObject({id: a, host: '127.0.0.1', port: 7005, role: 'replica', masterId: b, slots: [], isMyself: false, flags: ['slave']});
		expect(myself).toMatchObject({
			isMyself: true,
			role: 'master',
			masterId: undefined,
			flags: ['master'],
			slots: [
				{from: 0, to: 5460},
				{from: 5462, to: 5462},
			],
			moves: [
				{slot: 93, way: 'to', nodeId: c},
				{slot: 5463, way: 'from', nodeId: c},
			],
		});
		expect(slotCount(myself?.slots ?? [])).toBe(5462);
		expect(failed).toMatchObject({flags: ['master', 'fail'], hostname: 'redis-2.example.com', configEpoch: 7, slots: [{from: 5461, to: 5461}]});
	});

	it.each([
		[`${a} :7001@17001 myself,master - 0 0 0 connected`, {host: '', port: 7001}],
		[`${a} 127.0.0.1:7001 master - 0 0 0 connected`, {host: '127.0.0.1', port: 7001}],
		[`${a} ::1:7001@17001 master - 0 0 0 connected`, {host: '::1', port: 7001}],
		[`${a} 127.0.0.1:7001@17001,,tls-port=0,shard-id=69bc master - 0 0 0 connected`, {host: '127.0.0.1', hostname: undefined}],
		[`${a} :0@0 master,noaddr - 0 0 0 disconnected`, {port: 0, flags: ['master', 'noaddr']}],
	])('reads %s', (text, expected) => expect(parseClusterNodes(text)).toMatchObject([expected]));

	it.each(['10.0.0.1:99999@1', '10.0.0.1:65536@1', 'a b:1@2', 'ho%st:1@2', '-x:1@2'])('leaves out %j, to which nobody can connect', where => {
		expect(parseClusterNodes(`${a} ${where} master - 0 0 0 connected`)).toEqual([]);
	});

	it.each(['', 'ERR', `${a} nonsense master`, 'a b c d e f g h i'])('makes nothing of %j', text => expect(parseClusterNodes(text)).toEqual([]));
});

it('CLUSTER SHARDS tells the same but for what is on its way', () => {
	const node = (id: string | undefined, port: number, role: string, health: string) => [
		'id',
		id,
		'port',
		port,
		'ip',
		'127.0.0.1',
		'endpoint',
		'127.0.0.1',
		'role',
		role,
		'replication-offset',
		2198,
		'health',
		health,
	];
	const reply = [['slots', [0, 99, 200, 200], 'nodes', [node(a, 7005, 'replica', 'online'), node(b, 7001, 'master', 'fail')]]];
	expect(parseClusterShards(reply)).toMatchObject([
		{id: a, port: 7005, role: 'replica', masterId: b, slots: [], flags: ['slave']},
		{
			id: b,
			role: 'master',
			masterId: undefined,
			flags: ['master', 'fail'],
			slots: [
				{from: 0, to: 99},
				{from: 200, to: 200},
			],
		},
	]);
	for (const nothing of [undefined, 'ERR', [1], [['slots', 1]]]) expect(parseClusterShards(nothing)).toEqual([]);
});

it('CLUSTER SLOTS tells the masters and replicas of slots', () => {
	const reply = [
		[0, 99, ['127.0.0.1', 7001, b, []], ['', 7005, a, []]],
		[200, 300, ['127.0.0.1', 7001, b, []]],
	];
	expect(parseClusterSlots(reply)).toMatchObject([
		{
			id: b,
			host: '127.0.0.1',
			role: 'master',
			slots: [
				{from: 0, to: 99},
				{from: 200, to: 300},
			],
		},
		{id: a, host: '', port: 7005, role: 'replica', masterId: b, slots: []},
	]);
	for (const nothing of [undefined, 'ERR', [1], [[]]]) expect(parseClusterSlots(nothing)).toEqual([]);
});

it.each([99_999, 1.5, -1, '1e3', ''])('port %j is none', port => {
	const node = ['id', a, 'port', port, 'ip', '127.0.0.1', 'role', 'master'];
	expect(parseClusterShards([['slots', [0, 99], 'nodes', [node]]])).toEqual([]);
	expect(parseClusterSlots([[0, 99, ['127.0.0.1', port, b, []]]])).toEqual([]);
});
