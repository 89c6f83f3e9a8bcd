import type {PaneUi} from '../ui.ts';

export type Sort = PaneUi['sort'];

/** A column that a list can be sorted by, and which way up it begins. */
export type Order<T> = {readonly column: string; readonly title: string; readonly descending: boolean; readonly value: (row: T) => number | string};

/** Every blank-separated word must occur, in any case. */
export function filtered<T>(rows: readonly T[], filter: string, text: (row: T) => string): readonly T[] {
	const words = filter
		.toLowerCase()
		.split(' ')
		.filter(word => word !== '');
	if (words.length === 0) return rows;
	return rows.filter(row => {
		const haystack = text(row).toLowerCase();
		return words.every(word => haystack.includes(word));
	});
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
	const keyed = rows.map((row, index) => ({row, place: tie(row, index), value: order.value(row)}));
	keyed.sort((a, b) => sign * compare(a.value, b.value) || a.place - b.place);
	return keyed.map(({row}) => row);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : Number(a > b));
