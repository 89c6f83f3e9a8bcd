import type {QueueFamily} from '../queues/types.ts';
import type {ConfirmRequest, DialogState} from './dialog.ts';
import type {Finding} from './finding.ts';
import type {Fleet} from './fleet.ts';
import type {QueueView} from './opened-queue.ts';
import type {Snapshot} from './snapshot.ts';
import type {ParamStatus} from './store.ts';
import type {SurveyState} from './survey.ts';
import type {Timeline} from './timeline.ts';

/** The panes, in the order of their numbers. */
export const paneNames = ['scripts', 'clients', 'memory', 'queues', 'ha', 'timeline'] as const;
/** How many of the panes the overview shows. */
export const overviewPanes = 4;
/** From this width on it has room for panes side by side. */
export const gridColumns = 100;
export type PaneName = (typeof paneNames)[number];

export type ViewName = 'overview' | PaneName;

/** How one pane's list is shown. `sort` and `grouping` index the pane's own tables of columns and groupings. */
export type PaneUi = {
	readonly selectedId: string | undefined;
	readonly sort: {readonly column: string; readonly descending: boolean};
	/** Name of the grouping; undefined: single rows. */
	readonly grouping: string | undefined;
	readonly filter: string;
};

/** What lies over the panes and takes the keys. */
export type Overlay =
	| {readonly kind: 'help'; readonly offset: number}
	/** Whether the incident is over, and what is left to do. */
	| {readonly kind: 'recovery'; readonly offset: number}
	| {readonly kind: 'palette'; readonly query: string; readonly index: number}
	| {readonly kind: 'filter'; readonly pane: PaneName; readonly before: string}
	/** `index`: the remedy that Enter runs; `offset`: rows scrolled away, where not all of it fits. */
	| {readonly kind: 'finding'; readonly findingId: string; readonly index: number; readonly offset: number}
	/** One row of a pane in full. */
	| {readonly kind: 'detail'; readonly pane: PaneName; readonly offset: number}
	/** What a program has said that ran without a dialog. */
	| {readonly kind: 'output'; readonly title: string; readonly lines: readonly string[]; readonly offset: number}
	/** What an action asks before its dialog. */
	| {
			readonly kind: 'form';
			readonly actionId: string;
			readonly title: string;
			readonly on: readonly string[];
			/** How it is now, as far as that matters for what is asked. */
			readonly facts: ConfirmRequest['facts'];
			/** Whose jobs it is about; undefined where that is no queue. */
			readonly queue: {readonly id: string; readonly family: QueueFamily} | undefined;
			readonly fields: readonly ParamStatus[];
			readonly index: number;
	  }
	/** What an action would do is being read. */
	| {readonly kind: 'preparing'; readonly title: string; readonly told: string}
	/** A note for the timeline while it is typed. */
	| {readonly kind: 'note'; readonly typed: string}
	| {readonly kind: 'word'; readonly title: string; readonly word: string; readonly typed: string; readonly command: string};

/** One line of news above the footer, until the next one or until it is old. */
export type Notice = {readonly text: string; readonly tone: 'good' | 'warn' | 'bad' | 'info'; readonly atMs: number};

type Frozen = {
	readonly snapshot: Snapshot;
	readonly findings: readonly Finding[];
	readonly fleet: Fleet | undefined;
	readonly survey: SurveyState;
	readonly timeline: Timeline;
	readonly atMs: number;
};

export type UiState = {
	readonly size: {readonly columns: number; readonly rows: number};
	readonly view: ViewName;
	/** The pane that takes list keys; on the overview one of several. */
	readonly focus: PaneName;
	readonly panes: Readonly<Record<PaneName, PaneUi>>;
	/** The Scripts pane shows statistics per command instead of the slowlog. */
	readonly showsStatistics: boolean;
	readonly markedClientIds: ReadonlySet<string>;
	/** The queue that is open in the Queues pane. */
	readonly queue: QueueView | undefined;
	/** The finding that `f` has led to, and when; undefined: the worst one is shown. */
	readonly walked: {readonly findingId: string; readonly atMs: number} | undefined;
	readonly overlay: Overlay | undefined;
	readonly dialog: DialogState | undefined;
	/** What the panes go on showing while the display is frozen. */
	readonly frozen: Frozen | undefined;
	readonly notice: Notice | undefined;
	/** An action whose dialog has been put away while it was under way. */
	readonly hidden: {readonly title: string; readonly sinceMs: number} | undefined;
};

export const initialUi: UiState = {
	size: {columns: 80, rows: 24},
	view: 'overview',
	focus: 'scripts',
	panes: {
		scripts: {selectedId: undefined, sort: {column: 'when', descending: true}, grouping: undefined, filter: ''},
		clients: {selectedId: undefined, sort: {column: 'idle', descending: true}, grouping: undefined, filter: ''},
		memory: {selectedId: undefined, sort: {column: 'size', descending: true}, grouping: undefined, filter: ''},
		queues: {selectedId: undefined, sort: {column: 'waiting', descending: true}, grouping: undefined, filter: ''},
		ha: {selectedId: undefined, sort: {column: 'worst', descending: true}, grouping: undefined, filter: ''},
		timeline: {selectedId: undefined, sort: {column: 'when', descending: true}, grouping: undefined, filter: ''},
	},
	showsStatistics: false,
	markedClientIds: new Set(),
	queue: undefined,
	walked: undefined,
	overlay: undefined,
	dialog: undefined,
	frozen: undefined,
	notice: undefined,
	hidden: undefined,
};

/** The dialog is put away; what is under way goes on behind it. */
export const withoutDialog = ({dialog}: UiState, nowMs: number): Partial<UiState> => ({
	dialog: undefined,
	...(dialog?.phase === 'running' ? {hidden: {title: dialog.request.title, sinceMs: nowMs}} : {}),
});
