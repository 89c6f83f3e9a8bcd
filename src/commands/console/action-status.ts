import type {Registry} from '../../actions/registry.ts';
import type {AnyAction} from '../../actions/types.ts';
import type {ActionStatus, ConsoleState, ConsoleStore} from '../../store/store.ts';

/** Keep the store's account of what can run now, for footer, palette and findings. */
export function keepActionStatus(store: ConsoleStore, {all}: Registry): void {
	const update = (state: ConsoleState, before: ConsoleState | undefined) => {
		if (before && dependencies(state).every((value, index) => value === dependencies(before)[index])) return;
		const next = all.map(action => statusOf(action, state));
		const isSame = next.length === state.actions.length && next.every((status, index) => status.refusal === state.actions[index]?.refusal);
		if (!isSame) store.setState({actions: next});
	};
	store.subscribe(update);
	update(store.getState(), undefined);
}

function statusOf(action: AnyAction, state: ConsoleState): ActionStatus {
	const {id, title, danger, pane, doc, on} = action;
	const asks = action.fields(state).length > 0;
	const own = action.refusal(state);
	const refusal =
		state.session.mode === 'read-only'
			? {refused: 'This console is read-only; the command mode.guarded allows actions', needsChoice: false}
			: own?.needsInput && asks
				? undefined
				: own;
	return {id, title, danger, pane, sends: doc.sends, refusal: refusal?.refused, needsChoice: refusal?.needsChoice === true, takesRow: on !== undefined, asks};
}

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

const dependencies = ({session, snapshot, ui, survey}: ConsoleState): readonly unknown[] => [
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
];
