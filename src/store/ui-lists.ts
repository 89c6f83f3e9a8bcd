import {growingFastest} from './client-groups.ts';
import {type ClientItem, clientItems, clientsOf} from './lists/client-list.ts';
import {indexOfId, paneItems, paneLists, selectedItem} from './lists/pane-lists.ts';
import type {ConsoleState} from './store.ts';
import type {PaneName, PaneUi, UiState} from './ui.ts';

/** A change of the view alone: nothing of it reaches the server. */
export type UiChange = (state: ConsoleState) => Partial<UiState>;

/** Rows of a full-size pane that hold data; the exact number is the view's, a page needs no more than this. */
const pageRows = ({ui}: ConsoleState): number => Math.max(1, ui.size.rows - 12);

const withPane = (state: ConsoleState, pane: PaneName, change: Partial<PaneUi>): Partial<UiState> => ({
	panes: {...state.ui.panes, [pane]: {...state.ui.panes[pane], ...change}},
});

/** Move the cursor by rows. Where its row has gone, or there was none, it starts at the top. */
export const moveCursor =
	(rowsOf: (state: ConsoleState) => number): UiChange =>
	state => {
		const {focus} = state.ui;
		const items = paneItems(state, focus);
		const at = indexOfId(items, state.ui.panes[focus].selectedId);
		const rows = rowsOf(state);
		const next = at < 0 ? (rows === Number.POSITIVE_INFINITY ? items.length - 1 : 0) : Math.min(Math.max(0, at + rows), items.length - 1);
		return withPane(state, focus, {selectedId: items[next]?.id});
	};

export const page =
	(pages: number): ((state: ConsoleState) => number) =>
	state =>
		Math.trunc(pages * pageRows(state));

export const nextSort: UiChange = state => {
	const {focus} = state.ui;
	const {orders} = paneLists[focus];
	const at = orders.findIndex(({column}) => column === state.ui.panes[focus].sort.column);
	const next = orders[(at + 1) % orders.length];
	return next ? withPane(state, focus, {sort: {column: next.column, descending: next.descending}}) : {};
};

export const reverseSort: UiChange = state => {
	const {sort} = state.ui.panes[state.ui.focus];
	return withPane(state, state.ui.focus, {sort: {...sort, descending: !sort.descending}});
};

/** Single rows, then each grouping in turn. */
export const nextGrouping: UiChange = state => {
	const {focus} = state.ui;
	const {groupings: all} = paneLists[focus];
	const {grouping} = state.ui.panes[focus];
	const at = grouping === undefined ? -1 : all.indexOf(grouping);
	return withPane(state, focus, {grouping: all[at + 1], selectedId: undefined});
};

export const setFilter =
	(pane: PaneName, filter: string): UiChange =>
	state =>
		withPane(state, pane, {filter});

/** Mark the client under the cursor and step on, or every client of the group under the cursor; again to take the marks away. */
export const toggleMark: UiChange = state => {
	if (state.ui.focus !== 'clients') return {};
	const items = clientItems(state);
	const item = selectedItem<ClientItem>(state, 'clients', items);
	if (!item) return moveCursor(() => 0)(state);
	// A console is no target, so it takes no mark.
	const ids = clientsOf(state, item)
		.filter(client => client.kind !== 'console')
		.map(({id}) => id);
	const marks = new Set(state.ui.markedClientIds);
	const areMarked = ids.every(id => marks.has(id));
	for (const id of ids) {
		if (areMarked) marks.delete(id);
		else marks.add(id);
	}
	// The next group would be the next to be closed by a K that comes too soon.
	return {markedClientIds: marks, ...(item.kind === 'client' ? moveCursor(() => 1)(state) : {})};
};

/** The queue under the cursor of its pane. */
export const showQueue =
	(queueId: string): UiChange =>
	state => ({view: 'queues', focus: 'queues', queue: undefined, overlay: undefined, ...withPane(state, 'queues', {filter: '', selectedId: queueId})});

/** Show the clients by name, largest group first: where a crowd is looked for. The cursor is on what grows fastest, if anything does. */
export const showClientGroups: UiChange = state => {
	const shown = withPane(state, 'clients', {grouping: 'name', filter: ''});
	const items = clientItems({...state, ui: {...state.ui, ...shown}});
	const fastest = growingFastest(items.flatMap(item => (item.kind === 'group' ? [item.group] : [])));
	const likeliest = items.find(item => item.kind === 'group' && item.group === fastest) ?? items[0];
	return {view: 'clients', focus: 'clients', overlay: undefined, ...withPane(state, 'clients', {grouping: 'name', filter: '', selectedId: likeliest?.id})};
};
