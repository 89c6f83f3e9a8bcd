import {stepChoice} from './form-choices.ts';
import {paneItems, selectedItem} from './lists/pane-lists.ts';
import {type QueueItem, queueItems} from './lists/queue-list.ts';
import {shownQueue} from './opened-queue.ts';
import {watchedAt} from './playback.ts';
import {openQueue, queueCommands, unlessQueueOpen} from './queue-commands.ts';
import {shownFindingIndex, stepInFinding} from './remedies.ts';
import {type ConsoleState, type ConsoleStore, shownSnapshot} from './store.ts';
import {gridColumns, type Notice, type Overlay, overviewPanes, paneNames, type ViewName} from './ui.ts';
import {moveCursor, nextGrouping, nextSort, page, reverseSort, toggleMark, type UiChange} from './ui-lists.ts';

const showView =
	(view: ViewName): UiChange =>
	state => {
		const {ui} = state;
		// Its own number leads from an open queue back to all of them.
		if (view === 'queues' && shownQueue(ui)) return {overlay: undefined, queue: undefined};
		if (view !== 'overview') return {view, overlay: undefined, focus: view};
		const focus = paneNames.indexOf(ui.focus) < overviewPanes ? ui.focus : paneNames[0];
		return {view, overlay: undefined, focus, ...(ui.size.columns < gridColumns ? onePane(state) : {})};
	};

const onePane = (state: ConsoleState): Partial<ConsoleState['ui']> => ({
	notice: {text: `Panes side by side need ${gridColumns} columns: Tab shows the next one`, tone: 'info', atMs: watchedAt(state)},
});

/** On the overview the focus moves; a full-size pane gives way to the next one. */
const stepPane =
	(step: number): UiChange =>
	({ui}) => {
		const names = ui.view === 'overview' ? paneNames.slice(0, overviewPanes) : paneNames;
		const focus = names[(names.indexOf(ui.focus) + step + names.length) % names.length] ?? ui.focus;
		return ui.view === 'overview' ? {focus} : {focus, view: focus};
	};

const open: UiChange = state => {
	const {ui} = state;
	const isChosen = selectedItem(state, ui.focus, paneItems(state, ui.focus)) !== undefined;
	if (!isChosen && ui.view === 'overview') return {view: ui.focus};
	if (!isChosen && ui.panes[ui.focus].selectedId !== undefined) return {};
	// Without a cursor the first row is meant: to look at it does no harm.
	const panes = isChosen ? ui.panes : (moveCursor(() => 0)(state).panes ?? ui.panes);
	const now = {...state, ui: {...ui, panes}};
	const queue = ui.focus === 'queues' && selectedItem<QueueItem>(now, 'queues', queueItems(now));
	if (queue && queue.node !== undefined)
		return {panes, notice: {text: `${queue.queue.name} is on node ${queue.node}: o goes there`, tone: 'info', atMs: state.nowMs}};
	if (queue) return {panes, ...openQueue(queue)};
	return selectedItem(now, ui.focus, paneItems(now, ui.focus)) ? {panes, overlay: {kind: 'detail', pane: ui.focus, offset: 0}} : {};
};

/** Esc undoes the last step: the overlay, then a filter, then the full-size pane. */
const back: UiChange = state => {
	const {ui} = state;
	if (ui.overlay) return {overlay: undefined};
	const pane = ui.panes[ui.focus];
	if (pane.filter !== '') return {panes: {...ui.panes, [ui.focus]: {...pane, filter: ''}}};
	return ui.view === 'overview' ? {} : showView('overview')(state);
};

const freeze: UiChange = state =>
	state.ui.frozen
		? {frozen: undefined}
		: {
				frozen: {
					snapshot: shownSnapshot(state),
					findings: state.findings,
					fleet: state.fleet,
					survey: state.survey,
					timeline: state.timeline,
					atMs: state.nowMs,
				},
			};

const nothingFound = (atMs: number): Notice => ({text: 'There is no finding to open', tone: 'info', atMs});

