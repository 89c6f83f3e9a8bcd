import type {Registry} from '../../actions/registry.ts';
import {crampedContexts, keyContexts, takesText} from '../../hooks/key-contexts.ts';
import {paletteEntries} from '../../hooks/palette.ts';
import {type Context, resolve} from '../../keymap/keymap.ts';
import {type KeyName, typedCharacter} from '../../keymap/keys.ts';
import {playbackRefusal} from '../../store/playback.ts';
import {recoveryEvent} from '../../store/recovery.ts';
import {answersReads} from '../../store/server-state.ts';
import {isClusterReplica, queuesAtMaster} from '../../store/snapshot.ts';
import {type ConsoleStore, lockedText} from '../../store/store.ts';
import {isSurveying} from '../../store/survey.ts';
import {addEvents} from '../../store/timeline.ts';
import {changeUi, notify, uiCommands} from '../../store/ui-commands.ts';
import {commandText} from '../../text/command-text.ts';
import {isTooSmall} from '../../views/frame/screen-layout.ts';
import type {ActionDesk} from './action-desk.ts';
import {literalCommand} from './literal-command.ts';
import {runRemedy} from './run-remedy.ts';
import {raiseLater, type ServerSession} from './session.ts';
import {backspace, cancelText, clear, editText, insert} from './text-input.ts';
import {type TimeTraveller, timeCommands} from './time-keys.ts';
import type {Travel} from './travel.ts';
import {wantsPresent} from './wants-present.ts';
import {withinList, withoutOldNotice} from './within-list.ts';

export type ControllerOptions = {
	/** What the screen shows. */
	readonly store: ConsoleStore;
	/** What is written down goes there, whatever moment is shown; without it `store` is the present. */
	readonly present?: ConsoleStore;
	readonly desk: Desk;
	readonly registry: Registry;
	readonly quit: () => void;
	readonly suspend: () => void;
	readonly copy: (text: string) => void;
	/** Write down what the screen shows. */
	readonly snapshot: () => void;
	/** Write the report of what has been recorded. */
	readonly report: () => void;
	readonly now: () => number;
	/** The server that is looked at now; undefined: none is. */
	readonly focus?: {readonly session: Pick<ServerSession, 'setMode' | 'survey' | 'rescanQueues'>};
	/** The ways to other servers. */
	readonly travel?: Pick<Travel, 'goTo' | 'goToPointed' | 'goHome'>;
	/** The ways to other moments. */
	readonly time?: TimeTraveller;
};

/** What keys ask of whoever carries actions out. */
export type Desk = Pick<
	ActionDesk,
	'accept' | 'acceptWord' | 'canStart' | 'close' | 'decline' | 'isDeaf' | 'scroll' | 'start' | 'startWith' | 'stop' | 'submitForm' | 'undo'
>;

const fieldOverlays: ReadonlySet<string> = new Set(['filter', 'palette', 'note', 'form']);

/** Keys closer together than this are no deliberate answer. */
const burstMs = 100;
/** Goes with the next key that is heard. */
const notHeard = 'Not heard: press it once more, by itself';

/** Less than the lowest screen shows, so that no row is passed over unseen. */
const dialogPage = 5;

