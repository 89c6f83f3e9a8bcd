import {describe, expect, it} from 'vitest';
import {Allowance} from '../../src/poll/allowance.ts';

describe('server time for a long job', () => {
	it('is there at once up to a bound, then costs a wait by its share', () => {
		const allowance = new Allowance({share: 0.01, atOnceMs: 2});
		expect([allowance.spend(1, 0), allowance.spend(1, 0), allowance.spend(1, 0)]).toEqual([0, 0, 100]);
		// After the wait that was asked for it is even again.
		expect(allowance.spend(1, 100)).toBeCloseTo(100);
	});

	it('is saved up while nothing is asked, and not beyond what may be taken at once', () => {
		const allowance = new Allowance({share: 0.01, atOnceMs: 2});
		allowance.spend(2, 0);
		expect(allowance.spend(1, 100)).toBe(0);
		expect(allowance.spend(3, 1_000_000)).toBeCloseTo(100);
	});

	it.each([0.003, 0.01])('is %d of a core in the long run', share => {
		const allowance = new Allowance({share, atOnceMs: 10});
		let nowMs = 0;
		let spentMs = 0;
		while (nowMs < 100_000) {
			spentMs += 0.5;
			nowMs += allowance.spend(0.5, nowMs);
		}
		expect(spentMs / nowMs).toBeGreaterThan(share * 0.99);
		expect((spentMs - 10) / nowMs).toBeLessThan(share * 1.01);
	});
});
