import {parseWatchedMaster, type SentinelAnswer, type WatchedMaster} from '../../redis/parse/sentinel.ts';
import type {Check} from '../../store/dialog.ts';
import type {ConsoleState, Sentinels} from '../../store/store.ts';
import type {Refusal} from '../types.ts';

/** Those that watch this server, or how to make them known. */
export const knownSentinels = ({session}: Pick<ConsoleState, 'session'>): Sentinels | Refusal =>
	session.sentinels ?? {
		refused:
			'No Sentinel of this server is known: start with --sentinel HOST:PORT,… --master NAME, or with a target of the config file that has a sentinel section',
	};

/** What one that answered sees of the master; `replies` are those to the questions after it. */
export type View = {readonly node: string; readonly master: WatchedMaster; readonly replies: readonly unknown[]};

export type Views = {
	readonly views: readonly View[];
	/** Those that could not be asked, and why. */
	readonly silent: readonly {readonly node: string; readonly why: string}[];
	/** Those that answered and do not watch this master. */
	readonly strangers: readonly string[];
};

/** Answers to questions of which SENTINEL MASTER was the first. */
export function viewsOf(answers: readonly SentinelAnswer[]): Views {
	const views: View[] = [];
	const silent: {readonly node: string; readonly why: string}[] = [];
	const strangers: string[] = [];
	for (const answer of answers) {
		if ('error' in answer) {
			silent.push({node: answer.node, why: answer.error});
			continue;
		}
		const [first, ...replies] = answer.replies;
		const master = parseWatchedMaster(first);
		if (master) views.push({node: answer.node, master, replies});
		else strangers.push(answer.node);
	}
	return {views, silent, strangers};
}

/** Undefined when one at least sees this master. */
export function nobodySees(name: string, {views, silent, strangers}: Views): Refusal | undefined {
	if (views.length > 0) return undefined;
	const told = [...silent.map(({node, why}) => `${node}: ${why}`), ...strangers.map(node => `${node}: it watches no ${name}`)];
	return {refused: told.length === 0 ? 'No Sentinel is known' : `No Sentinel can be asked for ${name}: ${told.join('; ')}`};
}

/** The world may have moved since: a dialog that was left open must not act on what was. */
const freshForMs = 60_000;

export function askedLately(askedAtMs: number, {nowMs}: ConsoleState): Check {
	return {
		label: 'the Sentinels were asked a moment ago',
		ok: nowMs - askedAtMs <= freshForMs,
		reason: 'What the Sentinels said is more than a minute old: leave and open it anew',
	};
}

export const silentFacts = ({silent, strangers}: Views): readonly (readonly [string, string])[] => [
	...silent.map(({node, why}) => ['silent', `${node}: ${why}`] as const),
	...strangers.map(node => ['stranger', `${node} does not watch this master, and is left alone`] as const),
];
