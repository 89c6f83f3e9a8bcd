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

/** What the Sentinels of a master see and tell. */
export type SentinelWatch = {
	/** The name under which they watch it. */
	readonly master: string;
	/** What they call the master that the console looks at; undefined before one has answered, and where it looks at a replica. */
	readonly following: string | undefined;
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

/** Where the master is, by the one that knows of the latest failover; undefined where none sees it. */
export function masterAddress(watch: Pick<SentinelWatch, 'sights'>): string | undefined {
	return seeing(watch).toSorted((a, b) => b.master.configEpoch - a.master.configEpoch)[0]?.master.address;
}

/**
 * Where the master has gone, as most of those that answer say, who know of a later failover than any that still names the old place;
 * undefined while it is where the console looks.
 */
export function movedMaster(watch: SentinelWatch): string | undefined {
	const {following} = watch;
	const views = seeing(watch).map(({master}) => master);
	const best = views.toSorted((a, b) => b.configEpoch - a.configEpoch)[0];
	if (following === undefined || !best || best.address === following) return undefined;
	const agreeing = views.filter(({address, configEpoch}) => address === best.address && configEpoch === best.configEpoch);
	const isNewer = views.every(({address, configEpoch}) => address !== following || configEpoch < best.configEpoch);
	return isNewer && agreeing.length * 2 > views.length ? best.address : undefined;
}
