import type {ServerDeps} from '../../actions/deps.ts';
import type {Registry} from '../../actions/registry.ts';
import {runAction} from '../../actions/run-action.ts';
import type {AnyAction, Choice} from '../../actions/types.ts';
import type {Clock} from '../../clock.ts';
import type {QueueStatus} from '../../queues/types.ts';
import type {ActionResult, ConfirmRequest, DialogState} from '../../store/dialog.ts';
import {dialogDeafMs, offeredUndo, saidYes} from '../../store/dialog.ts';
import {shownQueue} from '../../store/opened-queue.ts';
import {queueLabel} from '../../store/queue-label.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import {type Notice, type UiState, withoutDialog} from '../../store/ui.ts';
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

type DeskOptions = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** Those of the server that is looked at when an action begins; it keeps them to its end. */
	readonly deps: () => ServerDeps;
	readonly registry: Registry;
	readonly isAscii: boolean;
	readonly signal: AbortSignal;
};

/** Brings an action, its form and its dialog together: opens them, hears the answer, shows how it ended. One action at a time. */
export class ActionDesk {
	readonly #store: ConsoleStore;
	readonly #clock: Clock;
	readonly #deps: () => ServerDeps;
	readonly #registry: Registry;
	readonly #isAscii: boolean;
	readonly #end: AbortSignal;
	#actionId = '';
	#answer: ((isYes: boolean) => void) | undefined;
	#isBusy = false;
	/** Its command is on its way, or was: from then on it is waited for. */
	#isSent = false;
	#settling = 0;
	#wasRefusedUnasked = false;
	#stop = new AbortController();
	#running: Promise<void> = Promise.resolve();
	/** What takes back the action whose dialog has just ended, on the server where it ran. */
	#wayBack: {readonly auditId: string; readonly action: string; readonly choice: Choice; readonly where: string} | undefined;

	constructor({store, clock, deps, registry, isAscii, signal}: DeskOptions) {
		this.#store = store;
		this.#clock = clock;
		this.#deps = deps;
		this.#registry = registry;
		this.#isAscii = isAscii;
		this.#end = signal;
		signal.addEventListener('abort', () => this.#stop.abort(), {once: true});
	}

	/** Open the form of what has to be asked first, else the dialog. `on`: what it acts on, if that is not what is marked or under the cursor. */
	start(id: string, on: readonly string[] = []): void {
		const action = this.#registry.byId(id);
		if (!action) return;
		const state = this.#store.getState();
		const fields = action.fields(state);
		const refusal = action.refusal(state, {on, set: {}});
		const isHopeless = state.session.mode === 'read-only' || (refusal !== undefined && refusal.needsInput !== true);
		if (fields.length === 0 || isHopeless) this.startWith(id, {on, set: {}});
		else if (this.#isBusy) this.#tellBusy();
		else {
			const queue = queueOf(action, on, state);
			changeUi(this.#store, () => ({
				overlay: {
					kind: 'form',
					actionId: id,
					title: `${action.title}${queue ? ` of ${queueLabel(queue)}` : ''}`,
					on,
					facts: action.present(state),
					queue: queue && {id: queue.id, family: queue.family},
					fields,
					index: 0,
				},
				notice: undefined,
			}));
		}
	}

	/** Could it run on these now, as far as is known without reading? */
	canStart(id: string, on: readonly string[]): boolean {
		const refusal = this.#registry.byId(id)?.refusal(this.#store.getState(), {on, set: {}});
		return refusal === undefined || refusal.needsInput === true;
	}

