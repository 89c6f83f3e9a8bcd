import {type Clock, Wake} from '../clock.ts';
import {ServerRefusedError} from '../errors.ts';
import {confirmNamed, discoverQueues, mergeFound, type QueueMemories, readQueues} from '../queues/reader.ts';
import type {Ask} from '../queues/steps.ts';
import type {FoundQueue} from '../queues/types.ts';
import {queuesOfClients} from '../queues/worker-names.ts';
import type {Link, LinkStatus} from '../redis/link.ts';
import {queueLookPauseMs, withQueueLook} from '../store/queue-history.ts';
import {failed, received, refused} from '../store/resource.ts';
import {answersReads} from '../store/server-state.ts';
import {isClusterReplica, type QueueSearch, queuesAtMaster} from '../store/snapshot.ts';
import type {ConsoleStore} from '../store/store.ts';
import {Allowance} from './allowance.ts';
import {isLasting, probeRefusal} from './refusals.ts';
import type {Change} from './sources.ts';

export type QueueWatcherOptions = {
	/** A connection of its own: a look at many queues is thousands of commands, and nobody's PING shall wait behind them. */
	readonly link: Link;
	readonly store: ConsoleStore;
	readonly clock: Clock;
	readonly db: number;
	readonly apply: (change: Change) => void;
	/** Is this queue (`prefix:name`) of interest? */
	readonly isWanted: (queue: FoundQueue) => boolean;
	/** Server time in ms that a search may take at once, before it goes on slowly. */
	readonly searchAtOnceMs?: number | undefined;
	/** Queues (`bull:orders`) to look at before the search has come upon them. */
	readonly queuesFirst?: readonly string[] | undefined;
	/** Called with every command that is sent, for the account of what the console costs. */
	readonly onSend: (argv: readonly string[]) => void;
};

/** Rates, and whether a lock is really gone, take two looks at least a second apart. */
const secondLookMs = 1100;
const deadlineMs = 10_000;
const keysPerPage = 500;
/** SCAN takes about 1 µs a key, and up to twice that on a slow core (facts/queues.md section 1). */
const msPerPage = (keysPerPage * 1.5) / 1000;
/** The search looks at 100,000 keys at once, then at some 2,700 a second: 0.4 % of a core at most. */
const searchAllowance = {share: 0.004, atOnceMs: 150};
/** TYPE, HMGET and the like, to confirm a queue. */
const msPerQuestion = 0.0015;
/** Between two pages somebody else has a turn, whatever the allowance. */
const leastPauseMs = 5;
/** A new search by itself takes 0.1 % of a core: soon where there are few keys, as queues come and go there; of a large keyspace every ten minutes. */
const searchAgain = {share: 0.001, leastMs: 15_000, mostMs: 600_000};
export const searchAgainMs = (keys: number) =>
	Math.min(Math.max(((keys / keysPerPage) * msPerPage) / searchAgain.share, searchAgain.leastMs), searchAgain.mostMs);
/** So long a search of so many keys takes at its pace. */
export const searchTakesMs = (keys: number) => ((keys / keysPerPage) * msPerPage) / searchAllowance.share;
const afterTroubleMs = 2000;
const deadAfterMs = 12_000;
/** Progress that is told more often nobody can read. */
const tellEveryMs = 500;

/** Finds the job queues of the database by a slow search, and looks at all of them every few seconds. */
export class QueueWatcher {
	readonly #options: QueueWatcherOptions;
	#scanned: readonly FoundQueue[] = [];
	/** Named by the connections of workers, also of those that have died since. */
	#ofWorkers: readonly FoundQueue[] = [];
	#found: readonly FoundQueue[] = [];
	#memories: QueueMemories = new Map();
	#isSearchAsked = true;
	/** A search that took long, for whatever reason, is not repeated sooner than that. */
	#lastSearchMs = 0;
	#wakeSearch = new Wake();
	#wakeLook = new Wake();
	#selectedOn: LinkStatus | undefined;
	/** One pipeline at a time. */
	#turn: Promise<unknown> = Promise.resolve();

	constructor(options: QueueWatcherOptions) {
		this.#options = options;
	}

