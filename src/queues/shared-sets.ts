import {toObject} from './replies.ts';
import type {Unknown} from './types.ts';

/** What a set that all queues of a namespace share is for one of them: its entries are counted where there are few. */
export type Share = {readonly count: number | undefined; readonly unknown: readonly Unknown[]};

/** Beyond this an entry-by-entry count costs too much to be had with every look. */
export const countedEntries = 100;

type Shared = {
	readonly key: string;
	readonly size: number | undefined;
	/** Up to `countedEntries` of them, if there are no more. */
	readonly entries: readonly string[];
	readonly isMine: (entry: string) => boolean;
	readonly isAlone: boolean;
};

/** All of it for a queue that is alone; else what can be counted; else unknown, with the size of the whole as the reason. */
export function shareOf({key, size, entries, isMine, isAlone}: Shared): Share {
	if (size === undefined || size === 0 || isAlone) return {count: size, unknown: []};
	if (size <= countedEntries && entries.length >= size) return {count: entries.filter(isMine).length, unknown: []};
	return {count: undefined, unknown: [{command: key, reason: `${size} entries of all queues together`}]};
}

/** Whether an entry is a JSON object that names this queue. */
export const namesQueue =
	(queue: string) =>
	(entry: string): boolean =>
		toObject(entry)?.queue === queue;
