import {describe, expect, it} from 'vitest';
import {Pace} from '../src/pace.ts';
import {keysPerRound, roundMicros, scanCount} from '../src/survey/round-cost.ts';

const scan = roundMicros({scannedKeys: 500, questions: 0});

describe('the pause after a round', () => {
	it('makes what the round is assumed to cost the share that was asked for', () => {
		const pace = new Pace(0.01);
		pace.learnWay(1);
		expect(pace.settle(scan, 2)).toBe(75);
		expect(pace.settle(roundMicros({scannedKeys: 0, questions: 300}), 2)).toBe(75);
		expect(pace.serverMs).toBeCloseTo(1.5, 5);
	});

	it('does not take a long way for a slow server', () => {
		const near = new Pace(0.01);
		const far = new Pace(0.01);
		near.learnWay(1);
		far.learnWay(80);
		expect(far.settle(scan, 82)).toBe(near.settle(scan, 3));
	});

	it('grows when answers come late, up to a bound', () => {
		const pauses = [2, 10, 50, 200, 1000, 60_000].map(tookMs => {
			const pace = new Pace(0.01);
			pace.learnWay(0);
			return pace.settle(scan, tookMs);
		});
		expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
		expect(pauses[0]).toBe(75);
		expect(pauses[3]).toBeGreaterThan(800);
		expect(pauses.at(-1)).toBe(10_000);
	});

	it('is never nothing', () => {
		expect(new Pace(1).settle(roundMicros({scannedKeys: 1, questions: 0}), 0)).toBe(2);
	});
});

describe('how much is asked at once', () => {
	it('stays within the time of a round', () => {
		const pace = new Pace(0.01);
		expect(scanCount(pace, 500)).toBe(500);
		expect(keysPerRound(pace, 3) * 3 * 2.5).toBeLessThanOrEqual(2500);
	});

	it('shrinks on a server that takes longer, and comes back', () => {
		const pace = new Pace(0.01);
		pace.learnWay(0);
		const usual = keysPerRound(pace, 3);
		for (let round = 0; round < 20; round += 1) pace.settle(scan, 400);
		expect(keysPerRound(pace, 3)).toBeLessThan(usual / 2);
		expect(scanCount(pace, 500)).toBe(500);
		expect(pace.slowestRoundMs).toBe(400);
		for (let round = 0; round < 40; round += 1) pace.settle(scan, 1);
		expect(keysPerRound(pace, 3)).toBe(usual);
	});
});
