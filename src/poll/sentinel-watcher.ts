import type {Clock} from '../clock.ts';
import {parseQuorumCheck, parseWatchedReplicas} from '../redis/parse/sentinel.ts';
import {parseSentinelNews} from '../redis/parse/sentinel-news.ts';
import type {SentinelGroup, SentinelSaid} from '../redis/sentinel-group.ts';
import type {SentinelLines} from '../redis/sentinel-lines.ts';
import {sentinelHappening} from '../store/sentinel-happenings.ts';
import {
	type MasterPlace,
	masterPlace,
	movedMaster,
	placeAnew,
	type Seeing,
	type SentinelEvent,
	type SentinelWatch,
	seeing,
	withAnswers,
	withEvent,
} from '../store/sentinel-watch.ts';
import type {ConsoleStore} from '../store/store.ts';
import {record} from '../store/timeline.ts';
import type {Change} from './sources.ts';

type WatcherOptions = {
	readonly group: Pick<SentinelGroup, 'ask'>;
	readonly lines: Pick<SentinelLines, 'reach' | 'keepOnly'>;
	/** The name under which they watch it. */
	readonly master: string;
	readonly store: ConsoleStore;
	readonly clock: Clock;
	readonly apply: (change: Change) => void;
	/** They have made another server the master. */
	readonly onSwitch: (moved: MasterMove) => void;
};

/** `host:port`, as the Sentinels say it. */
export type MasterMove = {
	readonly from: string;
	readonly to: string;
	/** Rises with every failover. */
	readonly epoch: number;
	/** Their numbers have begun anew since the last move. */
	readonly isAnew?: true | undefined;
	/** It is the server that is looked at that was the master. */
	readonly isHere: boolean;
};

const calmEveryMs = 5000;
const urgentEveryMs = 500;
/** While none of them answers. */
const unmetEveryMs = 1000;
/** Events come in bursts; one look soon after the first serves them all. */
const leastPauseMs = 100;
/** After an event there is more to come. */
const livelyForMs = 15_000;
/** Below it a PING is only on its way. */
const owedMs = 300;

const blockedKinds: ReadonlySet<string> = new Set(['BUSY', 'SILENT', 'DOWN', 'UNREACHABLE']);

/**
 * Watches the Sentinels of a master: asks all of them, seldom while all is well and twice a second while the master is in trouble, and
 * listens to what they publish. What they see goes into the snapshot, what they do into the timeline.
 */
export class SentinelWatcher {
	readonly #options: WatcherOptions;
	#watch: SentinelWatch;
	/** Where each of them has said that it moved the master. */
	readonly #published = new Map<string, string>();
	/** What they all say with a number that is too low, and since when. */
	#anew: {readonly place: MasterPlace; readonly sinceMs: number} | undefined;
	#wake = new AbortController();

	constructor(options: WatcherOptions) {
		this.#options = options;
		// The console may have come here from another server of the same group.
		const {session, snapshot} = options.store.getState();
		const past = snapshot.sentinels?.master === options.master ? snapshot.sentinels : undefined;
		const following = past?.following === session.target.address ? past.following : undefined;
		this.#watch = {master: options.master, sights: past?.sights ?? [], events: past?.events ?? [], following, latest: past?.latest};
	}

