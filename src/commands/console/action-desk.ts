import {actionById, actions} from '../../actions/registry.ts';
import {type Deps, runAction} from '../../actions/run-action.ts';
import type {AnyAction} from '../../actions/types.ts';
import {undoOf} from '../../actions/undo.ts';
import type {ActionResult, ConfirmRequest, DialogState} from '../../store/dialog.ts';
import {dialogDeafMs} from '../../store/dialog.ts';
import type {ActionStatus, ConsoleState, ConsoleStore} from '../../store/store.ts';
import type {Notice} from '../../store/ui.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import {layoutDialog} from '../../views/overlays/dialog-layout.ts';

const tones: Record<ActionResult['outcome'], Notice['tone']> = {
	done: 'good',
	unverified: 'warn',
	unknown: 'warn',
	failed: 'bad',
	refused: 'warn',
	cancelled: 'info',
};

/** Brings an action and its dialog together: opens it, hears the answer, shows how it ended. One action at a time. */
export class ActionDesk {
	readonly #store: ConsoleStore;
	readonly #deps: Omit<Deps, 'confirm'>;
	readonly #signal: AbortSignal;
	readonly #isAscii: boolean;
	#actionId = '';
	#answer: ((isYes: boolean) => void) | undefined;
	#isBusy = false;
	#running: Promise<void> = Promise.resolve();

	constructor(deps: Omit<Deps, 'confirm'>, signal: AbortSignal, isAscii: boolean) {
		this.#isAscii = isAscii;
		this.#store = deps.store;
		this.#deps = deps;
		this.#signal = signal;
	}

	start(id: string): void {
		const action = actionById(id);
		if (action) this.#begin(action);
	}

