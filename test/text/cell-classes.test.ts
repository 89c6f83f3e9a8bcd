import stringWidth from 'string-width';
import {afterAll, expect, it} from 'vitest';
import {type CellClass, cellClass} from '../../src/text/cell-classes.ts';
import {openEmulator} from '../helpers/emulator.ts';

const emulator = openEmulator(1200);
afterAll(() => emulator.close());

const codePointsOf = (...kinds: readonly CellClass[]) =>
	Array.from({length: 0x110000}, (_, codePoint) => codePoint).filter(codePoint => kinds.includes(cellClass(codePoint)));
const widths = {unsafe: Number.NaN, narrow: 1, wide: 2, mark: 0} as const;

it('agrees with string-width, which lays out the rows, about every code point that is let through', () => {
	const wrong = codePointsOf('narrow', 'wide', 'mark').filter(
		codePoint => stringWidth(`a${String.fromCodePoint(codePoint)}b`) !== 2 + widths[cellClass(codePoint)],
	);
	expect(wrong.map(codePoint => codePoint.toString(16))).toEqual([]);
});

it('agrees with a terminal emulator about every code point that is let through', async () => {
	const all = codePointsOf('narrow', 'wide', 'mark');
	expect(all.length).toBeGreaterThan(80_000);
	const wrong: string[] = [];
	const perRow = 250;
	for (let from = 0; from < all.length; from += perRow) {
		const chunk = all.slice(from, from + perRow);
		await emulator.print(chunk.map(codePoint => `a${String.fromCodePoint(codePoint)}b`).join(''));
		let column = 0;
		for (const codePoint of chunk) {
			const width = widths[cellClass(codePoint)];
			if (emulator.cell(column + 1 + width).text !== 'b') wrong.push(codePoint.toString(16));
			column += 2 + width;
		}
	}
	expect(wrong).toEqual([]);
});

it('lets no control, format, surrogate, private, unassigned or separator code point through, and no blank but the space', () => {
	const wrong = codePointsOf('narrow', 'wide', 'mark').filter(codePoint =>
		/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(String.fromCodePoint(codePoint)),
	);
	expect(wrong).toEqual([0x20]);
});

it('lets no right-to-left letter through: terminals that reorder them move the cells beside them too', () => {
	const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}]/u;
	expect(codePointsOf('narrow', 'wide', 'mark').filter(codePoint => rightToLeft.test(String.fromCodePoint(codePoint)))).toEqual([]);
});

it('lets no code point through that joins its neighbour to one character: a row can be cut between any two', () => {
	// In texts of 200, each on a line of its own: a text for each of 100,000 takes seconds, one for all of them gigabytes.
	const characters = codePointsOf('narrow', 'wide').map(codePoint => String.fromCodePoint(codePoint));
	const joined = Array.from({length: Math.ceil(characters.length / 200)}, (_, batch) => joinedAmong(characters.slice(batch * 200, batch * 200 + 200))).flat();
	// The halfwidth voicing marks do, but they have a cell of their own everywhere.
	expect(joined).toEqual([0xff9e, 0xff9f]);
});

/** Those of the characters that do not stay apart from a letter, a syllable and their own like. */
function joinedAmong(characters: readonly string[]): readonly (number | undefined)[] {
	const counts = [0];
	for (const {segment} of new Intl.Segmenter().segment(characters.map(character => `a${character}${character}가b`).join('\n'))) {
		if (segment === '\n') counts.push(0);
		else counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
	}
	expect(counts).toHaveLength(characters.length);
	return characters.filter((_, index) => counts[index] !== 5).map(character => character.codePointAt(0));
}
