import fc from 'fast-check';
import {expect, it} from 'vitest';
import {visibleWindow} from '../../src/hooks/visible-window.ts';

it.each([
	['everything fits', 5, 10, 2, 0, {from: 0, to: 5}],
	['nothing there', 0, 10, -1, 0, {from: 0, to: 0}],
	['no room', 5, 0, 2, 0, {from: 3, to: 3}],
	['less than no room', 5, -3, -1, 0, {from: 0, to: 0}],
	['the selected row is in it: nothing moves', 100, 10, 25, 20, {from: 20, to: 30}],
	['at its first row: nothing moves', 100, 10, 20, 20, {from: 20, to: 30}],
	['at its last row: nothing moves', 100, 10, 29, 20, {from: 20, to: 30}],
	['one below: it moves by one', 100, 10, 30, 20, {from: 21, to: 31}],
	['one above: it moves by one', 100, 10, 19, 20, {from: 19, to: 29}],
	['far below', 100, 10, 99, 0, {from: 90, to: 100}],
	['far above', 100, 10, 0, 90, {from: 0, to: 10}],
	['nobody selected: it stays', 100, 10, -1, 40, {from: 40, to: 50}],
	['the list became shorter: no empty rows below', 12, 10, -1, 40, {from: 2, to: 12}],
	['the screen became higher', 100, 30, 99, 90, {from: 70, to: 100}],
] as const)('%s', (_what, total, height, selected, previousFrom, expected) => {
	expect(visibleWindow(total, height, selected, previousFrom)).toEqual(expected);
});

it('is always full, within the list, and shows the selected row', () => {
	const sizes = fc.record({total: fc.nat(300), height: fc.nat(60), previousFrom: fc.nat(400), wanted: fc.nat(400)});
	fc.assert(
		fc.property(sizes, ({total, height, previousFrom, wanted}) => {
			const selected = wanted < total ? wanted : -1;
			const {from, to} = visibleWindow(total, height, selected, previousFrom);
			expect(to - from).toBe(Math.min(height, total));
			expect(from).toBeGreaterThanOrEqual(0);
			expect(to).toBeLessThanOrEqual(total);
			if (selected >= 0 && height > 0) expect(from <= selected && selected < to).toBe(true);
		}),
	);
});
