import type {QuorumCheck, WatchedMaster, WatchedReplica} from '../redis/parse/sentinel.ts';
import type {SentinelNews} from '../redis/parse/sentinel-news.ts';

/** What one Sentinel sees, as it was when it last answered. */
export type SentinelSight = {
	/** `host:port` */
	readonly node: string;
	/** When that was; undefined: it has never answered. */
	readonly atMs: number | undefined;
	/** Undefined: it does not watch this master. */
	readonly master: WatchedMaster | undefined;
	readonly replicas: readonly WatchedReplica[];
	readonly quorum: QuorumCheck | undefined;
	/** Since when it has said at every look that none can be reached. */
	readonly noQuorumSinceMs: number | undefined;
	/** Why it said nothing when it was asked the last time. */
	readonly error: string | undefined;
};

/** Something that a Sentinel has published. */
export type SentinelEvent = SentinelNews & {readonly atMs: number; readonly node: string};

/** `host:port` of a master, and the failover that has brought it there: a later one has a higher number. */
export type MasterPlace = {
	readonly address: string;
	readonly epoch: number;
	/** The numbers have begun anew: this one may be lower than those of failovers before. */
	readonly isAnew?: true;
};

/** What the Sentinels of a master see and tell. */
export type SentinelWatch = {
	/** The name under which they watch it. */
	readonly master: string;
	/** What they call the master that the console looks at; undefined before one has answered, and where it looks at a replica. */
	readonly following: string | undefined;
	/** Where the master is, as far as the console has followed, wherever it looks. */
	readonly latest: MasterPlace | undefined;
	readonly sights: readonly SentinelSight[];
	/** Oldest first; the last of them. */
	readonly events: readonly SentinelEvent[];
};

/** A failover makes some forty of them with three Sentinels. */
const keptEvents = 100;

export const withEvent = (watch: SentinelWatch, event: SentinelEvent): SentinelWatch => ({...watch, events: [...watch.events, event].slice(-keptEvents)});

type Heard = Pick<SentinelSight, 'master' | 'replicas' | 'quorum'> & {readonly node: string; readonly atMs: number};
type Unheard = {readonly node: string; readonly error: string};

/** After a look at all of them. One that says nothing keeps what it said last, with its date; one that has been taken away is gone. */
export function withAnswers(watch: SentinelWatch, answers: readonly (Heard | Unheard)[]): SentinelWatch {
	const before = new Map(watch.sights.map(sight => [sight.node, sight]));
	const sights = answers.map((answer): SentinelSight => {
		const last = before.get(answer.node) ?? neverHeard;
		if ('error' in answer) return {...last, ...answer};
		const noQuorumSinceMs = answer.quorum?.isReached === false ? (last.noQuorumSinceMs ?? answer.atMs) : undefined;
		return {...answer, noQuorumSinceMs, error: undefined};
	});
	return {...watch, sights};
}

const neverHeard: Omit<SentinelSight, 'node'> = {
	atMs: undefined,
	master: undefined,
	replicas: [],
	quorum: undefined,
	noQuorumSinceMs: undefined,
	error: undefined,
};

/** A sight that tells something of the master. */
export type Seeing = SentinelSight & {readonly atMs: number; readonly master: WatchedMaster};

/** Those that answered when they were last asked, and watch this master. */
export const seeing = ({sights}: Pick<SentinelWatch, 'sights'>): readonly Seeing[] =>
	sights.flatMap(sight => (sight.error === undefined && sight.atMs !== undefined && sight.master ? [{...sight, atMs: sight.atMs, master: sight.master}] : []));

const isFailingOver = ({flags}: WatchedMaster): boolean => flags.includes('failover_in_progress');

/** The one that carries a failover out names the old address to its end, with the number of the new one: of equals the others know better. */
const latestView = (watch: Pick<SentinelWatch, 'sights'>): WatchedMaster | undefined =>
	seeing(watch)
		.map(({master}) => master)
		.toSorted((a, b) => b.configEpoch - a.configEpoch || Number(isFailingOver(a)) - Number(isFailingOver(b)))[0];

/** Where the master is, by the one that knows of the latest failover; undefined where none sees it. */
export const masterAddress = (watch: Pick<SentinelWatch, 'sights'>): string | undefined => latestView(watch)?.address;

/** Is it the master that the console looks at? A replica has the same Sentinels, and they never act for its sake. */
export const isOfMaster = (watch: SentinelWatch): boolean => watch.following !== undefined && watch.following === masterAddress(watch);

/** The same with its number: in a failover the next one will come with the number that is told already. */
export function masterPlace(watch: Pick<SentinelWatch, 'sights'>): MasterPlace | undefined {
	const view = latestView(watch);
	return view && {address: view.address, epoch: isFailingOver(view) ? view.configEpoch - 1 : view.configEpoch};
}

/**
 * Where the master has gone by a later failover than the last that was followed: as one says that has published the switch itself (`published`:
 * by Sentinel, where to), or as most of those that answer say, and none names the old place that knows of as late a failover. Undefined: nowhere.
 */
export function movedMaster(watch: SentinelWatch, published: ReadonlyMap<string, string> = new Map()): MasterPlace | undefined {
	const {latest} = watch;
	const sights = seeing(watch);
	const best = latestView(watch);
	if (!latest || !best || best.address === latest.address || best.configEpoch <= latest.epoch) return undefined;
	const agreeing = sights.filter(({master: {address, configEpoch}}) => address === best.address && configEpoch === best.configEpoch);
	const isNewer = sights.every(({master: {address, configEpoch}}) => address !== latest.address || configEpoch < best.configEpoch);
	const isPublished = agreeing.some(({node}) => published.get(node) === best.address);
	const isAgreed = isNewer && agreeing.length * 2 > sights.length;
	return isPublished || isAgreed ? {address: best.address, epoch: best.configEpoch} : undefined;
}

/**
 * Where all Sentinels that answer, most of those known, say that the master is, with a number that is lower than the last one followed: they have
 * been told of it anew (SENTINEL REMOVE and MONITOR) and count from the beginning. For a moment it may also be that none of them has heard of a failover.
 */
export function placeAnew(watch: SentinelWatch): MasterPlace | undefined {
	const {latest, sights} = watch;
	const [first, ...others] = seeing(watch);
	if (!latest || !first || (others.length + 1) * 2 <= sights.length) return undefined;
	const {address, configEpoch: epoch} = first.master;
	const isAgreed = others.every(({master}) => master.address === address && master.configEpoch === epoch);
	return isAgreed && !isFailingOver(first.master) && epoch < latest.epoch ? {address, epoch, isAnew: true} : undefined;
}
