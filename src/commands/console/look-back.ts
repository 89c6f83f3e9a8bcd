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
	/** A recording is being opened: keys pressed meanwhile add up. */
	#isOpening = false;
	#wantedMs = 0;

	constructor(options: LookBackOptions) {
		this.#options = options;
	}

	readonly step = (ms: number): void => {
		const {clock} = this.#options;
		if (this.#isOpening) this.#wantedMs += ms;
		else {
			this.#player?.pass();
			this.#wantedMs = (this.#player?.atMs ?? clock.now()) + ms;
			this.#goTo();
		}
	};

	readonly toNow = (): void => {
		this.#player = undefined;
		this.#options.shifted.show(undefined);
		changeUi(this.#options.present, () => ({notice: undefined}));
	};

	readonly togglePlay = (): void => {
		const player = this.#player;
		if (!player) return;
		// At the end of what has been read more has been written meanwhile.
		if (!player.isPlaying && player.atMs >= player.recording.toMs) this.step(0);
		else {
			player.toggle();
			this.#show(player);
			if (player.isPlaying) this.#play(player).catch(raiseLater);
		}
	};

	#goTo(): void {
		const player = this.#player;
		if (this.#wantedMs >= this.#options.clock.now()) this.toNow();
		else if (player && this.#wantedMs <= player.recording.toMs) {
			player.seek(this.#wantedMs);
			this.#show(player);
		} else {
			this.#open().catch(raiseLater);
		}
	}

	async #open(): Promise<void> {
		const {read, shifted, present, clock} = this.#options;
		this.#isOpening = true;
		try {
			const opened = await read();
			if (this.#wantedMs >= clock.now()) return this.toNow();
			const isFirst = this.#player === undefined;
			this.#player = new Player(opened, this.#wantedMs, clock.now);
			// What is frozen would hide it, and news of now mean nothing there.
			if (isFirst) changeUi(present, () => ({frozen: undefined, notice: undefined, walked: undefined}));
			this.#show(this.#player);
			if (this.#wantedMs < opened.fromMs) notify(shifted.store, `This recording begins at ${formatClock(opened.fromMs)}`, 'info');
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			notify(present, messageOf(error), 'warn');
		} finally {
			this.#isOpening = false;
		}
	}

	#show(player: Player): void {
		this.#options.shifted.show({moment: player.shown, position: {kind: 'past', ...player.position()}});
	}

	async #play(player: Player): Promise<void> {
		const {clock, signal} = this.#options;
		while (player.isPlaying && player === this.#player && !signal.aborted) {
			await clock.sleep(playEveryMs, signal);
			if (player !== this.#player) return;
			player.pass();
			this.#show(player);
			if (!player.isPlaying) this.#goOn(player);
		}
	}

	/** Played up to what has been read of the file: what has been written since comes next. */
	#goOn(player: Player): void {
		this.#wantedMs = player.atMs + 1;
		this.#open()
			.then(() => {
				if (this.#player !== player) this.togglePlay();
			})
			.catch(raiseLater);
	}
}
