import {describe, expect, it} from 'vitest';
import type {SurveyGroup, SurveyProgress, SurveyResult} from '../../src/store/survey.ts';
import {mergeProgress, mergeResults} from '../../src/survey/merge-parts.ts';

const group = (name: string, keys: number, bytes: number | undefined, change: Partial<SurveyGroup> = {}): SurveyGroup => ({
	name,
	keys,
	keysError: 0,
	isAtLeast: false,
	bytes,
	bytesError: 0,
	withoutTtl: 1,
	withoutTtlError: 0,
	...change,
});
const result = (...prefixes: SurveyGroup[]): SurveyResult => ({
	total: group('', 10, 100),
	prefixes,
	components: [],
	bigKeys: [{name: `big${prefixes.length}`, type: 'string', bytes: prefixes.length, length: 1, ttlMs: undefined, hasTtl: false}],
});
const progress = (change: Partial<SurveyProgress> = {}): SurveyProgress => ({
	atMs: 1,
	scannedKeys: 10,
	totalKeys: 20,
	measuredKeys: 5,
	everyNth: 1,
	isExtended: false,
	serverMs: 2,
	slowestRoundMs: 3,
	pauseMs: 4,
	refused: [],
	hiddenKeys: 1,
	...change,
});

describe('several servers as one', () => {
	it('adds up what has one name, largest first, and says of large keys where they are', () => {
		const merged = mergeResults([
			{node: 'a', progress: undefined, result: result(group('user:*', 10, 100), group('(3 smaller prefixes)', 1, 1))},
			{node: 'b', progress: undefined, result: result(group('user:*', 30, 500, {withoutTtl: 0}), group('cart:*', 5, 700), group('(9 smaller prefixes)', 2, 2))},
			{node: 'c', progress: undefined, result: undefined},
		]);
		expect(merged?.prefixes.map(({name, keys, bytes}) => [name, keys, bytes])).toEqual([
			['cart:*', 5, 700],
			['user:*', 40, 600],
			['(smaller prefixes)', 3, 3],
		]);
		expect(merged?.prefixes[1]?.withoutTtl).toBe(0.25);
		expect(merged?.bigKeys.map(({name, node}) => [name, node])).toEqual([
			['big3', 'b'],
			['big2', 'a'],
		]);
	});

	it('errors of different servers are independent; what could not be measured anywhere is not known', () => {
		const merged = mergeResults(
			['a', 'b'].map(node => ({
				node,
				progress: undefined,
				result: result(group('x', 10, 100, {keysError: 0.2, bytesError: 0.2}), group('y', 1, undefined, {bytesError: undefined})),
			})),
		);
		expect(merged?.prefixes[0]?.keysError).toBeCloseTo(0.2 / Math.SQRT2);
		expect(merged?.prefixes[0]?.bytesError).toBeCloseTo(0.2 / Math.SQRT2);
		expect(merged?.prefixes[1]).toMatchObject({bytes: undefined, keys: 2});
	});

	it('one server alone is left as it is', () => {
		const only = result(group('x', 1, 1));
		expect(mergeResults([{node: 'a', progress: undefined, result: only}])).toBe(only);
		expect(mergeProgress([{node: 'a', progress: progress(), result: undefined}], 1)).toEqual(progress());
	});

	it('takes those whose turn has not come for as large as the others', () => {
		const parts = ['a', 'b'].map(node => ({node, progress: progress({refused: [{command: 'TTL', reason: 'x'}]}), result: undefined}));
		expect(mergeProgress(parts, 4)).toMatchObject({
			scannedKeys: 20,
			totalKeys: 80,
			serverMs: 4,
			hiddenKeys: 2,
			refused: [{command: 'TTL', reason: 'x'}],
			node: {address: 'b', position: 2, count: 4},
		});
	});
});
