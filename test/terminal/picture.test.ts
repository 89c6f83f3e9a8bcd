import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {toCells} from '../../src/terminal/cells.ts';
import {isTooWide, Picture} from '../../src/terminal/picture.ts';
import {openGrid} from '../helpers/cell-grid.ts';
import {nextFrame, randomFrame} from '../helpers/random-frames.ts';
import {writtenCells} from '../helpers/written-cells.ts';

const size = {columns: 24, rows: 4};
const bold = (text: string) => `\u001B[1;7m${text}\u001B[27;22m`;

/** What must be seen, told to the terminal without any cleverness. */
const asTold = (frame: readonly string[], rows: number) =>
	frame
		.slice(0, rows)
		.map((row, index) => `\u001B[${index + 1};1H\u001B[m${row}`)
		.join('');

const steps: readonly (readonly [string, readonly string[], readonly string[]])[] = [
	['nothing changed', ['one', 'two'], ['one', 'two']],
	['one row', ['one', 'two', 'three'], ['one', 'TWO', 'three']],
	['a shorter row', ['a long one'], ['short']],
	['a row as wide as the screen', ['short'], ['0123456789abcdefghijklmn']],
	['from a row as wide as the screen', ['0123456789abcdefghijklmn', 'next'], ['0123456789abcdefghijklm', 'next']],
	['the last row full', ['', '', '', '0123456789abcdefghijklmn'], ['', '', '', 'nmlkjihgfedcba9876543210']],
	['fewer rows', ['one', 'two', 'three', 'four'], ['one']],
	['more rows', ['one'], ['one', 'two', 'three', 'four']],
	['more rows than there are', ['one'], ['1', '2', '3', '4', '5', '6']],
	['wide characters', ['漢字漢字漢'], ['a漢字b']],
	['wide characters to the edge', ['ab'], ['漢字漢字漢字漢字漢字漢字']],
	['half of a wide character overwritten', ['漢字'], ['a漢']],
	['attributes', [bold('one')], ['one']],
	['attributes that are left on', ['\u001B[7mone', 'two'], ['\u001B[7mONE', 'two']],
	['blanks in a colour', ['one\u001B[44m      ', 'two'], ['\u001B[44m      ', 'two']],
	['plain blanks behind a colour', ['\u001B[44m            '], ['\u001B[44m  ']],
	['a sequence that is no look of letters', ['\u001B[4:3mone\u001B[5n\u001B]8;;http://h/\u0007two\u001B]8;;\u0007'], ['three']],
];

