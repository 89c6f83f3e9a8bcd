import {type Clock, Wake} from '../clock.ts';
import {address, type Endpoint, type Target} from '../redis/target.ts';
import type {Finding} from '../store/finding.ts';
import type {ConsoleState} from '../store/store.ts';
import {type FleetCosts, nextFactor} from './fleet-costs.ts';
import {NodeWatch, type NodeWatchOptions} from './node-watch.ts';

export type Member = {readonly endpoint: Endpoint};

export type FleetOptions = {
	/** How to log in, the same everywhere, and where home is now. */
	readonly login: () => Target;
	readonly name: string;
	readonly clock: Clock;
	readonly diagnose: (state: ConsoleState) => readonly Finding[];
	readonly intervalMs: () => number;
	readonly asksCluster: boolean;
	readonly limits?: FleetLimits | undefined;
	/** Who is to be watched, by what those that are watched have said; the ones in front keep their connections. */
	readonly members: (watches: readonly NodeWatch[]) => readonly Member[];
	/** There is something new. */
	readonly publish: (watches: readonly NodeWatch[], pace: FleetPace) => void;
	/** What all of it may cost any of them; without it nobody asks what it costs. */
	readonly budget?: FleetBudget | undefined;
};

/** Every node is looked at once in so long; so many times longer than usual where it costs one of them too much. */
export type FleetPace = {readonly roundMs: number; readonly slowedBy: number};

type FleetBudget = {readonly costs: FleetCosts; readonly percent: number};

/** Connections open at once: so many are kept; where there are more nodes than both together the others take turns. */
export type FleetLimits = {readonly kept: number; readonly turning: number};

/** With the one of the search for queues that is 32. */
const usualLimits: FleetLimits = {kept: 23, turning: 8};
const mostLooksAtOnce = 16;
/** A look costs a node some 60 µs and this program some 400 µs (INFO is 5 KB of text): this keeps both far below a hundredth of a core. */
const msPerNode = 50;
const leastRoundMs = 1000;
/** CLUSTER NODES grows with the number of nodes, and every node is asked for it. */
const clusterRoundMs = (nodes: number): number => Math.max(5000, nodes * 150);
/** What is told more often is drawn more often, and nobody reads it; that a node is in another state is told soon. */
const publishEveryMs = 1000;
const publishSoonMs = 200;
const longestPauseMs = 250;
/** Of somebody to watch the state tells, and that is not new more often; at the start everybody is new. */
const aloneMs = 1000;
const newcomersMs = 10_000;
/** The server that is looked at comes first. */
const startAfterMs = 300;

/** INFO commandstats is some 200 µs on a busy server (facts F), and 10 KB of text here. */
const costEveryMs = (nodes: number): number => Math.max(10_000, nodes * 300);
const firstCostEveryMs = 3000;

/** Every node is looked at once in so long, however many there are. */
const roundMsOf = (nodes: number, intervalMs: number): number => Math.max(leastRoundMs, intervalMs, nodes * msPerNode);

type Turn = {nextAtMs: number; clusterAtMs: number; isUnderWay: boolean};

/** Watches any number of servers with a bounded number of connections and at a bounded cost: the more there are the rarer each is looked at. */
export class Fleet {
	readonly #options: FleetOptions;
	readonly #limits: FleetLimits;
	#watches: readonly NodeWatch[] = [];
	readonly #turns = new Map<NodeWatch, Turn>();
	#isNews = true;
	#isUrgent = true;
	#publishedAtMs = 0;
	#slowedBy = 1;
	#reckonedAtMs = 0;
	#wake = new Wake();
	#newcomersUntilMs = 0;

	constructor(options: FleetOptions) {
		this.#options = options;
		this.#limits = options.limits ?? usualLimits;
	}

	get watches(): readonly NodeWatch[] {
		return this.#watches;
	}

