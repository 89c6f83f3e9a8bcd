import type {Info} from './info.ts';
import {toCount} from './number.ts';

/** Where the memory is, as INFO tells it. Undefined: this server did not tell it. All but `datasetBytes` is part of `overheadBytes`, up to the tables. */
export type MemoryStats = {
	/** Everything that is no data: what follows, and the tables of keys and their expiry. */
	readonly overheadBytes: number | undefined;
	readonly datasetBytes: number | undefined;
	/** What an empty server of this build takes. */
	readonly startupBytes: number | undefined;
	/** Buffers of ordinary clients; a slow reader of large replies shows here. */
	readonly clientsBytes: number | undefined;
	/** Output buffers of replicas, beyond what they share with the backlog (7.0 and newer). */
	readonly replicasBytes: number | undefined;
	readonly backlogBytes: number | undefined;
	readonly aofBufferBytes: number | undefined;
	readonly clusterLinksBytes: number | undefined;
	/** Caches of scripts and functions. */
	readonly scriptsBytes: number | undefined;
	/** Held by the allocator and not used; MEMORY PURGE may give some of it back. */
	readonly allocatorFragmentationBytes: number | undefined;
	/** Deleted, and not yet freed in the background. */
	readonly lazyfreePendingObjects: number | undefined;
};

/** Read what INFO says of the memory beyond the vitals. */
export function toMemoryStats({fields}: Info): MemoryStats {
	const count = (name: string) => toCount(fields.get(name));
	return {
		overheadBytes: count('used_memory_overhead'),
		datasetBytes: count('used_memory_dataset'),
		startupBytes: count('used_memory_startup'),
		clientsBytes: count('mem_clients_normal'),
		replicasBytes: count('mem_clients_slaves'),
		backlogBytes: count('mem_replication_backlog'),
		aofBufferBytes: count('mem_aof_buffer'),
		clusterLinksBytes: count('mem_cluster_links'),
		scriptsBytes: count('used_memory_scripts'),
		allocatorFragmentationBytes: count('allocator_frag_bytes'),
		lazyfreePendingObjects: count('lazyfree_pending_objects'),
	};
}