	/** All that has been found, and what the last look at it leaves behind for the next. */
	get known(): {readonly found: readonly FoundQueue[]; readonly memories: QueueMemories} {
		return {found: this.#found, memories: this.#memories};
	}

	/** Search the keyspace anew, now. */
	rescan(): void {
		this.#isSearchAsked = true;
		this.#wakeSearch.abort();
	}

	/** The queue as it was found, to read its jobs. */
	readonly find = (id: string): FoundQueue | undefined => this.#found.find(queue => queue.id === id);

	/** Plain commands in the database of the target; rejects as Link.sendAll does. */
	readonly ask: Ask = argvs => this.askIn(argvs, 'utf8');

	/** The same, in `bytes` for names that are no text. */
	readonly askIn = (argvs: Parameters<Ask>[0], encoding: 'utf8' | 'bytes' | 'buffer'): ReturnType<Ask> => {
		const reply = this.#turn.then(() => this.#send(argvs, encoding));
		this.#turn = reply.then(nothing, nothing);
		return reply;
	};

	async run(signal: AbortSignal): Promise<void> {
		signal.addEventListener('abort', () => this.#wakeAll(), {once: true});
		const {store, link} = this.#options;
		let status = link.status;
		// What waits for a connection, or for a server that answers, need not wait any longer.
		const endings = [
			store.subscribe((now, before) => {
				if (now.snapshot.server.kind !== before.snapshot.server.kind || isClusterReplica(now.snapshot) !== isClusterReplica(before.snapshot)) this.#wakeAll();
			}),
			link.subscribe(() => {
				if (link.status === status) return;
				status = link.status;
				// It may be another user, or one who has been given more rights.
				if (status.kind === 'open' && store.getState().snapshot.queueSearch.unknown.length > 0) this.#isSearchAsked = true;
				this.#wakeAll();
			}),
		];
		await Promise.all([this.#searchLoop(signal), this.#lookLoop(signal)]);
		for (const end of endings) end();
	}

	async #searchLoop(signal: AbortSignal): Promise<void> {
		const {clock} = this.#options;
		while (!signal.aborted) {
			const pauseMs = this.#canAsk() && !this.#isClusterReplica && this.#isSearchDue() ? await this.#search(signal) : 0;
			this.#wakeSearch = new Wake();
			if (signal.aborted) return;
			await clock.sleep(pauseMs || afterTroubleMs, this.#wakeSearch);
		}
	}

	async #lookLoop(signal: AbortSignal): Promise<void> {
		const {clock} = this.#options;
		while (!signal.aborted) {
			// From here on, so that what is found during the look wakes the next one.
			this.#wakeLook = new Wake();
			const pauseMs = !this.#canAsk() ? afterTroubleMs : this.#isClusterReplica ? this.#leaveToMaster() : await this.#look();
			this.#tellClosed();
			this.#leaveDeadConnection();
			if (signal.aborted) return;
			await clock.sleep(pauseMs, this.#wakeLook);
		}
	}

	#isSearchDue(): boolean {
		const {clock, store} = this.#options;
		const {endedAtMs, keys, unknown} = store.getState().snapshot.queueSearch;
		// It has become a master.
		if (unknown.some(({reason}) => reason === queuesAtMaster)) return true;
		if (this.#isSearchAsked || endedAtMs === undefined) return true;
		const isRefused = unknown.some(({command}) => command === 'SCAN');
		return clock.now() - endedAtMs >= (isRefused ? searchAgain.mostMs : Math.max(searchAgainMs(keys), this.#lastSearchMs));
	}

	/** A server that is silent or refuses everything is not asked about its queues, nor is a database that the observing connection has not got. */
	#canAsk(): boolean {
		const {link, store, db} = this.#options;
		const {server, database, info} = store.getState().snapshot;
		const isToldWhat = info.data !== undefined || info.refused !== undefined || info.error !== undefined;
		return isToldWhat && link.status.kind === 'open' && !link.waiting && answersReads(server) && (db === 0 || database.selected === db);
	}

	/** Something between may have forgotten this connection and not the others: a reply that is owed while the server answers elsewhere never comes. */
	#leaveDeadConnection(): void {
		const {link, store, clock} = this.#options;
		const {server, contact} = store.getState().snapshot;
		const quietSinceMs = link.quietSinceMs;
		if (quietSinceMs === undefined || clock.now() - quietSinceMs < deadAfterMs) return;
		if (answersReads(server) && (contact.probedAtMs ?? 0) > quietSinceMs + deadAfterMs / 2) link.reconnect();
	}

	#tellClosed(): void {
		const {store, apply} = this.#options;
		const {database, queues} = store.getState().snapshot;
		const {error} = database;
		if (error !== undefined && !queues.refused) apply(snapshot => ({...snapshot, queues: refused(snapshot.queues, 'SELECT', error)}));
	}

	get #isClusterReplica(): boolean {
		return isClusterReplica(this.#options.store.getState().snapshot) === true;
	}

	/** A replica of a cluster sends whoever asks for a key to its master: nothing is asked, so that nothing looks like a lack of rights. */
	#leaveToMaster(): number {
		[this.#scanned, this.#ofWorkers, this.#found] = [[], [], []];
		const unknown = [{command: 'SCAN', reason: queuesAtMaster}];
		this.#options.apply((snapshot, endedAtMs) => ({
			...snapshot,
			queues: received([], endedAtMs),
			queueSearch: {phase: 'ended', keys: 0, endedAtMs, isComplete: false, unknown},
		}));
		return afterTroubleMs;
	}

