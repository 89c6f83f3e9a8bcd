import {parseWatchedReplicas, type WatchedMaster} from '../../redis/parse/sentinel.ts';
import {type Candidate, ranked} from '../../store/promotable.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatSeconds} from '../../text/format.ts';

/** The replicas that SENTINEL REPLICAS tells of, in the order in which Sentinel would take them. */
export const candidates = (reply: unknown, master: WatchedMaster): readonly Candidate[] => ranked(parseWatchedReplicas(reply), master);

/** How many bytes of writes a replica has not acknowledged, from the master's last INFO; undefined where that does not tell. */
function behindBytes(replica: string, {snapshot}: ConsoleState): number | undefined {
	const {masterReplOffset, replicas = []} = snapshot.info.data ?? {};
	const acknowledged = replicas.find(({address}) => address === replica)?.offset;
	return masterReplOffset === undefined || acknowledged === undefined ? undefined : Math.max(0, masterReplOffset - acknowledged);
}

/** The same in words, with its age where it is no longer of this moment. */
export function behindText(replica: string, state: ConsoleState): string {
	const bytes = behindBytes(replica, state);
	if (bytes === undefined) return 'how far behind is not known';
	const ageMs = state.nowMs - (state.snapshot.info.updatedAtMs ?? state.nowMs);
	return `${formatBytes(bytes)} behind${ageMs > oldMs ? ` ${formatSeconds(ageMs / 1000)} ago` : ''}`;
}

const oldMs = 5000;
