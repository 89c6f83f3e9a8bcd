import {blankRow, type Cells, toCells} from './cells.ts';
import {Pen, type Size} from './pen.ts';

type Shown = {readonly text: string; readonly cells: Cells};

const blank: Shown = {text: '', cells: blankRow};

/** What a terminal shows, as far as we have written it: blank at first. */
export class Picture {
	readonly size: Size;
	readonly #shown: Shown[];

	constructor(size: Size) {
		this.size = size;
		this.#shown = new Array<Shown>(size.rows).fill(blank);
	}

	/** The rows in which this frame differs, from top to bottom. Rows that the screen does not have are left out. */
	changedRows(frame: readonly string[]): readonly number[] {
		return this.#shown.flatMap(({text}, row) => (text === (frame[row] ?? '') ? [] : [row]));
	}

	/** What to write to show these rows of a frame: in their order, and the first of them and whatever else fits into so many bytes. The others stay as they are. */
	changesTo(frame: readonly string[], rows: readonly number[] = this.changedRows(frame), bytes = Number.POSITIVE_INFINITY): string {
		const pen = new Pen(this.size);
		for (const row of rows) {
			const text = frame[row] ?? '';
			const cells = toCells(text, this.size.columns);
			const room = pen.length === 0 ? Number.POSITIVE_INFINITY : bytes;
			if (!pen.changeWithin(room, row, this.#shown[row]?.cells ?? blankRow, cells)) break;
			this.#shown[row] = {text, cells};
		}
		return pen.end();
	}
}

/** A row of it would not fit. */
export const isTooWide = (frame: readonly string[], {columns}: Size): boolean => frame.some(row => toCells(row, columns).isCut);
