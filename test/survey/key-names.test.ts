import {describe, expect, it} from 'vitest';
import {maxPrefixBytes, placeOf, shapeOf} from '../../src/survey/key-names.ts';

describe('where a key is counted', () => {
	it.each([
		['bull:orders:12', 'bull:', 'bull:orders:'],
		['bull:orders', 'bull:', 'bull:orders'],
		['sess:9f3a', 'sess:', 'sess:9f3a'],
		['a/b/c', 'a/', 'a/b/'],
		['app.cache.7', 'app.', 'app.cache.7'],
		['sess_9f3a', 'sess_', 'sess_9f3a'],
		['_kombu.binding.celery', '_kombu.', '_kombu.binding.celery'],
		['laravel_database_queues:default', 'laravel_database_queues:', 'laravel_database_queues:default'],
		['{bull}:orders:1', '{bull}:', '{bull}:orders:'],
		[':a:b:c', ':a:', ':a:b:'],
		['10.0.0.7', '', '10.0.0.7'],
		['3f2a91c0-aaaa', '', '3f2a91c0-aaaa'],
		['leaderboard', '', 'leaderboard'],
		['a::b', 'a:', 'a::b'],
		['', '', ''],
	])('%s: branch %s, child %s', (key, branch, child) => {
		expect(placeOf(key)).toEqual({branch, child});
	});

	it('is told by the beginning of a long name', () => {
		const {branch, child} = placeOf(`${'x'.repeat(500)}:1`);
		expect([branch, child.length]).toEqual(['', maxPrefixBytes]);
		expect(placeOf(`a:${'x'.repeat(500)}`).child).toHaveLength(maxPrefixBytes);
	});
});

it.each([
	['user:123:meta', 'user:*:meta'],
	['sess:9f3ab', 'sess:*'],
	['bull:orders:completed', 'bull:orders:completed'],
	['order-7-items', 'order-*-items'],
	['tenant17:', 'tenant*:'],
])('%s has the shape %s', (key, shape) => {
	expect(shapeOf(key)).toBe(shape);
});
