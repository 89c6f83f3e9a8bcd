import type {QueueStatus} from '../queues/types.ts';

/** Where the lines of some queues lie, from the config file; undefined: as in the thresholds. */
export type QueueLines = {
	/** No findings about them. */
	readonly isIgnored: boolean;
	readonly depthCount: number | undefined;
	readonly stuckSeconds: number | undefined;
	readonly overdueSeconds: number | undefined;
	readonly failingRatio: number | undefined;
};

/** The lines of its own that a queue has, if any. */
export type QueueLinesOf = (queue: Pick<QueueStatus, 'prefix' | 'name'>) => QueueLines | undefined;
