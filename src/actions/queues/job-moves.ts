import type {LuaScript} from '../../queues/lua/lua-script.ts';
import type {Plan} from '../../store/dialog.ts';
import {formatCount, formatMicros} from '../../text/format.ts';
import {listBatch} from '../list-batch.ts';
import type {Batch} from '../types.ts';
import {beginning, callScript, jobKey, loadedFirst} from './queue-script.ts';
import type {QueueTarget} from './queue-target.ts';

/** Jobs that are moved one by one, each by one call of a script that looks first whether it is still where it was seen. */
export type Moves = {
	readonly queue: QueueTarget;
	readonly script: LuaScript;
	/** `failed`, `delayed`, `active`: where they are. */
	readonly from: string;
	/** In the order in which they are moved. */
	readonly jobs: readonly Moved[];
	/** What a call takes the server. */
	readonly microsEach: number;
};

/** `args`: what the script compares. */
type Moved = {readonly id: string; readonly args: readonly string[]};

/** Measured 25 to 65 µs (Redis 7.0, all majors). */
const microsOfMove = 60;
/** LINSERT and LREM walk through a list; measured 0.04 µs an element. */
const microsOfElement = 0.04;
/** Where the script refuses to search. */
const longestSearch = 20_000;

/** What a call takes the server; BullMQ 3 and Bull look for the place of a job with a priority among those that wait. */
export function microsOf(
	{major}: QueueTarget,
	{prioritized, waiting, jobs}: {readonly prioritized: number; readonly waiting: number; readonly jobs: number},
): number {
	const searched = major < 4 && prioritized > 0 ? Math.min(longestSearch, waiting + jobs) : 0;
	return microsOfMove + searched * microsOfElement;
}

/** What the script is going to answer to those with a priority; for the eye. */
export const tooManyWait = ({major}: QueueTarget, {prioritized, waiting}: {readonly prioritized: number; readonly waiting: number}): string =>
	major < 4 && prioritized > 0 && waiting > longestSearch
		? `those with a priority, as over ${formatCount(longestSearch)} jobs wait and their place would have to be searched for`
		: '';

const callFor = ({queue: {base, major}, script, from}: Moves, {id, args}: Moved): readonly string[] =>
	callScript(script, [`${base}:${from}`, jobKey(base, id)], [base, id, String(major), ...args]);

/** Up to the first call: the others differ in the job alone. */
export function movesPlan(moves: Moves): Plan {
	return [...beginning(moves.queue, moves.script), ...moves.jobs.slice(0, 1).map(job => callFor(moves, job))];
}

export function movesGoOn({jobs}: Moves, order: string): string {
	return jobs.length < 2 ? 'one job, one call' : `then the same for ${formatCount(jobs.length - 1)} more, one call a job, ${order}`;
}

export function movesBatch(moves: Moves): Batch & {readonly kind: 'batch'} {
	const calls = listBatch({unit: 'jobs', plan: moves.jobs.map(job => callFor(moves, job)), microsEach: moves.microsEach, skippedBecause});
	return {...calls, rounds: pace => loadedFirst(beginning(moves.queue, moves.script), calls.rounds(pace))};
}

export const movesCost = ({jobs, microsEach}: Moves): string =>
	`${formatCount(jobs.length)} short calls of about ${formatMicros(microsEach)}, ${formatMicros(jobs.length * microsEach)} of server time in all, in rounds below 5 ms`;

/** What the scripts answer beside OK, in the words of an account: `12 skipped (10 child of a flow, 2 no longer there)`. */
const reasons: Readonly<Record<string, string>> = {
	GONE: 'no longer there',
	CHANGED: 'changed meanwhile',
	ORPHAN: 'id without a job',
	CHILD: 'child of a flow',
	LOCKED: 'held by a worker',
	CROWDED: 'too many jobs there for a search',
};

function skippedBecause(reply: unknown): string | undefined {
	const answer = String(reply);
	return answer === 'OK' ? undefined : (reasons[answer] ?? 'answered in another way than it should');
}
