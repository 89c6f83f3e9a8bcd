import {describe, expect, it} from 'vitest';
import {type Grouping, groupings, groupKey, hostOf} from '../../src/redis/parse/client-grouping.ts';
import {type ClientRow, parseClientList} from '../../src/redis/parse/client-list.ts';
import {countGroups, type GroupHistory, groupClients, groupsOf, sumUpGroups} from '../../src/store/client-groups.ts';
import {client, noonMs} from '../helpers/fixtures.ts';
import {footprint} from '../helpers/footprint.ts';

const named = (name: string, count: number, change: Partial<ClientRow> = {}): readonly ClientRow[] =>
	Array.from({length: count}, (_, index) => client({id: `${name}${index}`, name, ...change}));

const counted = (...moments: readonly (readonly [secondsAgo: number, clients: readonly ClientRow[]])[]): GroupHistory =>
	moments.reduce<GroupHistory>((history, [secondsAgo, clients]) => countGroups(history, {clients}, noonMs - secondsAgo * 1000), []);

const growthOf = (history: GroupHistory, clients: readonly ClientRow[], key = 'api') =>
	groupClients(clients, 'name', history, noonMs).find(group => group.key === key)?.growthPerMinute;

describe('the group of a client', () => {
	it.each<[Grouping, Partial<ClientRow>, string]>([
		['name', {name: 'worker-7'}, 'worker-*'],
		['name', {name: 'worker-12041'}, 'worker-*'],
		['name', {name: 'api2go'}, 'api2go'],
		['name', {name: ''}, ''],
		['library', {libraryName: 'ioredis', libraryVersion: '5.4.1'}, 'ioredis 5.4.1'],
		['library', {libraryName: 'ioredis'}, 'ioredis'],
		['library', {libraryVersion: '5.4.1'}, ''],
		['address', {address: '10.0.0.1:5000'}, '10.0.0.1'],
		['user', {user: 'alice'}, 'alice'],
	])('by %s of %j is %j', (grouping, change, key) => expect(groupKey(client(change), grouping)).toBe(key));

	it.each([
		['10.0.0.1:5000', '10.0.0.1'],
		['[::1]:5000', '[::1]'],
		['/run/redis.sock:0', '/run/redis.sock'],
	])('host of %s is %s', (address, host) => expect(hostOf(address)).toBe(host));
});

describe('groups', () => {
	it('come largest first, with sums and the longest idle', () => {
		const clients = [
			...named('api', 1, {idleSeconds: 5, outputBufferBytes: 10, totalMemoryBytes: 100}),
			...named('job', 2, {idleSeconds: 9, outputBufferBytes: 1, totalMemoryBytes: 7}),
			client({id: '9', name: 'job', idleSeconds: 2, outputBufferBytes: 3, totalMemoryBytes: 1}),
		];
		expect(groupClients(clients, 'name', [], noonMs)).toEqual([
			{key: 'job', count: 3, growthPerMinute: undefined, longestIdleSeconds: 9, outputBufferBytes: 5, totalMemoryBytes: 15},
			{key: 'api', count: 1, growthPerMinute: undefined, longestIdleSeconds: 5, outputBufferBytes: 10, totalMemoryBytes: 100},
		]);
	});

	it('of one size come by name, so that they do not dance', () => {
		const clients = [...named('b', 1), ...named('c', 1), ...named('a', 1)];
		expect(groupClients(clients, 'name', [], noonMs).map(({key}) => key)).toEqual(['a', 'b', 'c']);
	});
});

