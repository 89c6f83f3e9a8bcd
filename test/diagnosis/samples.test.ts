import {expect, it} from 'vitest';
import {mean, median, samplesSince} from '../../src/diagnosis/samples.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {course} from './healthy.ts';

it('takes the samples after a moment, without the gaps', () => {
	const history = course('opsPerSecond', [1, 2, undefined, 4]);
	expect(samplesSince(history, 'opsPerSecond', noonMs - 2000).map(({value}) => value)).toEqual([4]);
	expect(samplesSince(history, 'opsPerSecond', noonMs - 2001).map(({value}) => value)).toEqual([2, 4]);
	expect(samplesSince(history, 'opsPerSecond', 0).map(({value, atMs}) => [value, noonMs - atMs])).toEqual([
		[1, 3000],
		[2, 2000],
		[4, 0],
	]);
});

it.each([
	[[], undefined, undefined],
	[[3], 3, 3],
	[[9, 1], 5, 5],
	[[100, 1, 2], 2, 103 / 3],
	[[4, 1, 100, 2], 3, 107 / 4],
])('median and mean of %j: %s and %s', (values, middle, average) => {
	expect(median(values)).toBe(middle);
	expect(mean(values)).toBe(average);
});
