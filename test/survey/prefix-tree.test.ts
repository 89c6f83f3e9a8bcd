import {describe, expect, it} from 'vitest';
import {PrefixTree} from '../../src/survey/prefix-tree.ts';

const whole = {seen: 1};

/** Count and measure every key; `bytesOf` says how large it is. */
function groupsOf(keys: Iterable<string>, bytesOf: (key: string) => number = () => 100) {
	const tree = new PrefixTree();
	for (const key of keys) {
		tree.find(key).count(true);
		tree.find(key).record({bytes: bytesOf(key), hasTtl: false}, true);
	}
	const {groups, total} = tree.groups(whole);
	return {rows: groups.map(({name, keys: count}) => [name, count] as const), groups, total};
}

const times = (count: number, name: (index: number) => string): readonly string[] => Array.from({length: count}, (_, index) => name(index));

describe('prefixes', () => {
	it('go up to the second separator where that splits a branch into few parts', () => {
		const keys = [...times(600, n => `bull:orders:${n}`), ...times(300, n => `bull:emails:${n}`), ...times(100, n => `sess:${n}`)];
		expect(groupsOf(keys).rows).toEqual([
			['bull:orders:*', 600],
			['bull:emails:*', 300],
			['sess:*', 100],
		]);
	});

	it('stay at the first where every key would be a prefix of its own', () => {
		expect(groupsOf(times(30_000, n => `user:${n}:profile`)).rows).toEqual([['user:*', 30_000]]);
		expect(groupsOf(times(30_000, n => `sess:${n}`)).rows).toEqual([['sess:*', 30_000]]);
	});

	it('keep small ones of a branch together, beside the large ones', () => {
		const keys = [...times(5000, n => `bull:orders:${n}`), ...times(40, n => `bull:small${n}:1`), ...times(5000, n => `sess:${n}`)];
		expect(groupsOf(keys).rows).toEqual([
			['bull:orders:*', 5000],
			['sess:*', 5000],
			['bull:* (others)', 40],
		]);
	});

	it('name a single key only where it is most of its branch', () => {
		const keys = ['leaderboard:global', 'flags:a', 'flags:b', 'flags:c', 'flags:d', 'flags:e', ...times(900, n => `sess:${n}`)];
		expect(groupsOf(keys, key => (key === 'flags:c' ? 9000 : 100)).rows).toEqual([
			['sess:*', 900],
			['flags:c', 1],
			['flags:* (others)', 4],
			['leaderboard:global', 1],
		]);
	});

	it('of names without a separator are one group, but for what is large', () => {
		const keys = [...times(3000, n => `${n}abc`), 'registry'];
		expect(groupsOf(keys.slice(0, 300)).rows).toEqual([['(no prefix)', 300]]);
		expect(groupsOf(keys).rows).toEqual([['(no prefix)', 3001]]);
		expect(groupsOf(['a1', 'b2', 'c3', 'd4', 'e5', 'registry'], key => key.length ** 4).rows).toEqual([
			['registry', 1],
			['(no prefix, others)', 5],
		]);
	});

	it.each([50, 1900, 5000, 30_000])('that begin with an id are one group by what they have in common: %i tenants', count => {
		const keys = [...times(count, n => `tenant${n}:settings`), ...times(500, n => `sess:${n}`)];
		const {rows} = groupsOf(keys);
		expect(rows).toEqual(
			expect.arrayContaining([
				['tenant*:*', count],
				['sess:*', 500],
			]),
		);
		expect(rows).toHaveLength(2);
	});

	it('are few on the screen and bounded in memory, and no key is lost', () => {
		const words = 'abcdefghijklmnop';
		const word = (n: number): string => (n < 16 ? (words[n] ?? '') : word(Math.floor(n / 16)) + words[n % 16]);
		const keys = times(40_000, n => `${word(n)}:x`);
		const {groups, total} = groupsOf(keys);
		expect(groups.length).toBeLessThanOrEqual(201);
		expect(groups.reduce((sum, {keys: count}) => sum + count, 0)).toBe(40_000);
		expect(groups.map(({name}) => name)).toContain('(other prefixes)');
		expect(total).toMatchObject({keys: 40_000, bytes: 4_000_000, bytesError: 0});
	});

	it('are sorted by size, and by keys where no size could be read', () => {
		const tree = new PrefixTree();
		for (const key of [...times(5, n => `few:${n}`), ...times(50, n => `many:${n}`)]) tree.find(key).count(true);
		expect(tree.groups(whole).groups.map(({name, bytes}) => [name, bytes])).toEqual([
			['many:*', undefined],
			['few:*', undefined],
		]);
	});

	it('a whole name is one key, however little of the database has been seen', () => {
		const tree = new PrefixTree();
		tree.find('leaderboard:global').count(true);
		tree.find('leaderboard:global').record({bytes: 5_000_000, hasTtl: false}, true);
		expect(tree.groups({seen: 0.1}).groups[0]).toMatchObject({name: 'leaderboard:global', keys: 1, keysError: 0, bytes: 5_000_000, bytesError: 0});
	});

	describe('of which a twentieth has been seen', () => {
		const seen = {seen: 0.05};
		const treeOf = (keys: readonly (readonly [key: string, bytes: number])[]) => {
			const tree = new PrefixTree();
			for (const [key, bytes] of keys) {
				tree.find(key).count(true);
				tree.find(key).record({bytes, hasTtl: true}, true);
			}
			return tree.groups(seen);
		};
		const sessions = times(1000, n => `sess:${n}`).map(key => [key, 100] as const);

		it('one large key of a rare kind is what it is, and does not stand for twenty in the total either', () => {
			const {groups, total} = treeOf([...sessions, ['report:export:2025', 5_000_000]]);
			expect(groups).toMatchObject([
				{name: 'report:export:*', keys: 1, isAtLeast: true, bytes: 5_000_000},
				{name: 'sess:*', keys: 20_000, isAtLeast: false, bytes: 2_000_000},
			]);
			expect(total).toMatchObject({keys: 20_020, isAtLeast: false});
			expect(total.bytes).toBeCloseTo(7_000_000 + 19 * 100, 0);
			// There may be more of its kind: nobody can tell.
			expect(total.bytesError).toBeGreaterThan(5_000_000 / 7_001_900);
		});

		it('many rare kinds that are alike are as large unseen as seen', () => {
			const words = times(20, n => String.fromCharCode(97 + n));
			const {groups, total} = treeOf([...sessions, ...words.map(word => [`${word}:x:y`, 10_000] as const)]);
			expect(groups.filter(({isAtLeast}) => isAtLeast)).toHaveLength(20);
			expect(total).toMatchObject({keys: 20_400, bytes: 2_000_000 + 400 * 10_000});
			// 20 seen are 400 ± 268 by three standard errors, each of 10,000 bytes, in a sum of 6 MB.
			expect(total.bytesError).toBeCloseTo(0.45, 2);
		});

		it('nothing but rare kinds still come to a total', () => {
			expect(treeOf([['a:x:1', 100]]).total).toMatchObject({keys: 20, isAtLeast: false, bytes: 2000});
		});
	});

	it('of which a part has been seen stand for the whole', () => {
		const tree = new PrefixTree();
		for (const key of times(100, n => `k:${n}`)) {
			tree.find(key).count(true);
			tree.find(key).record({bytes: 80, hasTtl: true}, true);
		}
		const [group] = tree.groups({seen: 0.1}).groups;
		expect(group).toMatchObject({keys: 1000, bytes: 80_000, withoutTtl: 0});
		expect(group?.keysError).toBeCloseTo(3 * Math.sqrt(0.9 / 100), 6);
		expect(group?.bytesError).toBeCloseTo(3 * Math.sqrt(0.9 / 100), 6);
	});
});