	async run(signal: AbortSignal): Promise<void> {
		const {store, clock} = this.#options;
		const unsubscribe = store.subscribe((now, before) => {
			if (now.snapshot.server.kind !== before.snapshot.server.kind) this.#wake.abort();
		});
		signal.addEventListener('abort', () => this.#wake.abort(), {once: true});
		while (!signal.aborted) {
			this.#wake = new AbortController();
			await this.#look();
			if (signal.aborted) break;
			await clock.sleep(leastPauseMs, signal);
			await clock.sleep(this.#pauseMs() - leastPauseMs, this.#wake.signal);
		}
		unsubscribe();
	}

	/** What a Sentinel has published. */
	hear(node: string, name: string, message: string): void {
		const {master, store, clock} = this.#options;
		const news = parseSentinelNews(name, message, master);
		if (!news) return;
		const event: SentinelEvent = {...news, node, atMs: clock.now()};
		this.#show(withEvent(this.#watch, event));
		const happening = sentinelHappening(event, store.getState().timeline);
		if (happening) store.setState(({timeline}) => ({timeline: record(timeline, [happening])}));
		// How new it is, it does not say: it is asked at once.
		if (news.moved) this.#published.set(node, news.moved.to);
		this.#wake.abort();
	}

	async #look(): Promise<void> {
		const {group, lines, master} = this.#options;
		const argvs = [
			['SENTINEL', 'REPLICAS', master],
			['SENTINEL', 'CKQUORUM', master],
		];
		const answers = await group.ask(argvs, lines.reach);
		lines.keepOnly(answers.map(({node}) => node));
		const watch = withAnswers(this.#watch, answers.map(sightOf));
		const latest = watch.latest ?? masterPlace(watch);
		this.#show({...watch, latest, following: watch.following ?? (this.#isReplica(watch) ? undefined : latest?.address)});
		const to = movedMaster(this.#watch, this.#published) ?? this.#agreedAnew();
		if (to !== undefined) this.#follow(to);
	}

	/** Two looks at least have to find it, as far apart as they are while all is well: what one of them has just done the others hear within 2 s. */
	#agreedAnew(): MasterPlace | undefined {
		const nowMs = this.#options.clock.now();
		const place = placeAnew(this.#watch);
		const isSame = place?.address === this.#anew?.place.address && place?.epoch === this.#anew?.place.epoch;
		if (!place || !isSame) this.#anew = place && {place, sinceMs: nowMs};
		return place && this.#anew && nowMs - this.#anew.sinceMs >= calmEveryMs ? place : undefined;
	}

	get #address(): string {
		return this.#options.store.getState().session.target.address;
	}

	/** One that they do not know by its address is their master under another name. */
	#isReplica(watch: SentinelWatch): boolean {
		return seeing(watch).some(({replicas}) => replicas.some(replica => replica.address === this.#address));
	}

	/** Told wherever the console looks: what it was opened for may be elsewhere by then. */
	#follow(to: MasterPlace): void {
		const {following, latest} = this.#watch;
		if (!latest) return;
		// It is where it was, and only the numbers are others.
		if (to.address === latest.address) {
			this.#show({...this.#watch, latest: to});
			return;
		}
		const isAnew = to.isAnew ?? latest.isAnew;
		const isHere = following === latest.address;
		this.#show({...this.#watch, latest: to, following: isHere || to.address === this.#address ? to.address : undefined});
		this.#options.onSwitch({from: latest.address, to: to.address, epoch: to.epoch, isAnew, isHere});
	}

	#show(watch: SentinelWatch): void {
		this.#watch = watch;
		this.#options.apply(snapshot => ({...snapshot, sentinels: watch}));
	}

	#pauseMs(): number {
		if (this.#isUrgent()) return urgentEveryMs;
		return seeing(this.#watch).length === 0 ? unmetEveryMs : calmEveryMs;
	}

	#isUrgent(): boolean {
		const {store, clock} = this.#options;
		const {events} = this.#watch;
		const isLively = clock.now() - (events.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) < livelyForMs;
		const hasTrouble = seeing(this.#watch).some(isTroubled);
		return isLively || hasTrouble || blockedKinds.has(store.getState().snapshot.server.kind);
	}
}

const isTroubled = ({master: {flags, pingOwedMs}, quorum}: Seeing): boolean =>
	flags.some(flag => flag !== 'master') || pingOwedMs >= owedMs || quorum?.isReached === false;

function sightOf(answer: SentinelSaid): Parameters<typeof withAnswers>[1][number] {
	if ('error' in answer) return answer;
	const {node, atMs, master, replies} = answer;
	return {node, atMs, master, replicas: parseWatchedReplicas(replies[0]), quorum: parseQuorumCheck(replies[1])};
}
