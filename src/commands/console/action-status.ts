import type {Registry} from '../../actions/registry.ts';
import type {AnyAction} from '../../actions/types.ts';
import type {ActionStatus, ConsoleState, ConsoleStore} from '../../store/store.ts';
import {offeredWaysBack, type UndoStatus} from '../../store/ways-back.ts';

/** Keep the store's account of what can run now, for footer, palette and findings. */
export function keepActionStatus(store: ConsoleStore, registry: Registry): void {
	const update = (state: ConsoleState, before: ConsoleState | undefined) => {
		if (before && dependencies(state).every((value, index) => value === dependencies(before)[index])) return;
		const actions = registry.all.map(action => statusOf(action, state));
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
	return offeredWaysBack(state.waysBack, state.nowMs).flatMap(way => {
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

const dependencies = ({session, snapshot, ui, survey, waysBack, nowMs}: ConsoleState): readonly unknown[] => [
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
	ui.panes.clients,
	ui.panes.queues,
	ui.queue,
	ui.markedClientIds,
	ui.frozen,
	survey,
	waysBack,
	// Some end by themselves.
	offeredWaysBack(waysBack, nowMs).length,
];
