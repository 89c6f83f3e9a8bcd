import fc from 'fast-check';
import stringWidth from 'string-width';

/** Glyphs whose cells every terminal counts alike. */
const sureGlyphs = ['a', 'b', 'Z', '7', ' ', ' ', '│', '═', '▂', 'é', 'e\u0301', 'ü', '…', '漢', '字', '한', 'か\u3099', 'ก\u0e34\u0e48', 'Ａ'];
/** Glyphs over which they are at odds: Unicode 6 against 15, one code point against the whole cluster, text against emoji. */
const doubtfulGlyphs = ['😀', '👨‍👩‍👧', '☎️', '🇩🇪', '✈\uFE0E', '1️⃣', '👍🏽', '\u1100\u1161', 'क्षि', '\u200b', '⌚'];

const colour = (base: number) =>
	fc.oneof(
		fc.constantFrom(...[0, 1, 4, 7, 60, 63].map(offset => String(base + offset))),
		fc.constantFrom(0, 9, 16, 200, 255).map(number => `${base + 8};5;${number}`),
		fc.constantFrom('0;0;0', '1;2;3', '255;128;7').map(rgb => `${base + 8};2;${rgb}`),
	);
/** What a program writes between letters: attributes and colours, and how they end. */
const sgr = fc
	.array(fc.oneof(fc.constantFrom('0', '1', '2', '3', '4', '7', '9', '22', '23', '24', '27', '29', '39', '49', ''), colour(30), colour(40)), {
		minLength: 1,
		maxLength: 3,
	})
	.map(codes => `\u001B[${codes.join(';')}m`);

type Options = {readonly columns: number; readonly rows: number; readonly doubtful: boolean};

/** A frame as Ink writes it: rows of letters and SGR sequences. Many rows end in the last column, some have more of them than the screen, or fewer. */
export function randomFrame({columns, rows, doubtful}: Options): fc.Arbitrary<readonly string[]> {
	const glyph = doubtful ? fc.constantFrom(...sureGlyphs, ...doubtfulGlyphs) : fc.constantFrom(...sureGlyphs);
	const piece = fc.oneof({weight: 4, arbitrary: glyph}, {weight: 1, arbitrary: sgr});
	const row = fc.array(piece, {maxLength: 2 * columns, size: 'max'}).map(pieces => fitted(pieces, columns));
	return fc.array(fc.oneof({weight: 1, arbitrary: fc.constant('')}, {weight: 5, arbitrary: row}), {maxLength: rows + 1});
}

/** The same frame with a few rows of another, and some rows that differ in one letter: what a tick makes of it. */
export function nextFrame(frame: readonly string[], other: readonly string[], mask: number): readonly string[] {
	return frame.map((row, index) => {
		if (mask & (1 << index)) return row;
		return mask & (16 << index) ? row.replace(/[abZ7](?![^\u001B]*m)/, letter => (letter === 'a' ? 'b' : 'a')) : (other[index] ?? row);
	});
}

const widths = new Map([...sureGlyphs, ...doubtfulGlyphs].map(glyph => [glyph, stringWidth(glyph)]));

function fitted(pieces: readonly string[], columns: number): string {
	let text = '';
	let used = 0;
	for (const piece of pieces) {
		const width = widths.get(piece) ?? 0;
		if (used + width > columns) continue;
		text += piece;
		used += width;
	}
	return text;
}
