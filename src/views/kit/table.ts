import {glyphsFor} from '../../text/glyphs.ts';
import {type Align, cellWidth, type TextOptions, toCells} from '../../text/safe-text.ts';
import {addSpan, fit, type Line, mergeSpans, type Span, type Tone} from './line.ts';

/**
 * `width` in cells: fixed, or the least a `grow` column may have; by default as wide as its title. What is left over goes to the `grow`
 * columns in equal parts. When the row is too narrow the column with the highest `priority` goes first; 0 or none never goes.
 */
export type Column = {
	readonly title: string;
	readonly width?: number;
	readonly grow?: boolean;
	readonly align?: 'right';
	readonly priority?: number;
};
export type Cell = string | Span;
/**
 * Indexes count in `rows` as given (the window on screen). With `selectedIndex` or `markedIndexes` every row begins with a gutter of two cells,
 * cursor and mark; pass -1 where rows can be selected and none is, so that nothing jumps. `sortedBy.column` counts in `columns`.
 */
export type TableOptions = TextOptions & {
	readonly columns: readonly Column[];
	readonly rows: readonly (readonly Cell[])[];
	readonly width: number;
	readonly selectedIndex?: number;
	readonly markedIndexes?: ReadonlySet<number>;
	readonly sortedBy?: {readonly column: number; readonly descending: boolean};
};

type PlacedColumn = {readonly index: number; readonly title: string; readonly width: number; readonly align: Align; readonly isSorted: boolean};

const gutterWidth = 2;
const gapWidth = 1;

/** The header and one line a row, each exactly `width` cells. */
export function tableLines(options: TableOptions): readonly Line[] {
	const {rows, selectedIndex, markedIndexes, ascii = false} = options;
	const width = toCells(options.width);
	const hasGutter = selectedIndex !== undefined || markedIndexes !== undefined;
	const columns = placeColumns(options, width - (hasGutter ? gutterWidth : 0));
	const textOptions = {ascii};

	const header = columns.map(({title, isSorted}): Span => ({text: title, tone: isSorted ? 'strong' : 'dim'}));
	const headerGutter = hasGutter ? [{text: ' '.repeat(gutterWidth)}] : [];
	const layout = `${width} ${ascii} ${columns.map(column => `${column.index}:${column.width}${column.align}`).join(' ')}`;
	const body = rows.map((row, rowIndex) => {
		const isSelected = rowIndex === selectedIndex;
		const isMarked = markedIndexes?.has(rowIndex) === true;
		return remembered(row, `${layout} ${hasGutter} ${isSelected} ${isMarked}`, () => {
			const cells = columns.map(({index}) => row[index] ?? '');
			const content = rowLine(hasGutter ? gutterOf(isSelected, isMarked, ascii) : [], columns, cells, width, textOptions);
			return isSelected ? highlighted(content) : content;
		});
	});
	return [rowLine(headerGutter, columns, header, width, textOptions), ...body];
}

function gutterOf(isSelected: boolean, isMarked: boolean, ascii: boolean): Line {
	const {selected, marked} = glyphsFor(ascii);
	return [{text: isSelected ? selected : ' '}, isMarked ? {text: marked, tone: 'accent'} : {text: ' '}];
}

const drawnRows = new WeakMap<readonly Cell[], {readonly look: string; readonly content: Line}>();

/** A key moves the cursor: of the rows that it passes by nothing is made anew, as long as their cells are the same array. */
function remembered(row: readonly Cell[], look: string, draw: () => Line): Line {
	const known = drawnRows.get(row);
	if (known?.look === look) return known.content;
	const content = draw();
	drawnRows.set(row, {look, content});
	return content;
}

function rowLine(gutter: Line, columns: readonly PlacedColumn[], cells: readonly Cell[], width: number, options: TextOptions): Line {
	const spans: Span[] = [...gutter];
	let used = gutter.length === 0 ? 0 : gutterWidth;
	for (const [position, column] of columns.entries()) {
		if (position > 0) {
			addSpan(spans, gap);
			used += gapWidth;
		}
		addCell(spans, cells[position] ?? '', column, options);
		used += column.width;
	}
	// Every cell is as wide as its column, so only a row that is too narrow for what never goes has to be measured again.
	if (used > width) return fit(spans, width, options);
	addSpan(spans, {text: ' '.repeat(width - used)});
	return spans;
}

const gap: Span = {text: ' '.repeat(gapWidth)};

function addCell(spans: Span[], cell: Cell, {width, align}: PlacedColumn, options: TextOptions): void {
	const content = typeof cell === 'string' ? {text: cell} : cell;
	for (const span of fit([content], width, {...options, align})) addSpan(spans, span);
}

/** Inverse over the whole width. Dim text is lifted: dim on inverse cannot be read on many terminals. */
function highlighted(content: Line): Line {
	return mergeSpans(content.map(({text, tone}) => ({text, tone: lifted(tone), inverse: true})));
}

const lifted = (tone: Tone | undefined): Tone => (tone === undefined || tone === 'dim' ? 'plain' : tone);

function placeColumns({columns, sortedBy, ascii = false}: TableOptions, room: number): readonly PlacedColumn[] {
	const glyphs = glyphsFor(ascii);
	const all = columns.map((column, index) => {
		const isSorted = sortedBy?.column === index;
		const arrow = isSorted ? glyphs[sortedBy.descending ? 'descending' : 'ascending'] : '';
		const width = toCells(column.width ?? cellWidth(column.title, {ascii}) + arrow.length);
		return {column, index, isSorted, arrow, width};
	});
	const kept = dropByPriority(all, room);
	const growing = kept.filter(({column}) => column.grow);
	const spare = Math.max(0, room - totalWidth(kept));
	return kept.map(({column, index, isSorted, arrow, width: least}) => {
		const turn = growing.findIndex(other => other.index === index);
		const width = least + (turn === -1 ? 0 : Math.floor((spare + turn) / growing.length));
		return {index, title: titleWith(arrow, column.title, width, ascii), width, align: column.align ?? 'left', isSorted};
	});
}

/** The arrow says how the rows are ordered, so it outlives a title that is too long. */
function titleWith(arrow: string, title: string, width: number, ascii: boolean): string {
	const room = width - arrow.length;
	return arrow !== '' && cellWidth(title, {ascii}) > room ? title.slice(0, Math.max(0, room)) + arrow : title + arrow;
}

type Sized = {readonly column: Column; readonly index: number; readonly width: number};

const totalWidth = (columns: readonly Sized[]): number => columns.reduce((sum, {width}) => sum + width, 0) + gapWidth * Math.max(0, columns.length - 1);

function dropByPriority<T extends Sized>(columns: readonly T[], room: number): readonly T[] {
	let kept = columns;
	while (totalWidth(kept) > room) {
		const highest = Math.max(0, ...kept.map(({column}) => column.priority ?? 0));
		if (highest === 0) break;
		// Of equals the rightmost goes.
		const victim = kept.findLastIndex(({column}) => column.priority === highest);
		kept = kept.filter((_, position) => position !== victim);
	}
	return kept;
}
