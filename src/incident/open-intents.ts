import {formatMoment, plural} from '../text/format.ts';

/** An action that was about to be sent and of which no ending is known: the console died, or its disk did. */
export type OpenIntent = {
	readonly id: string;
	readonly at: string;
	readonly action: string;
	readonly operator: string;
	/** Of a batch: how many rounds were written down, the last of which may have been sent. */
	readonly rounds: number;
	/** The account before the last round. */
	readonly account: string | undefined;
	/** Its beginning is further back than the log was read. */
	readonly isCut: boolean;
};

/** `queue.clean by alice at 03:00:00Z has no outcome: 12 rounds are in the log, 2,750 done before the last of them, of which nobody knows`. */
export function openIntentText({at, action, operator, rounds, account = 'nothing done', isCut}: OpenIntent, nowMs: number): string {
	const atMs = Date.parse(at);
	const when = Number.isNaN(atMs) ? at : formatMoment(atMs, nowMs);
	const who = `${action} by ${operator} ${isCut ? 'before' : 'at'} ${when} has no outcome`;
	if (rounds === 0) return `${who} in the audit log: it may have run`;
	if (rounds === 1) return `${who}: 1 round is in the log, of which nobody knows whether it was done`;
	return `${who}: ${plural(rounds, 'round')} are in the log, ${account} before the last of them, of which nobody knows`;
}
