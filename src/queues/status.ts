import {drainSeconds, sample} from './rates.ts';
import {sumOf} from './replies.ts';
import type {Counters, Figures, FoundQueue, Look, LookContext, QueueMemory, QueueStatus, Unknown} from './types.ts';

const nothingKnown: Figures = {
	paused: undefined,
	waiting: undefined,
	active: undefined,
	delayed: undefined,
	overdue: undefined,
	oldestOverdueMs: undefined,
	prioritized: undefined,
	waitingChildren: undefined,
	failed: undefined,
	completed: undefined,
	workers: undefined,
	activeWithoutLock: undefined,
	activeWithoutLockIds: [],
	nextJobAgeMs: undefined,
	missedSchedulers: undefined,
	stalledCheckMs: undefined,
	rateLimitedMs: undefined,
	concurrency: undefined,
	mixedMajors: undefined,
	orphans: undefined,
	isGhost: false,
};

const noCounters: Counters = {};

/** A status out of what one look has told and what is remembered of the looks before; and what to remember of this one. */
export function toStatus(queue: FoundQueue, look: Look, {nowMs, before}: LookContext): {readonly status: QueueStatus; readonly memory: QueueMemory} {
	const {figures, identity, counters = noCounters, memory = {}, unknown} = look;
	const {isNew, ...sampled} = sample(counters, nowMs, before);
	const all = {...nothingKnown, ...figures};
	const status: QueueStatus = {
		id: queue.id,
		family: queue.family,
		system: identity?.system ?? queue.system,
		version: identity?.version,
		major: identity?.major,
		prefix: queue.prefix,
		name: queue.name,
		...all,
		...sampled.rates,
		drainSeconds: drainSeconds(sumOf(all.waiting, all.prioritized ?? 0), sampled.rates),
		unknown: distinct(unknown),
	};
	// What belongs to the sample stays with it while a look comes too soon for a new one.
	const ofSample = isNew || !before ? memory : before;
	return {
		status,
		memory: {
			...sampled,
			firstLookMs: Math.min(before?.firstLookMs ?? nowMs, nowMs),
			lockless: memory.lockless ?? new Map(),
			orphanIds: memory.orphanIds ?? new Set(),
			lastEventId: ofSample.lastEventId,
			marks: ofSample.marks ?? {},
		},
	};
}

/** A user who may not read a queue is told so once, not for every command. */
function distinct(unknown: readonly Unknown[]): readonly Unknown[] {
	return [...new Map([...unknown].reverse().map(each => [each.reason, each])).values()].reverse();
}
