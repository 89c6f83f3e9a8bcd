import type {ServerRefusedError} from '../../errors.ts';
import type {LuaScript} from '../../queues/lua/lua-script.ts';
import {classifyError} from '../../redis/parse/errors.ts';
import type {Plan} from '../../store/dialog.ts';
import {emptyTally} from '../tally.ts';
import type {Explained, Rounds} from '../types.ts';
import type {QueueTarget} from './queue-target.ts';

/** The keys of a queue of BullMQ or Bull by the beginning that they share; not every major has all of them. */
export const queueKeys = (base: string) => ({
	wait: `${base}:wait`,
	paused: `${base}:paused`,
	active: `${base}:active`,
	prioritized: `${base}:prioritized`,
	/** Counts jobs of one priority, so that they stay in order. */
	priorityCounter: `${base}:pc`,
	delayed: `${base}:delayed`,
	completed: `${base}:completed`,
	failed: `${base}:failed`,
	stalled: `${base}:stalled`,
	meta: `${base}:meta`,
	/** Bull's own flag. */
	metaPaused: `${base}:meta-paused`,
	/** Wakes idle workers of BullMQ 5 and newer. */
	marker: `${base}:marker`,
	events: `${base}:events`,
});

/** `bull:orders:7`; its lock is at `bull:orders:7:lock`. */
export const jobKey = (base: string, id: string): string => `${base}:${id}`;

/** Keys are in the target's database, and the connection that acts begins in 0. */
export const inDatabase = ({db}: Pick<QueueTarget, 'db'>): Plan => (db === 0 ? [] : [['SELECT', String(db)]]);

/** Sent once, so that each call is short; loading the same text again changes nothing. */
export const loadScript = ({text}: LuaScript): readonly string[] => ['SCRIPT', 'LOAD', text];

export const callScript = ({sha1}: LuaScript, keys: readonly string[], args: readonly string[]): readonly string[] => [
	'EVALSHA',
	sha1,
	String(keys.length),
	...keys,
	...args,
];

/** All of a short action: the database, the script, its calls. */
export const scriptPlan = (target: Pick<QueueTarget, 'db'>, script: LuaScript, calls: Plan): Plan => [...beginning(target, script), ...calls];

export const beginning = (target: Pick<QueueTarget, 'db'>, script: LuaScript): Plan => [...inDatabase(target), loadScript(script)];

/** A round before the first, in which nothing is done yet: where it is refused nothing more is sent, least of all to another database. */
export function* loadedFirst(argvs: Plan, rounds: Rounds): Rounds {
	const replies = yield {argvs, units: 0, micros: microsToLoad, tally: emptyTally};
	return replies.some(reply => reply instanceof Error) ? emptyTally : yield* rounds;
}

/** SCRIPT LOAD of some 80 lines. */
const microsToLoad = 150;

/** What an error of a call means, for `explain`: a server that was restarted, or SCRIPT FLUSH, has lost the script between two rounds. */
export function explainCall({message}: ServerRefusedError): Explained | undefined {
	if (classifyError(message).kind !== 'noscript') return undefined;
	return {
		detail: 'NOSCRIPT: the server has lost the script (a restart, or SCRIPT FLUSH). The call that was answered so did nothing, and the rest was not sent',
		next: ['Run it again: the script is loaded anew, and what is done already is left alone'],
	};
}
