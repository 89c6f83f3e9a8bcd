import {type Role, toRole} from './identity.ts';
import type {Info} from './info.ts';
import {each, type Reader} from './info-reader.ts';
import {toCount} from './number.ts';

type ReplicaInfo = {
	/** `10.0.0.2:6379`, `[::1]:6379` */
	readonly address: string;
	/** `online`, or a step of the first synchronisation: `wait_bgsave`, `send_bulk` … */
	readonly state: string | undefined;
	/** As far as it has acknowledged; 0 before its first synchronisation is done. */
	readonly offset: number | undefined;
	/** Since the replica's last acknowledgement; the server counts whole seconds. */
	readonly lagSeconds: number | undefined;
};

/** The full synchronisation of a replica, seen from itself. `totalBytes` is 0 where the master sends without having a file: nobody knows how much it is. */
type MasterSync = {
	readonly readBytes: number | undefined;
	readonly totalBytes: number | undefined;
	/** Since the last piece came. */
	readonly lastIoSeconds: number | undefined;
};

/** What a replica that was away for a while is sent from, instead of everything. */
type Backlog = {readonly sizeBytes: number | undefined; readonly heldBytes: number | undefined};

export type Replication = {
	readonly role: Role | undefined;
	readonly connectedReplicas: number | undefined;
	readonly replicas: readonly ReplicaInfo[] | undefined;
	/** In sync and heard of lately; told only where writes need some (min-replicas-to-write and min-replicas-max-lag above 0). */
	readonly goodReplicas: number | undefined;
	readonly masterHost: string | undefined;
	readonly masterPort: number | undefined;
	readonly masterLinkUp: boolean | undefined;
	/** Only while the link is down; undefined also where it has never been up. */
	readonly masterLinkDownSeconds: number | undefined;
	/** A full synchronisation is under way; the link counts as down until it is done. */
	readonly masterSyncInProgress: boolean | undefined;
	/** Undefined also while none is under way. */
	readonly masterSync: MasterSync | undefined;
	/** Undefined also while the link is down. The master speaks at least every `repl-ping-replica-period` (10 s). */
	readonly masterLastIoSeconds: number | undefined;
	readonly masterReplOffset: number | undefined;
	/** On a replica: received from its master, and carried out. */
	readonly replicaReadOffset: number | undefined;
	readonly replicaOffset: number | undefined;
	readonly replicaReadOnly: boolean | undefined;
	/** Undefined also where there is none: no replica has connected yet, or the last one has been gone for long. */
	readonly backlog: Backlog | undefined;
};

export function replication({text, count, isOn, isUp}: Reader, info: Info): Replication {
	const connectedReplicas = count('connected_slaves');
	const isSyncing = isOn('master_sync_in_progress');
	return {
		role: toRole(text('role')),
		connectedReplicas,
		replicas: connectedReplicas === undefined ? undefined : each(info, /^slave\d+$/, toReplica),
		goodReplicas: count('min_slaves_good_slaves'),
		masterHost: text('master_host'),
		masterPort: count('master_port'),
		masterLinkUp: isUp('master_link_status'),
		masterLinkDownSeconds: count('master_link_down_since_seconds'),
		masterSyncInProgress: isSyncing,
		masterSync: isSyncing
			? {
					readBytes: count('master_sync_read_bytes'),
					totalBytes: count('master_sync_total_bytes'),
					lastIoSeconds: count('master_sync_last_io_seconds_ago'),
				}
			: undefined,
		masterLastIoSeconds: count('master_last_io_seconds_ago'),
		masterReplOffset: count('master_repl_offset'),
		replicaReadOffset: count('slave_read_repl_offset'),
		replicaOffset: count('slave_repl_offset'),
		replicaReadOnly: isOn('slave_read_only'),
		backlog: isOn('repl_backlog_active') ? {sizeBytes: count('repl_backlog_size'), heldBytes: count('repl_backlog_histlen')} : undefined,
	};
}

function toReplica(_name: string, parts: ReadonlyMap<string, string>): ReplicaInfo {
	const host = parts.get('ip') ?? '?';
	return {
		address: `${host.includes(':') ? `[${host}]` : host}:${parts.get('port') ?? '?'}`,
		state: parts.get('state'),
		offset: toCount(parts.get('offset')),
		lagSeconds: toCount(parts.get('lag')),
	};
}
