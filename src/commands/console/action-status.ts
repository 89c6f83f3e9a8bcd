import type {Registry} from '../../actions/registry.ts';
import type {AnyAction} from '../../actions/types.ts';
import type {ActionStatus, ConsoleState, ConsoleStore} from '../../store/store.ts';
import {type PaneName, paneNames} from '../../store/ui.ts';
import {offeredWaysBack, stillChanged, type UndoStatus} from '../../store/ways-back.ts';

/** Keep the store's account of what can run now, for footer, palette and findings. */
export function keepActionStatus(store: ConsoleStore, registry: Registry): void {
	const update = (state: ConsoleState, before: ConsoleState | undefined) => {
		const panes = before && isSame(common, state, before) ? panesWith(state, before) : undefined;
		if (panes?.length === 0) return;
		const actions = registry.all.map((action, index) => {
			const told = panes && !panes.includes(action.pane) ? state.actions[index] : undefined;
			return told?.id === action.id ? told : statusOf(action, state);
		});
		const undos = undosOf(state, registry);
		const change = {...(areSame(actions, state.actions) ? {} : {actions}), ...(areSame(undos, state.undos) ? {} : {undos})};
		if (Object.keys(change).length > 0) store.setState(change);
	};
	store.subscribe(update);
	update(store.getState(), undefined);
}

function statusOf(action: AnyAction, state: ConsoleState): ActionStatus {
	const {id, title, danger, pane, doc, on} = action;
	const asks = action.fields(state).length > 0;
	const own = action.refusal(state);
	const refusal = state.session.mode === 'read-only' ? readOnly : own?.needsInput && asks ? undefined : own;
	return {
		id,
		title,
		danger,
		pane,
		sends: doc.sends,
		refusal: refusal?.refused,
		needsChoice: refusal?.needsChoice === true,
		isReadOnly: state.session.mode === 'read-only',
		takesRow: on !== undefined,
		asks,
	};
}

const readOnly = {refused: 'This console is read-only; the command mode.guarded allows actions', needsChoice: false};

/** What an action that this program no longer has would take back cannot be offered. */
function undosOf(state: ConsoleState, {byId}: Registry): readonly UndoStatus[] {
	return offeredWaysBack(stillChanged(state.waysBack, state.snapshot.settings.data), state.nowMs).flatMap(way => {
		const action = byId(way.action);
		const refusal = state.session.mode === 'read-only' ? readOnly : action?.refusal(state, way.choice);
		return action ? [{...way, refusal: refusal?.refused}] : [];
	});
}

type Told = {readonly id?: string; readonly auditId?: string; readonly refusal: string | undefined};

const areSame = (now: readonly Told[], before: readonly Told[]): boolean =>
	now.length === before.length &&
	now.every(({id, auditId, refusal}, index) => {
		const other = before[index];
		return other?.id === id && other?.auditId === auditId && other?.refusal === refusal;
	});

/** Of INFO, which is new every second, what an action's refusal can hang on. */
const infoFields = [
	'role',
	'clusterEnabled',
	'masterSyncInProgress',
	'saveInProgress',
	'aofEnabled',
	'aofRewriteInProgress',
	'aofRewriteScheduled',
	'allocator',
] as const;

type Dependencies = (state: ConsoleState) => readonly unknown[];

const common: Dependencies = ({session, snapshot, ui, survey, waysBack, nowMs}) => [
	session,
	snapshot.server,
	snapshot.clients.data,
	snapshot.settings.data,
	snapshot.permissions.data,
	snapshot.functionStats.data,
	snapshot.queues.data,
	snapshot.slowlog.data,
	snapshot.unkillableSinceMs,
	...infoFields.map(field => snapshot.info.data?.[field]),
	ui.frozen,
	survey,
	waysBack,
	// Some end by themselves.
	offeredWaysBack(waysBack, nowMs).length,
];

/** The rows that are chosen: a cursor that moves concerns the actions of its pane alone. */
const chosen: Partial<Readonly<Record<PaneName, Dependencies>>> = {
	clients: ({ui}) => [ui.panes.clients, ui.markedClientIds],
	queues: ({ui}) => [ui.panes.queues, ui.queue],
	// Hooks, which take clients and queues, of the pane that has the focus.
	timeline: ({ui}) => [ui.panes.clients, ui.markedClientIds, ui.panes.queues, ui.queue, ui.focus],
};

const panesWith = (state: ConsoleState, before: ConsoleState): readonly PaneName[] =>
	paneNames.filter(pane => {
		const dependencies = chosen[pane];
		return dependencies !== undefined && !isSame(dependencies, state, before);
	});

function isSame(dependencies: Dependencies, state: ConsoleState, before: ConsoleState): boolean {
	const values = dependencies(before);
	return dependencies(state).every((value, index) => value === values[index]);
}
