import {noRecovery} from './recovery.ts';
import {emptySnapshot, type Snapshot} from './snapshot.ts';
import type {ConsoleState, Session} from './store.ts';
import {noSurvey} from './survey.ts';
import {paneNames, type UiState} from './ui.ts';

/**
 * What the store holds when the console turns to another server. What belongs to the one before goes: its figures, what was marked, opened or
 * asked there. The account of what happened and the way one looks at things stay. `keepsFigures`: it is the same data set under another address
 * (a failover), so what was known stays on the screen, with its age. `incident`: what is known of one there.
 */
export function lookElsewhere(
	state: ConsoleState,
	session: Session,
	{nowMs, keepsFigures, incident}: {readonly nowMs: number; readonly keepsFigures: boolean; readonly incident: ConsoleState['incident']},
): ConsoleState {
	const empty = emptySnapshot(nowMs);
	const {contact, server} = empty;
	return {
		...state,
		nowMs,
		session,
		snapshot: keepsFigures
			? {...state.snapshot, info: ofAnother(state.snapshot.info), contact, server, breakEndedAtMs: undefined, unkillableSinceMs: undefined}
			: {...empty, sentinels: state.snapshot.sentinels},
		// What is wrong with a third server goes on; what is wrong here will be told by this one itself.
		findings: keepsFigures ? state.findings : state.findings.filter(({node}) => node !== undefined && node !== session.target.address),
		waysBack: [],
		undos: [],
		incident,
		recovery: {...noRecovery, checks: state.recovery.checks},
		survey: noSurvey,
		opened: undefined,
		ui: uiElsewhere(state.ui),
	};
}

/** Another process, and not the same one started anew. */
const ofAnother = (info: Snapshot['info']): Snapshot['info'] => (info.data ? {...info, data: {...info.data, runId: undefined}} : info);

function uiElsewhere(ui: UiState): UiState {
	const panes = {...ui.panes};
	for (const name of paneNames) if (name !== 'ha' && name !== 'timeline') panes[name] = {...panes[name], selectedId: undefined};
	return {
		...ui,
		panes,
		dialog: dialogElsewhere(ui.dialog),
		markedClientIds: new Set(),
		queue: undefined,
		walked: undefined,
		overlay: undefined,
		frozen: undefined,
	};
}

/** How an action ended may still be read; what takes it back would be sent to another server. */
const dialogElsewhere = (dialog: UiState['dialog']): UiState['dialog'] => dialog && {...dialog, result: dialog.result && {...dialog.result, undo: undefined}};
