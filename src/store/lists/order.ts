import type {PaneUi} from '../ui.ts';

export type Sort = PaneUi['sort'];

/** A column that a list can be sorted by, and which way up it begins. */
export type Order<T> = {readonly column: string; readonly title: string; readonly descending: boolean; readonly value: (row: T) => number | string};

/** Every blank-separated word must occur, in any case. */
export function filtered<T>(rows: readonly T[], filter: string, text: (row: T) => string): readonly T[] {
	return passing(rows, filter, () => rows.map(row => text(row).toLowerCase()));
}

/** As `filtered`; `texts`, one for each row and in lower case, are asked for only where there is a filter. */
export function passing<T>(rows: readonly T[], filter: string, texts: () => readonly string[]): readonly T[] {
	const words = filter
		.toLowerCase()
		.split(' ')
		.filter(word => word !== '');
	if (words.length === 0) return rows;
	const haystacks = texts();
	return rows.filter((_, index) => words.every(word => haystacks[index]?.includes(word)));
}

/** `tie` decides between equal values; without it they stay as they came. */
export function sorted<T>(
	rows: readonly T[],
	orders: readonly Order<T>[],
	sort: Sort,
	tie: (row: T, index: number) => number = (_row, index) => index,
): readonly T[] {
	const order = orders.find(({column}) => column === sort.column);
	if (!order) return rows;
	const sign = sort.descending ? -1 : 1;
	// The server turns its client list round a little with every cron (7.0 clientsCron): its order is none, and rows would dance from poll to poll.
	const values = rows.map(order.value);
	const places = rows.map(tie);
	const indexes = rows.map((_, index) => index);
	indexes.sort((a, b) => sign * compare(values[a] ?? 0, values[b] ?? 0) || (places[a] ?? 0) - (places[b] ?? 0));
	return indexes.map(index => rows[index] as T);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : Number(a > b));
