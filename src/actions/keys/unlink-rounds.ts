import type {Pace} from '../../pace.ts';
import {toCount} from '../../redis/parse/number.ts';
import {keyBytes} from '../../text/key-text.ts';
import {emptyTally, type Tally, withDone, withFailed, withSkipped} from '../tally.ts';
import type {Batch, Rounds} from '../types.ts';
import {baseOf, type ClearedBases} from './cleared-bases.ts';
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
	/** Of the dry run: what looks like a queue and is none. */
	readonly cleared: Pick<ClearedBases, 'has'> | undefined;
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

function* unlinkRounds({pattern, db, scanCount, isCluster, queues, cleared, microsPerKey}: Unlinking, pace: Pace): Rounds {
	const bytes = keyBytes(pattern);
	const newQueues = new NewQueues(queues, cleared);
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
		const keys = newQueues.without(page.keys);
		if (keys.length < page.keys.length) tally = withSkipped(tally, 'may belong to a queue', page.keys.length - keys.length);
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

/** Queues that have come into being since the dry run: what is called as their keys are and was not looked at then, and all below it from there on. */
class NewQueues {
	readonly #queues: KnownQueues;
	readonly #cleared: Unlinking['cleared'];
	readonly #bases = new Set<string>();

	constructor(queues: KnownQueues, cleared: Unlinking['cleared']) {
		this.#queues = queues;
		this.#cleared = cleared;
	}

	without(keys: readonly string[]): readonly string[] {
		for (const base of keys.map(baseOf)) if (base !== undefined && this.#cleared?.has(base) !== true) this.#bases.add(base);
		return keys.filter(key => this.#queues.ownerOf(key) === undefined && !this.#isBelow(key));
	}

	#isBelow(key: string): boolean {
		if (this.#bases.size === 0) return false;
		for (let colon = key.indexOf(':'); colon >= 0; colon = key.indexOf(':', colon + 1)) if (this.#bases.has(key.slice(0, colon))) return true;
		return false;
	}
}

/** UNLINK says how many of its keys there were. */
function counted(tally: Tally, reply: unknown, asked: number): Tally {
	if (reply instanceof Error) return withFailed(tally, reply.message, asked);
	const removed = Math.min(asked, toCount(reply) ?? 0);
	const done = removed > 0 ? withDone(tally, removed) : tally;
	return removed < asked ? withSkipped(done, 'gone', asked - removed) : done;
}
