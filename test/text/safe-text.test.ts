import fc from 'fast-check';
import stringWidth from 'string-width';
import {afterAll, describe, expect, it} from 'vitest';
import {cellWidth, cut, pad, toCells, toVisible} from '../../src/text/safe-text.ts';
import {openEmulator} from '../helpers/emulator.ts';
import {foreignText, hostilePieces} from '../helpers/foreign-text.ts';

const emulator = openEmulator(2000);
afterAll(() => emulator.close());

/** C0, DEL, C1, bidi, zero-width and other format characters, separators, surrogates, private use, variation selectors, tags. */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f]/u;

describe('toVisible', () => {
	it.each([
		['plain text', 'GET user:1 {"a"}', 'GET user:1 {"a"}', 'GET user:1 {"a"}'],
		['nothing', '', '', ''],
		['a window title', '\u001b]0;x\u0007', '␛]0;x␇', '^[]0;x^G'],
		['a colour', '\u001b[31mred', '␛[31mred', '^[[31mred'],
		['newline, tab, return, NUL, DEL', '\n\t\r\0\u007f', '␊␉␍␀␡', '^J^I^M^@^?'],
		['an 8-bit control sequence', '\u009b2J', '‹9b›2J', '\\x9b2J'],
		['an override', 'a\u202eb', 'a‹202e›b', 'a\\u202eb'],
		['isolates', '\u2066x\u2069', '‹2066›x‹2069›', '\\u2066x\\u2069'],
		['zero width', 'a\u200bb\ufeffc', 'a‹200b›b‹feff›c', 'a\\u200bb\\ufeffc'],
		['a soft hyphen and a hard blank', 'a\u00ad\u00a0', 'a‹ad›‹a0›', 'a\\xad\\xa0'],
		['line separators', '\u2028\u2029', '‹2028›‹2029›', '\\u2028\\u2029'],
		['lone surrogates', 'x\ud800y\udfffz', 'x‹d800›y‹dfff›z', 'x\\ud800y\\udfffz'],
		['tags and selectors', '\u{e0041}\ufe0f', '‹e0041›‹fe0f›', '\\u{e0041}\\ufe0f'],
		['private use and unassigned', '\ue000\u0378', '‹e000›‹378›', '\\ue000\\u0378'],
		['an emoji', '🚀', '‹1f680›', '\\u{1f680}'],
		['an emoji with a skin tone', '👍🏽', '‹1f44d›‹1f3fd›', '\\u{1f44d}\\u{1f3fd}'],
		['a flag', '🇩🇪', '‹1f1e9›‹1f1ea›', '\\u{1f1e9}\\u{1f1ea}'],
		['a keycap', '1\ufe0f\u20e3', '1‹fe0f›‹20e3›', '1\\ufe0f\\u20e3'],
		['right-to-left letters', 'של', '‹5e9›‹5dc›', '\\u05e9\\u05dc'],
		['an accent apart from its letter', 'e\u0301', 'é', 'e\\u0301'],
		['an accent that has no composed letter', 'x\u0301', 'x\u0301', 'x\\u0301'],
		['an accent at the start', '\u0301a', '‹301›a', '\\u0301a'],
		['an accent on a sign', '=\u0338', '=‹338›', '=\\u0338'],
		['a heap of accents', 'x\u0301\u0302\u0303\u0304', 'x\u0301\u0302‹303›‹304›', 'x\\u0301\\u0302\\u0303\\u0304'],
		['Hangul in single jamo', '\u1112\u1161\u11ab\u1100\u1173\u11af', '한글', '\\u1112\\u1161\\u11ab\\u1100\\u1173\\u11af'],
		['a jamo alone', '\u1112', '‹1112›', '\\u1112'],
		['a voiced kana apart', 'か\u3099', 'が', '\\u304b\\u3099'],
		['wide text', '漢字かな한글Ａ𠀀', '漢字かな한글Ａ𠀀', '\\u6f22\\u5b57\\u304b\\u306a\\ud55c\\uae00\\uff21\\u{20000}'],
		[
			'European letters',
			'naïve Ωμέγα привет',
			'naïve Ωμέγα привет',
			'na\\xefve \\u03a9\\u03bc\\u03ad\\u03b3\\u03b1 \\u043f\\u0440\\u0438\\u0432\\u0435\\u0442',
		],
		['bytes that were no UTF-8', '\ufffd', '\ufffd', '\\ufffd'],
		['the console’s own signs', '│ ▸ ● … – ✓ ▁█', '│ ▸ ● … – ✓ ▁█', '\\u2502 \\u25b8 \\u25cf \\u2026 \\u2013 \\u2713 \\u2581\\u2588'],
	])('shows %s', (_what, text, visible, ascii) => {
		expect(toVisible(text)).toBe(visible);
		expect(toVisible(text, {ascii: true})).toBe(ascii);
	});

	it('leaves nothing that acts on a terminal, whatever comes in', () => {
		fc.assert(
			fc.property(foreignText, text => !forbidden.test(toVisible(text))),
			{numRuns: 2000},
		);
	});

	it('leaves nothing but printable ASCII when asked to', () => {
		fc.assert(
			fc.property(foreignText, text => /^[ -~]*$/.test(toVisible(text, {ascii: true}))),
			{numRuns: 1000},
		);
	});

	it.each([false, true])('changes nothing the second time (ascii %s)', ascii => {
		fc.assert(
			fc.property(foreignText, text => {
				const once = toVisible(text, {ascii});
				expect(toVisible(once, {ascii})).toBe(once);
			}),
			{numRuns: 2000},
		);
	});

	it('can be joined without looking again: two visible texts side by side are a visible text', () => {
		fc.assert(
			fc.property(foreignText, foreignText, (one, other) => {
				const joined = toVisible(one) + toVisible(other);
				expect(toVisible(joined)).toBe(joined);
			}),
			{numRuns: 2000},
		);
	});
});

