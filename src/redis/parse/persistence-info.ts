import type {Reader} from './info-reader.ts';

/** Times in whole seconds, as the server counts them; -1, its word for "none", is undefined. */
export type Persistence = {
	/** Unix time. A server that has never saved tells its start. */
	readonly lastSaveAtSeconds: number | undefined;
	/** Of the last attempt in the background, which may be later than the last save. */
	readonly lastSaveOk: boolean | undefined;
	/** How long the last attempt took; undefined also before the first. */
	readonly lastSaveTookSeconds: number | undefined;
	readonly saveInProgress: boolean | undefined;
	/** Undefined also while none is under way. */
	readonly savingForSeconds: number | undefined;
	readonly changesSinceSave: number | undefined;
	/** Of the child that saves or rewrites now; 0 while there is none (6.2 and newer). */
	readonly savedKeys: number | undefined;
	readonly keysToSave: number | undefined;
	readonly aofEnabled: boolean | undefined;
	readonly aofLastWriteOk: boolean | undefined;
	readonly aofLastRewriteOk: boolean | undefined;
	readonly aofRewriteInProgress: boolean | undefined;
	/** It begins when the snapshot under way is done. */
	readonly aofRewriteScheduled: boolean | undefined;
	readonly aofRewritingForSeconds: number | undefined;
	readonly aofLastRewriteTookSeconds: number | undefined;
	/** So long the server stood still for its last fork; 0 before the first. */
	readonly latestForkMicros: number | undefined;
};

export function persistence({count, isOn, isOk}: Reader): Persistence {
	return {
		lastSaveAtSeconds: count('rdb_last_save_time'),
		lastSaveOk: isOk('rdb_last_bgsave_status'),
		lastSaveTookSeconds: count('rdb_last_bgsave_time_sec'),
		saveInProgress: isOn('rdb_bgsave_in_progress'),
		savingForSeconds: count('rdb_current_bgsave_time_sec'),
		changesSinceSave: count('rdb_changes_since_last_save'),
		savedKeys: count('current_save_keys_processed'),
		keysToSave: count('current_save_keys_total'),
		aofEnabled: isOn('aof_enabled'),
		aofLastWriteOk: isOk('aof_last_write_status'),
		aofLastRewriteOk: isOk('aof_last_bgrewrite_status'),
		aofRewriteInProgress: isOn('aof_rewrite_in_progress'),
		aofRewriteScheduled: isOn('aof_rewrite_scheduled'),
		aofRewritingForSeconds: count('aof_current_rewrite_time_sec'),
		aofLastRewriteTookSeconds: count('aof_last_rewrite_time_sec'),
		latestForkMicros: count('latest_fork_usec'),
	};
}
