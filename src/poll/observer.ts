import type {Clock} from '../clock.ts';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import type {Link, LinkStatus} from '../redis/link.ts';
import {classifyError} from '../redis/parse/errors.ts';
import {failed, refused} from '../store/resource.ts';
import type {ProbeRefusal} from '../store/server-state.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleStore} from '../store/store.ts';
import {OwnCost} from './own-cost.ts';
import {Patience} from './patience.ts';
import {type Change, resourceOf, type Source, type SourceName, sources} from './sources.ts';

export type ObserverOptions = {
	readonly link: Link;
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** The database to look at; selected as soon as the server lets us (SELECT is refused in BUSY: facts, trap 2). */
	readonly db: number;
	/** Apply a change and everything that follows from it, in one setState. */
	readonly apply: (change: Change) => void;
};

/** PING goes out at least this often, so that a freeze is noticed within a second whatever the poll interval. */
const probeEveryMs = 500;
/** A list of many clients over a slow line takes its time; silence is told long before. */
const dataDeadlineMs = 10_000;
const longestBackoffMs = 30_000;
/** While nothing can be sent the loop waits to be woken by the link. */
const longestPauseMs = 60_000;

/**
 * Reads the server over the observe connection: one command at a time, the next only after the reply. A slow server is
 * so asked less often, and a frozen one is never owed more than the one command that met the freeze.
 */
export class Observer {
	readonly #options: ObserverOptions;
	readonly #patience = new Patience();
	readonly #cost = new OwnCost();
	readonly #lastReadMs = new Map<SourceName, number>();
	#requests: {readonly names: ReadonlySet<SourceName>; readonly resolve: () => void}[] = [];
	#wake = new AbortController();
	#lastProbeMs = 0;
	/** This user may not PING; INFO takes its place. */
	#pingRefused = false;
	#lastStatus: LinkStatus | undefined;
	/** A reply is overdue: nothing is sent until it is here. */
	#isOwed = false;
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
		const finished = new AbortController();
		await Promise.race([done.then(() => finished.abort()), clock.sleep(2000, finished.signal)]);
	}

	async run(signal: AbortSignal): Promise<void> {
		const {link, clock} = this.#options;
		const unsubscribe = link.subscribe(() => this.#onLink());
		while (!signal.aborted) {
			const requests = this.#requests;
			this.#requests = [];
			await this.#round(new Set(requests.flatMap(({names}) => [...names])));
			for (const {resolve} of requests) resolve();
			this.#wake = new AbortController();
			if (this.#requests.length > 0) continue;
			await clock.sleep(this.#pauseMs(), AbortSignal.any([signal, this.#wake.signal]));
		}
		unsubscribe();
	}

	/** A new connection, or a late reply, ends the wait. */
	#onLink(): void {
		const {status} = this.#options.link;
		const isNewConnection = status.kind === 'open' && status !== this.#lastStatus;
		const isSettled = this.#isOwed && !this.#options.link.waiting;
		if (status === this.#lastStatus && !isSettled) return;
		this.#lastStatus = status;
		this.#isOwed = false;
		if (isNewConnection) {
			this.#isSelected = this.#options.db === 0;
			this.#pingRefused = false;
			this.#lastReadMs.clear();
			this.#lastProbeMs = 0;
		}
		this.#options.apply(snapshot => (isNewConnection ? {...forgetRefusals(snapshot), identity: identityOf(snapshot, status.greeting)} : snapshot));
		this.#wake.abort();
	}

	#pauseMs(): number {
		const {clock, store, link} = this.#options;
		const nowMs = clock.now();
		if (link.status.kind !== 'open' || link.waiting) return longestPauseMs;
		const state = store.getState();
		const dueMs = sources.filter(source => source.isWanted(state)).map(source => this.#dueMs(source) - nowMs);
		return Math.max(20, Math.min(this.#lastProbeMs + Math.min(probeEveryMs, state.session.intervalMs) - nowMs, ...dueMs));
	}

	#dueMs(source: Source): number {
		const state = this.#options.store.getState();
		const {failures} = resourceOf(state.snapshot, source.name);
		const lastMs = this.#lastReadMs.get(source.name);
		if (lastMs === undefined) return 0;
		const everyMs = source.everyMs(state);
		return lastMs + Math.min(everyMs * 2 ** failures, Math.max(everyMs, longestBackoffMs));
	}

	async #round(requested: ReadonlySet<SourceName>): Promise<void> {
		const {link, store} = this.#options;
		// Nothing is added to what a frozen server already owes us; its late reply, or the end of the connection, wakes the loop.
		if (link.status.kind !== 'open' || link.waiting) return;
		if ((requested.size > 0 || this.#isProbeDue()) && !(await this.#probe())) return;
		await this.#select();
		for (const source of sources) {
			const state = store.getState();
			const {refused: isRefused} = resourceOf(state.snapshot, source.name);
			const isDue = requested.has(source.name) || this.#dueMs(source) <= this.#options.clock.now();
			if (isRefused || !isDue || !source.isWanted(state)) continue;
			if (!(await this.#read(source))) return;
		}
	}

	#isProbeDue(): boolean {
		const {clock, store} = this.#options;
		// A timer may fire a little early.
		return clock.now() - this.#lastProbeMs >= Math.min(probeEveryMs, store.getState().session.intervalMs) - 5;
	}

	/** Is it alive, and what does it say of itself? False when it did not answer. */
	async #probe(): Promise<boolean> {
		const {clock, apply} = this.#options;
		this.#lastProbeMs = clock.now();
		const command = this.#pingRefused ? 'INFO' : 'PING';
		try {
			await this.#ask([command], this.#patience.for(command));
			apply((snapshot, nowMs) => withRefusal(snapshot, undefined, nowMs));
			return true;
		} catch (error) {
			if (!(error instanceof ServerRefusedError)) return this.#unanswered(error);
			const refusal = probeRefusal(error.message);
			if (refusal?.kind === 'noperm' && command === 'PING') {
				this.#pingRefused = true;
				return this.#probe();
			}
			apply((snapshot, nowMs) => withRefusal(snapshot, refusal, nowMs));
			return true;
		}
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
			this.#isSelected = probeRefusal(error.message) === undefined;
			apply(snapshot => ({...snapshot, database: {selected: undefined, error: error.message}}));
		}
	}

	/** False when the round must end: the reply is overdue or the connection is gone. */
	async #read(source: Source): Promise<boolean> {
		const {store, clock, apply} = this.#options;
		this.#lastReadMs.set(source.name, clock.now());
		try {
			const change = await source.read(argv => this.#ask(argv, dataDeadlineMs), store.getState());
			const percent = source.name === 'commandStats' ? this.#costAfter(change) : undefined;
			apply((snapshot, nowMs) => ({...change(snapshot, nowMs), ownCostPercent: percent ?? snapshot.ownCostPercent}));
			return true;
		} catch (error) {
			if (error instanceof ServerRefusedError) {
				this.#learnRefusal(source.name, error.message);
				return true;
			}
			apply(snapshot => ({...snapshot, [source.name]: failed(resourceOf(snapshot, source.name), messageOf(error))}));
			return this.#unanswered(error);
		}
	}

	#costAfter(change: Change): number | undefined {
		const {store, clock} = this.#options;
		const stats = change(store.getState().snapshot, clock.now()).commandStats.data ?? [];
		return this.#cost.settle(stats, clock.now());
	}

	/** A state of the server is not the fault of the source; a lasting refusal is remembered with its reason. */
	#learnRefusal(name: SourceName, message: string): void {
		const {kind} = classifyError(message);
		const isLasting = kind === 'noperm' || kind === 'unknown-command';
		const state = isLasting ? undefined : probeRefusal(message);
		this.#options.apply((snapshot, nowMs) => {
			if (state) return withRefusal(snapshot, state, nowMs);
			const resource = resourceOf(snapshot, name);
			return {...snapshot, [name]: isLasting ? refused(resource, commandOf[name], message) : failed(resource, message)};
		});
	}

	#unanswered(error: unknown): false {
		if (!(error instanceof DeadlineError || error instanceof ReplyLostError || error instanceof NotSentError)) throw error;
		this.#isOwed = this.#options.link.waiting !== undefined;
		this.#options.apply(snapshot => snapshot);
		return false;
	}

	async #ask(argv: readonly string[], deadlineMs: number): Promise<unknown> {
		const {link, clock} = this.#options;
		const sentAtMs = clock.now();
		this.#cost.count(argv);
		try {
			return await link.send(argv, deadlineMs);
		} finally {
			this.#patience.learn(argv[0] ?? '', Math.min(clock.now() - sentAtMs, deadlineMs));
		}
	}
}

