import {describe, expect, it} from 'vitest';
import {drainSeconds, sample} from '../../src/queues/rates.ts';
import {noonMs} from '../helpers/fixtures.ts';

const earlier = (ageMs: number) => ({
	sampledMs: noonMs - ageMs,
	counters: {added: 100, finished: 50, failed: 5},
	rates: {addedPerSecond: 1, processedPerSecond: 2, failedPerSecond: 3},
});

describe('rates', () => {
	it('need two samples', () => {
		const {rates, isNew} = sample({added: 1}, noonMs, undefined);
		expect({rates, isNew}).toEqual({rates: {addedPerSecond: undefined, processedPerSecond: undefined, failedPerSecond: undefined}, isNew: true});
	});

	it('are counts over the time between', () =>
		expect(sample({added: 120, finished: 50, failed: 6}, noonMs, earlier(10_000)).rates).toEqual({
			addedPerSecond: 2,
			processedPerSecond: 0,
			failedPerSecond: 0.1,
		}));

	it.each([
		[999, false],
		[1000, true],
	])('%i ms after the last sample: a new one is %s', (ageMs, isNew) => {
		const sampled = sample({added: 200}, noonMs, earlier(ageMs));
		expect(sampled.isNew).toBe(isNew);
		expect(sampled).toMatchObject(isNew ? {sampledMs: noonMs, rates: {addedPerSecond: 100}} : earlier(ageMs));
	});

	it.each([
		['a counter begun anew', {added: 3, finished: 60, failed: 5}, {addedPerSecond: undefined, processedPerSecond: 1}],
		['a counter that is not known', {finished: 60}, {addedPerSecond: undefined, failedPerSecond: undefined}],
	])('are not made up from %s', (_what, counters, rates) => expect(sample(counters, noonMs, earlier(10_000)).rates).toMatchObject(rates));

	it('begin anew when the clock has been set back', () =>
		expect(sample({added: 200}, noonMs, earlier(-5000))).toMatchObject({isNew: true, rates: {addedPerSecond: undefined}}));
});

it.each([
	[0, undefined, undefined, 0],
	[100, 10, 5, 'never'],
	[100, 5, 5, 'never'],
	[100, 0, 0, 'never'],
	[100, 5, 10, 20],
	[100, undefined, 10, undefined],
	[100, 5, undefined, undefined],
	[undefined, 5, 10, undefined],
])('%s waiting, %s in and %s out a second: drained in %s', (backlog, addedPerSecond, processedPerSecond, expected) =>
	expect(drainSeconds(backlog, {addedPerSecond, processedPerSecond, failedPerSecond: 0})).toBe(expected),
);
