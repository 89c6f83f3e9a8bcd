import {describe, expect, it} from 'vitest';
import {type KnownQueues, nextLook} from '../../src/poll/fleet-queue-looks.ts';
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

it('a search rests longer where it costs too much', () => {
	expect(isSearchDue(last(), 100, 59_999, 2)).toBe(false);
	expect(isSearchDue(last(), 100, 60_000, 2)).toBe(true);
});

describe('known queues of other masters', () => {
	const nodes = ['a', 'b', 'c', 'd', 'e'].map(name => ({name}));
	const queues = (count: number, lookedAtMs: number): KnownQueues => ({
		found: Array.from({length: count}, (_, index) => ({
			id: `bull:${index}`,
			family: 'bull',
			system: 'bullmq',
			prefix: 'bull',
			name: String(index),
			isAlone: true,
		})),
		memories: new Map(),
		lookedAtMs,
	});
	const next = (known: readonly KnownQueues[], nowMs: number, slowedBy = 1) =>
		nextLook(nodes, new Map(nodes.flatMap((node, index) => (known[index] ? [[node, known[index]] as const] : []))), {nowMs, slowedBy})?.name;

	it('are looked at every eight seconds, the node that has waited longest first; where there are none, never', () => {
		expect(next([queues(3, 0), queues(3, 500)], 7999)).toBeUndefined();
		expect(next([queues(3, 500), queues(3, 0)], 9000)).toBe('b');
		expect(next([queues(0, 0)], 1e9)).toBeUndefined();
		expect(next([], 1e9)).toBeUndefined();
	});

	it('less often where there are many, and where it costs too much', () => {
		expect(next([queues(1000, 0)], 39_999)).toBeUndefined();
		expect(next([queues(1000, 0)], 40_000)).toBe('a');
		expect(next([queues(3, 0)], 31_999, 4)).toBeUndefined();
		expect(next([queues(3, 0)], 32_000, 4)).toBe('a');
	});

	it('200 on five other masters, of which one is looked at a second, are never older than 15 s', () => {
		const known = new Map(nodes.map(node => [node, queues(node.name === 'a' ? 160 : 10, 0)]));
		let oldestMs = 0;
		for (let nowMs = 20_000; nowMs < 120_000; nowMs += 1000) {
			const node = nextLook(nodes, known, {nowMs, slowedBy: 1});
			const before = node && known.get(node);
			if (before) known.set(node, {...before, lookedAtMs: nowMs});
			if (nowMs > 30_000) oldestMs = Math.max(oldestMs, ...[...known.values()].map(({lookedAtMs}) => nowMs - lookedAtMs));
		}
		expect(oldestMs).toBeLessThan(15_000);
	});
});

it('a search that does not come to an end gets more time each time, until it has what it needs', () => {
	expect(searchLimitMs(undefined, 1e7)).toBe(120_000);
	expect(searchLimitMs(last({isComplete: false}), 1e7)).toBe(480_000);
	expect(searchLimitMs(last({isComplete: false, limitMs: 1_920_000}), 1e7)).toBe(5_625_000);
	expect(searchLimitMs(last(), 100)).toBe(120_000);
});