	/** How long to pause after it. */
	async #search(signal: AbortSignal): Promise<number> {
		const {clock, apply, isWanted, searchAtOnceMs = searchAllowance.atOnceMs, queuesFirst = []} = this.#options;
		const allowance = new Allowance({...searchAllowance, atOnceMs: searchAtOnceMs});
		this.#isSearchAsked = false;
		const startedAtMs = clock.now();
		let toldAtMs = 0;
		const tell = (search: Partial<QueueSearch>) => {
			toldAtMs = clock.now();
			apply(snapshot => ({...snapshot, queueSearch: {...snapshot.queueSearch, ...search}}));
		};
		tell({phase: 'running', keys: 0});
		try {
			// Confirming what the names suggest is paid for as the pages are.
			const ask: Ask = async argvs => {
				if (argvs[0]?.[0] !== 'SCAN') await clock.sleep(allowance.spend(argvs.length * msPerQuestion, clock.now()), signal);
				return this.ask(argvs);
			};
			const named = queuesFirst.length === 0 ? [] : (await confirmNamed(ask, queuesFirst)).filter(isWanted);
			if (named.length > 0) this.#takeFound(mergeFound(this.#scanned, named));
			const {queues, keys, isComplete, unknown} = await discoverQueues(ask, {
				countPerPage: keysPerPage,
				beforePage: async progress => {
					if (clock.now() - toldAtMs >= tellEveryMs) tell({keys: progress.keys});
					await clock.sleep(Math.max(leastPauseMs, allowance.spend(msPerPage, clock.now())), signal);
					return !signal.aborted;
				},
				onPartial: partial => this.#takeFound(mergeFound(partial.filter(isWanted), this.#scanned)),
			});
			this.#takeFound(mergeFound(queues.filter(isWanted), named));
			this.#lastSearchMs = clock.now() - startedAtMs;
			tell({phase: 'ended', keys, endedAtMs: clock.now(), isComplete, unknown, hidden: queues.filter(queue => !isWanted(queue))});
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const isRefusal = isForGood(error);
			const unknown = isRefusal ? [{command: 'SCAN', reason: error.message}] : [];
			tell({phase: isRefusal ? 'ended' : 'none', isComplete: false, unknown, ...(isRefusal ? {endedAtMs: clock.now()} : {})});
			this.#isSearchAsked = !isRefusal;
		}
		return afterTroubleMs;
	}

	#takeFound(scanned: readonly FoundQueue[]): void {
		const before = this.#scanned.length;
		this.#scanned = scanned;
		if (scanned.length !== before || before === 0) this.#wakeLook.abort();
	}

	/** Look at every queue known by now. Returns how long to pause after it. */
	async #look(): Promise<number> {
		const {store, clock, db, apply, isWanted} = this.#options;
		const {clients: list, queueSearch} = store.getState().snapshot;
		const clients = list.data?.clients;
		this.#ofWorkers = mergeFound(this.#ofWorkers, queuesOfClients(clients ?? [], db).filter(isWanted));
		this.#found = mergeFound(this.#scanned, this.#ofWorkers);
		if (this.#found.length === 0 && queueSearch.endedAtMs === undefined) return afterTroubleMs;
		const before = this.#memories;
		try {
			const reading = await readQueues(this.ask, {queues: this.#found, memories: before, clients, db, nowMs: clock.now()});
			this.#memories = reading.memories;
			this.#ofWorkers = this.#ofWorkers.filter(({id}) => !reading.goneIds.includes(id));
			const {queues} = reading;
			const pauseMs = queueLookPauseMs(queues.length, store.getState().snapshot.slowed);
			const look = {...reading, pauseMs, knowsClients: clients !== undefined};
			apply((snapshot, atMs) => ({...snapshot, queues: received(queues, atMs), queueHistory: withQueueLook(snapshot.queueHistory, look, atMs)}));
			const isNew = queues.some(({id}) => !before.has(id));
			return isNew ? secondLookMs : pauseMs;
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			const {message} = error;
			const isRefusal = isForGood(error);
			apply(snapshot => ({...snapshot, queues: isRefusal ? refused(snapshot.queues, 'reading queues', message) : failed(snapshot.queues, message)}));
			return queueLookPauseMs(this.#found.length, store.getState().snapshot.slowed);
		}
	}

	async #send(argvs: readonly (readonly string[])[], encoding: 'utf8' | 'bytes' | 'buffer'): Promise<readonly unknown[]> {
		const {link, db, onSend} = this.#options;
		if (db !== 0 && this.#selectedOn !== link.status) {
			const {status} = link;
			await link.send(['SELECT', String(db)], deadlineMs);
			this.#selectedOn = status;
		}
		for (const argv of argvs) onSend(argv);
		return link.sendAll(argvs, deadlineMs, encoding);
	}

	#wakeAll(): void {
		this.#wakeSearch.abort();
		this.#wakeLook.abort();
	}
}

const nothing = () => undefined;

/** Refused to this user, or for what it is; not for the state that the server is in. */
const isForGood = (error: unknown): error is ServerRefusedError =>
	error instanceof ServerRefusedError && (isLasting(error.message) || probeRefusal(error.message) === undefined);
