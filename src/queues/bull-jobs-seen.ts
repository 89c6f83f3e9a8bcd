import {toNumber} from '../redis/parse/number.ts';
import {type BullReplies, isMarker} from './bull-reads.ts';
import {textsOf, toObject} from './replies.ts';
import {askingEach, type Steps} from './steps.ts';
import {ageOf} from './times.ts';
import type {LookContext, Unknown} from './types.ts';

type SeenJob = {
	readonly id: string;
	/** None: the id is left, and the job is gone. */
	readonly fields: JobFields | undefined;
};

type JobFields = {
	/** When it could have run first: its creation and the delay asked for (`delay` itself is set to 0 on promotion). */
	readonly readyMs: number | undefined;
	readonly hasRun: boolean;
	readonly isOfBull: boolean;
};

type JobsSeen = {
	readonly nextJobAgeMs: number | undefined;
	/** An id that Bull wrote the job of, as far as one was seen. */
	readonly bullJobId: string | undefined;
	readonly orphanIds: readonly string[];
	readonly unknown: readonly Unknown[];
};

/** Look at the jobs at the ends: the next, the newest, the oldest finished ones. */
export function* lookAtJobs(base: string, first: BullReplies, {nowMs}: LookContext): Steps<JobsSeen> {
	const {next, newest} = endsOf(first);
	const ids = [...new Set([next, newest, first.ids('oldestCompleted')[0], first.ids('oldestFailed')[0]].filter(id => id !== undefined))];
	const {replies, unknown} = yield* askingEach(ids.map(id => ['HMGET', `${base}:${id}`, 'timestamp', 'opts', 'delay', 'atm', 'attemptsMade']));
	const jobs = ids.map((id, index) => toSeenJob(id, replies[index]));
	const age = (id: string | undefined) => ageOf(jobs.find(job => job.id === id)?.fields?.readyMs, nowMs);
	// A failed job that was retried goes to the end of the line with its old age; the newest of all would be younger.
	const hasRetried = jobs.some(({id, fields}) => id === newest && fields?.hasRun);
	return {
		nextJobAgeMs: hasRetried ? highest(age(next), age(newest)) : age(next),
		bullJobId: jobs.find(({fields}) => fields?.isOfBull)?.id,
		orphanIds: ids.filter((_, index) => Array.isArray(replies[index]) && jobs[index]?.fields === undefined),
		unknown,
	};
}

/** Workers take from the tail; prioritized jobs come when the list is empty. */
function endsOf(first: BullReplies): {readonly next: string | undefined; readonly newest: string | undefined} {
	const inWait = lastJob(first.ids('waitTail'));
	if (inWait !== undefined) return {next: inWait, newest: jobOf(first.text('waitHead'))};
	const inPaused = lastJob(first.ids('pausedTail'));
	if (inPaused !== undefined) return {next: inPaused, newest: jobOf(first.text('pausedHead'))};
	return {next: first.ids('firstPrioritized')[0], newest: undefined};
}

const lastJob = (ids: readonly string[]): string | undefined => ids.filter(id => !isMarker(id)).at(-1);
const jobOf = (id: string | undefined): string | undefined => (id === undefined || isMarker(id) ? undefined : id);

function toSeenJob(id: string, reply: unknown): SeenJob {
	const [timestamp, optsText, delay, atm, attemptsMade] = textsOf(reply);
	if (timestamp === undefined && optsText === undefined && delay === undefined) return {id, fields: undefined};
	const opts = toObject(optsText) ?? {};
	const createdMs = toNumber(timestamp);
	return {
		id,
		fields: {
			readyMs: createdMs === undefined ? undefined : createdMs + (toNumber(opts.delay) ?? 0),
			hasRun: (toNumber(atm ?? attemptsMade) ?? 0) > 0,
			// Bull writes all three into every job; BullMQ a `timestamp` only into what a scheduler made.
			isOfBull: ['timestamp', 'attempts', 'delay'].every(name => name in opts) && !('repeat' in opts) && !('prevMillis' in opts),
		},
	};
}

function highest(...ages: readonly (number | undefined)[]): number | undefined {
	const known = ages.filter(age => age !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}
