import {isMarker} from './bull-reads.ts';
import {textsOf} from './replies.ts';
import {askingEach, type Steps} from './steps.ts';
import type {LocklessSince, LookContext, Unknown} from './types.ts';

/** Bull, and BullMQ 4 and older, move a job first and lock it a moment later: once is nothing. */
const confirmedAfterMs = 1000;

type Locks = {
	/** Undefined while what was seen could still be a moment's. */
	readonly confirmed: readonly string[] | undefined;
	readonly lockless: ReadonlyMap<string, LocklessSince>;
	/** Of the lockless ones: those whose job is gone. */
	readonly orphanIds: readonly string[];
	readonly unknown: readonly Unknown[];
};

/**
 * Which active jobs nobody holds: id in `active`, no `<id>:lock` (facts/queues.md, fact 3; the set `stalled` says nothing). The same run of
 * the same job must be seen so in every look for a second: its `processedOn` names the run.
 */
export function* lookAtLocks(base: string, ids: readonly string[], {nowMs, before}: LookContext): Steps<Locks> {
	const jobs = ids.filter(id => !isMarker(id));
	if (jobs.length === 0) return {confirmed: [], lockless: new Map(), orphanIds: [], unknown: []};
	const {
		replies: [reply],
		unknown,
	} = yield* askingEach([['MGET', ...jobs.map(id => `${base}:${id}:lock`)]]);
	if (!Array.isArray(reply)) return {confirmed: undefined, lockless: new Map(), orphanIds: [], unknown};
	const locks = textsOf(reply);
	const without = jobs.filter((_, index) => locks[index] === undefined);
	const runs = yield without.map(id => ['HMGET', `${base}:${id}`, 'processedOn', 'timestamp']);

	const lockless = new Map<string, LocklessSince>();
	const orphanIds: string[] = [];
	for (const [index, id] of without.entries()) {
		const [processedOn, timestamp] = textsOf(runs[index]);
		if (Array.isArray(runs[index]) && processedOn === undefined && timestamp === undefined) orphanIds.push(id);
		lockless.set(id, sinceWhen(before?.lockless.get(id), processedOn ?? '', nowMs));
	}
	const confirmed = [...lockless].filter(([, {sinceMs}]) => nowMs - sinceMs >= confirmedAfterMs).map(([id]) => id);
	const isFirstLook = nowMs - (before?.firstLookMs ?? nowMs) < confirmedAfterMs;
	return {confirmed: isFirstLook && without.length > 0 ? undefined : confirmed, lockless, orphanIds, unknown};
}

function sinceWhen(known: LocklessSince | undefined, processedOn: string, nowMs: number): LocklessSince {
	return known?.processedOn === processedOn && known.sinceMs <= nowMs ? known : {sinceMs: nowMs, processedOn};
}
