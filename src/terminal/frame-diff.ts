import stringWidth from 'string-width';

export type Size = {readonly columns: number; readonly rows: number};

const reset = '\u001B[0m';
const eraseToLineEnd = '\u001B[K';

/** A row of it would wrap into the next one. */
export const isTooWide = (frame: readonly string[], {columns}: Size): boolean => frame.some(row => stringWidth(row) > columns);

/**
 * What to write so that a terminal showing `before` shows `after`: the rows that differ, each at its place. Rows are
 * absolute, so nothing scrolls. `before` undefined: the screen is blank or unknown, and every row is written.
 */
export function frameDiff(before: readonly string[] | undefined, after: readonly string[], {columns, rows}: Size): string {
	let output = before ? '' : `${reset}\u001B[H\u001B[J`;
	for (let row = 0; row < rows; row++) {
		const text = after[row] ?? '';
		if (before ? text === (before[row] ?? '') : text === '') continue;
		// In the last column a cursor waits on the cell it has just written, and an erase there would take that cell.
		const rest = stringWidth(text) < columns ? reset + eraseToLineEnd : reset;
		output += `\u001B[${row + 1};1H${text}${rest}`;
	}
	return output;
}
