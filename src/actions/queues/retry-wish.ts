import {duration} from '../params.ts';
import {type Choice, isRefusal, type Param, type Refusal} from '../types.ts';

/** Which of the failed jobs, and how. */
export type RetryWish = {
	readonly since: Since | undefined;
	/** In lower case; empty: all. */
	readonly reason: string;
	readonly resetsAttempts: boolean;
};

/** So long before the server's now, or a moment. */
export type Since = {readonly agoMs: number} | {readonly atMs: number};

export const retryParams: readonly Param[] = [
	{name: 'since', hint: 'empty: all; 15m or 2h: that long ago; or 2025-01-31T14:05Z', initial: () => ''},
	{name: 'reason', hint: 'empty: all; else words of the reason', choices: 'reasons', initial: () => ''},
	{
		name: 'reset-attempts',
		aliases: ['reset'],
		hint: 'yes: all attempts anew; no: one more where all are used',
		initial: () => 'yes',
	},
];

export function retryWish({since = '', reason = '', 'reset-attempts': reset = 'yes'}: Choice['set']): RetryWish | Refusal {
	const from = sinceOf(since.trim());
	if (from !== undefined && isRefusal(from)) return from;
	const answer = reset.trim().toLowerCase();
	if (!['yes', 'y', 'no', 'n'].includes(answer)) return {refused: 'reset-attempts must be yes or no'};
	return {since: from, reason: reason.trim().toLowerCase(), resetsAttempts: answer.startsWith('y')};
}

const moment = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/i;

function sinceOf(text: string): Since | Refusal | undefined {
	if (text === '') return undefined;
	const [, zone] = moment.exec(text) ?? [];
	// Without a zone it is UTC, as all times on the screen are. A day alone is UTC by itself.
	const atMs = moment.test(text) ? Date.parse(zone === undefined && text.length > 10 ? `${text}Z` : text) : Number.NaN;
	if (!Number.isNaN(atMs)) return {atMs};
	const seconds = duration('since', text);
	return isRefusal(seconds)
		? {refused: 'since must be how long ago, as in 90 (seconds), 15m or 2h, or a time, as in 2025-01-31T14:05Z'}
		: {agoMs: seconds * 1000};
}

export const sinceMs = (since: Since, nowMs: number): number => ('atMs' in since ? since.atMs : nowMs - since.agoMs);
