export type Window = {readonly from: number; readonly to: number};

/** The smallest scroll that keeps `selected` visible; -1 selects none. Pure, so that every edge is a table test. */
export function visibleWindow(total: number, height: number, selected: number, previousFrom: number): Window {
	const room = Math.max(0, Math.min(height, total));
	const lastFrom = Math.max(0, total - room);
	let from = Math.min(previousFrom, lastFrom);
	if (selected >= 0 && selected < from) from = selected;
	if (selected >= from + room) from = selected - room + 1;
	from = Math.min(Math.max(0, from), lastFrom);
	return {from, to: from + room};
}
