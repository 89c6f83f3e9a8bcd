import fc from 'fast-check';
import {expect, it} from 'vitest';
import {cellWidth} from '../../../src/text/safe-text.ts';
import {type SparklineOptions, sparkline} from '../../../src/views/kit/sparkline.ts';

it.each<[string, readonly (number | undefined)[], number, SparklineOptions, string]>([
	['rising', [0, 1, 2, 3, 4, 5, 6, 7], 8, {}, '▁▂▃▄▅▆▇█'],
	['rising, in ASCII', [0, 1, 2, 3, 4, 5, 6], 7, {ascii: true}, '.:-=+*#'],
	['fewer values than cells', [0, 7], 4, {}, '  ▁█'],
	['more values than cells: the newest', [7, 7, 0, 7], 2, {}, '▁█'],
	['a gap, which is not a zero', [7, undefined, 0], 3, {}, '█ ▁'],
	['only zeros', [0, 0], 2, {}, '▁▁'],
	['little, which is not nothing', [0.001, 1000], 2, {}, '▂█'],
	['a fixed maximum', [50, 100, 200], 3, {max: 100}, '▅██'],
	['a maximum of zero', [0, 1], 2, {max: 0}, '▁█'],
	['what is no number', [Number.NaN, Number.POSITIVE_INFINITY, 1], 3, {}, '  █'],
	['less than zero', [-5, 5], 2, {}, '▁█'],
	['nothing', [], 3, {}, '   '],
	['no room', [1, 2], 0, {}, ''],
])('draws %s', (_what, values, width, options, expected) => {
	expect(sparkline(values, width, options)).toBe(expected);
});

it('is exactly as wide as asked', () => {
	fc.assert(
		fc.property(fc.array(fc.option(fc.double(), {nil: undefined})), fc.nat(40), fc.boolean(), (values, width, ascii) => {
			expect(cellWidth(sparkline(values, width, {ascii}), {ascii})).toBe(width);
		}),
	);
});
