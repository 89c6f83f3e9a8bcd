import type {Pace} from '../../pace.ts';
import {toCount} from '../../redis/parse/number.ts';
import {keyBytes} from '../../text/key-text.ts';
import {emptyTally, type Tally, withDone, withFailed, withSkipped} from '../tally.ts';
import type {Batch, Rounds} from '../types.ts';
import type {KnownQueues} from './known-queues.ts';
import {microsPerScannedKey, pageOf, scanCommand} from './scan-page.ts';

export type Unlinking = {
	readonly pattern: string;
	/** 0 needs no SELECT: the connection that acts is there. */
	readonly db: number;
	readonly scanCount: number;
	/** As counted by the dry run. */
	readonly total: number;
	/** Keys of several slots are refused in one command there. */
	readonly isCluster: boolean;
	readonly queues: KnownQueues;
	/** What UNLINK of one key takes the server. */
	readonly microsPerKey: number;
};

/** However cheap they seem: so many of the dearest ones stay below 5 ms. */
export const mostKeysAtOnce = 200;

/** SCAN, then UNLINK of what it named, then SCAN from there, until the cursor is 0. What was there all the time is named by SCAN at least once. */
export const unlinkBatch = (unlinking: Unlinking): Batch & {readonly kind: 'batch'} => ({
	kind: 'batch',
	unit: 'keys',
	total: unlinking.total,
	encoding: 'bytes',
	rounds: pace => unlinkRounds(unlinking, pace),
});

function* unlinkRounds({pattern, db, scanCount, isCluster, queues, microsPerKey}: Unlinking, pace: Pace): Rounds {
	const bytes = keyBytes(pattern);
	let tally = emptyTally;
	let cursor: string | undefined = '0';
	let before: readonly (readonly string[])[] = db === 0 ? [] : [['SELECT', String(db)]];
	while (cursor !== undefined) {
		const argvs = [...before, scanCommand(cursor, bytes, scanCount)];
		before = [];
		const replies: readonly unknown[] = yield {argvs, units: 0, micros: scanCount * microsPerScannedKey, tally};
		const page = pageOf(replies.at(-1));
		// An error reply ends the batch by itself.
		if (!page) return tally;
		// A queue that has come into being since the dry run.
		const keys = page.keys.filter(key => queues.ownerOf(key) === undefined);
		if (keys.length < page.keys.length) tally = withSkipped(tally, 'of a queue', page.keys.length - keys.length);
		for (let from = 0; from < keys.length; ) {
			const some = keys.slice(from, from + Math.max(1, Math.min(mostKeysAtOnce, pace.fit(microsPerKey))));
			const unlinks: readonly (readonly string[])[] = isCluster ? some.map(key => ['UNLINK', key]) : [['UNLINK', ...some]];
			const removed: readonly unknown[] = yield {argvs: unlinks, units: some.length, micros: some.length * microsPerKey, tally};
			tally = unlinks.reduce((sum, argv, index) => counted(sum, removed[index], argv.length - 1), tally);
			from += some.length;
		}
		cursor = page.next;
	}
	return tally;
}

/** UNLINK says how many of its keys there were. */
function counted(tally: Tally, reply: unknown, asked: number): Tally {
	if (reply instanceof Error) return withFailed(tally, reply.message, asked);
	const removed = Math.min(asked, toCount(reply) ?? 0);
	const done = removed > 0 ? withDone(tally, removed) : tally;
	return removed < asked ? withSkipped(done, 'gone', asked - removed) : done;
}
