import {isMarker} from '../../queues/bull-reads.ts';
import {pauseQueue} from '../../queues/lua/pause-queue.ts';
import {asking} from '../../queues/steps.ts';
import type {Check, ConfirmRequest, Plan} from '../../store/dialog.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatCount, plural} from '../../text/format.ts';
import {emptyTally, skippedCount, withDone, withFailed, withSkipped} from '../tally.ts';
import {fromSteps, type Reading} from '../trips.ts';
import type {Batch, Choice, Done, Refusal, Rounds, Undo, Verdict} from '../types.ts';
import {isRefusal} from '../types.ts';
import {libraryName, scriptChecks, statusOf} from './queue-checks.ts';
import {beginning, callScript, loadedFirst, queueKeys, scriptPlan} from './queue-script.ts';
import {isSameQueue, type QueueTarget, writableQueue} from './queue-target.ts';

/** As the libraries call the two in their events. */
export type Turn = 'paused' | 'resumed';

/** What the queue is like right now: the last look at all queues may be five seconds old, and the pause to be taken back two. */
type Now = {
	readonly isPaused: boolean;
	/** Jobs in the two lists, without markers. */
	readonly wait: number;
	readonly paused: number;
	readonly active: number;
	readonly prioritized: number;
	readonly delayed: number;
};

/** A queue that is to be paused or resumed. `now` and `readAtMs` are there once it has been read. */
export type PausingTarget = QueueTarget & {readonly library: string; readonly workers: number | undefined; readonly now: Now; readonly readAtMs: number};

const notRead: Now = {isPaused: false, wait: 0, paused: 0, active: 0, prioritized: 0, delayed: 0};

export function pausingTarget(state: ConsoleState, choice: Choice): PausingTarget | Refusal {
	const target = writableQueue(state, choice);
	if (isRefusal(target)) return target;
	const queue = statusOf(target, state);
	return {...target, library: queue ? libraryName(queue) : '', workers: queue?.workers, now: notRead, readAtMs: Number.POSITIVE_INFINITY};
}

export function* preparePausing(target: PausingTarget, turn: Turn, state: ConsoleState): Reading<PausingTarget | Refusal> {
	const now = yield* readNow(target);
	if ('refused' in now) return {refused: `The queue cannot be read: ${now.refused}`};
	if (now.isPaused === (turn === 'paused')) return {refused: turn === 'paused' ? 'It is paused already' : 'It is not paused'};
	return {...target, now, readAtMs: state.nowMs};
}

function* readNow({base, major}: QueueTarget): Reading<Now | Refusal> {
	const keys = queueKeys(base);
	const replies = yield* fromSteps(
		asking({
			flag: major === 0 ? ['EXISTS', keys.metaPaused] : ['HEXISTS', keys.meta, 'paused'],
			wait: ['LLEN', keys.wait],
			waitEnd: ['LRANGE', keys.wait, '-3', '-1'],
			paused: ['LLEN', keys.paused],
			pausedEnd: ['LRANGE', keys.paused, '-3', '-1'],
			active: ['LLEN', keys.active],
			prioritized: ['ZCARD', keys.prioritized],
			delayed: ['ZCARD', keys.delayed],
		}),
	);
	const [refused] = replies.unknown;
	if (refused) return {refused: `${refused.command}: ${refused.reason}`};
	const count = (name: 'wait' | 'paused' | 'active' | 'prioritized' | 'delayed') => replies.count(name) ?? 0;
	const jobs = (name: 'wait' | 'paused', end: 'waitEnd' | 'pausedEnd') => Math.max(0, count(name) - replies.ids(end).filter(isMarker).length);
	return {
		isPaused: replies.count('flag') === 1,
		wait: jobs('wait', 'waitEnd'),
		paused: jobs('paused', 'pausedEnd'),
		active: count('active'),
		prioritized: count('prioritized'),
		delayed: count('delayed'),
	};
}

/** Which queue it is, and how busy. */
export function pausingFacts({base, library, workers, now}: PausingTarget): ConfirmRequest['facts'] {
	const urgent = now.prioritized > 0 ? `, and ${formatCount(now.prioritized)} with a priority` : '';
	return [
		['queue', `${base}  ${library}`],
		['waiting', `${formatCount(now.wait + now.paused)}${urgent}`],
		['active', now.active === 0 ? '0' : `${formatCount(now.active)}: they go on to their end`],
		['workers', workers === undefined ? 'none in sight: those without a name cannot be seen' : plural(workers, 'connection')],
	];
}

