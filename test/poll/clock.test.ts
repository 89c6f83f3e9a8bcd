import {expect, it, onTestFinished, vi} from 'vitest';
import {systemClock, Wake} from '../../src/clock.ts';

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

it('a sleep ends when it is woken, and does not begin where that was done before', async () => {
	const wake = new Wake();
	const slept = systemClock.sleep(3_600_000, wake);
	wake.abort();
	await slept;
	await systemClock.sleep(3_600_000, wake);
	expect(wake.aborted).toBe(true);
});