	/** Resolves when the action under way, if any, has ended and its outcome is written. A dialog that still asks is left. */
	async settle(): Promise<void> {
		if (this.#store.getState().ui.dialog?.phase === 'asking') this.decline();
		await this.#running;
	}

	/** Run what takes back the action whose dialog has just ended. */
	undo(): void {
		const {dialog} = this.#store.getState().ui;
		const action = dialog && actionById(dialog.request.actionId);
		if (action && dialog.result?.undo) this.#begin(undoOf(action, dialog.result.undo, dialog.request.plan));
	}

	#begin(action: AnyAction): void {
		if (this.#isBusy) notify(this.#store, 'Another action is still under way', 'warn');
		else this.#running = this.#run(action);
	}

	async #run(action: AnyAction): Promise<void> {
		this.#isBusy = true;
		this.#actionId = action.id;
		try {
			const result = await runAction(action, {...this.#deps, confirm: request => this.#confirm(request)}, this.#signal);
			this.#show(action, result);
		} finally {
			this.#isBusy = false;
		}
	}

	/** Enter never gets here: only `y`, and only once the dialog listens. */
	accept(): void {
		const {dialog} = this.#store.getState().ui;
		if (dialog?.phase !== 'asking' || dialog.request.word !== undefined || !this.#isListening()) return;
		this.#say(true);
	}

	acceptWord(): void {
		const {dialog} = this.#store.getState().ui;
		if (dialog?.phase !== 'asking' || dialog.request.word === undefined || !this.#isListening()) return;
		if (dialog.typed === dialog.request.word) this.#say(true);
		else notify(this.#store, `Type ${dialog.request.word} to run it`, 'warn');
	}

	/** Too early, or with a part of it never seen, a yes is no yes; it says so. */
	#isListening(): boolean {
		if (this.isDeaf()) notify(this.#store, 'Too early: the dialog was not listening yet, press it again', 'warn');
		else if ((layoutDialog(this.#store.getState(), this.#isAscii)?.hiddenBelow ?? 0) > 0)
			notify(this.#store, 'There is more to see first: Down shows it', 'warn');
		else return true;
		return false;
	}

	/** Scroll what does not fit. */
	scroll(rows: number): void {
		const layout = layoutDialog(this.#store.getState(), this.#isAscii);
		if (!layout) return;
		changeUi(this.#store, ({ui}) =>
			ui.dialog ? {dialog: {...ui.dialog, offset: Math.min(Math.max(0, Math.min(ui.dialog.offset, layout.lastOffset) + rows), layout.lastOffset)}} : {},
		);
	}

	/** An action has been sent, or is about to be. */
	get underWay(): string | undefined {
		const {dialog} = this.#store.getState().ui;
		return this.#isBusy && dialog?.phase !== 'asking' ? this.#actionId : undefined;
	}

	decline(): void {
		this.#say(false);
	}

	/** The dialog is put away; an action under way goes on and reports when it ends. */
	close(): void {
		changeUi(this.#store, () => ({dialog: undefined}));
	}

	/** Keys of the first moments belong to the screen before; `typed` must not gather them either. */
	isDeaf(): boolean {
		const {dialog} = this.#store.getState().ui;
		return dialog?.phase === 'asking' && isDeaf(dialog, this.#deps.clock.now());
	}

	#confirm(request: ConfirmRequest): Promise<boolean> {
		const dialog: DialogState = {request, openedAtMs: this.#deps.clock.now(), phase: 'asking', typed: '', offset: 0, result: undefined};
		changeUi(this.#store, () => ({dialog, overlay: undefined, notice: undefined}));
		return new Promise(resolve => {
			this.#answer = resolve;
		});
	}

	#say(isYes: boolean): void {
		const answer = this.#answer;
		this.#answer = undefined;
		changeUi(this.#store, ({ui}) => ({dialog: isYes && ui.dialog ? {...ui.dialog, phase: 'running'} : undefined}));
		answer?.(isYes);
	}

	#show(action: AnyAction, result: ActionResult): void {
		const {ui} = this.#store.getState();
		const isOwnDialog = ui.dialog?.request.actionId === action.id && ui.dialog.phase === 'running';
		if (isOwnDialog) changeUi(this.#store, now => (now.ui.dialog ? {dialog: {...now.ui.dialog, phase: 'ended', offset: 0, result}} : {}));
		notify(this.#store, `${action.title}: ${result.outcome}. ${result.detail}`, tones[result.outcome]);
		if (result.outcome === 'done' && action.id === 'client.kill') changeUi(this.#store, () => ({markedClientIds: new Set()}));
	}
}

const isDeaf = ({openedAtMs}: DialogState, nowMs: number): boolean => nowMs - openedAtMs < dialogDeafMs;

/** Keep the store's account of what can run now, for footer, palette and findings. */
export function keepActionStatus(store: ConsoleStore): void {
	const update = (state: ConsoleState, before: ConsoleState | undefined) => {
		if (before && dependencies(state).every((value, index) => value === dependencies(before)[index])) return;
		const next = actions.map(action => statusOf(action, state));
		const isSame = next.length === state.actions.length && next.every((status, index) => status.refusal === state.actions[index]?.refusal);
		if (!isSame) store.setState({actions: next});
	};
	store.subscribe(update);
	update(store.getState(), undefined);
}

function statusOf(action: AnyAction, state: ConsoleState): ActionStatus {
	const {id, title, danger, pane, doc} = action;
	const refusal = state.session.mode === 'read-only' ? {refused: 'This console is read-only; the command mode.guarded allows actions'} : action.refusal(state);
	return {id, title, danger, pane, sends: doc.sends, refusal: refusal?.refused, needsChoice: refusal?.needsChoice === true};
}

const dependencies = ({session, snapshot, ui}: ConsoleState): readonly unknown[] => [
	session,
	snapshot.server,
	snapshot.clients.data,
	snapshot.settings.data,
	snapshot.permissions.data,
	snapshot.functionStats.data,
	snapshot.unkillableSinceMs,
	ui.panes.clients,
	ui.markedClientIds,
	ui.frozen,
];
