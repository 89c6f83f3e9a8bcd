import type {ConfigTarget} from '../../config/config.ts';
import {FleetCosts} from '../../poll/fleet-costs.ts';
import {address, type Endpoint, type Target} from '../../redis/target.ts';
import {lookElsewhere} from '../../store/look-elsewhere.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
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
	/** What is sent to others than the one that is looked at. */
	readonly costs = new FleetCosts();
	#options: FocusOptions;
	#target: Target;
	/** As it was chosen where it could be. */
	#isReadOnly: boolean;
	/** What the Sentinels called home when it was left; undefined: no master that they know. */
	#homeAlias: string | undefined;
	/** What a recovery there is measured by, also after a look elsewhere. */
	#homeIncident: ConsoleState['incident'];
	#followedEpoch = Number.NEGATIVE_INFINITY;
	#isClosed = false;
	#session: ServerSession;
	readonly #listeners: ((session: ServerSession) => void)[] = [];

	constructor(options: FocusOptions) {
		this.#options = {...options, costs: this.costs};
		this.#isReadOnly = options.isReadOnly;
		this.#target = options.target;
		this.#session = openSession(this.#options);
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

	get isAtHome(): boolean {
		return address(this.#target.endpoint) === address(this.home.endpoint);
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
		const {session, snapshot, incident} = this.store.getState();
		this.#session.close();
		if (this.isAtHome) {
			this.#homeAlias = snapshot.sentinels?.following;
			this.#homeIncident = incident;
		}
		if (session.lockedBy === undefined) this.#isReadOnly = session.mode === 'read-only';
		const {target, lockedBy} = this.#guarded(to);
		this.#target = target;
		if (becomesHome) this.#options = {...this.#options, target, lockedBy};
		const isHome = this.isAtHome;
		const options = {...this.#options, target, lockedBy, isReadOnly: this.#isReadOnly, intervalMs: session.intervalMs};
		const next = {
			...sessionState(options),
			sentinels: session.sentinels,
			home: isHome ? undefined : homeOf(this.home),
		};
		const nowMs = clock.now();
		this.store.setState(state =>
			lookElsewhere(state, next, {nowMs, keepsFigures, incident: isHome ? this.#homeIncident : keepsFigures ? incident : undefined}),
		);
		this.#tell(text);
		this.#session = openSession(options, this.store);
		for (const listener of this.#listeners) listener(this.#session);
	}

	/** What was asked for is elsewhere now; the one that is looked at stays the one that is looked at. */
	moveHome(to: Target, text: string): void {
		this.#options = {...this.#options, ...this.#guarded(to)};
		this.#homeAlias = address(to.endpoint);
		this.store.setState(({session}) => ({session: {...session, home: homeOf(this.home)}}));
		this.#tell(text);
	}

	/** Is it home that the Sentinels had at this address as the master? */
	isHomeMaster(where: string): boolean {
		const name = address(this.home.endpoint);
		return where === (this.isAtHome ? name : (this.#homeAlias ?? name));
	}

	/** Each failover is followed once, and none that is older than the last, unless the Sentinels count anew. */
	takesFailover({epoch, isAnew}: {readonly epoch: number; readonly isAnew?: true | undefined}): boolean {
		if (!isAnew && epoch <= this.#followedEpoch) return false;
		this.#followedEpoch = epoch;
		return true;
	}

	#tell(text: string): void {
		const {session} = this.store.getState();
		const event = {atMs: this.#options.clock.now(), kind: 'console' as const, severity: undefined, text, details: [`by ${session.operator}`]};
		this.store.setState(({timeline}) => ({timeline: addEvents(timeline, [event])}));
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

const homeOf = ({name, endpoint}: Target) => ({name, address: address(endpoint)});
