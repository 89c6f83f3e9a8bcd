import type {Cells} from './cells.ts';
import {plain, type Style, sgrBetween} from './style.ts';

export type Size = {readonly columns: number; readonly rows: number};

const eraseToLineEnd = '\u001B[K';
/** A cursor move takes seven bytes or so, and cells of another look need more than one each. */
const longestBridge = 8;

/**
 * Writes changes of rows in the fewest bytes, with what a VT100 and all its heirs understand: cursor moves, SGR, erase to the line's end. It begins with
 * the cursor anywhere, in a plain style, and ends so. The terminal must not wrap (DECAWM off): nothing of one row can get into another.
 */
export class Pen {
	#output = '';
	#row = -1;
	/** Undefined where it is not known: at the start, at the right edge, and behind what terminals count differently. */
	#column: number | undefined;
	#style: Style = plain;
	readonly #columns: number;

	constructor({columns}: Pick<Size, 'columns'>) {
		this.#columns = columns;
	}

	/** How many bytes have been written so far. */
	get length(): number {
		return Buffer.byteLength(this.#output);
	}

	/** All that has been written, and the style put back. */
	end(): string {
		this.#setStyle(plain);
		return this.#output;
	}

	/** A change only if it fits into so many bytes with all that was written before. False: nothing has been written. */
	changeWithin(bytes: number, row: number, before: Cells, after: Cells): boolean {
		const start = {output: this.#output, row: this.#row, column: this.#column, style: this.#style};
		this.change(row, before, after);
		if (bytes === Number.POSITIVE_INFINITY || this.length <= bytes) return true;
		this.#output = start.output;
		this.#row = start.row;
		this.#column = start.column;
		this.#style = start.style;
		return false;
	}

	/** Turns the one row of cells into the other. */
	change(row: number, before: Cells, after: Cells): void {
		if (before.doubtful.length > 0 || after.doubtful.length > 0) this.#anew(row, after);
		else this.#changed(row, before, after);
	}

	#changed(row: number, before: Cells, after: Cells): void {
		const inkEnd = inkEndOf(after);
		const end = differenceEnd(before, after);
		// Blanks up to there are written; from there on the rest of the line is erased.
		const eraseFrom = end - inkEnd > eraseToLineEnd.length ? inkEnd : end;
		for (let column = nextDifference(before, after, 0, end); column < end; column = nextDifference(before, after, column, end)) {
			if (column >= eraseFrom && end - column > eraseToLineEnd.length) {
				this.#erase(row, column, after);
				return;
			}
			column = this.#putRun(row, column, before, after, column < eraseFrom ? eraseFrom : end);
		}
	}

	/** Glyphs of one style, as far as they differ from what is there. Where it has got to. */
	#putRun(row: number, from: number, before: Cells, after: Cells, end: number): number {
		const {glyphs, styles} = after;
		const style = styleAt(after, from);
		let column = from + this.#put(row, from, after);
		const last = Math.min(end, glyphs.length);
		while (column < last && styles[column] === style && glyphs[column] !== '' && !isSame(before, after, column)) {
			this.#output += glyphs[column];
			column = nextColumn(after, column);
		}
		this.#column = column < this.#columns ? column : undefined;
		return column;
	}