describe('growth per minute', () => {
	it.each([
		['grown by 30 in a minute', counted([60, named('api', 10)]), 40, 30],
		['shrunk by 5 in a minute', counted([60, named('api', 10)]), 5, -5],
		['grown by 10 in half a minute', counted([30, named('api', 10)]), 20, 20],
		['new: all of it has come', counted([60, named('job', 10)]), 4, 4],
		['against the oldest count of the last two minutes', counted([180, named('api', 1)], [120, named('api', 10)], [60, named('api', 30)]), 50, 20],
	])('%s', (_what, history, count, expected) => expect(growthOf(history, named('api', count))).toBeCloseTo(expected));

	it.each([
		['nothing was counted before', []],
		['the only count is the present one', counted([0, named('api', 10)])],
		['the only count is a moment old', counted([5, named('api', 10)])],
		['the last count is older than two minutes', counted([121, named('api', 10)])],
	])('is not known when %s', (_why, history) => expect(growthOf(history, named('api', 20))).toBeUndefined());

	it.each<[string, GroupHistory, number, number]>([
		['soon after a leak has ended', counted([100, []], [25, named('api', 400)]), 400, 0],
		['while it goes on', counted([100, []], [25, named('api', 300)]), 400, 240],
		['of a slow one, between two clients', counted([100, named('api', 10)], [25, named('api', 12)]), 12, 1.2],
	])('is as of now: %s', (_what, history, count, expected) => expect(growthOf(history, named('api', count))).toBeCloseTo(expected));

	it('is not known of a group that may have been too small to be counted', () => {
		const history = counted([60, named('job', 10)]).map(moment => ({...moment, cut: ['name' as const]}));
		expect(growthOf(history, named('api', 20))).toBeUndefined();
		expect(growthOf(history, named('job', 20), 'job')).toBe(10);
	});

	it('is not made up for a group of which a filter has left a part', () => {
		const [api, job] = [named('api', 20), named('job', 8)];
		const history = counted([60, [...named('api', 10), ...job]]);
		const groups = groupClients([...api.slice(0, 3), ...job], 'name', history, noonMs, [...api, ...job]);
		expect(groups.map(({key, count, growthPerMinute}) => [key, count, growthPerMinute])).toEqual([
			['job', 8, 0],
			['api', 3, undefined],
		]);
	});
});

describe('the counts kept', () => {
	it('are one every ten seconds, however often the list is read', () => {
		const everySecond = Array.from({length: 31}, (_, index) => [30 - index, named('api', 1)] as const);
		expect(counted(...everySecond).map(({atMs}) => (noonMs - atMs) / 1000)).toEqual([30, 20, 10, 0]);
	});

	it('are bounded: ten minutes of them', () => {
		const hours = Array.from({length: 400}, (_, index) => [4000 - index * 10, named('api', 1)] as const);
		const history = counted(...hours);
		expect(history).toHaveLength(60);
		expect(history.at(-1)?.atMs).toBe(noonMs - 10_000);
	});

	it('cover every grouping', () => {
		const [first] = counted([0, [client({name: 'api', libraryName: 'x', address: 'h:1', user: 'u'})]]);
		expect(groupings.map(grouping => [...(first?.counts[grouping] ?? [])])).toEqual([[['api', 1]], [['x', 1]], [['h', 1]], [['u', 1]]]);
	});
});

it('a long list is added up in steps, and then by nobody again', () => {
	let reads = 0;
	const clients = Array.from({length: 2000}, (_, index) =>
		Object.defineProperty(client({id: String(index), name: `api-${index}`}), 'idleSeconds', {
			get() {
				reads++;
				return index;
			},
		}),
	);
	expect([...sumUpGroups({clients})].length).toBeGreaterThan(2);
	expect(reads).toBeGreaterThanOrEqual(2000);
	reads = 0;
	expect(groupsOf({clients}, 'name', [], noonMs)).toMatchObject([{key: 'api-*', count: 2000, longestIdleSeconds: 1999}]);
	expect(countGroups([], {clients}, noonMs)[0]?.counts.user.get('default')).toBe(2000);
	expect(reads).toBe(0);
});

it('what is remembered of a list does not keep its reply in memory', () => {
	let history: GroupHistory = [];
	const before = footprint().heapBytes;
	for (let look = 0; look < 20; look++) {
		const reply = Array.from(
			{length: 5000},
			(_, id) => `id=${id} addr=10.0.0.${id % 200}:5000 name=a-service-of-${look}-${id % 9}s ${'x'.repeat(150)}=1\n`,
		).join('');
		history = countGroups(history, parseClientList(reply), noonMs + look * 10_000);
	}
	expect(history).toHaveLength(20);
	// The replies together are 20 MB.
	expect(footprint().heapBytes - before).toBeLessThan(5e6);
});
