import {type Clock, Wake} from '../clock.ts';
import {DeadlineError, messageOf, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import type {Link, LinkStatus} from '../redis/link.ts';
import type {Encoding} from '../redis/reply.ts';
import {failed} from '../store/resource.ts';
import type {ProbeRefusal} from '../store/server-state.ts';
import {type Snapshot, withRoundTrip} from '../store/snapshot.ts';
import type {ConsoleStore} from '../store/store.ts';
import type {Apply} from './apply.ts';
import {earliestAtMs, isDue, isToRead, nextDueAtMs} from './due.ts';
import {onNewConnection} from './new-connection.ts';
import type {OwnCost} from './own-cost.ts';
import {Patience} from './patience.ts';
import {cheapRead, isLasting, probeRefusal, withoutBusy, withRefusal, withSourceRefused} from './refusals.ts';
import {type Change, info, resourceOf, type Source, type SourceName, sources} from './sources.ts';

export type ObserverOptions = {
	readonly link: Link;
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** The database to look at; selected as soon as the server lets us (SELECT is refused in BUSY: facts, trap 2). */
	readonly db: number;
	/** Apply a change and everything that follows from it, in one setState. */
	readonly apply: Apply;
	/** Told of every command sent here; asked what all that was told cost. */
	readonly cost: OwnCost;
};

/** PING goes out at least this often, so that a freeze is noticed within a second whatever the poll interval. */
const probeEveryMs = 500;
/** A user who may not PING is asked for INFO, and one who may neither for HELLO, which needs no permission (facts E). */
const probes = {ping: ['PING'], info: ['INFO'], hello: ['HELLO', '2']} as const;
type Probe = (typeof probes)[keyof typeof probes];
/** A list of many clients over a slow line takes its time. */
const dataDeadlineMs = 10_000;
/** How often a user without PING and INFO tries whether BUSY is over. */
const retryEveryMs = 1000;
/** While nothing can be sent the loop waits to be woken by the link. */
const longestPauseMs = 60_000;
/** What has been answered does not wait for an answer that takes longer. */
const soonMs = 20;

type Request = {readonly names: ReadonlySet<SourceName>; readonly resolve: () => void};

/**
 * Reads the server over the observe connection: one command at a time, the next only after the reply. A slow server is
 * so asked less often, and a frozen one is never owed more than the one command that met the freeze.
 */
export class Observer {
	readonly #options: ObserverOptions;
	readonly #patience = new Patience();
	readonly #lastReadMs = new Map<SourceName, number>();
	#requests: Request[] = [];
	#wake = new Wake();
	#lastProbeMs = 0;
	#lastRetryMs = 0;
	#probeArgv: Probe = probes.ping;
	#lastStatus: LinkStatus | undefined;
	/** The command whose reply is overdue: nothing is sent until it is here. */
	#owed: Link['waiting'];
	#isSelected = false;

	constructor(options: ObserverOptions) {
		this.#options = options;
	}

	/** How long the command now under way may take before it is silence. */
	patienceMs(): number {
		const waiting = this.#options.link.waiting;
		return this.#patience.for(waiting?.command ?? 'PING');
	}

	/** Read these now, whatever their turn. Resolves when they have been read or could not be, after two seconds at the latest. */
	async refresh(names: readonly SourceName[]): Promise<void> {
		const done = new Promise<void>(resolve => this.#requests.push({names: new Set(names), resolve}));
		this.#wake.abort();
		const {clock} = this.#options;
		const finished = new Wake();
		await Promise.race([done.then(() => finished.abort()), clock.sleep(2000, finished)]);
	}

	async run(signal: AbortSignal): Promise<void> {
		const {link, clock} = this.#options;
		const unsubscribe = link.subscribe(() => this.#onLink());
		// One listener for good: a combined signal for every pause would stay in memory (Node 20).
		signal.addEventListener('abort', () => this.#wake.abort(), {once: true});
		while (!signal.aborted) {
			await this.#serve();
			this.#wake = new Wake();
			if (this.#requests.some(({names}) => [...names].some(name => this.#earliestMs(name) <= clock.now())) || signal.aborted) continue;
			await clock.sleep(this.#pauseMs(), this.#wake);
		}
		unsubscribe();
	}

	/** One round, with what has been asked for; what would be read too soon after the last time stays asked for. */
	async #serve(): Promise<void> {
		const nowMs = this.#options.clock.now();
		const requests = this.#requests;
		this.#requests = [];
		const names = new Set(requests.flatMap(request => [...request.names]).filter(name => this.#earliestMs(name) <= nowMs));
		await this.#round(names);
		this.#options.apply.flush();
		for (const request of requests) {
			const left = [...request.names].filter(name => !names.has(name));
			if (left.length === 0) request.resolve();
			else this.#requests.push({names: new Set(left), resolve: request.resolve});
		}
	}

	#earliestMs(name: SourceName): number {
		return earliestAtMs(sources, name, this.#options.store.getState(), this.#lastReadMs);
	}

	/** A new connection, or a late reply, ends the wait. */
	#onLink(): void {
		const {status} = this.#options.link;
		const isNewConnection = status.kind === 'open' && status !== this.#lastStatus;
		const isSettled = this.#owed !== undefined && !this.#options.link.waiting;
		if (status === this.#lastStatus && !isSettled) return;
		const late = status === this.#lastStatus ? this.#owed : undefined;
		const lateMs = late ? this.#options.clock.now() - late.sinceMs : 0;
		if (late) this.#patience.learn(late.command, lateMs);
		this.#owed = undefined;
		this.#lastStatus = status;
		if (isNewConnection) {
			this.#isSelected = this.#options.db === 0;
			this.#probeArgv = probes.ping;
			this.#lastReadMs.clear();
			this.#lastProbeMs = 0;
		}
		const isLateProbe = late?.command === this.#probeArgv[0];
		this.#options.apply((snapshot, nowMs) => {
			if (isNewConnection) return onNewConnection(snapshot, status.greeting);
			return isLateProbe ? withRoundTrip(snapshot, {atMs: nowMs, ms: lateMs}) : snapshot;
		});
		this.#wake.abort();
	}

	#pauseMs(): number {
		const {clock, store, link} = this.#options;
		const nowMs = clock.now();
		if (link.status.kind !== 'open' || link.waiting) return longestPauseMs;
		const state = store.getState();
		const dueMs = nextDueAtMs(sources, state, this.#lastReadMs) - nowMs;
		const askedMs = this.#requests.flatMap(({names}) => [...names].map(name => this.#earliestMs(name) - nowMs));
		return Math.max(20, Math.min(this.#lastProbeMs + Math.min(probeEveryMs, state.session.intervalMs) - nowMs, dueMs, ...askedMs));
	}

	async #round(requested: ReadonlySet<SourceName>): Promise<void> {
		const {link, store} = this.#options;
		// Nothing is added to what a frozen server already owes us; its late reply, or the end of the connection, wakes the loop.
		if (link.status.kind !== 'open' || link.waiting) return;
		if ((requested.size > 0 || this.#isProbeDue()) && !(await this.#probe())) return;
		await this.#select();
		for (const source of sources) {
			const state = store.getState();
			const isTurn = requested.has(source.name) || isDue(source, state, this.#lastReadMs, this.#options.clock.now());
			if (!isTurn || !isToRead(source, state)) continue;
			if (!(await this.#read(source))) return;
		}
	}

	/** Ahead of what takes longer to answer goes a PING: should the server freeze now, that one is missed sooner. */
	#isProbeDue(): boolean {
		const {clock, store} = this.#options;
		return clock.now() - this.#lastProbeMs >= Math.min(probeEveryMs, store.getState().session.intervalMs) / 2;
	}

	/** Is it alive, and what does it say of itself? False when it did not answer. */
	async #probe(): Promise<boolean> {
		const {clock, store, apply} = this.#options;
		this.#lastProbeMs = clock.now();
		const argv = this.#probeArgv;
		try {
			const sentAtMs = clock.now();
			await this.#ask(argv, this.#patience.for(argv[0]));
			const ms = clock.now() - sentAtMs;
			const {refusal} = store.getState().snapshot.contact;
			if (!(await this.#readInfoFirst(refusal))) return false;
			// HELLO is answered in every state, so it takes back nothing that was said before; nor does PONG what INFO has just been told.
			const isNews = argv !== probes.hello && store.getState().snapshot.contact.refusal === refusal;
			const answered: Change = (snapshot, nowMs) => withRefusal(snapshot, isNews ? undefined : snapshot.contact.refusal, nowMs);
			(refusal ? apply : apply.withNext)((snapshot, nowMs) => withRoundTrip(answered(snapshot, nowMs), {atMs: nowMs, ms}));
			return this.#retry();
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) return this.#unanswered(error);
			if (isLasting(error.message) && argv === probes.ping) {
				this.#probeArgv = probes.info;
				return this.#probe();
			}
			if (isLasting(error.message)) {
				this.#probeArgv = probes.hello;
				apply((snapshot, nowMs) => withSourceRefused(snapshot, 'info', error.message, nowMs));
			}
			const refusal = probeRefusal(error.message);
			apply((snapshot, nowMs) => withRefusal(snapshot, refusal, nowMs));
			return true;
		}
	}

	/** HELLO is answered in BUSY too: a user who has no other probe learns that it is over from the cheapest thing he may read. */
	async #retry(): Promise<boolean> {
		const {clock, store, apply} = this.#options;
		const {snapshot} = store.getState();
		const isStuck = this.#probeArgv === probes.hello && snapshot.contact.refusal?.kind === 'busy';
		const read = isStuck && clock.now() - this.#lastRetryMs >= retryEveryMs ? cheapRead(snapshot) : undefined;
		if (!read) return true;
		this.#lastRetryMs = clock.now();
		try {
			await this.#ask(read.argv, dataDeadlineMs);
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) return this.#unanswered(error);
			if (isLasting(error.message) || probeRefusal(error.message)) {
				apply((now, nowMs) => withSourceRefused(now, read.name, error.message, nowMs));
				return true;
			}
		}
		apply(withoutBusy);
		return true;
	}

	/** PONG alone is not OK: on a new connection, and after a refusal, INFO has a say (READONLY, OOM) before the state is told anew. */
	async #readInfoFirst(refusal: ProbeRefusal | undefined): Promise<boolean> {
		const isKnown = this.#lastReadMs.has('info') && refusal === undefined;
		return isKnown || this.#options.store.getState().snapshot.info.refused !== undefined || this.#read(info);
	}

	async #select(): Promise<void> {
		const {store, apply, db} = this.#options;
		const {kind} = store.getState().snapshot.server;
		if (this.#isSelected || kind === 'BUSY' || kind === 'SILENT' || kind === 'NOAUTH') return;
		try {
			await this.#ask(['SELECT', String(db)], dataDeadlineMs);
			this.#isSelected = true;
			apply(snapshot => ({...snapshot, database: {selected: db, error: undefined}}));
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) return void this.#unanswered(error);
			this.#isSelected = isLasting(error.message) || probeRefusal(error.message) === undefined;
			apply(snapshot => ({...snapshot, database: {selected: undefined, error: error.message}}));
		}
	}

	/** False when the round must end: the reply is overdue or the connection is gone. */
	async #read(source: Source): Promise<boolean> {
		const {store, clock, link, apply} = this.#options;
		const {status} = link;
		this.#lastReadMs.set(source.name, clock.now());
		try {
			const change = await source.read(
				(argv, encoding) => this.#ask(argv, dataDeadlineMs, encoding),
				store.getState(),
				() => this.#options.cost.sent,
			);
			// It was read for a while after the reply had come: what another process has said is no news of this one.
			if (link.status !== status) return false;
			const cost = source.name === 'commandStats' ? this.#costAfter(change) : {};
			const isNew = resourceOf(store.getState().snapshot, source.name).updatedAtMs === undefined;
			(isNew ? apply : apply.withNext)((snapshot, nowMs) => ({...change(snapshot, nowMs), ...cost}));
			return true;
		} catch (error) {
			if (error instanceof ServerRefusedError) {
				apply((snapshot, nowMs) => withSourceRefused(snapshot, source.name, error.message, nowMs));
				return true;
			}
			apply(snapshot => ({...snapshot, [source.name]: failed(resourceOf(snapshot, source.name), messageOf(error))}));
			return this.#unanswered(error);
		}
	}

	#costAfter(change: Change): Partial<Snapshot> {
		const {store, clock, cost} = this.#options;
		const state = store.getState();
		return cost.reckon(change(state.snapshot, clock.now()).commandStats.data ?? [], clock.now(), state);
	}

	#unanswered(error: unknown): false {
		if (!(error instanceof DeadlineError || error instanceof ReplyLostError || error instanceof NotSentError)) throw error;
		this.#owed = this.#options.link.waiting;
		this.#options.apply(snapshot => snapshot);
		return false;
	}

	async #ask(argv: readonly string[], deadlineMs: number, encoding?: Encoding): Promise<unknown> {
		const {link, clock, cost, apply} = this.#options;
		const sentAtMs = clock.now();
		const [command = ''] = argv;
		if (this.#patience.usualMs(command) > soonMs) apply.flush();
		cost.count(argv);
		try {
			const reply = await link.send(argv, deadlineMs, encoding);
			this.#patience.learn(command, clock.now() - sentAtMs);
			return reply;
		} catch (error) {
			if (error instanceof ServerRefusedError) this.#patience.learn(command, clock.now() - sentAtMs);
			throw error;
		}
	}
}
