import type {Registry} from '../../actions/registry.ts';
import type {Player} from '../../incident/recording/player.ts';
import {playbackRefusal} from '../../store/playback.ts';
import {shownId} from '../../store/standing.ts';
import type {ActionStatus, ConsoleStore} from '../../store/store.ts';
import {changeUi, notify} from '../../store/ui-commands.ts';
import type {TimeTraveller} from '../console/time-keys.ts';

/** A recording on the screen: what keys do to its time, and what the store holds for it. */
export class Playing implements TimeTraveller {
	readonly #player: Player;
	readonly #store: ConsoleStore;
	readonly #now: () => number;
	readonly #actions: readonly ActionStatus[];

	constructor(player: Player, store: ConsoleStore, registry: Registry, now: () => number) {
		this.#now = now;
		this.#player = player;
		this.#store = store;
		this.#actions = statusesOf(registry);
	}

	show(): void {
		this.#store.setState({
			...this.#player.shown,
			actions: this.#actions,
			playback: {kind: 'replay', ...this.#player.position(), present: undefined, watchedAtMs: this.#now()},
		});
	}

	/** Show the time that has passed; news go while it stands still, too. */
	pass(): void {
		if (!this.#player.isPlaying && !this.#store.getState().ui.notice) return;
		this.#player.pass();
		this.show();
	}

	readonly step = (ms: number): void => {
		this.#player.pass();
		this.#player.seek(this.#player.atMs + ms);
		this.show();
	};

	readonly togglePlay = (): void => {
		this.#player.toggle();
		this.show();
	};

	readonly changeSpeed = (step: 1 | -1): void => {
		this.#player.change(step);
		this.show();
		notify(this.#store, `${this.#player.speed}x`, 'info');
	};

	/** It stands still there, so that one can look. */
	readonly toNextFinding = (): void => {
		const {isPlaying} = this.#player;
		const subject = this.#player.toNextFinding();
		if (subject === undefined) return void notify(this.#store, 'No finding begins after this moment', 'info');
		if (isPlaying) this.#player.toggle();
		this.show();
		changeUi(this.#store, ({nowMs, session}) => ({walked: {findingId: shownId(subject, session.target.address), atMs: nowMs}, notice: undefined}));
	};
}

/** All there are, none of which can be carried out. */
function statusesOf({all}: Registry): readonly ActionStatus[] {
	const refusal = playbackRefusal({kind: 'replay'});
	return all.map(({id, title, danger, pane, doc, on}) => ({
		id,
		title,
		danger,
		pane,
		sends: doc.sends,
		refusal,
		needsChoice: false,
		isReadOnly: true,
		takesRow: on !== undefined,
		asks: false,
	}));
}
