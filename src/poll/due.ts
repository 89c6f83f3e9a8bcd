import {slowedBy} from '../store/slowed.ts';
import type {ConsoleState} from '../store/store.ts';
import {resourceOf, type Source, type SourceName} from './sources.ts';

const longestBackoffMs = 30_000;

/** When each source was read last, by the console's clock. */
export type LastReads = ReadonlyMap<SourceName, number>;

/** What has been refused is not asked for again. */
export const isToRead = (source: Source, state: ConsoleState): boolean =>
	source.isWanted(state) && resourceOf(state.snapshot, source.name).refused === undefined;

/** When it is to be read again; at once where it never was. After failures it waits longer and longer. */
export function dueAtMs({name, everyMs}: Source, state: ConsoleState, lastReads: LastReads): number {
	const lastMs = lastReads.get(name);
	if (lastMs === undefined) return 0;
	const {failures} = resourceOf(state.snapshot, name);
	const pauseMs = everyMs(state) * slowedBy(state.snapshot.slowed, name);
	return lastMs + Math.min(pauseMs * 2 ** failures, Math.max(pauseMs, longestBackoffMs));
}

/** What is due a moment later is read in the same round: a round of its own would wake the console, and be judged and drawn, once more. */
const earlyShare = 0.025;
const earlyMs = 25;

export const isDue = (source: Source, state: ConsoleState, lastReads: LastReads, nowMs: number): boolean =>
	dueAtMs(source, state, lastReads) - Math.min(source.everyMs(state) * earlyShare, earlyMs) <= nowMs;

/** When the next of them is to be read: a source that will not be read has no turn, or the loop would go round for it without end. */
export const nextDueAtMs = (sources: readonly Source[], state: ConsoleState, lastReads: LastReads): number =>
	Math.min(...sources.filter(source => isToRead(source, state)).map(source => dueAtMs(source, state, lastReads)));

/** Before this time it is not read again, whoever asks. */
export function earliestAtMs(sources: readonly Source[], name: SourceName, state: ConsoleState, lastReads: LastReads): number {
	const lastMs = lastReads.get(name);
	const pauseMs = sources.find(source => source.name === name)?.leastPauseMs?.(state) ?? 0;
	return lastMs === undefined ? 0 : lastMs + pauseMs;
}
