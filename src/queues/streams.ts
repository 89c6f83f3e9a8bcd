import {toCount} from '../redis/parse/number.ts';
import {toPairs, toText} from '../redis/parse/reply.ts';
import {hasSmallEntries} from './bull-reads.ts';
import {textsOf} from './replies.ts';
import {asking, type Steps} from './steps.ts';
import {ageOf, idAfter} from './times.ts';
import type {FoundQueue, Look, LookContext, Unknown} from './types.ts';

/**
 * Read one consumer group of a stream (7.0 and newer tell the lag). What it has not been given yet waits, what it has not acknowledged is active. The
 * server does not know the lag after an XDEL in the middle, or for a group that was begun at `$`: then the length is the most it can be.
 */
export function* lookAtStream({prefix: key, name}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const first = yield* asking({groups: ['XINFO', 'GROUPS', key], length: ['XLEN', key], bytes: ['MEMORY', 'USAGE', key, 'SAMPLES', '5']});
	const groups = first.raw('groups');
	const group = (Array.isArray(groups) ? groups.map(toPairs) : []).find(pairs => pairs.get('name') === name);
	if (!group) return {figures: {}, isGone: first.unknown.length === 0, unknown: first.unknown};

	const lastDelivered = toText(group.get('last-delivered-id')) ?? '0-0';
	// Both answer with whole entries, which may be of any size.
	const isSmall = hasSmallEntries(first.count('bytes'), first.count('length'));
	const second = yield* asking(isSmall ? {next: ['XRANGE', key, idAfter(lastDelivered), '+', 'COUNT', '1'], stream: ['XINFO', 'STREAM', key]} : {});
	const {nextMs, isLast} = nextOf(isSmall ? second.raw('next') : undefined);
	const lag = toCount(group.get('lag')) ?? (isLast ? 0 : undefined);
	const read = toCount(group.get('entries-read'));
	const noLag: readonly Unknown[] =
		lag === undefined ? [{command: `XINFO GROUPS ${key}`, reason: `no lag is told; at most ${first.count('length') ?? '?'} entries`}] : [];
	return {
		figures: {
			paused: false,
			waiting: lag,
			active: toCount(group.get('pending')),
			delayed: 0,
			overdue: 0,
			prioritized: 0,
			waitingChildren: 0,
			workers: toCount(group.get('consumers')),
			nextJobAgeMs: ageOf(nextMs, nowMs),
		},
		counters: {added: isSmall ? toCount(second.pairs('stream').get('entries-added')) : undefined, finished: read},
		unknown: [...first.unknown, ...second.unknown, ...noLag],
	};
}

/** When the first entry was written that the group has not been given; `isLast`: there is none. */
function nextOf(reply: unknown): {readonly nextMs: number; readonly isLast: boolean} {
	const [entry] = Array.isArray(reply) ? reply : [];
	return {nextMs: Number.parseInt(textsOf(entry)[0] ?? '', 10), isLast: Array.isArray(reply) && entry === undefined};
}