describe('Picture', () => {
	it.each(steps)('a terminal that shows the one frame shows the next: %s', async (_what, before, after) => {
		const terminal = openGrid(size);
		await terminal.reset();
		await terminal.write(asTold(after, size.rows));
		const expected = terminal.cells();
		await terminal.reset();
		const picture = new Picture(size);
		await terminal.write(picture.changesTo(before));
		await terminal.write(picture.changesTo(after));
		expect(terminal.cells()).toEqual(expected);
	});

	it('any frames in turn, cell for cell, as if the last had been written alone', async () => {
		const terminal = openGrid(size);
		const frames = fc.array(fc.tuple(randomFrame({...size, doubtful: false}), fc.nat(255)), {minLength: 1, maxLength: 4});
		const check = async (all: readonly (readonly [readonly string[], number])[]) => {
			await terminal.reset();
			const picture = new Picture(size);
			let last: readonly string[] = [];
			for (const [other, mask] of all) {
				last = mask % 3 === 0 ? other : nextFrame(last.length > 0 ? last : other, other, mask);
				await terminal.write(picture.changesTo(last));
			}
			const shown = terminal.cells();
			expect(terminal.scrolled()).toBe(0);
			await terminal.reset();
			await terminal.write(asTold(last, size.rows));
			expect(shown).toEqual(terminal.cells());
		};
		await fc.assert(fc.asyncProperty(frames, check), {numRuns: 120});
	});

	it('comes to the same picture by any way where terminals count cells otherwise, and never scrolls', async () => {
		const terminal = openGrid(size);
		const frame = randomFrame({...size, doubtful: true});
		const check = async (all: readonly (readonly string[])[], last: readonly string[]) => {
			await terminal.reset();
			const picture = new Picture(size);
			for (const next of [...all, last]) await terminal.write(picture.changesTo(next));
			const shown = terminal.cells();
			expect(terminal.scrolled()).toBe(0);
			await terminal.reset();
			await terminal.write(new Picture(size).changesTo(last));
			expect(shown).toEqual(terminal.cells());
		};
		await fc.assert(fc.asyncProperty(fc.array(frame, {maxLength: 3}), frame, check), {numRuns: 80});
	});

	it('goes from one size to another, blank in between', async () => {
		const terminal = openGrid(size);
		const sized = fc
			.record({columns: fc.integer({min: 4, max: 30}), rows: fc.integer({min: 1, max: 6})})
			.chain(next => randomFrame({...next, doubtful: true}).map(frame => ({next, frame})));
		const check = async (all: readonly {readonly next: typeof size; readonly frame: readonly string[]}[]) => {
			terminal.resize(size);
			await terminal.reset();
			for (const {next, frame} of all) {
				terminal.resize(next);
				await terminal.write(`\u001B[m\u001B[H\u001B[J${new Picture(next).changesTo(frame)}`);
			}
			const shown = terminal.cells();
			await terminal.reset();
			const last = all.at(-1);
			if (last) await terminal.write(new Picture(last.next).changesTo(last.frame));
			expect(shown).toEqual(terminal.cells());
		};
		await fc.assert(fc.asyncProperty(fc.array(sized, {minLength: 1, maxLength: 3}), check), {numRuns: 40});
	});

	it('shows any rows first, and the others later', async () => {
		const terminal = openGrid(size);
		const frame = randomFrame({...size, doubtful: false});
		const check = async (first: readonly string[], last: readonly string[], order: readonly number[], length: number) => {
			await terminal.reset();
			const picture = new Picture(size);
			await terminal.write(picture.changesTo(first));
			await terminal.write(picture.changesTo(last, order, length));
			while (picture.changedRows(last).length > 0) await terminal.write(picture.changesTo(last, picture.changedRows(last), length));
			const shown = terminal.cells();
			await terminal.reset();
			await terminal.write(asTold(last, size.rows));
			expect(shown).toEqual(terminal.cells());
		};
		await fc.assert(fc.asyncProperty(frame, frame, fc.shuffledSubarray([0, 1, 2, 3]), fc.nat(100), check), {numRuns: 40});
	});

	it('writes no cell that stays as it is, but to get over a few of them, or to erase blanks', () => {
		const frame = randomFrame({...size, doubtful: false});
		const check = (before: readonly string[], other: readonly string[], mask: number) => {
			const after = nextFrame(before, other, mask);
			const picture = new Picture(size);
			picture.changesTo(before);
			for (const [row, columns] of writtenCells(picture.changesTo(after))) {
				const [old, next] = [before, after].map(rows => toCells(rows[row] ?? '', size.columns));
				// The second half of a wide letter goes with the first.
				const isSame = (column: number): boolean =>
					old?.glyphs[column] === next?.glyphs[column] && old?.styles[column] === next?.styles[column] && (next?.glyphs[column] !== '' || isSame(column - 1));
				const stretches = [...columns]
					.sort((a, b) => a - b)
					.map(column => (isSame(column) ? 's' : 'c'))
					.join('');
				expect(stretches).not.toMatch(/s{9}|s$/);
			}
		};
		fc.assert(fc.property(frame, frame, fc.nat(255), check), {numRuns: 200});
	});

	it.each([
		['nothing', ['one', 'two'], ['one', 'two'], ''],
		['one letter', ['one', 'two'], ['one', 'twO'], '\u001B[2;3HO'],
		['the next row', ['1', '2'], ['3', '4'], '\u001B[1H3\r\n4'],
		['a column of figures', ['a  10', 'a  11'], ['a  20', 'a  21'], '\u001B[1;4H2\u001B[B\b2'],
		['a gap that is cheaper to write', ['1-2'], ['3-4'], '\u001B[1H3-4'],
		['a gap that is not', ['1-----------2'], ['3-----------4'], '\u001B[1H3\u001B[11C4'],
		['the end of a row', ['a long row'], ['a'], '\u001B[1;3H\u001B[K'],
		['a colour', ['a\u001B[31mb'], ['a\u001B[32mb'], '\u001B[1;2H\u001B[32mb\u001B[m'],
		['emoji', ['😀b'], ['😀c'], '\u001B[1H\u001B[K😀\u001B[1;3Hc'],
	])('costs no more than it must: %s', (_what, before, after, bytes) => {
		const picture = new Picture(size);
		picture.changesTo(before);
		expect(picture.changesTo(after)).toBe(bytes);
	});
});

it.each([
	['0123456789', false],
	['0123456789a', true],
	['漢字漢字漢', false],
	['漢字漢字漢a', true],
	[bold('0123456789'), false],
])('knows which row would not fit: %s', (row, expected) => {
	expect(isTooWide(['', row], {columns: 10, rows: 2})).toBe(expected);
});
