import {expect, it, onTestFinished, vi} from 'vitest';
import {systemClock} from '../../src/clock.ts';

it('tells the time of day in whole milliseconds, and does not go back when somebody sets the clock back', () => {
	expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
	const before = systemClock.now();
	expect(Number.isInteger(before)).toBe(true);
	vi.useFakeTimers({toFake: ['Date'], now: before - 60_000});
	onTestFinished(() => {
		vi.useRealTimers();
	});
	expect(Date.now()).toBe(before - 60_000);
	expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});
