import {expect, it} from 'vitest';
import {isSearchDue, type LastSearch, searchLimitMs} from '../../src/poll/fleet-queues.ts';

const last = (change: Partial<LastSearch> = {}): LastSearch => ({endedAtMs: 0, tookMs: 1000, limitMs: 120_000, isComplete: true, ...change});

it.each<[string, LastSearch | undefined, number, number]>([
	['the first time at once', undefined, 1_000_000, 0],
	['of few keys', last(), 100, 30_000],
	['of 50,000 keys after 75 s', last(), 50_000, 75_000],
	['of a large keyspace every ten minutes', last(), 10_000_000, 600_000],
	['no sooner than after as long as it took', last({tookMs: 900_000}), 10_000_000, 900_000],
])('the keys of another master are searched %s', (_what, before, keys, restMs) => {
	expect(isSearchDue(before, keys, restMs)).toBe(true);
	if (restMs > 0) expect(isSearchDue(before, keys, restMs - 1)).toBe(false);
});

it('a search that does not come to an end gets more time each time, until it has what it needs', () => {
	expect(searchLimitMs(undefined, 1e7)).toBe(120_000);
	expect(searchLimitMs(last({isComplete: false}), 1e7)).toBe(480_000);
	expect(searchLimitMs(last({isComplete: false, limitMs: 1_920_000}), 1e7)).toBe(5_625_000);
	expect(searchLimitMs(last(), 100)).toBe(120_000);
});
