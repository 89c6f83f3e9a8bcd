import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Tally} from '../../src/survey/tally.ts';
import {chances} from '../helpers/chances.ts';

const whole = {seen: 1};

/** Keys of these sizes in random order; the first `certain` and then one in `everyNth` are measured. */
function tallyOf(sizes: readonly number[], {certain = 20, everyNth = 10, seed = 1, share = 1} = {}): Tally {
	const next = chances(seed);
	const shuffled = sizes.map(bytes => ({bytes, at: next()})).toSorted((a, b) => a.at - b.at);
	const tally = new Tally();
	for (const [index, {bytes}] of shuffled.slice(0, Math.round(shuffled.length * share)).entries()) {
		const isCertain = index < certain;
		tally.count(isCertain);
		if (isCertain || index % everyNth === 0) tally.record({bytes, hasTtl: bytes % 4 !== 0}, isCertain);
	}
	return tally;
}

describe('what a tally comes to', () => {
	it('is exact where every key was measured', () => {
		expect(tallyOf([100, 200, 301], {everyNth: 1}).toGroup('x:*', whole)).toEqual({
			name: 'x:*',
			keys: 3,
			keysError: 0,
			isAtLeast: false,
			bytes: 601,
			bytesError: 0,
			withoutTtl: 2 / 3,
			withoutTtlError: 0,
		});
	});

	it('of keys that are all alike is exact from a sample', () => {
		expect(tallyOf(Array.from({length: 5000}, () => 72)).toGroup('x', whole)).toMatchObject({keys: 5000, bytes: 360_000, bytesError: 0});
	});

	it('is nothing of nothing', () => {
		expect(new Tally().toGroup('x', whole)).toEqual({
			name: 'x',
			keys: 0,
			keysError: 0,
			isAtLeast: false,
			bytes: 0,
			bytesError: 0,
			withoutTtl: undefined,
			withoutTtlError: undefined,
		});
	});

	it('is not known where nothing could be measured, nor how sure it is from a handful', () => {
		const unmeasured = new Tally();
		for (let index = 0; index < 9; index += 1) unmeasured.count(false);
		expect(unmeasured.toGroup('x', whole)).toMatchObject({keys: 9, bytes: undefined, bytesError: undefined, withoutTtl: undefined});
		for (let index = 0; index < 4; index += 1) unmeasured.record({bytes: 100, hasTtl: undefined}, false);
		expect(unmeasured.toGroup('x', whole)).toMatchObject({bytes: 900, bytesError: undefined, withoutTtl: undefined});
		unmeasured.record({bytes: 100, hasTtl: undefined}, false);
		expect(unmeasured.toGroup('x', whole)).toMatchObject({bytes: 900, bytesError: 0});
	});

	it.each([
		[4, 0.05, {keys: 4, keysError: 0, isAtLeast: true, bytes: 4000, bytesError: 0}],
		[5, 0.05, {keys: 100, isAtLeast: false, bytes: 100_000}],
		[4, 0.98, {keys: 4, isAtLeast: true}],
		[4, 0.99, {keys: 4, isAtLeast: false, bytes: 4000, bytesError: 0}],
		[4, 1, {keys: 4, isAtLeast: false, bytes: 4000, bytesError: 0}],
	])('extends five seen keys and more to the whole, fewer not: %i of the first %d', (keys, seen, expected) => {
		expect(tallyOf(Array.from({length: keys}, () => 1000)).toGroup('x', {seen})).toMatchObject(expected);
	});

	it('does not take what is measured for certain for what is frequent', () => {
		const tally = new Tally();
		for (let index = 0; index < 20; index += 1) {
			tally.count(true);
			tally.record({bytes: 1_000_000, hasTtl: false}, true);
		}
		for (let index = 0; index < 10_000; index += 1) {
			tally.count(false);
			if (index % 100 === 0) tally.record({bytes: 100, hasTtl: true}, false);
		}
		const {bytes, withoutTtl} = tally.toGroup('x', whole);
		expect(bytes).toBe(20 * 1_000_000 + 10_000 * 100);
		expect(withoutTtl).toBeCloseTo(20 / 10_020, 6);
	});

	it('never claims a share of none or all to be exact from a sample', () => {
		expect(tallyOf(Array.from({length: 5000}, () => 72)).toGroup('x', whole)).toMatchObject({withoutTtl: 1, withoutTtlError: expect.closeTo(0.006, 2)});
	});
});

describe('the stated error', () => {
	const sizes = Array.from({length: 4000}, (_, index) => 60 + (index % 37) ** 2 + (index % 100 === 0 ? 5000 : 0));
	const truth = sizes.reduce((sum, bytes) => sum + bytes, 0);
	const truthWithoutTtl = sizes.filter(bytes => bytes % 4 === 0).length / sizes.length;
	const seeds = Array.from({length: 300}, (_, seed) => seed);

	it.each([
		['all seen, one in ten measured', 1, 10],
		['a quarter seen, one in three measured', 0.25, 3],
		['a tenth seen, all of it measured', 0.1, 1],
	])('holds nearly always, and is no wider than it must be: %s', (_what, share, everyNth) => {
		const groups = seeds.map(seed => tallyOf(sizes, {seed, share, everyNth}).toGroup('x', {seen: share}));
		const misses = groups.map(({bytes = 0, bytesError = 0}) => Math.abs(bytes / truth - 1) / bytesError);
		expect(misses.filter(miss => miss > 1).length).toBeLessThanOrEqual(6);
		// Three standard errors: the usual miss is a third of that.
		expect(misses.reduce((sum, miss) => sum + miss, 0) / misses.length).toBeGreaterThan(0.15);
		const ttlMisses = groups.filter(({withoutTtl = 0, withoutTtlError = 0}) => Math.abs(withoutTtl - truthWithoutTtl) > withoutTtlError);
		expect(ttlMisses.length).toBeLessThanOrEqual(6);
	});

	it('has no bias: the mean of many samples is the truth', () => {
		const mean = seeds.reduce((sum, seed) => sum + (tallyOf(sizes, {seed}).toGroup('x', whole).bytes ?? 0), 0) / seeds.length;
		expect(Math.abs(mean / truth - 1)).toBeLessThan(0.01);
	});
});

it('two tallies are together what one of all their keys would be', () => {
	const keys = fc.array(fc.record({bytes: fc.nat(10_000), isCertain: fc.boolean(), isMeasured: fc.boolean(), hasTtl: fc.boolean()}));
	const of = (all: readonly {bytes: number; isCertain: boolean; isMeasured: boolean; hasTtl: boolean}[]) => {
		const tally = new Tally();
		for (const {bytes, isCertain, isMeasured, hasTtl} of all) {
			tally.count(isCertain);
			if (isMeasured) tally.record({bytes, hasTtl}, isCertain);
		}
		return tally;
	};
	fc.assert(
		fc.property(keys, keys, (a, b) => {
			expect(of(a).plus(of(b))).toEqual(of([...a, ...b]));
		}),
	);
});
