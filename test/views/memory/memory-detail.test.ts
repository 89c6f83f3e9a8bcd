import {expect, it} from 'vitest';
import {itemDetail} from '../../../src/views/memory/memory-detail.ts';
import {bigKey, group} from './memory-fixtures.ts';

const factsOf = (item: Parameters<typeof itemDetail>[0], totalBytes?: number) => Object.fromEntries(itemDetail(item, totalBytes, false).facts);

it('tells a prefix in full', () => {
	const item = {kind: 'group', id: 'x', group: group({keysError: 0.02, withoutTtl: 0.25, withoutTtlError: 0.01})} as const;
	expect(factsOf(item, 1600 * 1024 ** 2)).toMatchObject({
		keys: '150,118 ±2%',
		size: '800M ±3%',
		share: '50% of what was surveyed',
		'per key': '5.5K',
		'without TTL': '25%, ±1% of all',
	});
	expect(factsOf({...item, group: group({keys: 1, isAtLeast: true, bytes: 5 * 1024 ** 2, bytesError: 0})})).toMatchObject({
		keys: '≥1 (seen so far: too few to tell how many there are)',
		size: '≥5.0M (of those)',
	});
	expect(factsOf({...item, group: group({bytes: undefined, bytesError: undefined})})).toMatchObject({
		keys: '150,118 (counted)',
		size: 'could not be measured',
		share: '– of what was surveyed',
	});
});

it('tells a key and a database in full', () => {
	expect(factsOf({kind: 'key', id: 'k', key: bigKey()})).toMatchObject({
		key: 'bull:publishing:completed',
		type: 'zset',
		length: '200,000 elements',
		TTL: 'none',
	});
	expect(factsOf({kind: 'database', id: 'd', database: {db: 3, keys: 10, expires: 4, avgTtlMs: 5000, isSurveyed: false}})).toMatchObject({
		keys: '10',
		'without TTL': '6 (counted by the server)',
		'average TTL': '5s',
	});
});
