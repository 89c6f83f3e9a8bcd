import type {ServerInfo} from '../../redis/parse/server-info.ts';

export type Replica = NonNullable<ServerInfo['replicas']>[number];

/** Steps of the first synchronisation by the server's names, in words. */
const steps: Readonly<Record<string, string>> = {
	wait_bgsave: 'to be filled',
	send_bulk: 'being filled',
	send_bulk_and_stream: 'being filled',
	rdb_transmitted: 'filled, not on',
};

export const stateWords = ({state}: Replica): string => (state === undefined ? 'not known' : (steps[state] ?? state));

/** Bytes it has not acknowledged. Before its first synchronisation is done it has acknowledged nothing, which tells nothing. */
export function bytesBehind({state, offset}: Replica, {masterReplOffset}: Pick<ServerInfo, 'masterReplOffset'>): number | undefined {
	return state !== 'online' || offset === undefined || masterReplOffset === undefined ? undefined : Math.max(0, masterReplOffset - offset);
}

/** More is missing than the backlog holds: if its link breaks now, it has to be sent everything. */
export function isBeyondBacklog(replica: Replica, info: ServerInfo): boolean | undefined {
	const behind = bytesBehind(replica, info);
	const held = info.backlog?.heldBytes;
	return behind === undefined || held === undefined ? undefined : behind > held;
}
