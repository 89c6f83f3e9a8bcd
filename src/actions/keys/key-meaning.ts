import {plural} from '../../text/format.ts';
import {literalStart} from '../../text/glob.ts';
import type {DryRun} from './dry-run.ts';

const word = (words: string): RegExp => new RegExp(`(?:^|[^a-z])(?:${words})(?:[^a-z]|$)`, 'i');

/** What keys of such names mostly are for, and what it means when they vanish. */
const meanings: readonly (readonly [names: RegExp, means: string])[] = [
	[word('rl|rate[-_]?limit(?:s|er|ers)?|ratelimit|limit(?:s|er)?|throttle[sd]?|quotas?'), 'every rate limit starts again from zero: expect a burst'],
	[word('cb|(?:circuit[-_]?)?breakers?|circuits?'), 'circuit breakers close: calls go again to what may still be broken'],
	[word('sess|sessions?|login|tokens?|auth'), 'users are logged out'],
	[word('locks?|mutex(?:es)?|redlock|leases?|semaphores?'), 'locks are gone while their holders still work: two may do the same at once'],
	[word('cache[sd]?|fragments?|views|pages?'), 'the cache is cold: expect load on what is behind it'],
];

/** What clearing these keys means: in the words of the config file, else by their name. */
export function meaningOf(pattern: string, components: DryRun['components']): readonly string[] {
	const told = components.flatMap(({component: {name, impact}, keys}) => (impact === undefined ? [] : [`${name} (${plural(keys, 'key')}): ${impact}`]));
	if (told.length > 0) return told;
	const start = literalStart(pattern);
	const guess = meanings.find(([names]) => names.test(start))?.[1];
	return [guess ?? 'whoever reads them finds nothing there'];
}
