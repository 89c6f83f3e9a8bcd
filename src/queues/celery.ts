import {sumOf, textsOf, toJson, toObject} from './replies.ts';
import {countedEntries} from './shared-sets.ts';
import {asking, type Steps} from './steps.ts';
import type {FoundQueue, Look, LookContext, Unknown} from './types.ts';

/** Steps of priority that kombu keeps in lists of their own, beside the list without a suffix. */
const prioritySuffixes = ['\u0006\u00163', '\u0006\u00166', '\u0006\u00169'] as const;

/**
 * Read a queue of Celery (kombu 5). What workers hold is in `unacked` for all queues together, tasks with an ETA included: those wait in the
 * worker's memory for their time. Results, good and bad, are in the result backend; a message does not say when it was sent.
 */
export function* lookAtCelery({id, isAlone}: FoundQueue, {nowMs}: LookContext): Steps<Look> {
	const [low, middle, high] = prioritySuffixes;
	const first = yield* asking({
		waiting: ['LLEN', id],
		low: ['LLEN', `${id}${low}`],
		middle: ['LLEN', `${id}${middle}`],
		high: ['LLEN', `${id}${high}`],
		unacked: ['HLEN', 'unacked'],
	});
	const size = first.count('unacked');
	const isCountable = size !== undefined && size > 0 && size <= countedEntries;
	const held = yield* asking({page: isCountable ? ['HSCAN', 'unacked', '0', 'COUNT', String(countedEntries)] : ['HLEN', 'unacked']});
	const messages = isCountable ? [...held.scannedPairs('page').values()].map(toMessage) : [];
	const mine = messages.filter(message => message?.queue === id);
	const etas = mine.flatMap(message => message?.etaMs ?? []);
	const isCounted = size === 0 || (isCountable && messages.length >= size);
	const shared: readonly Unknown[] = isCounted
		? []
		: [{command: 'HLEN unacked', reason: `${size ?? 'no'} tasks of all queues together, with those that wait for their ETA`}];
	return {
		figures: {
			paused: false,
			waiting: sumOf(first.count('waiting'), first.count('low'), first.count('middle'), first.count('high')),
			active: isCounted ? mine.length - etas.length : isAlone ? size : undefined,
			delayed: isCounted ? etas.length : undefined,
			overdue: isCounted ? etas.filter(etaMs => etaMs <= nowMs).length : undefined,
			prioritized: 0,
			waitingChildren: 0,
		},
		unknown: [...first.unknown, ...shared],
	};
}

type Message = {readonly queue: string | undefined; readonly etaMs: number | undefined};

/** `[message, exchange, routing key]`; the queue is the routing key by default. */
function toMessage(text: unknown): Message | undefined {
	const parts = typeof text === 'string' ? toJson(text) : undefined;
	if (!Array.isArray(parts)) return undefined;
	const [, , queue] = textsOf(parts);
	const headers: unknown =
		typeof parts[0] === 'object' && parts[0] !== null ? (parts[0] as {readonly headers?: unknown}).headers : toObject(String(parts[0]))?.headers;
	const eta: unknown = typeof headers === 'object' && headers !== null ? (headers as {readonly eta?: unknown}).eta : undefined;
	const etaMs = typeof eta === 'string' ? Date.parse(eta) : Number.NaN;
	return {queue, etaMs: Number.isNaN(etaMs) ? undefined : etaMs};
}