const nextFinding: UiChange = state => {
	const {ui, findings, nowMs} = state;
	if (findings.length === 0) return {notice: nothingFound(nowMs)};
	if (findings.length === 1 && ui.overlay === undefined) return {notice: {text: 'There is only this one finding: F opens it', tone: 'info', atMs: nowMs}};
	const finding = findings[(shownFindingIndex(state) + 1) % findings.length];
	if (!finding) return {};
	const walked = {findingId: finding.id, atMs: nowMs};
	return {walked, ...(ui.overlay?.kind === 'finding' ? {overlay: {kind: 'finding', findingId: finding.id, index: 0, offset: 0}} : {})};
};

const openFinding: UiChange = state => {
	const finding = state.findings[shownFindingIndex(state)];
	return finding ? {overlay: {kind: 'finding', findingId: finding.id, index: 0, offset: 0}} : {notice: nothingFound(state.nowMs)};
};

/** Move within whatever lies over the panes: a cursor in a list, or the text itself. The view cuts what is too far. */
const scroll =
	(rowsOf: (state: ConsoleState) => number): UiChange =>
	state => {
		const {overlay} = state.ui;
		const rows = rowsOf(state);
		switch (overlay?.kind) {
			case 'help':
			case 'recovery':
			case 'detail':
			case 'output':
				return {overlay: {...overlay, offset: Math.max(0, overlay.offset + rows)} satisfies Overlay};
			case 'finding':
				return {overlay: stepInFinding(state, overlay, rows)};
			case 'palette':
				return {overlay: {...overlay, index: Math.max(0, overlay.index + rows)} satisfies Overlay};
			case 'form':
				return {overlay: {...overlay, index: (overlay.index + rows + overlay.fields.length) % overlay.fields.length} satisfies Overlay};
			default:
				return {};
		}
	};

/** Every command that changes nothing but the view. */
export const uiCommands: Readonly<Record<string, UiChange>> = {
	'view.overview': showView('overview'),
	...Object.fromEntries(paneNames.map(name => [`view.${name}`, showView(name)])),
	'pane.next': stepPane(1),
	'pane.previous': stepPane(-1),
	'list.next': moveCursor(() => 1),
	'list.previous': moveCursor(() => -1),
	'list.first': moveCursor(() => Number.NEGATIVE_INFINITY),
	'list.last': moveCursor(() => Number.POSITIVE_INFINITY),
	'list.half-down': moveCursor(page(0.5)),
	'list.half-up': moveCursor(page(-0.5)),
	'list.page-down': moveCursor(page(1)),
	'list.page-up': moveCursor(page(-1)),
	'sort.next': unlessQueueOpen(nextSort),
	'sort.reverse': unlessQueueOpen(reverseSort),
	group: unlessQueueOpen(nextGrouping),
	mark: toggleMark,
	'marks.clear': () => ({markedClientIds: new Set()}),
	'scripts.statistics': ({ui}) => ({showsStatistics: !ui.showsStatistics, panes: {...ui.panes, scripts: {...ui.panes.scripts, selectedId: undefined}}}),
	open,
	back,
	freeze,
	'finding.next': nextFinding,
	'finding.open': openFinding,
	help: () => ({overlay: {kind: 'help', offset: 0}}),
	recovery: () => ({overlay: {kind: 'recovery', offset: 0}}),
	palette: () => ({overlay: {kind: 'palette', query: '', index: 0}}),
	note: () => ({overlay: {kind: 'note', typed: ''}}),
	filter: unlessQueueOpen(({ui}) => ({overlay: {kind: 'filter', pane: ui.focus, before: ui.panes[ui.focus].filter}})),
	'scroll.down': scroll(() => 1),
	'scroll.up': scroll(() => -1),
	'scroll.page-down': scroll(page(1)),
	'scroll.page-up': scroll(page(-1)),
	'form.next-choice': stepChoice(1),
	'form.previous-choice': stepChoice(-1),
	...queueCommands,
};

/** Change the view, in one setState. */
export function changeUi(store: ConsoleStore, change: UiChange): void {
	store.setState(state => ({ui: {...state.ui, ...change(state)}}));
}

export function notify(store: ConsoleStore, text: string, tone: Notice['tone']): void {
	store.setState(state => ({ui: {...state.ui, notice: {text, tone, atMs: watchedAt(state)}}}));
}
