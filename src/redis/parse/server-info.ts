import {productName} from './identity.ts';
import type {Info} from './info.ts';
import {each, type Reader, reader} from './info-reader.ts';
import {toCount} from './number.ts';
import {type Persistence, persistence} from './persistence-info.ts';
import {type Replication, replication} from './replication-info.ts';

type KeyspaceInfo = {
	readonly db: number;
	readonly keys: number;
	readonly expires: number;
	/** An estimate of the server's; 0 when it has none. */
	readonly avgTtlMs: number | undefined;
};

/** `percent` and `etaSeconds` are the server's own guesses while it loads. */
type LoadingInfo = {readonly percent: number | undefined; readonly etaSeconds: number | undefined};

/** What INFO tells, typed. Undefined: this server did not tell it (older, fork, restricted, or a section not asked for). */
export type ServerInfo = Identity & Replication & Clients & Memory & Traffic & Persistence;

type Identity = {
	/** `Redis`, `Valkey`, or the fork's `server_name`. */
	readonly product: string | undefined;
	/** Valkey's own version: its `redis_version` only says with which Redis it is compatible. */
	readonly version: string | undefined;
	/** `standalone`, `sentinel` or `cluster`. */
	readonly mode: string | undefined;
	readonly clusterEnabled: boolean | undefined;
	/** Changes with every start of the server. */
	readonly runId: string | undefined;
	readonly tcpPort: number | undefined;
	readonly processId: number | undefined;
	/** Empty when the server was started without one. */
	readonly configFile: string | undefined;
	readonly uptimeSeconds: number | undefined;
	/** The server's own clock when it answered, ms since the epoch (6.2 and newer). */
	readonly clockMs: number | undefined;
	/** Undefined also when it is not loading. */
	readonly loading: LoadingInfo | undefined;
};

type Clients = {
	readonly connectedClients: number | undefined;
	readonly maxClients: number | undefined;
	readonly blockedClients: number | undefined;
	readonly clientsInTimeoutTable: number | undefined;
	/** 7.4 and newer. */
	readonly pubsubClients: number | undefined;
	/** Since start: connections refused for maxclients. */
	readonly rejectedConnections: number | undefined;
	/** Since start: connections closed for maxmemory-clients (7.0 and newer). */
	readonly evictedClients: number | undefined;
};

type Memory = {
	readonly usedMemoryBytes: number | undefined;
	readonly usedMemoryPeakBytes: number | undefined;
	readonly usedMemoryRssBytes: number | undefined;
	/** Of the machine, whatever a container may use of it. */
	readonly totalSystemMemoryBytes: number | undefined;
	/** 0: no limit. */
	readonly maxMemoryBytes: number | undefined;
	readonly maxMemoryPolicy: string | undefined;
	/** Replica and AOF buffers: in `usedMemoryBytes`, but not held against `maxMemoryBytes`. */
	readonly notCountedForEvictBytes: number | undefined;
	readonly fragmentationRatio: number | undefined;
	/** Above 0: over the limit, since so long (7.0 and newer). Means nothing while `maxMemoryBytes` is 0: without a limit the server no longer updates it. */
	readonly currentEvictionExceededMs: number | undefined;
	/** `jemalloc-5.3.0`, `libc` … */
	readonly allocator: string | undefined;
	readonly evictedKeys: number | undefined;
	readonly expiredKeys: number | undefined;
	readonly keyspace: readonly KeyspaceInfo[] | undefined;
};

/** Counters run since the start of the server or the last CONFIG RESETSTAT. */
type Traffic = {
	readonly opsPerSecond: number | undefined;
	readonly totalCommands: number | undefined;
	readonly keyspaceHits: number | undefined;
	readonly keyspaceMisses: number | undefined;
	readonly networkInBytesPerSecond: number | undefined;
	readonly networkOutBytesPerSecond: number | undefined;
	/** CPU time of the whole process, all threads, without its children. */
	readonly cpuSystemSeconds: number | undefined;
	readonly cpuUserSeconds: number | undefined;
	/** CPU time of the thread that runs commands. */
	readonly cpuSystemMainThreadSeconds: number | undefined;
	readonly cpuUserMainThreadSeconds: number | undefined;
	readonly totalErrorReplies: number | undefined;
	/** How often each first word (`BUSY`, `NOPERM`, `ERR` …) was answered. */
	readonly errorStats: ReadonlyMap<string, number> | undefined;
};

