import {expect, it} from 'vitest';
import {factsOf, KeySample, questionsOf} from '../../../src/actions/keys/key-sample.ts';

function sampled(count: number, pageSize: number): readonly string[] {
	const sample = new KeySample();
	const keys = Array.from({length: count}, (_, index) => String(index));
	for (let from = 0; from < count; from += pageSize) sample.see(keys.slice(from, from + pageSize));
	return sample.keys;
}

it.each([
	[0, 0, 0],
	[150, 150, 150],
	[399, 399, 399],
	[100_000, 200, 399],
])('of %i keys it keeps %i to %i', (count, least, most) => {
	const {length} = sampled(count, 500);
	expect(length).toBeGreaterThanOrEqual(least);
	expect(length).toBeLessThanOrEqual(most);
});

it('takes them evenly from all over, the same ones however they come', () => {
	const keys = sampled(100_000, 77);
	expect(new Set(keys.slice(1).map((key, index) => Number(key) - Number(keys[index])))).toEqual(new Set([256]));
	expect(sampled(100_000, 500)).toEqual(keys);
});

it('tells bytes, TTL and types of those that are still there', () => {
	expect(questionsOf('rl:1')).toEqual([
		['MEMORY', 'USAGE', 'rl:1', 'SAMPLES', '5'],
		['PTTL', 'rl:1'],
		['TYPE', 'rl:1'],
	]);
	const facts = factsOf([100, -1, 'string', 300, 5000, 'hash', null, -2, 'none', 200, 9, 'string']);
	expect(facts).toMatchObject({
		bytesPerKey: 200,
		largestBytes: 300,
		withoutTtl: 1 / 3,
		types: [
			['string', 2 / 3],
			['hash', 1 / 3],
		],
	});
});

it('claims nothing where it may not ask', () => {
	const refused = new Error('NOPERM');
	expect(factsOf([refused, refused, refused])).toEqual({bytesPerKey: undefined, largestBytes: undefined, withoutTtl: undefined, types: [], microsPerKey: 3});
	expect(factsOf([])).toMatchObject({microsPerKey: 3});
});

it.each([
	['string', 64, 3],
	['string', 50_000_000, 10_000],
	['hash', 10_000, 23],
	['hash', 100_000_000, 25],
])('knows what UNLINK of a %s of %i bytes takes: about %i µs', (type, bytes, micros) => {
	expect(factsOf([bytes, -1, type]).microsPerKey).toBeCloseTo(micros, -1);
});
