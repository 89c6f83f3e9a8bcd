import type {WatchedMaster, WatchedReplica} from '../redis/parse/sentinel.ts';
import {formatSeconds} from '../text/format.ts';

/** A replica, and why Sentinel would not promote it; undefined: it may. */
export type Candidate = WatchedReplica & {readonly unfit: string | undefined};

/** Bounds of sentinelSelectSlave (sentinel.c, 7.0). */
const pingWithinMs = 5000;
const infoWithinMs = 30_000;
const infoWithinWhileDownMs = 5000;
const linkDownPeriods = 10;

/** The replicas of a master, in the order in which Sentinel would take them: the fit ones first, then by priority, offset, run id. */
export function ranked(replicas: readonly WatchedReplica[], master: WatchedMaster): readonly Candidate[] {
	return replicas
		.map(replica => ({...replica, unfit: whyUnfit(replica, master)}))
		.toSorted(
			(a, b) =>
				Number(a.unfit !== undefined) - Number(b.unfit !== undefined) ||
				(a.priority ?? 0) - (b.priority ?? 0) ||
				(b.offset ?? 0) - (a.offset ?? 0) ||
				a.runId.localeCompare(b.runId),
		);
}

const isDown = (flags: readonly string[]): boolean => flags.includes('s_down') || flags.includes('o_down');

function whyUnfit({flags, lastOkPingMs = 0, priority, infoAgeMs = 0, linkDownMs = 0}: WatchedReplica, master: WatchedMaster): string | undefined {
	if (isDown(flags)) return 'it is down';
	if (flags.includes('disconnected')) return 'Sentinel has no connection to it';
	if (lastOkPingMs > pingWithinMs) return `it has not answered for ${formatSeconds(lastOkPingMs / 1000)}`;
	if (priority === 0) return 'its priority is 0: it is never to be promoted';
	if (infoAgeMs > (master.flags.includes('s_down') ? infoWithinWhileDownMs : infoWithinMs))
		return `it was last looked at ${formatSeconds(infoAgeMs / 1000)} ago`;
	const longestMs = (master.downAfterMs ?? 0) * linkDownPeriods + master.downForMs;
	return linkDownMs > longestMs ? `its link to the master has been down for ${formatSeconds(linkDownMs / 1000)}` : undefined;
}