/** What a refused source is called on the screen. */
const commandOf: Record<SourceName, string> = {
	info: 'INFO',
	settings: 'CONFIG GET',
	permissions: 'ACL DRYRUN',
	slowlog: 'SLOWLOG GET',
	clients: 'CLIENT LIST',
	functionStats: 'FUNCTION STATS',
	commandStats: 'INFO commandstats',
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function probeRefusal(message: string): ProbeRefusal | undefined {
	const kind = classifyError(message);
	switch (kind.kind) {
		case 'busy':
			return {kind: 'busy', running: kind.running, detail: message};
		case 'loading':
		case 'masterdown':
		case 'misconf':
		case 'noauth':
		case 'noperm':
			return {kind: kind.kind, detail: message};
		default:
			return undefined;
	}
}

const withRefusal = (snapshot: Snapshot, refusal: ProbeRefusal | undefined, nowMs: number): Snapshot => ({
	...snapshot,
	contact: {...snapshot.contact, refusal, probedAtMs: nowMs},
});

type Greeted = {readonly hello: {readonly product: string | undefined; readonly version: string | undefined; readonly role: string | undefined} | undefined};

function identityOf(snapshot: Snapshot, {hello}: Greeted): Snapshot['identity'] {
	return hello ? {product: hello.product, version: hello.version, role: hello.role} : snapshot.identity;
}

/** A new connection may be a new user, or a server that has been repaired: what was refused is asked once more. */
function forgetRefusals(snapshot: Snapshot): Snapshot {
	const names = Object.keys(commandOf) as SourceName[];
	const fresh = names.map(name => [name, {...resourceOf(snapshot, name), refused: undefined, failures: 0}] as const);
	return {...snapshot, ...(Object.fromEntries(fresh) as Pick<Snapshot, SourceName>)};
}
