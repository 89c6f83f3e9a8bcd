import {describe, expect, it, vi} from 'vitest';
import {memoizeLatest, memoizeOn} from '../../src/store/memoize.ts';

it('computes anew only when an argument is another one', () => {
	const compute = vi.fn((numbers: readonly number[], factor: number) => numbers.map(number => number * factor));
	const memoized = memoizeLatest(compute);
	const numbers = [1, 2];
	const first = memoized(numbers, 2);
	expect(memoized(numbers, 2)).toBe(first);
	expect(memoized(numbers, Number.NaN)).toBe(memoized(numbers, Number.NaN));
	expect(memoized([1, 2], 2)).toEqual(first);
	expect(compute).toHaveBeenCalledTimes(3);
});

it('remembers a result that is undefined', () => {
	const compute = vi.fn((_key: string) => undefined);
	const memoized = memoizeLatest(compute);
	memoized('a');
	memoized('a');
	expect(compute).toHaveBeenCalledTimes(1);
});

describe('memoizeOn', () => {
	it('remembers for each first argument by itself, as long as the others are the same', () => {
		const compute = vi.fn((numbers: readonly number[], factor: number) => numbers.map(number => number * factor));
		const memoized = memoizeOn(compute);
		const [one, other] = [[1], [1]];
		const first = memoized(one, 2);
		expect(memoized(other, 2)).not.toBe(first);
		expect(memoized(one, 2)).toBe(first);
		expect(memoized(one, 3)).toEqual([3]);
		expect(memoized(one, 2)).not.toBe(first);
		expect(compute).toHaveBeenCalledTimes(4);
	});
});
