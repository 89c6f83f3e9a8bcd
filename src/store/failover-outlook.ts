import {type Candidate, ranked} from './promotable.ts';
import {isOfMaster, masterAddress, type Seeing, seeing} from './sentinel-watch.ts';
import type {Snapshot} from './snapshot.ts';

/** How far the Sentinels are on their way to another master, and when they will be further; moments are estimates until they have been told. */
export type FailoverOutlook = {
	/** `counting`: no valid reply, and nobody takes it for down yet. `sdown`: some do; `odown`: enough do. `failover`: one of them carries it out. */
	readonly phase: 'counting' | 'sdown' | 'odown' | 'failover';
	/** When the first of them takes it for down. */
	readonly sdownAtMs: number;
	/** When as many do as the quorum wants; undefined: not to be seen. */
	readonly odownAtMs: number | undefined;
	/** When clients are told of another master; undefined where nothing is going to come of it. */
	readonly switchAtMs: number | undefined;
	/** So many take it for down now, of so many that are known, and so many must. */
	readonly downCount: number;
	readonly sentinels: number;
	readonly quorum: number | undefined;
	/** Why there will be no failover, as things are. */
	readonly obstacle: string | undefined;
	/** Whom they would promote. */
	readonly heir: string | undefined;
	/** The shortest down-after among them. */
	readonly downAfterMs: number | undefined;
};

/** A PING on its way is no silence yet. */
const leastOwedMs = 300;
/** +sdown came 26 to 154 ms after down-after, +odown 0.1 s after the Sentinel that made the quorum, +switch-master 1.1 s after that (facts A6). */
const noticedAfterMs = 80;
const agreedAfterMs = 100;
const switchedAfterMs = 1100;
/** Sentinels send a PING a second. */
const halfPingMs = 500;

/** Undefined while none of them misses a valid reply, and no failover is under way. Pure. */
export function failoverOutlook({sentinels: watch, server}: Pick<Snapshot, 'sentinels' | 'server'>, nowMs: number): FailoverOutlook | undefined {
	const master = watch && masterAddress(watch);
	if (!watch || master === undefined) return undefined;
	const sights = seeing(watch).filter(sight => sight.master.address === master);
	const isBlocked = blockedKinds.has(server.kind) && isOfMaster(watch);
	// While the server is known to stand still, one on its way is one that is owed.
	const downsAt = (sight: Seeing) => downAt(sight, isBlocked && sight.atMs > server.sinceMs ? 1 : leastOwedMs);
	const known = sights.flatMap(sight => downsAt(sight) ?? []);
	const phase = phaseOf(sights);
	if (known.length === 0 && phase !== 'failover') return undefined;

	const quorum = median(sights.flatMap(sight => sight.master.quorum ?? []));
	// One with a shorter down-after may be the first though its PING is still to come.
	const expected = isBlocked ? sights.filter(sight => downsAt(sight) === undefined).flatMap(expectedAt) : [];
	const [sdownAtMs] = [...known, ...expected].toSorted(byTime);
	// Those that we cannot ask will see what the others see.
	const unasked = isBlocked ? watch.sights.filter(({error}) => error !== undefined).map(() => sdownAtMs ?? nowMs) : [];
	const odownAtMs = agreementAt([...known, ...expected, ...unasked], quorum);
	const candidates = candidatesOf(sights);
	const obstacle = obstacleOf(sights, candidates, odownAtMs);
	return {
		phase,
		sdownAtMs: sdownAtMs ?? nowMs,
		odownAtMs,
		switchAtMs: obstacle === undefined && odownAtMs !== undefined ? odownAtMs + switchedAfterMs : undefined,
		downCount: sights.filter(({master: {flags}}) => flags.includes('s_down')).length,
		sentinels: watch.sights.length,
		quorum,
		obstacle: phase === 'failover' ? undefined : obstacle,
		heir: candidates.find(({unfit}) => unfit === undefined)?.address,
		downAfterMs: sights.flatMap(sight => sight.master.downAfterMs ?? []).toSorted(byTime)[0],
	};
}

const blockedKinds: ReadonlySet<string> = new Set(['BUSY', 'SILENT', 'DOWN', 'UNREACHABLE']);

const byTime = (a: number, b: number): number => a - b;

const median = (values: readonly number[]): number | undefined => values.toSorted(byTime)[Math.floor(values.length / 2)];

function phaseOf(sights: readonly Seeing[]): FailoverOutlook['phase'] {
	const has = (flag: string) => sights.some(({master}) => master.flags.includes(flag));
	if (has('failover_in_progress') || sights.some(({master}) => master.failoverState !== undefined)) return 'failover';
	if (has('o_down')) return 'odown';
	return has('s_down') ? 'sdown' : 'counting';
}

/** When this one takes, or took, the master for down; undefined while it has nothing to wait for. */
function downAt({atMs, master}: Seeing, leastMs: number): number | undefined {
	const {flags, downForMs, downAfterMs, pingOwedMs, lastOkPingMs = 0} = master;
	if (flags.includes('s_down')) return atMs - downForMs;
	// Without a connection none is owed: it counts from the last valid reply then (sentinelCheckSubjectivelyDown, 7.0).
	const missingMs = pingOwedMs > 0 ? pingOwedMs : flags.includes('disconnected') ? lastOkPingMs : 0;
	if (downAfterMs === undefined || missingMs < leastMs) return undefined;
	return atMs - missingMs + downAfterMs + noticedAfterMs;
}

/** Of one that has not sent its next PING yet. */
const expectedAt = ({atMs, master: {downAfterMs}}: Seeing): readonly number[] =>
	downAfterMs === undefined ? [] : [atMs + halfPingMs + downAfterMs + noticedAfterMs];

function agreementAt(downAts: readonly number[], quorum: number | undefined): number | undefined {
	const at = quorum === undefined ? undefined : downAts.toSorted(byTime)[quorum - 1];
	return at === undefined ? undefined : at + agreedAfterMs;
}

function candidatesOf(sights: readonly Seeing[]): readonly Candidate[] {
	const [latest] = sights.toSorted((a, b) => b.atMs - a.atMs);
	if (!latest) return [];
	// From +sdown on INFO must be fresher, and Sentinel asks for it every second from +odown on: what is old now will not be by then.
	const flags = latest.master.flags.filter(flag => flag !== 's_down');
	return ranked(latest.replicas, {...latest.master, flags});
}

function obstacleOf(sights: readonly Seeing[], candidates: readonly Candidate[], odownAtMs: number | undefined): string | undefined {
	const refused = quorumRefusal(sights);
	if (refused) return refused;
	if (odownAtMs === undefined) return 'too few Sentinels miss its replies';
	const [first] = candidates;
	if (!first) return 'there is no replica to promote';
	return first.unfit === undefined ? undefined : `no replica is fit: ${first.address}: ${first.unfit}`;
}

/** What those say that could not reach a quorum, where none of them could. */
export function quorumRefusal(sights: readonly Seeing[]): string | undefined {
	const checks = sights.flatMap(({quorum}) => quorum ?? []);
	const [first] = checks;
	if (!first || checks.some(({isReached}) => isReached)) return undefined;
	return `no quorum: ${first.usable ?? '?'} usable ${first.usable === 1 ? 'Sentinel' : 'Sentinels'}`;
}
