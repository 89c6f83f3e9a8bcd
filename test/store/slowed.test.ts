import {describe, expect, it} from 'vitest';
import {nextSlowed, type Slowable, type Slowed, slowable, slowingOrder} from '../../src/store/slowed.ts';

const budgetPercent = 0.8;
const steps = (costs: readonly number[], worstFindingId?: string): readonly Slowed[] => {
	const all: Slowed[] = [];
	for (const percent of costs) all.push(nextSlowed(all.at(-1) ?? new Map(), {percent, budgetPercent, worstFindingId}));
	return all;
};

describe('a console that costs too much', () => {
	it('can ask less often for what COMMANDLOG tells, three calls a round', () => expect(slowable).toContain('largeCommands'));

	it('asks one thing after the other half as often, one step each time, up to eightfold pauses', () => {
		const all = steps(Array.from({length: 30}, () => 2));
		expect(all.slice(0, 4).map(slowed => Object.fromEntries(slowed))).toEqual([{settings: 2}, {settings: 4}, {settings: 8}, {settings: 8, permissions: 2}]);
		expect(Object.fromEntries(all.at(-1) ?? [])).toEqual(Object.fromEntries(slowable.map(name => [name, 8])));
	});

	it.each<[string | undefined, Slowable]>([
		[undefined, 'info'],
		['clients.maxed', 'clients'],
		['queue.stalled', 'queues'],
		['slowlog.burst', 'slowlog'],
		['script.slow', 'slowlog'],
		['memory.high', 'info'],
		['script.busy', 'info'],
	])('with %s the worst finding it slows %s last', (worst, last) => {
		expect(slowingOrder(worst).at(-1)).toBe(last);
		expect([...slowingOrder(worst)].toSorted()).toEqual([...slowable].toSorted());
	});

	it('asks as often as before, step by step and the last one first, once there is room; between the two it stays', () => {
		const slow = new Map<Slowable, number>([
			['settings', 8],
			['permissions', 2],
		]);
		const at = (percent: number | undefined, slowed: Slowed = slow) =>
			Object.fromEntries(nextSlowed(slowed, {percent, budgetPercent, worstFindingId: undefined}));
		expect(at(0.5)).toEqual({settings: 8, permissions: 2});
		expect(at(undefined)).toEqual({settings: 8, permissions: 2});
		expect(at(0.1)).toEqual({settings: 8});
		expect(at(0.1, new Map([['settings', 8]]))).toEqual({settings: 4});
		expect(at(0.1, new Map())).toEqual({});
	});
});
