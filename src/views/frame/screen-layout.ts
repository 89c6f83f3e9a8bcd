/** Smaller than this nothing useful fits: the screen says so, and hears no key but those that leave. */
export const leastSize = {columns: 60, rows: 16};

type Size = {readonly columns: number; readonly rows: number};

export const isTooSmall = ({columns, rows}: Size): boolean => columns < leastSize.columns || rows < leastSize.rows;

/** How many rows each part of the screen has. A dialog takes the row of the tabs too: nothing of it may be left out. */
export function screenLayout({columns, rows}: Size, hasDialog: boolean): {readonly vitalRows: number; readonly bodyRows: number} {
	const vitalRows = rows >= 30 && columns >= 100 ? 2 : 1;
	const fixedRows = hasDialog ? 4 : 5;
	return {vitalRows, bodyRows: rows - vitalRows - fixedRows};
}