/** From the shortest to the longest that --interval takes. */
const intervalSteps = [200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** What keys and commands do: the view changes in the store, actions go to their desk, the rest is handed out. */
export class Controller {
	readonly #options: ControllerOptions;
	#lastKeyAtMs = Number.NEGATIVE_INFINITY;
	readonly #commands: Readonly<Record<string, () => void>>;

	constructor(options: ControllerOptions) {
		this.#options = options;
		const {store, desk} = options;
		this.#commands = {
			quit: options.quit,
			suspend: options.suspend,
			copy: () => this.#copy(),
			snapshot: options.snapshot,
			report: options.report,
			'interval.longer': () => this.#stepInterval(1),
			'interval.shorter': () => this.#stepInterval(-1),
			'text.accept': () => this.#acceptText(),
			'text.cancel': () => changeUi(store, cancelText),
			'text.backspace': () => changeUi(store, editText(backspace)),
			'text.clear': () => changeUi(store, editText(clear)),
			'palette.run': () => this.#runPalette(),
			'remedy.run': () => runRemedy(store, desk),
			'dialog.accept': () => desk.accept(),
			'dialog.accept-word': () => desk.acceptWord(),
			'dialog.decline': () => desk.decline(),
			'dialog.close': () => desk.close(),
			'dialog.hide': () => desk.close(),
			'dialog.stop': () => desk.stop(),
			'form.accept': () => desk.submitForm(),
			'dialog.down': () => desk.scroll(1),
			'dialog.up': () => desk.scroll(-1),
			'dialog.page-down': () => desk.scroll(dialogPage),
			'dialog.page-up': () => desk.scroll(-dialogPage),
			'dialog.end': () => desk.scroll(Number.POSITIVE_INFINITY),
			'dialog.begin': () => desk.scroll(Number.NEGATIVE_INFINITY),
			'dialog.undo': () => desk.undo(),
			'survey.start': () => this.#startSurvey(),
			'survey.stop': () => options.focus?.session.survey.stop(),
			'queues.rescan': () => this.#rescan(),
			'recovery.note': () => this.#noteRecovery(),
			'mode.read-only': () => options.focus?.session.setMode('read-only'),
			'mode.guarded': () => this.#askForName(),
			'server.go': () => options.travel?.goToPointed(),
			'server.home': () => options.travel?.goHome(),
			back: () => this.#back(),
			...(options.time ? timeCommands(options.time) : {}),
		};
	}

	press(keys: readonly KeyName[]): void {
		const {store, now} = this.#options;
		const nowMs = now();
		const before = store.getState().ui;
		// What a person presses comes alone and after a pause; text that a terminal pastes as keys does not.
		const isBurst = keys.length > 1 || nowMs - this.#lastKeyAtMs < burstMs;
		this.#lastKeyAtMs = nowMs;
		if (keys.length > 1 && before.overlay?.kind === 'note') this.#typeBurst(keys);
		else for (const key of keys) this.#pressOne(key, isBurst);
		const {ui} = store.getState();
		if (ui !== before && ui.notice?.text === notHeard && ui.notice === before.notice) changeUi(store, () => ({notice: undefined}));
	}

	/** Text for a note that comes in one read is a paste, brackets or not: a line end in it is a blank, and nothing of it is an order. */
	#typeBurst(keys: readonly KeyName[]): void {
		for (const key of keys) {
			if (!takesText(this.#contexts())) return;
			if (key === 'enter' || typedCharacter(key) === undefined) changeUi(this.#options.store, editText(insert(key === 'enter' ? ' ' : '')));
			else this.#pressOne(key, true);
		}
	}

	#contexts(): readonly Context[] {
		const state = this.#options.store.getState();
		return isTooSmall(state.ui.size) ? crampedContexts(state) : keyContexts(state);
	}

	/** Pasted text never confirms and never acts: it goes into an open text field, or nowhere. */
	paste(text: string): void {
		const {store} = this.#options;
		const {ui} = store.getState();
		const isField = !ui.dialog && fieldOverlays.has(ui.overlay?.kind ?? '');
		if (isField) changeUi(store, editText(insert(text.replace(/\s+/g, ' ').trim())));
		else notify(store, 'Pasted text is ignored here', 'info');
	}

	run(command: string): void {
		const {store, desk} = this.#options;
		const {playback} = store.getState();
		if (playback && wantsPresent(command, playback)) return void notify(store, playbackRefusal(playback), 'warn');
		const own = this.#commands[command];
		const change = uiCommands[command];
		if (own) own();
		else if (change) changeUi(store, state => withoutOldNotice(withinList(state, change(state))));
		else if (command.startsWith('action.')) desk.start(command.slice('action.'.length));
		else if (command.startsWith('go:')) this.#options.travel?.goTo(command.slice('go:'.length));
		else if (command.startsWith('undo:')) this.#undo(command.slice('undo:'.length));
		else if (command.startsWith('finding:'))
			changeUi(store, () => ({overlay: {kind: 'finding', findingId: command.slice('finding:'.length), index: 0, offset: 0}}));
	}

	#pressOne(key: KeyName, isBurst: boolean): void {
		const {store, desk} = this.#options;
		const contexts = this.#contexts();
		const command = resolve(key, contexts);
		if (command !== undefined) {
			if (isBurst && command.startsWith('dialog.accept')) notify(store, notHeard, 'warn');
			else this.run(command);
			return;
		}
		const character = takesText(contexts) ? typedCharacter(key) : undefined;
		if (character !== undefined && !desk.isDeaf()) changeUi(store, editText(insert(character)));
	}

	#acceptText(): void {
		const {store, focus} = this.#options;
		const {overlay} = store.getState().ui;
		if (overlay?.kind === 'word') {
			if (overlay.typed !== overlay.word) {
				notify(store, `Type ${overlay.word}, or Esc to leave`, 'warn');
				return;
			}
			focus?.session.setMode('guarded');
		}
		if (overlay?.kind === 'note') this.#addNote(overlay.typed.trim());
		changeUi(store, () => ({overlay: undefined}));
	}

	/** Where nothing is left to be closed, and from another server, it leads home. */
	#back(): void {
		const {store, travel} = this.#options;
		const {ui, session} = store.getState();
		const change = uiCommands.back?.(store.getState()) ?? {};
		// Elsewhere a pane may stay open on the way home: who goes there to look at something wants to compare it.
		const isOnlyPane = session.home !== undefined && ui.overlay === undefined && ui.panes[ui.focus].filter === '';
		if (isOnlyPane || Object.keys(change).length === 0) travel?.goHome();
		else changeUi(store, state => withoutOldNotice(withinList(state, change)));
	}

	#startSurvey(): void {
		const {store, focus} = this.#options;
		const state = store.getState();
		if (!answersReads(state.snapshot.server)) notify(store, `Not now: the server is ${state.snapshot.server.kind}`, 'warn');
		else if (isSurveying(state.survey)) notify(store, 'A survey is under way: Esc stops it', 'info');
		else void focus?.session.survey.start().catch(raiseLater);
	}

	#rescan(): void {
		const {store, focus} = this.#options;
		const {snapshot} = store.getState();
		const {queueSearch, server} = snapshot;
		if (!answersReads(server)) return void notify(store, `Not now: the server is ${server.kind}`, 'warn');
		if (isClusterReplica(snapshot)) return void notify(store, `Not here: ${queuesAtMaster}`, 'info');
		const isRunning = queueSearch.phase === 'running';
		if (!isRunning) focus?.session.rescanQueues();
		notify(store, isRunning ? 'The search for queues is under way already' : 'Looking for queues in the whole database', 'info');
	}

	#addNote(text: string): void {
		const {store, present = store} = this.#options;
		const {session, nowMs} = present.getState();
		if (text === '') return;
		present.setState(({timeline}) => ({
			timeline: addEvents(timeline, [{atMs: nowMs, kind: 'note', severity: undefined, text, details: [`noted by ${session.operator}`]}]),
		}));
		const {ui, playback} = store.getState();
		const where = playback ? 'Noted, at the present moment' : ui.frozen ? 'Noted: Space shows it in the timeline (6)' : 'Noted in the timeline (6)';
		notify(store, where, 'good');
	}

	/** The list as it stands, for the record. */
	#noteRecovery(): void {
		const {store} = this.#options;
		const event = recoveryEvent(store.getState());
		store.setState(({timeline}) => ({timeline: addEvents(timeline, [event])}));
		notify(store, `Noted in the timeline (6): ${event.text}`, 'good');
	}

	/** Start what takes an earlier run back, with its dialog. */
	#undo(auditId: string): void {
		const {store, desk} = this.#options;
		const way = store.getState().waysBack.find(each => each.auditId === auditId);
		if (way) desk.startWith(way.action, way.choice, auditId);
		else notify(store, 'That has been taken back already', 'info');
	}

	#runPalette(): void {
		const {store} = this.#options;
		const state = store.getState();
		const {overlay} = state.ui;
		if (overlay?.kind !== 'palette') return;
		const entries = paletteEntries(state, overlay.query);
		const entry = entries[Math.min(overlay.index, entries.length - 1)];
		if (!entry) return;
		if (entry.refusal !== undefined) {
			notify(store, `${entry.name}: ${entry.refusal}`, 'warn');
			return;
		}
		changeUi(store, () => ({overlay: undefined}));
		this.run(entry.command);
	}

	#askForName(): void {
		const {store} = this.#options;
		const {session} = store.getState();
		if (session.mode === 'guarded') notify(store, 'Actions are allowed already', 'info');
		else if (session.lockedBy !== undefined) notify(store, lockedText(session.lockedBy), 'warn');
		else
			changeUi(store, () => ({overlay: {kind: 'word', title: 'Allow actions on this server', word: session.target.name, typed: '', command: 'mode.guarded'}}));
	}

	#stepInterval(step: number): void {
		const {store} = this.#options;
		const {session} = store.getState();
		const intervalMs =
			(step > 0 ? intervalSteps.find(ms => ms > session.intervalMs) : intervalSteps.findLast(ms => ms < session.intervalMs)) ?? session.intervalMs;
		store.setState({session: {...session, intervalMs}});
		notify(store, `Polling every ${intervalMs / 1000} s`, 'info');
	}

	#copy(): void {
		const {store, copy, registry} = this.#options;
		const state = store.getState();
		const lines = literalCommand(state, id => registry.byId(id)?.literalPlan(state));
		if (!lines || lines.length === 0) {
			notify(store, 'There is no command to copy here', 'info');
			return;
		}
		const text = lines.map(commandText).join('\n');
		copy(text);
		notify(store, lines.length === 1 ? `Sent to the terminal's clipboard: ${text}` : `${lines.length} commands sent to the terminal's clipboard`, 'good');
	}
}