/** Read the fields that the console knows; figures that do not parse, and negative ones, count as not told. */
export function toServerInfo(info: Info): ServerInfo {
	const read = reader(info);
	return {...identity(read), ...replication(read, info), ...clients(read), ...memory(read, info), ...traffic(read, info), ...persistence(read)};
}

function identity({text, count, isOn}: Reader): Identity {
	const serverName = text('server_name') ?? (text('valkey_version') && 'valkey') ?? (text('redis_version') && 'redis');
	return {
		product: serverName && productName(serverName),
		version: text('valkey_version') ?? text('redis_version'),
		mode: text('server_mode') ?? text('redis_mode'),
		clusterEnabled: isOn('cluster_enabled'),
		runId: text('run_id'),
		tcpPort: count('tcp_port'),
		processId: count('process_id'),
		configFile: text('config_file'),
		uptimeSeconds: count('uptime_in_seconds'),
		clockMs: microsToMs(count('server_time_usec')),
		loading: isOn('loading') ? {percent: count('loading_loaded_perc'), etaSeconds: count('loading_eta_seconds')} : undefined,
	};
}

function clients({count}: Reader): Clients {
	return {
		connectedClients: count('connected_clients'),
		maxClients: count('maxclients'),
		blockedClients: count('blocked_clients'),
		clientsInTimeoutTable: count('clients_in_timeout_table'),
		pubsubClients: count('pubsub_clients'),
		rejectedConnections: count('rejected_connections'),
		evictedClients: count('evicted_clients'),
	};
}

function memory({text, count}: Reader, info: Info): Memory {
	return {
		usedMemoryBytes: count('used_memory'),
		usedMemoryPeakBytes: count('used_memory_peak'),
		usedMemoryRssBytes: count('used_memory_rss'),
		totalSystemMemoryBytes: count('total_system_memory'),
		maxMemoryBytes: count('maxmemory'),
		maxMemoryPolicy: text('maxmemory_policy'),
		notCountedForEvictBytes: count('mem_not_counted_for_evict'),
		fragmentationRatio: count('mem_fragmentation_ratio'),
		currentEvictionExceededMs: count('current_eviction_exceeded_time'),
		allocator: text('mem_allocator'),
		evictedKeys: count('evicted_keys'),
		expiredKeys: count('expired_keys'),
		// A database without keys has no line, so only the section tells an empty keyspace from an untold one.
		keyspace: info.sections.has('Keyspace') ? each(info, /^db\d{1,9}$/, toKeyspace) : undefined,
	};
}

function toKeyspace(name: string, parts: ReadonlyMap<string, string>): KeyspaceInfo {
	return {
		db: Number(name.slice('db'.length)),
		keys: toCount(parts.get('keys')) ?? 0,
		expires: toCount(parts.get('expires')) ?? 0,
		avgTtlMs: toCount(parts.get('avg_ttl')),
	};
}

function traffic({count}: Reader, info: Info): Traffic {
	return {
		opsPerSecond: count('instantaneous_ops_per_sec'),
		totalCommands: count('total_commands_processed'),
		keyspaceHits: count('keyspace_hits'),
		keyspaceMisses: count('keyspace_misses'),
		networkInBytesPerSecond: kibToBytes(count('instantaneous_input_kbps')),
		networkOutBytesPerSecond: kibToBytes(count('instantaneous_output_kbps')),
		cpuSystemSeconds: count('used_cpu_sys'),
		cpuUserSeconds: count('used_cpu_user'),
		cpuSystemMainThreadSeconds: count('used_cpu_sys_main_thread'),
		cpuUserMainThreadSeconds: count('used_cpu_user_main_thread'),
		totalErrorReplies: count('total_error_replies'),
		errorStats: errorStats(info),
	};
}

const microsToMs = (micros: number | undefined) => (micros === undefined ? undefined : Math.floor(micros / 1000));

/** INFO's `kbps` are KiB a second (the server divides by 1024), not kilobits. */
const kibToBytes = (kib: number | undefined) => (kib === undefined ? undefined : toCount(Math.round(kib * 1024)));

function errorStats(info: Info): ReadonlyMap<string, number> | undefined {
	if (!info.sections.has('Errorstats')) return undefined;
	const prefix = 'errorstat_';
	return new Map(each(info, /^errorstat_./, (name, parts): [string, number] => [name.slice(prefix.length), toCount(parts.get('count')) ?? 0]));
}
