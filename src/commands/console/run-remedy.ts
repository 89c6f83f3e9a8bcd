import {keyLabel} from '../../keymap/key-label.ts';
import {keymap} from '../../keymap/keymap.ts';
import {openFinding, queuesOf} from '../../store/remedies.ts';
import type {ActionStatus, ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import {showClientGroups, showQueue} from '../../store/ui-lists.ts';
import type {Desk} from './controller.ts';

/** The remedy under the cursor of the finding that is open; one that needs a choice first leads to where it is made. */
export function runRemedy(store: ConsoleStore, desk: Desk): void {
	const open = openFinding(store.getState());
	const status = open?.chosen;
	if (!open || !status) return;
	if (status.pane === 'queues') runForQueues(store, desk, status, queuesOf(store.getState(), open.finding));
	else if (status.pane === 'clients' && status.takesRow) runForClients(store, desk, status);
	else if (status.refusal === undefined) run(store, desk, status.id, []);
	else notify(store, `${status.title}: ${status.refusal}`, 'warn');
}

function run(store: ConsoleStore, desk: Desk, id: string, on: readonly string[]): void {
	changeUi(store, () => ({overlay: undefined}));
	desk.start(id, on);
}

/** Wherever the cursor happens to stand: who is meant by a finding is chosen anew, or marked. */
function runForClients(store: ConsoleStore, desk: Desk, status: ActionStatus): void {
	const {ui, snapshot} = store.getState();
	const choosesAnew = ui.markedClientIds.size === 0 && snapshot.clients.data !== undefined;
	if (status.refusal === undefined && !choosesAnew) run(store, desk, status.id, []);
	else if (choosesAnew && (status.refusal === undefined || status.needsChoice)) {
		changeUi(store, showClientGroups);
		notify(store, 'j/k choose a group, m marks it, K closes the marked or else the group under the cursor', 'info');
	} else notify(store, `${status.title}: ${status.refusal}`, 'warn');
}

/** The finding names its queues: one of them is meant, or it is chosen among them. */
function runForQueues(store: ConsoleStore, desk: Desk, status: ActionStatus, queueIds: readonly string[]): void {
	// Of several the worst first of those where it can run now.
	const ready = queueIds.filter(queueId => desk.canStart(status.id, [queueId]));
	const [worst, another] = ready.length > 0 ? ready : queueIds;
	if (store.getState().session.mode === 'read-only') notify(store, `${status.title}: ${status.refusal}`, 'warn');
	else if (worst !== undefined && another === undefined) run(store, desk, status.id, [worst]);
	else if (worst === undefined) notify(store, `${status.title}: ${status.refusal ?? 'no queue is known'}`, 'warn');
	else {
		changeUi(store, showQueue(worst));
		const key = keymap.find(({context, command}) => context === 'queues' && command === `action.${status.id}`)?.keys[0];
		notify(store, `Several queues are meant: j/k choose one, ${key === undefined ? `: ${status.id}` : keyLabel(key)} does it`, 'info');
	}
}
