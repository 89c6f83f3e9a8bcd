import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {toVisible} from '../../../src/text/safe-text.ts';
// Renamed, because the linter takes a call of `fit` for a focused test.
import {fit as fitted, type Line, line, lineWidth, mergeSpans, type Span, spread} from '../../../src/views/kit/line.ts';
import {foreignText} from '../../helpers/foreign-text.ts';

const textOf = (content: Line) => content.map(span => span.text).join('');

const foreignLine = fc.array(
	fc.record({text: foreignText, tone: fc.constantFrom('plain', 'dim', 'bad'), inverse: fc.boolean()} satisfies Record<keyof Span, unknown>),
	{maxLength: 6},
);

describe('line', () => {
	it('takes texts, spans and lines, and leaves out what is absent', () => {
		const inner = line('b', {text: 'c', tone: 'bad'});
		expect(line('a', inner, undefined, false, {text: 'd', inverse: true})).toEqual([
			{text: 'a'},
			{text: 'b'},
			{text: 'c', tone: 'bad'},
			{text: 'd', inverse: true},
		]);
	});

	it('is as wide as its texts are once visible', () => {
		expect(lineWidth(line('漢字', {text: '\u001b[m'}))).toBe(7);
		expect(lineWidth(line('é'), {ascii: true})).toBe(4);
	});
});

describe('mergeSpans', () => {
	it('joins neighbours that look the same and drops empty ones', () => {
		expect(
			mergeSpans([{text: 'a'}, {text: '', tone: 'bad'}, {text: 'b', tone: 'plain'}, {text: 'c', tone: 'bad'}, {text: 'd', tone: 'bad', inverse: true}]),
		).toEqual([{text: 'ab'}, {text: 'c', tone: 'bad'}, {text: 'd', tone: 'bad', inverse: true}]);
	});
});

describe('fit', () => {
	it.each([
		['short', line('ab'), 4, {}, 'ab  '],
		['short, to the right', line('ab'), 4, {align: 'right'}, '  ab'],
		['exact', line('abcd'), 4, {}, 'abcd'],
		['too long', line('abcdef'), 4, {}, 'abc…'],
		['too long, in ASCII', line('abcdef'), 4, {ascii: true}, 'abc~'],
		['too long, cut in silence', line('abcdef'), 4, {ellipsis: ''}, 'abcd'],
		['too long by a span', line('ab', {text: 'cd', tone: 'bad'}, 'ef'), 4, {}, 'abc…'],
		['cut where a span begins', line('abc', {text: 'def', tone: 'bad'}), 4, {}, 'abc…'],
		['wide, exact', line('漢字'), 4, {}, '漢字'],
		['wide, cut in half', line('漢字漢'), 4, {}, '漢… '],
		['wide, no room', line('漢字'), 1, {}, '…'],
		['one cell', line('ab'), 1, {}, '…'],
		['no cell', line('ab'), 0, {}, ''],
		['less than no cell', line('ab'), -3, {}, ''],
		['nothing', line(), 3, {}, '   '],
		['foreign', line('a\u001b[2Jb'), 8, {}, 'a␛[2Jb  '],
		['foreign, in ASCII', line('a\u001b[2J\u202e'), 14, {ascii: true}, 'a^[[2J\\u202e  '],
	] as const)('makes what is %s fit', (_what, content, width, options, expected) => {
		expect(textOf(fitted(content, width, options))).toBe(expected);
	});

	it('keeps the tones, and gives the sign of a cut the tone of what was cut', () => {
		expect(fitted(line('ab', {text: 'cdef', tone: 'bad'}), 5)).toEqual([{text: 'ab'}, {text: 'cd…', tone: 'bad'}]);
	});

	it.each([false, true])('gives exactly the width, whatever comes in, with no half character (ascii %s)', ascii => {
		fc.assert(
			fc.property(foreignLine, fc.nat(200), fc.constantFrom('left', 'right'), (content, width, align) => {
				const row = fitted(content, width, {align, ascii});
				const text = textOf(row);
				expect(lineWidth(row, {ascii})).toBe(width);
				expect(toVisible(text, {ascii})).toBe(text);
				expect(fitted(row, width, {align, ascii})).toEqual(row);
			}),
			{numRuns: 1000},
		);
	});

	it('does not look at what lies beyond the row', () => {
		expect(textOf(fitted(line('\u001b'.repeat(5_000_000)), 3))).toBe('␛␛…');
	});
});

describe('spread', () => {
	it.each([
		['room for both', 'left', 'right', 12, 'left   right'],
		['left cut', 'long left', 'right', 11, 'long… right'],
		['only right', 'left', 'right', 5, 'right'],
		['right cut', 'left', 'right', 3, 'ri…'],
		['no right', 'left', '', 6, 'left  '],
		['no left', '', 'right', 7, '  right'],
		['no width', 'left', 'right', 0, ''],
	])('with %s', (_what, left, right, width, expected) => {
		expect(textOf(spread(line(left), line(right), width))).toBe(expected);
	});

	it('gives exactly the width', () => {
		fc.assert(
			fc.property(foreignLine, foreignLine, fc.nat(120), (left, right, width) => {
				expect(lineWidth(spread(left, right, width))).toBe(width);
			}),
			{numRuns: 500},
		);
	});
});