	async run(signal: AbortSignal): Promise<void> {
		const {clock} = this.#options;
		signal.addEventListener('abort', () => this.#wake.abort(), {once: true});
		this.#newcomersUntilMs = clock.now() + newcomersMs;
		await clock.sleep(startAfterMs, this.#wake);
		while (!signal.aborted) {
			this.#takeMembers();
			this.#reckon();
			for (const watch of this.#due()) void this.#look(watch);
			this.#publish();
			this.#wake = new Wake();
			if (!signal.aborted) await clock.sleep(this.#pauseMs(), this.#wake);
		}
		for (const watch of this.#watches) watch.close();
		this.#watches = [];
	}

	get #roundMs(): number {
		return roundMsOf(this.#watches.length, this.#options.intervalMs()) * this.#slowedBy;
	}

	/** How many times longer than usual the pauses are. */
	get slowedBy(): number {
		return this.#slowedBy;
	}

	/** What costs the worst of them too much is done less often everywhere. */
	#reckon(): void {
		const {clock, budget} = this.#options;
		const everyMs = costEveryMs(this.#watches.length) + this.#roundMs;
		if (!budget || clock.now() - this.#reckonedAtMs < everyMs) return;
		this.#reckonedAtMs = clock.now();
		const costs = this.#watches.flatMap(({store}) => store.getState().snapshot.ownCostPercent ?? []);
		const next = nextFactor(this.#slowedBy, costs.length === 0 ? undefined : Math.max(...costs), budget.percent);
		if (next === this.#slowedBy) return;
		this.#slowedBy = next;
		this.#isNews = true;
	}

	#takeMembers(): void {
		const {members, login, name, clock, diagnose} = this.#options;
		// Two that are said to be at one address are looked at once.
		const wanted = [...new Map(members(this.#watches).map(member => [address(member.endpoint), member])).values()];
		const known = new Map(this.#watches.map(watch => [watch.address, watch]));
		const names = wanted.map(({endpoint}) => address(endpoint));
		if (names.length === known.size && names.every((one, index) => this.#watches[index]?.address === one)) return;
		const nowMs = clock.now();
		// They take their turns evenly over a round; the first few at once.
		const staggerMs = roundMsOf(wanted.length, this.#options.intervalMs()) / Math.max(1, wanted.length);
		this.#watches = wanted.map(({endpoint}, index) => {
			const before = known.get(address(endpoint));
			if (before) return before;
			const isAnnounced = () => address(endpoint) !== address(login().endpoint);
			const target = {...login(), name: address(endpoint), endpoint, db: 0};
			const watch: NodeWatch = new NodeWatch({target, name, clock, diagnose, isAnnounced, ...this.#costOf(target.name, () => watch)});
			this.#turns.set(watch, {nextAtMs: nowMs + (index < mostLooksAtOnce ? 0 : index * staggerMs), clusterAtMs: 0, isUnderWay: false});
			return watch;
		});
		for (const watch of known.values()) {
			if (!this.#watches.includes(watch)) watch.close();
		}
		for (const watch of this.#turns.keys()) if (!this.#watches.includes(watch)) this.#turns.delete(watch);
		this.#isNews = true;
		this.#isUrgent = true;
	}

	#costOf(name: string, watch: () => NodeWatch): Pick<NodeWatchOptions, 'cost'> {
		const {budget} = this.#options;
		if (!budget) return {};
		const isKnown = () => watch().store.getState().snapshot.ownCostPercent !== undefined;
		return {cost: {account: budget.costs.of(name), everyMs: () => (isKnown() ? costEveryMs(this.#watches.length) : firstCostEveryMs)}};
	}

	#due(): readonly NodeWatch[] {
		const nowMs = this.#options.clock.now();
		const underWay = this.#watches.filter(watch => this.#turns.get(watch)?.isUnderWay);
		let looks = mostLooksAtOnce - underWay.length;
		let turning = this.#limits.turning - underWay.filter(watch => !this.#isKept(watch)).length;
		const waiting = this.#watches.filter(watch => !this.#turns.get(watch)?.isUnderWay && (this.#turns.get(watch)?.nextAtMs ?? 0) <= nowMs);
		return waiting
			.toSorted((a, b) => (this.#turns.get(a)?.nextAtMs ?? 0) - (this.#turns.get(b)?.nextAtMs ?? 0))
			.filter(watch => {
				if (looks <= 0 || (turning <= 0 && !this.#isKept(watch))) return false;
				looks -= 1;
				if (!this.#isKept(watch)) turning -= 1;
				return true;
			});
	}

	#isKept(watch: NodeWatch): boolean {
		const {kept, turning} = this.#limits;
		return this.#watches.length <= kept + turning || this.#watches.indexOf(watch) < kept;
	}

	async #look(watch: NodeWatch): Promise<void> {
		const {clock, asksCluster} = this.#options;
		const turn = this.#turns.get(watch);
		if (!turn) return;
		const nowMs = clock.now();
		const kindBefore = watch.store.getState().snapshot.server.kind;
		turn.isUnderWay = true;
		turn.nextAtMs = nowMs + this.#roundMs;
		const isClusterDue = asksCluster && turn.clusterAtMs <= nowMs;
		if (isClusterDue) turn.clusterAtMs = nowMs + clusterRoundMs(this.#watches.length) * this.#slowedBy;
		try {
			await watch.look(isClusterDue);
		} finally {
			turn.isUnderWay = false;
			// One that was let go meanwhile, and one beyond the bound, gives its connection back.
			if (!this.#watches.includes(watch) || !this.#isKept(watch)) watch.close();
			this.#isNews = true;
			if (watch.store.getState().snapshot.server.kind !== kindBefore) this.#onTrouble();
			this.#wake.abort();
		}
	}

	/** A node that changes its state may change the cluster: a few of the others are asked what they make of it, and once more a little later. */
	#onTrouble(): void {
		this.#isUrgent = true;
		const nowMs = this.#options.clock.now();
		const soon = [...this.#turns.values()].filter(turn => turn.clusterAtMs > nowMs + 1000).slice(0, 4);
		for (const [index, turn] of soon.entries()) turn.clusterAtMs = nowMs + index * 500;
	}

	#publish(): void {
		const nowMs = this.#options.clock.now();
		if (!this.#isNews || nowMs - this.#publishedAtMs < this.#publishPauseMs) return;
		this.#isNews = false;
		this.#isUrgent = false;
		this.#publishedAtMs = nowMs;
		this.#options.publish(this.#watches, {roundMs: this.#roundMs, slowedBy: this.#slowedBy});
	}

	get #publishPauseMs(): number {
		return this.#isUrgent ? publishSoonMs : publishEveryMs;
	}

	#pauseMs(): number {
		const nowMs = this.#options.clock.now();
		const next = Math.min(
			...[...this.#turns.values()].filter(({isUnderWay}) => !isUnderWay).map(({nextAtMs}) => nextAtMs),
			nowMs + (this.#watches.length === 0 && nowMs > this.#newcomersUntilMs ? aloneMs : longestPauseMs),
		);
		const publish = this.#isNews ? this.#publishedAtMs + this.#publishPauseMs : Number.POSITIVE_INFINITY;
		// One that is due and has to wait for a connection is served when a look ends.
		return Math.max(20, Math.min(next, publish) - nowMs);
	}
}