	/** From its first column: where a glyph of doubtful width ends is known only to the terminal, so each column is aimed at. */
	#anew(row: number, cells: Cells): void {
		this.#erase(row, 0, cells);
		const inkEnd = inkEndOf(cells);
		for (let column = 0; column < inkEnd; ) {
			const width = this.#put(row, column, cells);
			if (cells.doubtful.includes(column)) this.#column = undefined;
			column += width;
		}
	}

	#erase(row: number, column: number, cells: Cells): void {
		this.#moveTo(row, column, cells, plain);
		this.#setStyle(plain);
		this.#output += eraseToLineEnd;
	}

	/** One glyph; the columns it takes. */
	#put(row: number, column: number, cells: Cells): number {
		const style = styleAt(cells, column);
		this.#moveTo(row, column, cells, style);
		this.#setStyle(style);
		this.#output += glyphAt(cells, column);
		const next = nextColumn(cells, column);
		this.#column = next < this.#columns ? next : undefined;
		return next - column;
	}

	#setStyle(style: Style): void {
		this.#output += sgrBetween(this.#style, style);
		this.#style = style;
	}

	/** The cheapest way there, for writing in this style. What lies left of it in this row is on the screen already as `cells` has it. */
	#moveTo(row: number, column: number, cells: Cells, style: Style): void {
		if (row === this.#row && column === this.#column) return;
		const to = {row, column, cells, style};
		let best: Way = {text: column === 0 ? `\u001B[${row + 1}H` : `\u001B[${row + 1};${column + 1}H`, style: this.#style};
		for (const way of this.#nearWays(to)) if (way && costOf(way, style) < costOf(best, style)) best = way;
		this.#output += best.text;
		this.#style = best.style;
		this.#row = row;
		this.#column = column;
	}

	/** Moves that begin where the cursor is; none where that is not known. */
	#nearWays({row, column, cells}: Target): readonly (Way | undefined)[] {
		if (this.#row === -1) return [];
		const style = this.#style;
		if (row === this.#row) {
			if (this.#column === undefined || this.#column > column) return [];
			return [{text: forward(column - this.#column), style}, bridge(cells, this.#column, column, {text: '', style})];
		}
		const ways: (Way | undefined)[] = [];
		if (row === this.#row + 1) ways.push({text: `\r\n${forward(column)}`, style}, bridge(cells, 0, column, {text: '\r\n', style}));
		if (row > this.#row && this.#column !== undefined) ways.push({text: down(row - this.#row) + sideways(column - this.#column), style});
		return ways;
	}
}

/** What to write, and the style that it leaves. */
type Way = {readonly text: string; readonly style: Style};
type Target = {readonly row: number; readonly column: number; readonly cells: Cells};

const costOf = ({text, style}: Way, target: Style): number => Buffer.byteLength(text) + sgrBetween(style, target).length;

/** Gets over a few cells by writing what they show. Undefined where there are more. */
function bridge(cells: Cells, from: number, to: number, start: Way): Way | undefined {
	if (to - from > longestBridge) return undefined;
	let {text, style} = start;
	for (let column = from; column < to; column++) {
		const next = styleAt(cells, column);
		text += sgrBetween(style, next) + glyphAt(cells, column);
		style = next;
	}
	return {text, style};
}

const times = (count: number): string => (count === 1 ? '' : String(count));
const forward = (count: number): string => (count === 0 ? '' : `\u001B[${times(count)}C`);
const down = (count: number): string => `\u001B[${times(count)}B`;

function sideways(count: number): string {
	if (count >= 0) return forward(count);
	return count >= -3 ? '\b'.repeat(-count) : `\u001B[${-count}D`;
}

const glyphAt = ({glyphs}: Cells, column: number): string => glyphs[column] ?? ' ';
const styleAt = ({styles}: Cells, column: number): Style => styles[column] ?? plain;

const isSame = (before: Cells, after: Cells, column: number): boolean =>
	glyphAt(before, column) === glyphAt(after, column) && styleAt(before, column) === styleAt(after, column);

/** The first column from this one on in which the rows differ; `end` where there is none before. Most of all cells pass through here. */
function nextDifference(before: Cells, after: Cells, from: number, end: number): number {
	const {glyphs: glyphsBefore, styles: stylesBefore} = before;
	const {glyphs, styles} = after;
	const both = Math.min(end, glyphsBefore.length, glyphs.length);
	let column = from;
	while (column < both && glyphs[column] === glyphsBefore[column] && styles[column] === stylesBefore[column]) column += 1;
	while (column < end && isSame(before, after, column)) column += 1;
	return column;
}

/** The column behind the glyph that begins at this one. */
function nextColumn({glyphs}: Cells, column: number): number {
	let next = column + 1;
	while (glyphs[next] === '') next += 1;
	return next;
}

/** From here on there is nothing but plain blanks. */
function inkEndOf(cells: Cells): number {
	let end = cells.glyphs.length;
	while (end > 0 && glyphAt(cells, end - 1) === ' ' && styleAt(cells, end - 1) === plain) end -= 1;
	return end;
}

/** From here on the rows are the same. */
function differenceEnd(before: Cells, after: Cells): number {
	let end = Math.max(before.glyphs.length, after.glyphs.length);
	if (before.glyphs.length === after.glyphs.length) {
		const {glyphs: glyphsBefore, styles: stylesBefore} = before;
		const {glyphs, styles} = after;
		while (end > 0 && glyphs[end - 1] === glyphsBefore[end - 1] && styles[end - 1] === stylesBefore[end - 1]) end -= 1;
		return end;
	}
	while (end > 0 && isSame(before, after, end - 1)) end -= 1;
	return end;
}
