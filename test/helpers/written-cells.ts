import {visibleWidth} from '../../src/text/safe-text.ts';

type Place = {row: number; column: number};

const token = /\u001B\[(?<parameters>[\d;]*)(?<final>[A-Za-z])|(?<control>[\r\n\b])|(?<glyph>[^\u001B\r\n\b]\p{M}*)/gu;

const moves: Readonly<Record<string, (at: Place, first: number, second: number) => Place>> = {
	'\r': ({row}) => ({row, column: 0}),
	'\n': ({row, column}) => ({row: row + 1, column}),
	'\b': ({row, column}) => ({row, column: column - 1}),
	B: ({row, column}, count) => ({row: row + count, column}),
	C: ({row, column}, count) => ({row, column: column + count}),
	D: ({row, column}, count) => ({row, column: column - count}),
	H: (_at, row, column) => ({row: row - 1, column: column - 1}),
	K: at => at,
	m: at => at,
};

/** The cells, row by row from 0, in which a terminal would write a letter, and of what it erases the first. Only for what the pen writes: an unknown sequence is an error. */
export function writtenCells(output: string): ReadonlyMap<number, ReadonlySet<number>> {
	const written = new Map<number, Set<number>>();
	let at: Place = {row: 0, column: 0};
	for (const {parameters = '', final, control, glyph} of tokens(output)) {
		const width = touched(glyph, final);
		const columns = written.get(at.row) ?? new Set<number>();
		if (width > 0) written.set(at.row, columns);
		for (let column = at.column; column < at.column + width; column++) columns.add(column);
		at = glyph === undefined ? moved(at, final ?? control ?? '', parameters) : {row: at.row, column: at.column + width};
	}
	return written;
}

const touched = (glyph: string | undefined, final: string | undefined): number => (final === 'K' ? 1 : visibleWidth(glyph ?? ''));

function moved(at: Place, by: string, parameters: string): Place {
	const [first = 1, second = 1] = parameters.split(';').map(text => Number(text) || 1);
	const move = moves[by];
	if (!move) throw new Error(`unexpected: ${JSON.stringify(by)}`);
	return move(at, first, second);
}

function* tokens(output: string) {
	for (const {groups} of output.matchAll(token)) yield groups ?? {};
}
