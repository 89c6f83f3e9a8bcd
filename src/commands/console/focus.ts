import type {ConfigTarget} from '../../config/config.ts';
import {address, type Endpoint, type Target} from '../../redis/target.ts';
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

type FocusOptions = SessionOptions & {
	/** What the config file says of the server at an address. */
	readonly configuredAt?: (endpoint: Endpoint) => Pick<ConfigTarget, 'environment' | 'readOnly' | 'where'> | undefined;
};

/** Where the console looks: at one server at a time, over the connections of one session; it can turn to another one on the same screen. */
export class Focus {
	readonly store: ConsoleStore;
	#options: FocusOptions;
	#target: Target;
	/** As it was chosen where it could be. */
	#isReadOnly: boolean;
	#isClosed = false;
	#session: ServerSession;
	readonly #listeners: ((session: ServerSession) => void)[] = [];

	constructor(options: FocusOptions) {
		this.#options = options;
		this.#isReadOnly = options.isReadOnly;
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
	 * Leave the server that is looked at and open a session on another one, in the same mode unless that one is locked. Only while no action is
	 * under way: its outcome would be lost with its connection.
	 */
	moveTo(to: Target, {text, keepsFigures, becomesHome = false}: Move): void {
		const {clock} = this.#options;
		const {session} = this.store.getState();
		this.#session.close();
		if (session.lockedBy === undefined) this.#isReadOnly = session.mode === 'read-only';
		const {target, lockedBy} = this.#guarded(to);
		this.#target = target;
		if (becomesHome) this.#options = {...this.#options, target, lockedBy};
		const isHome = address(target.endpoint) === address(this.home.endpoint);
		const options = {...this.#options, target, lockedBy, isReadOnly: this.#isReadOnly, intervalMs: session.intervalMs};
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

	/** What is production, or locked, is so however one comes there; what home is counts in the whole group. */
	#guarded(to: Target): Pick<SessionOptions, 'lockedBy'> & {readonly target: Target} {
		const {configuredAt, target: home, lockedBy} = this.#options;
		// Home may have been given by a name, which says more than its address.
		if (address(to.endpoint) === address(home.endpoint)) return {target: {...to, environment: home.environment}, lockedBy};
		const own = configuredAt?.(to.endpoint);
		const environment = [own?.environment, home.environment].find(word => word === 'production') ?? own?.environment ?? to.environment;
		return {target: {...to, environment}, lockedBy: lockedBy ?? (own?.readOnly === 'locked' ? own.where : undefined)};
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	close(): void {
		this.#isClosed = true;
		this.#session.close();
	}
}