describe('cellWidth', () => {
	it.each([
		['', 0],
		['abc', 3],
		['漢字', 4],
		['e\u0301', 1],
		['x\u0301', 1],
		['\u001b', 1],
		['\u009b', 4],
		['한', 2],
		['│', 1],
	])('of %j is %i', (text, width) => {
		expect(cellWidth(text)).toBe(width);
	});

	it('is how far an emulator’s cursor goes, and what Ink will reckon with', async () => {
		const check = async (text: string) => {
			const visible = toVisible(text);
			const printed = await emulator.print(`${visible}|`);
			expect({text: visible, columns: printed.columns - 1, ink: stringWidth(visible)}).toEqual({text: visible, columns: cellWidth(text), ink: cellWidth(text)});
			expect(emulator.cell(cellWidth(text)).text).toBe('|');
		};
		await check(hostilePieces.join(''));
		await fc.assert(fc.asyncProperty(foreignText, check), {numRuns: 1000});
	});
});

describe('cut and pad', () => {
	it.each([
		['abcdef', 3, 'abc'],
		['abc', 3, 'abc'],
		['abc', 0, ''],
		['漢字', 3, '漢'],
		['漢字', 1, ''],
		['漢字', 4, '漢字'],
		['x\u0301y', 1, 'x\u0301'],
		['\u001b[2J', 2, '␛['],
		['abc', -1, ''],
		['abc', 1.9, 'a'],
		['abc', Number.NaN, ''],
	])('cuts %j to %d cells as %j', (text, width, expected) => {
		expect(cut(text, width)).toBe(expected);
	});

	it.each([
		['ab', 4, 'left', 'ab  '],
		['ab', 4, 'right', '  ab'],
		['漢字', 3, 'left', '漢 '],
		['漢字', 3, 'right', ' 漢'],
		['abc', 2, 'left', 'ab'],
	] as const)('pads %j to %i cells, %s', (text, width, align, expected) => {
		expect(pad(text, width, align)).toBe(expected);
	});

	it('pads to exactly the width asked for', () => {
		fc.assert(
			fc.property(foreignText, fc.nat(80), fc.boolean(), (text, width, ascii) => {
				expect(cellWidth(pad(text, width, 'right', {ascii}), {ascii})).toBe(width);
			}),
			{numRuns: 1000},
		);
	});

	it('cuts a beginning of the visible text, even of one too long to look at as a whole', () => {
		fc.assert(
			fc.property(foreignText, fc.nat(40), (text, width) => {
				expect(toVisible(text).startsWith(cut(text, width))).toBe(true);
				const long = text.repeat(20);
				expect(toVisible(long).startsWith(cut(long, width))).toBe(true);
			}),
			{numRuns: 1000},
		);
		expect(cut('x'.repeat(5_000_000), 3)).toBe('xxx');
		expect(cut('x\u0301\u0302\u0303'.repeat(50), 9)).toBe('x\u0301\u0302‹303›x\u0301\u0302‹3');
	});
});

it.each([
	[3, 3],
	[3.7, 3],
	[-2, 0],
	[Number.NaN, 0],
	[Number.POSITIVE_INFINITY, 0],
])('takes %d as %i cells', (size, cells) => {
	expect(toCells(size)).toBe(cells);
});
