import type {QueueStatus} from '../queues/types.ts';

/** Prefixes that a library has by itself say nothing. */
const usualPrefixes: ReadonlySet<string> = new Set(['', 'bull', 'bq']);

/** What a queue is called: its name, and what stands before it where that is not the usual. */
export const queueLabel = ({prefix, name}: Pick<QueueStatus, 'prefix' | 'name'>): string => (usualPrefixes.has(prefix) ? name : `${prefix}:${name}`);
