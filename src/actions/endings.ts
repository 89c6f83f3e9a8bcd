import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import type {ConsoleState} from '../store/store.ts';
import type {BoundAction} from './types.ts';

/** What ended it before it was done. */
export type Broken = {
	readonly outcome: 'failed' | 'unknown' | 'cancelled';
	readonly detail: string;
	readonly next: readonly string[];
	readonly output: readonly string[];
};

/** `account` says what became of each command, in words that follow the reason. */
export type Account = {readonly refused: string; readonly lost: string; readonly unsent: string};

/** From an error to an ending. Throws on what no connection and no server can be blamed for. */
export function brokenBy(error: unknown, bound: Pick<BoundAction, 'explain'>, account: Account, now: ConsoleState): Broken {
	if (error instanceof ServerRefusedError) {
		const explained = bound.explain(error, now);
		return {outcome: 'failed', detail: `${explained?.detail ?? error.message}${account.refused}`, next: explained?.next ?? [], output: []};
	}
	// A lost reply is not a failure: the server may have done it. Saying so is the difference between one kill and two.
	if (error instanceof ReplyLostError || error instanceof DeadlineError) {
		const what =
			error instanceof DeadlineError ? 'no reply in time: the server may still do it' : 'the connection was lost before the reply: the server may have done it';
		return {
			outcome: 'unknown',
			detail: `${what}${account.lost}. It was sent once and is not sent again.`,
			next: ['Look at the pane: only the server knows now'],
			output: [],
		};
	}
	if (error instanceof NotSentError) return {outcome: 'failed', detail: `${account.unsent}`.replace('{}', error.message), next: [], output: []};
	throw error;
}
