import type {JobState} from './job-types.ts';
import {type Argv, asking, type Steps} from './steps.ts';

/** Jobs at the head of the active ones among which it is looked for: some 10 µs of the server's time. */
const activeLookedAt = 1000;

/**
 * In which state a job is: in one of these sets, or active. What is in none of them waits. Undefined: it cannot be told, as something is refused
 * or the server (before 6.0.6) has no LPOS.
 */
export function* jobPlace(activeKey: string, jobId: string, sets: Readonly<Partial<Record<JobState, Argv>>>): Steps<JobState | undefined> {
	const replies = yield* asking<JobState | 'activeCount'>({
		...sets,
		active: ['LPOS', activeKey, jobId, 'MAXLEN', String(activeLookedAt)],
		activeCount: ['LLEN', activeKey],
	});
	const states = [...(Object.keys(sets) as JobState[]), 'active' as const];
	const found = states.find(state => isIn(sets[state]?.[0], replies.raw(state)));
	const isAllSeen = replies.unknown.length === 0 && (replies.count('activeCount') ?? 0) <= activeLookedAt;
	return found ?? (isAllSeen ? 'waiting' : undefined);
}

function isIn(command: string | undefined, reply: unknown): boolean {
	if (reply === null || reply === undefined || reply instanceof Error) return false;
	return command !== 'SISMEMBER' || Number(reply) === 1;
}
