import {describe, expect, it} from 'vitest';
import {
	formatBytes,
	formatClock,
	formatCount,
	formatCountShort,
	formatMicros,
	formatPercent,
	formatRate,
	formatSeconds,
	formatStopwatch,
	formatTook,
	roughly,
} from '../../src/text/format.ts';

const cases = [
	[
		formatBytes,
		[
			[0, '0B'],
			[512, '512B'],
			[1023, '1023B'],
			[1024, '1.0K'],
			[20_992, '20.5K'],
			[1_258_291, '1.2M'],
			[3_865_470_566, '3.6G'],
			[223_338_299, '213M'],
			[1_048_575, '1.0M'],
			[2 ** 50, '1.0P'],
			[2 ** 62, '4096P'],
			[-2048, '-2.0K'],
		],
	],
	[
		formatCount,
		[
			[0, '0'],
			[999, '999'],
			[1000, '1,000'],
			[12_041, '12,041'],
			[1_234_567, '1,234,567'],
			[2.6, '3'],
			[-1200, '-1,200'],
		],
	],
	[
		formatCountShort,
		[
			[0, '0'],
			[940, '940'],
			[999, '999'],
			[1204, '1.2k'],
			[10_000, '10.0k'],
			[120_551, '121k'],
			[999_960, '1.0M'],
			[3_100_000, '3.1M'],
		],
	],
	[
		formatRate,
		[
			[0, '0/s'],
			[0.04, '0/s'],
			[3.4, '3.4/s'],
			[9, '9/s'],
			[940.3, '940/s'],
			[1204, '1.2k/s'],
		],
	],
	[
		formatSeconds,
		[
			[0, '0s'],
			[7, '7s'],
			[7.3, '7.3s'],
			[7.39, '7.3s'],
			[59.99, '59.9s'],
			[60, '1m00s'],
			[252, '4m12s'],
			[252.9, '4m12s'],
			[3599.99, '59m59s'],
			[3600, '1h00m'],
			[11_220, '3h07m'],
			[86_399, '23h59m'],
			[86_400, '1d'],
			[1_040_000, '12d'],
			[-3, '-3s'],
		],
	],
	[
		formatStopwatch,
		[
			[0, '0.0s'],
			[3249, '3.2s'],
			[12_000, '12.0s'],
			[59_999, '59.9s'],
			[60_000, '1m00s'],
			[252_000, '4m12s'],
		],
	],
	[
		formatMicros,
		[
			[0, '0 µs'],
			[85, '85 µs'],
			[999, '999 µs'],
			[999.6, '1.00 ms'],
			[1410, '1.41 ms'],
			[21_230, '21.2 ms'],
			[212_000, '212 ms'],
			[999_499, '999 ms'],
			[999_500, '1.00 s'],
			[1_410_000, '1.41 s'],
			[99_900_000, '99.9 s'],
			[100_000_000, '1m40s'],
			[252_000_000, '4m12s'],
		],
	],
	[
		formatClock,
		[
			[0, '00:00:00Z'],
			[Date.UTC(2025, 0, 2, 14, 3, 22, 999), '14:03:22Z'],
			[8.7e15, '–'],
		],
	],
	[
		formatPercent,
		[
			[0, '0%'],
			[0.0004, '0.1%'],
			[0.004, '0.4%'],
			[0.01, '1%'],
			[0.914, '91%'],
			[0.99, '99%'],
			[0.9973, '99.7%'],
			[0.9999, '99.9%'],
			[1, '100%'],
			[1.37, '137%'],
		],
	],
] as const;

describe.each(cases.map(([format, pairs]) => ({name: format.name, format, pairs})))('$name', ({format, pairs}) => {
	it.each(pairs.map(([value, text]) => ({value, text})))('prints $value as $text', ({value, text}) => {
		expect(format(value)).toBe(text);
	});

	it('prints a dash for what is not known', () => {
		expect([format(undefined), format(Number.NaN), format(Number.POSITIVE_INFINITY), format(undefined, {ascii: true})]).toEqual(['–', '–', '–', '-']);
	});
});

it('has a µ that ASCII can do without', () => {
	expect(formatMicros(85, {ascii: true})).toBe('85 us');
});

it('claims no part of a millisecond of a clock that has none', () => {
	expect([0, 0.4, 1, 12, 1410, -3].map(formatTook)).toEqual(['less than 1 ms', 'less than 1 ms', '1.00 ms', '12.0 ms', '1.41 s', '-3.00 ms']);
});

it.each([
	[3, '10 s'],
	[44, '40 s'],
	[89, '90 s'],
	[90, '2 min'],
	[2280, '38 min'],
	[5399, '90 min'],
	[5400, '2 h'],
	[18_100, '5 h'],
])('%i s are roughly %s', (seconds, text) => expect(roughly(seconds)).toBe(text));
