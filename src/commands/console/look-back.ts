import type {Clock} from '../../clock.ts';
import {messageOf, UsageError} from '../../errors.ts';
import {Player} from '../../incident/recording/player.ts';
import type {Recording} from '../../incident/recording/read-recording.ts';
import type {ShiftedStore} from '../../store/shifted-store.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import {formatClock} from '../../text/format.ts';
import {raiseLater} from './session.ts';
import {playEveryMs, type TimeTraveller} from './time-keys.ts';

type LookBackOptions = {
	readonly shifted: ShiftedStore;
	readonly present: ConsoleStore;
	readonly clock: Clock;
	/** What has been recorded so far. Rejects with a UsageError that says why there is nothing. */
	readonly read: () => Promise<Recording>;
	readonly signal: AbortSignal;
};

/** Looks back into the recording of the running session; the session goes on meanwhile. */
export class LookBack implements TimeTraveller {
	readonly #options: LookBackOptions;
	#player: Player | undefined;
	/** The recording is being read: keys pressed meanwhile add up. */
	#isReading = false;
	#wantedMs = 0;
	/** Grows with every way back to now: what was begun before it must not lead away from there. */
	#journey = 0;

	constructor(options: LookBackOptions) {
		this.#options = options;
		// A dialog that was on its way when the key was pressed is about now, and so must be all that is seen around it.
		options.present.subscribe(({ui}, before) => {
			if (this.#player && ui.dialog && !before.ui.dialog) this.toNow();
		});
	}

	readonly step = (ms: number): void => {
		if (this.#isReading) this.#wantedMs += ms;
		else {
			this.#player?.pass();
			this.#wantedMs = (this.#player?.atMs ?? this.#options.clock.now()) + ms;
			this.#goThere().catch(raiseLater);
		}
	};

	readonly toNow = (): void => {
		this.#journey++;
		this.#player = undefined;
		this.#options.shifted.show(undefined);
		changeUi(this.#options.present, () => ({notice: undefined}));
	};

	readonly togglePlay = (): void => {
		const player = this.#player;
		if (!player || this.#isReading) return;
		player.pass();
		if (player.isPlaying) player.toggle();
		else this.#play(player).catch(raiseLater);
		this.#show(player);
	};

	async #goThere(): Promise<void> {
		const player = this.#player;
		if (this.#wantedMs >= this.#options.clock.now()) this.toNow();
		else if (player && this.#wantedMs <= player.recording.toMs) {
			player.seek(this.#wantedMs);
			this.#show(player);
		} else await this.#read();
	}

	/** What has been recorded by now. The player that it is looked at with from then on; undefined where nothing comes of it. */
	async #read(): Promise<Player | undefined> {
		const {read, shifted, present, clock} = this.#options;
		const journey = this.#journey;
		this.#isReading = true;
		try {
			const recording = await read();
			const {dialog, overlay} = present.getState().ui;
			if (journey !== this.#journey || dialog || overlay) return undefined;
			if (this.#wantedMs >= clock.now()) return void this.toNow();
			// What is frozen would hide it, and news of now mean nothing there.
			if (!this.#player) changeUi(present, () => ({frozen: undefined, notice: undefined, walked: undefined}));
			this.#player = new Player(recording, this.#wantedMs, clock.now);
			this.#show(this.#player);
			if (this.#wantedMs < recording.fromMs) notify(shifted.store, `This recording begins at ${formatClock(recording.fromMs)}`, 'info');
			return this.#player;
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			notify(shifted.store, messageOf(error), 'warn');
			return undefined;
		} finally {
			this.#isReading = false;
		}
	}

	#show(player: Player): void {
		this.#options.shifted.show({moment: player.shown, position: {kind: 'past', ...player.position()}});
	}

	/** Until somebody stops it, or nothing more has been recorded. */
	async #play(begun: Player): Promise<void> {
		const {clock, signal} = this.#options;
		let player: Player | undefined = begun;
		while (player) {
			if (player.atMs < player.recording.toMs) player.toggle();
			while (player.isPlaying && player === this.#player && !signal.aborted) {
				this.#show(player);
				await clock.sleep(playEveryMs, signal);
				if (player.isPlaying) player.pass();
			}
			if (player !== this.#player || signal.aborted || player.atMs < player.recording.toMs) return;
			this.#show(player);
			player = await this.#readOn(player);
		}
	}

	/** At the end of what has been read: more may have been written since. */
	async #readOn({recording}: Player): Promise<Player | undefined> {
		this.#wantedMs = recording.toMs + 1;
		const next = await this.#read();
		return next && next.recording.toMs > recording.toMs ? next : undefined;
	}
}