	/** With everything said that has to be said. `undoes`: the audit id of the run that it is to take back. */
	startWith(id: string, choice: Choice, undoes?: string): void {
		const action = this.#registry.byId(id);
		if (!action) return;
		if (this.#isBusy) this.#tellBusy();
		else this.#running = this.#run(action, choice, undoes);
	}

	/** Enter in the form: on to the dialog, or what is wrong with what was typed. */
	submitForm(): void {
		const {overlay} = this.#store.getState().ui;
		if (overlay?.kind !== 'form') return;
		const choice: Choice = {on: overlay.on, set: Object.fromEntries(overlay.fields.map(({name, value}) => [name, value]))};
		const problem = this.#registry.byId(overlay.actionId)?.refusal(this.#store.getState(), choice);
		if (problem) {
			notify(this.#store, problem.refused, 'warn');
			return;
		}
		changeUi(this.#store, () => ({overlay: undefined}));
		this.startWith(overlay.actionId, choice);
		void this.#running.then(() => this.#reopen(overlay));
	}

	/** What reading has refused is mended in the form: keys that are meant for its fields must not land in the panes. */
	#reopen(form: Extract<UiState['overlay'], {readonly kind: 'form'}>): void {
		const {ui} = this.#store.getState();
		if (this.#wasRefusedUnasked && ui.overlay === undefined && ui.dialog === undefined) changeUi(this.#store, () => ({overlay: form}));
	}

	/** Resolves when the action under way, if any, has ended and its outcome is written. One that still reads or asks is left: it asks nothing more. */
	async settle(): Promise<void> {
		this.#settling += 1;
		if (this.#store.getState().ui.dialog?.phase === 'asking') this.decline();
		else if (this.#isBusy && !this.#isSent) this.#stop.abort();
		await this.#running.finally(() => {
			this.#settling -= 1;
		});
	}

	/** Run what takes back the action whose dialog has just ended. */
	undo(): void {
		const {session, ui} = this.#store.getState();
		const isOffered = offeredUndo(ui.dialog?.result, this.#clock.now()) !== undefined;
		if (isOffered && this.#wayBack?.where === session.target.address) this.startWith(this.#wayBack.action, this.#wayBack.choice, this.#wayBack.auditId);
	}

	#tellBusy(): void {
		notify(this.#store, 'Another action is still under way', 'warn');
	}

	async #run(action: AnyAction, choice: Choice, undoes: string | undefined): Promise<void> {
		this.#isBusy = true;
		this.#isSent = false;
		this.#actionId = action.id;
		this.#stop = new AbortController();
		let isAsked = false;
		if (this.#end.aborted) this.#stop.abort();
		const own = this.#deps();
		const where = this.#store.getState().session.target.address;
		const deps = {
			...own,
			audit: (note: Parameters<ServerDeps['audit']>[0]) => {
				if (note.phase === 'intent') this.#isSent = true;
				if (note.phase === 'outcome') this.#wayBack = note.undo && {auditId: note.id, action: note.undo.action, choice: note.undo, where};
				return own.audit(undoes === undefined ? note : {...note, undoes});
			},
			confirm: (request: ConfirmRequest) => {
				isAsked = true;
				return this.#confirm(request);
			},
			preparing: (told: string | undefined) => this.#showPreparing(action, told),
			progress: (progress: DialogState['progress']) => changeUi(this.#store, ({ui}) => (ui.dialog ? {dialog: {...ui.dialog, progress}} : {})),
		};
		try {
			const result = await runAction(action, choice, deps, this.#stop.signal);
			this.#wasRefusedUnasked = result.outcome === 'refused' && !isAsked;
			this.#show(action, result, isAsked);
		} finally {
			this.#isBusy = false;
			changeUi(this.#store, ({ui}) => (ui.hidden ? {hidden: undefined} : {}));
		}
	}

	#showPreparing(action: AnyAction, told: string | undefined): void {
		const {overlay} = this.#store.getState().ui;
		if (told !== undefined) changeUi(this.#store, () => ({overlay: {kind: 'preparing', title: action.title, told}, notice: undefined}));
		else if (overlay?.kind === 'preparing') changeUi(this.#store, () => ({overlay: undefined}));
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
		else if ((layoutDialog(this.#store.getState(), this.#isAscii)?.unseen ?? 0) > 0) notify(this.#store, 'There is more to see first: Down shows it', 'warn');
		else return true;
		return false;
	}

	/** Scroll what does not fit. */
	scroll(rows: number): void {
		const layout = layoutDialog(this.#store.getState(), this.#isAscii);
		if (!layout) return;
		const {lastOffset} = layout;
		changeUi(this.#store, ({ui: {dialog}}) => {
			if (!dialog) return {};
			const offset = Math.min(Math.max(0, Math.min(dialog.offset, lastOffset) + rows), lastOffset);
			return {dialog: {...dialog, offset, isSeen: dialog.isSeen || offset === lastOffset}, ...(dialog.phase === 'asking' ? {notice: undefined} : {})};
		});
	}

	/** An action has been sent, or is about to be. */
	get underWay(): string | undefined {
		const {dialog} = this.#store.getState().ui;
		return this.#isBusy && dialog?.phase !== 'asking' ? this.#actionId : undefined;
	}

	/** No dialog asks and nothing is under way. */
	get isIdle(): boolean {
		return !this.#isBusy;
	}

	decline(): void {
		this.#say(false);
	}

	/** End what takes long: the reading before a dialog, a batch after the round under way, a program, a sample. */
	stop(): void {
		this.#stop.abort();
		changeUi(this.#store, ({ui}) => (ui.dialog?.phase === 'running' ? {dialog: {...ui.dialog, isStopping: true}} : {}));
	}

	/** The dialog is put away; an action under way goes on and reports when it ends. */
	close(): void {
		changeUi(this.#store, ({ui}) => withoutDialog(ui, this.#clock.now()));
	}

	/** Keys of the first moments belong to the screen before; `typed` must not gather them either. */
	isDeaf(): boolean {
		const {dialog} = this.#store.getState().ui;
		return dialog?.phase === 'asking' && this.#clock.now() - dialog.openedAtMs < dialogDeafMs;
	}

	#confirm(request: ConfirmRequest): Promise<boolean> {
		if (this.#settling > 0) return Promise.resolve(false);
		const dialog: DialogState = {
			request,
			openedAtMs: this.#clock.now(),
			phase: 'asking',
			typed: '',
			isSeen: false,
			offset: 0,
			progress: undefined,
			isStopping: false,
			result: undefined,
		};
		changeUi(this.#store, () => ({dialog, overlay: undefined, notice: undefined}));
		return new Promise(resolve => {
			this.#answer = resolve;
		});
	}

	#say(isYes: boolean): void {
		const answer = this.#answer;
		this.#answer = undefined;
		this.#isSent ||= isYes && answer !== undefined;
		// What was said of an answer that did not count goes with the answer that does.
		changeUi(this.#store, now => ({dialog: isYes && now.ui.dialog ? saidYes(now.ui.dialog, now) : undefined, notice: undefined}));
		answer?.(isYes);
	}

	#show(action: AnyAction, result: ActionResult, isAsked: boolean): void {
		const {ui} = this.#store.getState();
		const isOwnDialog = ui.dialog?.request.actionId === action.id && ui.dialog.phase === 'running';
		if (isOwnDialog) changeUi(this.#store, now => (now.ui.dialog ? {dialog: {...now.ui.dialog, phase: 'ended', offset: 0, result}} : {}));
		// Without a dialog there is no other place for it; what has been opened meanwhile stays.
		const isUnseen = !isAsked && result.output.length > 0 && ui.overlay === undefined && ui.dialog === undefined;
		if (isUnseen) changeUi(this.#store, () => ({overlay: {kind: 'output', title: `${action.title}: ${result.outcome}`, lines: result.output, offset: 0}}));
		notify(this.#store, `${action.title}: ${result.outcome}. ${result.detail}`, tones[result.outcome]);
		if (result.outcome === 'done' && action.id === 'client.kill') changeUi(this.#store, () => ({markedClientIds: new Set()}));
	}
}

/** The queue that an action on queues is about. */
function queueOf({pane}: AnyAction, on: readonly string[], state: ConsoleState): QueueStatus | undefined {
	if (pane !== 'queues') return undefined;
	const id = on[0] ?? shownQueue(state.ui)?.id ?? state.ui.panes.queues.selectedId;
	return state.snapshot.queues.data?.find(other => other.id === id);
}
