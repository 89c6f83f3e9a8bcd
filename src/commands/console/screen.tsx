import {render} from 'ink';
import {App} from '../../app.tsx';
import {systemClock} from '../../clock.ts';
import {ScriptNamesContext} from '../../hooks/script-names.ts';
import {StoreContext} from '../../hooks/use-console.ts';
import type {KeyName} from '../../keymap/keys.ts';
import {knownScriptName} from '../../redis/parse/known-scripts.ts';
import {pacedStore, type ReadableStore} from '../../store/paced-store.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import {type EndReason, Terminal} from '../../terminal/terminal.ts';
import {RowCodes} from '../../text/row-codes.ts';
import {RowCodesContext} from '../../views/kit/rows.tsx';
import {ThemeContext} from '../../views/kit/theme.tsx';
import type {DisplayOptions} from '../flags.ts';
import {untilCalm} from './calm.ts';
import type {Controller} from './controller.ts';
import type {Seat} from './seat.ts';

type Look = Pick<DisplayOptions, 'colour' | 'ascii'>;
type BeforeFrames = {readonly rows: readonly string[]; readonly until: Promise<void>};

/** The terminal with the one screen on it. */
export class Screen {
	readonly terminal: Terminal;
	/** Why it ended: a key, a signal, a lost terminal, a defect. */
	readonly ended: Promise<EndReason>;
	readonly #seat: Seat;
	readonly #codes = new RowCodes();
	#end: (reason: EndReason) => void = () => {};
	#store: ConsoleStore | undefined;
	#paced: ReadableStore | undefined;
	#unmount: () => void = () => {};
	#isCrash = false;
	#lastKeyAtMs = Number.NEGATIVE_INFINITY;
	readonly #closed = new AbortController();

	constructor(seat: Seat) {
		this.#seat = seat;
		this.ended = new Promise<EndReason>(resolve => {
			this.#end = resolve;
		});
		const {stdin, stdout, env} = seat;
		this.terminal = new Terminal({
			stdin,
			stdout,
			unfold: frame => this.#codes.unfold(frame),
			onEnd: this.end,
			isDebug: env.REDIS_TRIAGE_DEBUG === '1',
			onCannotSuspend: () => this.#store && notify(this.#store, 'There is no shell to go back to: it cannot be suspended here', 'warn'),
		});
	}

	readonly end = (reason: EndReason): void => {
		this.#isCrash ||= reason.code === 1;
		this.#end(reason);
	};

	/**
	 * Take the terminal, and from then on show a frame whenever the store has something new. `beforeFrames`: what is shown until then, and how long that may be.
	 */
	open(store: ConsoleStore, controller: Pick<Controller, 'press' | 'paste'>, display: Look, beforeFrames?: BeforeFrames): void {
		const {stage} = this.terminal;
		this.#store = store;
		const measure = () => takeSize(store, stage);
		measure();
		stage.on('resize', measure);
		this.terminal.enter();
		if (!beforeFrames) {
			this.#draw(store, controller, display);
			return;
		}
		stage.show(beforeFrames.rows);
		void beforeFrames.until.then(() => {
			if (!this.#closed.signal.aborted) this.#draw(store, controller, display);
		});
	}

	#draw(store: ConsoleStore, controller: Pick<Controller, 'press' | 'paste'>, {colour, ascii}: Look): void {
		const paced = pacedStore(store, systemClock.now);
		this.#paced = paced;
		const onKeys = (keys: readonly KeyName[]) => {
			this.#lastKeyAtMs = systemClock.now();
			controller.press(keys);
		};
		const tree = (
			<StoreContext.Provider value={paced}>
				<ThemeContext.Provider value={{colour, ascii}}>
					<RowCodesContext.Provider value={this.#codes}>
						<ScriptNamesContext.Provider value={knownScriptName}>
							<App onKeys={onKeys} onPaste={text => controller.paste(text)} />
						</ScriptNamesContext.Provider>
					</RowCodesContext.Provider>
				</ThemeContext.Provider>
			</StoreContext.Provider>
		);
		// In its debug mode Ink writes every frame whole and at once; the stage sends on what has changed.
		const app = render(tree, {
			stdout: this.terminal.stage as unknown as NodeJS.WriteStream,
			stdin: this.terminal.keys as unknown as NodeJS.ReadStream,
			debug: true,
			exitOnCtrlC: false,
			patchConsole: false,
			interactive: true,
		});
		app.waitUntilExit().catch((error: unknown) => this.end({code: 1, message: this.terminal.crashText(error)}));
		this.#unmount = () => app.unmount();
		void untilCalm(() => this.#lastKeyAtMs, systemClock, this.#closed.signal).then(this.#seat.onCalm);
	}

	/** The state that is on the screen, which may be a moment behind; undefined before the first frame. */
	get shown(): ConsoleState | undefined {
		return this.#paced?.getState();
	}

	/** Give the terminal back. */
	close(): void {
		this.#closed.abort();
		this.terminal.leave(this.#isCrash);
		try {
			this.#unmount();
		} catch (error) {
			// A screen that cannot be drawn cannot be taken down either; why it ends has been told.
			if (!this.#isCrash) throw error;
		}
	}
}

function takeSize(store: ConsoleStore, {columns, rows}: {readonly columns: number; readonly rows: number}): void {
	// What is seen is another picture now: an open dialog is deaf again, and begins at its top.
	changeUi(store, ({ui}) => ({size: {columns, rows}, dialog: ui.dialog && {...ui.dialog, openedAtMs: systemClock.now(), offset: 0, isSeen: false}}));
}
