import type {MemoryStats} from '../../redis/parse/memory-stats.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {noSurvey, type SurveyState} from '../../store/survey.ts';
import {type MemoryItem, memoryItems} from '../../store/survey-rows.ts';
import {initialUi, type PaneUi} from '../../store/ui.ts';

/** Until the store has these slices, the pane does without: no survey, no split of the overhead, a list that cannot be moved in. */
type Slices = {readonly survey?: SurveyState};
type SnapshotSlices = {readonly memoryStats?: MemoryStats};
type PaneSlices = {readonly memory?: PaneUi};

const defaultPane: PaneUi = {...initialUi.panes.scripts, sort: {column: 'size', descending: true}};

export const surveyOf = (state: ConsoleState & Slices): SurveyState => state.survey ?? noSurvey;
export const statsOf = (snapshot: Snapshot & SnapshotSlices): MemoryStats | undefined => snapshot.memoryStats;
export const paneUiOf = (state: ConsoleState): PaneUi => (state.ui.panes as typeof state.ui.panes & PaneSlices).memory ?? defaultPane;

/** The rows of the list; the databases are those that the panes show, also while the display is frozen. */
export const itemsOf = (state: ConsoleState): readonly MemoryItem[] =>
	memoryItems(surveyOf(state).shown, (state.ui.frozen?.snapshot ?? state.snapshot).info.data, paneUiOf(state));
