import {cellClass} from './cell-classes.ts';

/** `ascii`: nothing but U+0020 to U+007E may come out. */
export type TextOptions = {readonly ascii?: boolean};
export type Align = 'left' | 'right';

const plainAscii = /^[ -~]*$/;
/** What NFC turns into fewer code points: a letter with marks, and Hangul that arrives as single jamo (as macOS writes it). */
const composable = /(?:[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]|[\p{L}\p{N}](?=\p{Mn}))\p{Mn}*/gu;
const letter = /[\p{L}\p{N}]/u;
/** More would grow into the rows above. Thai needs two (vowel and tone); Vietnamese composes. */
const maxMarks = 2;

/**
 * Foreign text as one row of cells that every terminal counts alike: controls, escape codes, bidi and zero-width characters, stray
 * combining marks and whatever terminals disagree about become visible symbols (ESC `␛`, newline `␊`, U+009B `‹9b›`; in ASCII `^[`,
 * `^J`, `\x9b`). Letters with accents and East Asian text stay readable. Total, and idempotent, so applying it twice does no harm.
 */
export function toVisible(text: string, {ascii = false}: TextOptions = {}): string {
	if (plainAscii.test(text)) return text;
	return ascii ? text.replace(/[^ -~]/gu, asciiForm) : visibleUnicode(text);
}

function visibleUnicode(text: string): string {
	let visible = '';
	let base = '';
	let marks = 0;
	for (const character of text.replace(composable, run => run.normalize('NFC'))) {
		const kind = cellClass(character.codePointAt(0) ?? 0);
		if (kind === 'mark' && marks < maxMarks && letter.test(base)) {
			marks += 1;
			visible += character;
		} else if (kind === 'mark' || kind === 'unsafe') {
			base = '';
			visible += unicodeForm(character);
		} else {
			base = character;
			marks = 0;
			visible += character;
		}
	}
	return visible;
}

function unicodeForm(character: string): string {
	const codePoint = character.codePointAt(0) ?? 0;
	if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
	return codePoint === 0x7f ? '␡' : `‹${codePoint.toString(16)}›`;
}

function asciiForm(character: string): string {
	const codePoint = character.codePointAt(0) ?? 0;
	// Caret notation flips bit 6: ESC is ^[, newline ^J, DEL ^?.
	if (codePoint < 0x80) return `^${String.fromCodePoint(codePoint ^ 0x40)}`;
	const hex = codePoint.toString(16);
	if (codePoint < 0x100) return `\\x${hex}`;
	return codePoint < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** How many cells the text takes once it is visible. */
export function cellWidth(text: string, options?: TextOptions): number {
	return visibleWidth(toVisible(text, options));
}

/** The same for text that is visible already. */
export function visibleWidth(visible: string): number {
	if (plainAscii.test(visible)) return visible.length;
	let width = 0;
	for (const character of visible) width += widthOf(character);
	return width;
}

function widthOf(character: string): number {
	const kind = cellClass(character.codePointAt(0) ?? 0);
	if (kind === 'mark') return 0;
	return kind === 'wide' ? 2 : 1;
}

/** The longest beginning that fits `width` cells, made visible. Never half a wide character, never a letter without its marks. */
export function cut(text: string, width: number, options?: TextOptions): string {
	const room = toCells(width);
	const visible = visiblePart(text, room, options);
	if (plainAscii.test(visible)) return visible.slice(0, room);
	let used = 0;
	let end = 0;
	for (const character of visible) {
		used += widthOf(character);
		if (used > room) break;
		end += character.length;
	}
	return visible.slice(0, end);
}

/**
 * The text made visible, as far as `width` cells can show it and then some: a script body of a megabyte costs no more than a row.
 * One cell takes six code units at most: a letter, three marks that compose with it, and two more.
 */
export function visiblePart(text: string, width: number, options?: TextOptions): string {
	return toVisible(text.slice(0, 8 * (width + 1)), options);
}

/** Exactly `width` cells: made visible, cut without a sign, filled with blanks. */
export function pad(text: string, width: number, align: Align = 'left', options?: TextOptions): string {
	const part = cut(text, width, options);
	const blanks = ' '.repeat(toCells(width) - visibleWidth(part));
	return align === 'right' ? blanks + part : part + blanks;
}

/** A size from a layout computation as a whole number of cells, zero at least. */
export function toCells(size: number): number {
	return Number.isFinite(size) ? Math.max(0, Math.floor(size)) : 0;
}
