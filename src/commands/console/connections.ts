import type {Clock} from '../../clock.ts';
import {Link} from '../../redis/link.ts';
import type {Target} from '../../redis/target.ts';
import type {ConsoleStore, Session} from '../../store/store.ts';

export type ConnectionsOptions = {
	readonly target: Target;
	/** `alice@bastion1`: how other consoles see this one in CLIENT LIST. */
	readonly label: string;
	readonly clock: Clock;
	readonly store: ConsoleStore;
	/** Nothing is going to be sent: the connection that acts stays away. */
	readonly isDryRun?: boolean | undefined;
};

/** `redis-triage:alice@bastion1:observe`; the server takes no blanks or control characters in a name. */
export const connectionName = (label: string, role: string): string => `redis-triage:${label.replace(/[^\x21-\x7E]/g, '_')}:${role}`;

/** The console's connections to one server, opened before anything is wrong: a full or frozen server would not let us in later. */
export class Connections {
	readonly #options: ConnectionsOptions;
	readonly observe: Link;
	/** For the search for queues and the looks at them, which would keep a PING waiting. */
	readonly queues: Link;
	#act: Link | undefined;
	#surveying: Link | undefined;
	#hasQueues = false;

	constructor(options: ConnectionsOptions) {
		this.#options = options;
		const {target, clock} = options;
		this.observe = new Link({target, name: this.nameOf('observe'), clock});
		this.queues = new Link({target: {...target, db: 0}, name: this.nameOf('queues'), clock});
		this.observe.subscribe(() => {
			this.#openOthers();
			this.#show();
		});
		this.queues.subscribe(() => this.#show());
	}

	/** The connection that changes things; undefined in read-only mode. */
	get act(): Link | undefined {
		return this.#act;
	}

	open(): void {
		this.observe.open();
	}

	close(): void {
		for (const link of [this.observe, this.#act, this.queues]) link?.close();
	}

	/** What lies between has forgotten the connections that were open: all of them are made anew. */
	reconnectOthers(): void {
		this.#act?.reconnect();
		if (this.#hasQueues) this.queues.reconnect();
	}

	setMode(mode: 'guarded' | 'read-only'): void {
		const {store} = this.#options;
		store.setState(({session}) => ({session: {...session, mode, acting: mode === 'guarded' ? 'opening' : 'none'}}));
		if (mode === 'read-only') {
			this.#act?.close();
			this.#act = undefined;
		}
		this.#openOthers();
		this.#show();
	}

	/** A survey's own connection: not ours to open or close, but one of the console's. */
	adopt(link: Link): void {
		this.#surveying = link;
		link.subscribe(() => this.#show());
	}

	nameOf(role: string): string {
		return connectionName(this.#options.label, role);
	}

	/** Not before the observing connection has its place, the acting one first: of a full server's last ones they make the better use. */
	#openOthers(): void {
		const {target, clock, store, isDryRun = false} = this.#options;
		const {kind} = this.observe.status;
		if (!this.#act && !isDryRun && store.getState().session.mode === 'guarded' && (kind === 'greeting' || kind === 'open')) {
			this.#act = new Link({target: {...target, db: 0}, name: this.nameOf('act'), clock}).open();
			this.#act.subscribe(() => this.#show());
		}
		if (this.#hasQueues || kind !== 'open') return;
		this.#hasQueues = true;
		this.queues.open();
	}

	/**
	 * Put the ids of the connections that are open now into the store, and whether the one that acts is among them. Ids of earlier connections
	 * may be others' by now; ours are known by their name anyway.
	 */
	#show(): void {
		const {store} = this.#options;
		const {session, fleet} = store.getState();
		const links = [this.observe, this.#act, this.queues, this.#surveying];
		const ids = links.flatMap(link => (link?.status.kind === 'open' ? (link.status.greeting.clientId ?? []) : []));
		const light = fleet?.nodes.find(node => node.address === session.target.address)?.clientId;
		if (light !== undefined) ids.push(light);
		// With no connection at all the last list is still shown, and in it these were ours.
		const own = ids.length === 0 ? session.ownClientIds : new Set(ids);
		const areSame = own.size === session.ownClientIds.size && ids.every(id => session.ownClientIds.has(id));
		const acts = this.#acting();
		if (areSame && acts.acting === session.acting && acts.actingSinceMs === session.actingSinceMs) return;
		store.setState({session: {...session, ...acts, ownClientIds: own}});
	}

	/** Whether what changes the server can be sent, and since when that connection stands. */
	#acting(): Pick<Session, 'acting' | 'actingSinceMs'> {
		const {store, isDryRun = false} = this.#options;
		const status = this.#act?.status;
		const isOpen = status?.kind === 'open';
		const isNone = store.getState().session.mode === 'read-only' || isDryRun;
		return {acting: isNone ? 'none' : isOpen ? 'open' : 'opening', actingSinceMs: isOpen ? status.sinceMs : undefined};
	}
}
