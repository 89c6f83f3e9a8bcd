import {address, type Target} from '../../redis/target.ts';
import {lookElsewhere} from '../../store/look-elsewhere.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {addEvents} from '../../store/timeline.ts';
import {openSession, type ServerSession, type SessionOptions, sessionState} from './session.ts';

type Move = {
	/** What the timeline says of it. */
	readonly text: string;
	/** It is the same data set under another address: what was known stays on the screen. */
	readonly keepsFigures: boolean;
	/** From now on it is the one that was asked for: the master has moved there. */
	readonly becomesHome?: boolean;
};

/** Where the console looks: at one server at a time, over the connections of one session; it can turn to another one on the same screen. */
export class Focus {
	readonly store: ConsoleStore;
	#options: SessionOptions;
	#target: Target;
	#isClosed = false;
	#session: ServerSession;
	readonly #listeners: ((session: ServerSession) => void)[] = [];

	constructor(options: SessionOptions) {
		this.#options = options;
		this.#target = options.target;
		this.#session = openSession(options);
		this.store = this.#session.store;
	}

	get session(): ServerSession {
		return this.#session;
	}

	get target(): Target {
		return this.#target;
	}

	/** The one that was asked for. */
	get home(): Target {
		return this.#options.target;
	}

	/** Told after every move. */
	onMoved(listener: (session: ServerSession) => void): void {
		this.#listeners.push(listener);
	}

	/**
	 * Leave the server that is looked at and open a session on another one, in the same mode. Only while no action is under way: its outcome
	 * would be lost with its connection.
	 */
	moveTo(target: Target, {text, keepsFigures, becomesHome = false}: Move): void {
		const {clock} = this.#options;
		const {session} = this.store.getState();
		this.#session.close();
		this.#target = target;
		if (becomesHome) this.#options = {...this.#options, target};
		const isHome = address(target.endpoint) === address(this.home.endpoint);
		const options = {...this.#options, target, isReadOnly: session.mode === 'read-only', intervalMs: session.intervalMs};
		const next = {
			...sessionState(options),
			sentinels: session.sentinels,
			home: isHome ? undefined : {name: this.home.name, address: address(this.home.endpoint)},
		};
		const nowMs = clock.now();
		this.store.setState(state => lookElsewhere(state, next, {nowMs, keepsFigures}));
		this.store.setState(({timeline}) => ({
			timeline: addEvents(timeline, [{atMs: nowMs, kind: 'console', severity: undefined, text, details: [`by ${session.operator}`]}]),
		}));
		this.#session = openSession(options, this.store);
		for (const listener of this.#listeners) listener(this.#session);
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	close(): void {
		this.#isClosed = true;
		this.#session.close();
	}
}