/** A look after the reading knows better than the reading; one from before it does not count. */
export function pausingChecks(target: PausingTarget, turn: Turn, state: ConsoleState): readonly Check[] {
	const {updatedAtMs = 0} = state.snapshot.queues;
	const isPaused = updatedAtMs > target.readAtMs ? statusOf(target, state)?.paused : target.now.isPaused;
	const toPause = turn === 'paused';
	return [
		...scriptChecks(state),
		isSameQueue(target, state),
		{
			label: toPause ? 'it is not paused' : 'it is paused',
			ok: isPaused === undefined || !Number.isFinite(target.readAtMs) ? undefined : isPaused !== toPause,
			reason: toPause ? 'It is paused already' : 'It is not paused',
		},
	];
}

/** So many jobs a call moves where both lists have some. */
const mostPerCall = 2000;
const microsFirst = 300;
const microsMoving = 1500;

const call = ({base, major}: QueueTarget, turn: Turn, which: 'first' | 'again'): readonly string[] => {
	const {wait, paused, meta, metaPaused, marker, prioritized, delayed, events} = queueKeys(base);
	const keys = [wait, paused, meta, metaPaused, marker, prioritized, delayed, events];
	// Bull listens on two channels that are named like keys of the queue.
	return callScript(pauseQueue, keys, [turn, String(major), which, String(mostPerCall), `${base}:${turn}`]);
};

export const pausingPlan = (target: QueueTarget, turn: Turn): Plan => scriptPlan(target, pauseQueue, [call(target, turn, 'first')]);

/** One call, unless there are many jobs in both lists; then as many as it takes. */
export const pausingWork = (target: QueueTarget, turn: Turn): Batch & {readonly kind: 'batch'} => ({
	kind: 'batch',
	unit: 'queue',
	total: undefined,
	rounds: () => loadedFirst(beginning(target, pauseQueue), pausingRounds(target, turn)),
});

function* pausingRounds(target: QueueTarget, turn: Turn): Rounds {
	let tally = emptyTally;
	let replies = yield {argvs: [call(target, turn, 'first')], units: 1, micros: microsFirst, tally};
	for (;;) {
		const reply = replies.at(-1);
		if (reply instanceof Error) return withFailed(tally, reply.message);
		const word = Array.isArray(reply) ? String(reply[0]) : '';
		const reason = unchanged(word, turn);
		if (reason !== undefined) return withSkipped(tally, reason);
		tally = withDone(tally, 1);
		if (word !== 'MORE') return tally;
		replies = yield {argvs: [call(target, turn, 'again')], units: 1, micros: microsMoving, tally};
	}
}

/** Why the script has left it alone; undefined: it has not. */
function unchanged(word: string, turn: Turn): string | undefined {
	switch (word) {
		case 'DONE':
		case 'MORE':
			return undefined;
		case 'ALREADY':
			return turn === 'paused' ? 'somebody else had paused it a moment before' : 'somebody else had resumed it a moment before';
		case 'VERSION':
			return 'another version of the library has opened it meanwhile';
		case 'UNDONE':
			return 'somebody has resumed it between two rounds';
		default:
			return `the script answered ${word === '' ? 'nothing' : word}`;
	}
}

/** Reads the flag and the lists that the library itself goes by. */
export function* reviewPausing(target: QueueTarget, turn: Turn, {tally}: Done): Reading<Verdict> {
	if (tally && skippedCount(tally) > 0) return {ok: false, detail: `nothing was changed: ${[...tally.skipped.keys()].join(', ')}`, isFinal: true};
	const now = yield* readNow(target);
	if ('refused' in now) return {ok: false, detail: `it was sent; whether it is ${turn} could not be read: ${now.refused}`};
	const jobs = `${formatCount(now.wait + now.paused + now.prioritized)} waiting, ${formatCount(now.active)} active`;
	if (now.isPaused !== (turn === 'paused')) return {ok: false, detail: `it is ${now.isPaused ? 'paused again' : 'not paused'}: ${jobs}`};
	// In the one list nobody would run them, in the other somebody would in spite of the pause.
	const [astray, list] = turn === 'resumed' ? [now.paused, 'paused'] : [target.major < 6 ? now.wait : 0, 'wait'];
	if (astray > 0) return {ok: false, detail: `it is ${turn}, and ${plural(astray, 'job')} in ${list} should not be there`};
	return {ok: true, detail: turn === 'paused' && now.active > 0 ? `paused: ${jobs} and going on to their end` : `${turn}: ${jobs}`};
}

/** The way back is the other one of the two. */
export const undoPausing = (target: QueueTarget, turn: Turn): Undo => ({
	plan: pausingPlan(target, turn === 'paused' ? 'resumed' : 'paused'),
	action: turn === 'paused' ? 'queue.resume' : 'queue.pause',
	choice: {on: [target.base], set: {}},
});

/** Where both lists have jobs it is no single call. */
export function pausingCost({now, major}: PausingTarget, turn: Turn): string {
	const isMerge = now.wait > 0 && now.paused > 0 && (major < 6 || turn === 'resumed');
	return isMerge ? 'calls of up to 2,000 jobs until they are in one list, each below 5 ms' : 'one call, below 1 ms';
}
