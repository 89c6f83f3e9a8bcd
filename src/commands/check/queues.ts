import type {QueueStatus} from '../../queues/types.ts';

/** One queue. A figure that its system does not have, or that could not be read, is null. */
export type Queue = {
	readonly system: string;
	/** Of the library that opened it last. */
	readonly version: string | null;
	readonly prefix: string;
	readonly name: string;
	readonly paused: boolean | null;
	/** What would run now, or on resume; without prioritized ones. */
	readonly waiting: number | null;
	readonly active: number | null;
	readonly delayed: number | null;
	/** Of the delayed: due already. */
	readonly overdue: number | null;
	readonly prioritized: number | null;
	readonly failed: number | null;
	readonly completed: number | null;
	/** Null: none visible, which is not the same as none. */
	readonly workers: number | null;
	/** In two looks a second apart. */
	readonly activeWithoutLock: number | null;
	readonly nextJobAgeMs: number | null;
};

export function toQueue(status: QueueStatus): Queue {
	return {
		system: status.system,
		version: status.version ?? null,
		prefix: status.prefix,
		name: status.name,
		paused: status.paused ?? null,
		waiting: status.waiting ?? null,
		active: status.active ?? null,
		delayed: status.delayed ?? null,
		overdue: status.overdue ?? null,
		prioritized: status.prioritized ?? null,
		failed: status.failed ?? null,
		completed: status.completed ?? null,
		workers: status.workers ?? null,
		activeWithoutLock: status.activeWithoutLock ?? null,
		nextJobAgeMs: status.nextJobAgeMs ?? null,
	};
}
