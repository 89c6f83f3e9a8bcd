import type {QueueRule} from '../config/config.ts';
import type {QueueLinesOf} from '../diagnosis/queue-lines.ts';
import {globMatcher} from '../text/glob.ts';

/** What the section `queues.rules` of the config file says of one queue: the first rule that matches `prefix:name` counts. */
export function queueLines(rules: readonly QueueRule[]): QueueLinesOf {
	const matchers = rules.map(rule => ({rule, matches: globMatcher(rule.match)}));
	return ({prefix, name}) => {
		const full = prefix === '' ? name : `${prefix}:${name}`;
		return matchers.find(({matches}) => matches(full))?.rule;
	};
}
