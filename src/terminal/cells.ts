import stringWidth from 'string-width';
import {cellClass} from '../text/cell-classes.ts';
import {plain, type Style, styled} from './style.ts';

/** One row of the screen, an entry a column; what lies behind the last entry is blank and plain. */
export type Cells = {
	/** What is drawn there: a letter with its marks. Empty in the columns that the letter before takes too. */
	readonly glyphs: readonly string[];
	readonly styles: readonly Style[];
	/** Columns of glyphs that terminals do not all count alike (emoji and their like): where the cursor stands behind them is not known. */
	readonly doubtful: readonly number[];
	/** Not all of the text fitted. */
	readonly isCut: boolean;
};

type Cluster = {readonly glyph: string; readonly width: number; readonly isSure: boolean};

export const blankRow: Cells = {glyphs: [], styles: [], doubtful: [], isCut: false};

const escapeCode = 0x1b;
const anySequence = /\u001B(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~]?)/y;
/** Made when it is needed: the first one of a process takes milliseconds. */
let segmenter: Intl.Segmenter | undefined;

/** The cells that a row of text with SGR sequences fills, from a plain style on. All else that is not printed is left out. */
export function toCells(text: string, columns: number): Cells {
	const cells = {glyphs: [] as string[], styles: [] as Style[], doubtful: [] as number[], isCut: false};
	let style = plain;
	for (let at = 0; at < text.length && !cells.isCut; ) {
		const code = text.charCodeAt(at);
		if (code === escapeCode) {
			const end = sgrEnd(text, at);
			if (end !== undefined) style = styled(style, text.slice(at + 2, end - 1));
			at = end ?? sequenceEnd(text, at);
		} else if (code < 0x20) at += 1;
		else at = addPrinted(cells, text, at, style, columns);
	}
	return cells;
}

type Growing = {readonly glyphs: string[]; readonly styles: Style[]; readonly doubtful: number[]; isCut: boolean};

/** One letter, or all the ASCII that comes at once. Where it ends. */
function addPrinted(cells: Growing, text: string, at: number, style: Style, columns: number): number {
	const end = asciiEnd(text, at);
	const {glyphs, styles} = cells;
	const last = Math.min(end, at + columns - glyphs.length);
	for (let next = at; next < last; next++) {
		glyphs.push(text.charAt(next));
		styles.push(style);
	}
	cells.isCut ||= last < end;
	if (end > at) return end;
	const cluster = clusterAt(text, at);
	add(cells, cluster, style, columns);
	return at + cluster.glyph.length;
}

/** Behind the printable ASCII that begins here and has nothing behind it that could change it. */
function asciiEnd(text: string, at: number): number {
	let end = at;
	let code = text.charCodeAt(end);
	while (code >= 0x20 && code <= 0x7e) code = text.charCodeAt(++end);
	return code > 0x7e && end > at ? end - 1 : end;
}

function add(cells: Growing, {glyph, width, isSure}: Cluster, style: Style, columns: number): void {
	if (width === 0) return;
	if (cells.glyphs.length + width > columns) {
		cells.isCut = true;
		return;
	}
	if (!isSure) cells.doubtful.push(cells.glyphs.length);
	cells.glyphs.push(glyph);
	cells.styles.push(style);
	for (let rest = width - 1; rest > 0; rest--) {
		cells.glyphs.push('');
		cells.styles.push(style);
	}
}

/** Where the SGR sequence at this place ends; undefined if it is another one. */
function sgrEnd(text: string, at: number): number | undefined {
	let end = at + 2;
	while (isDigitOrSemicolon(text.charCodeAt(end))) end++;
	return text[at + 1] === '[' && text[end] === 'm' ? end + 1 : undefined;
}

function sequenceEnd(text: string, at: number): number {
	anySequence.lastIndex = at;
	anySequence.test(text);
	return anySequence.lastIndex;
}

const isDigitOrSemicolon = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === 0x3b;

/** The letter at this place with its marks. Beyond what the table of agreed widths knows, Ink's own measure counts, and terminals may differ. */
function clusterAt(text: string, at: number): Cluster {
	const base = text.codePointAt(at) ?? 0;
	const kind = cellClass(base);
	let end = at + (base > 0xffff ? 2 : 1);
	if (kind === 'narrow' || kind === 'wide') {
		let next = classAt(text, end);
		while (next === 'mark') next = classAt(text, ++end);
		if (next !== 'unsafe') return {glyph: text.slice(at, end), width: kind === 'wide' ? 2 : 1, isSure: true};
	}
	const stop = text.indexOf('\u001B', at);
	const glyph = firstGrapheme(text.slice(at, stop === -1 ? text.length : stop));
	return {glyph, width: stringWidth(glyph), isSure: false};
}

/** Undefined where nothing follows, or a control character, which is no part of a letter. */
function classAt(text: string, at: number) {
	const codePoint = text.codePointAt(at);
	return codePoint === undefined || codePoint < 0x20 ? undefined : cellClass(codePoint);
}

function firstGrapheme(text: string): string {
	segmenter ??= new Intl.Segmenter();
	for (const {segment} of segmenter.segment(text)) return segment;
	return text;
}
