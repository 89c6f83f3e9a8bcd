import type {Pace} from '../../pace.ts';
import {type ClientRow, parseClientList} from '../../redis/parse/client-list.ts';
import {emptyTally, type Tally, withDone, withFailed, withSkipped} from '../tally.ts';
import type {Batch, Round, Rounds} from '../types.ts';
import {microsPerKill} from './client-targets.ts';
import {sparedBecause} from './idle-clients.ts';

export type Killing = {
	/** Frozen: nobody else is closed. */
	readonly ids: readonly string[];
	readonly idleSeconds: number;
	readonly ownIds: ReadonlySet<string>;
	/** CLIENT LIST ID is there (6.2 and newer): who has become active since is seen before it is closed. */
	readonly canLookAgain: boolean;
};

const mostAtOnce = 100;
/** A look-up by id, and a line of the reply (facts F). */
const microsPerLook = 3;

export const activeAgain = 'active again';
export const inUseNow = 'in use now';
const goneByItself = 'gone by itself';

/** Look at a few again, close those of them that are still idle, and so on. */
export const killIdleBatch = (killing: Killing): Batch & {readonly kind: 'batch'} => ({
	kind: 'batch',
	unit: 'clients',
	total: killing.ids.length,
	rounds: pace => killRounds(killing, pace),
});

function* killRounds(killing: Killing, pace: Pace): Rounds {
	const {ids, canLookAgain} = killing;
	let tally = emptyTally;
	for (let from = 0; from < ids.length; ) {
		const some = ids.slice(from, from + Math.max(1, Math.min(mostAtOnce, pace.fit(microsPerKill))));
		from += some.length;
		const look: Look = canLookAgain ? yield* lookAgain(some, killing, tally) : {still: some, tally, isRefused: false};
		tally = look.tally;
		// An error reply ends the batch by itself.
		if (look.isRefused) return tally;
		if (look.still.length === 0) continue;
		const argvs = look.still.map(id => ['CLIENT', 'KILL', 'ID', id]);
		const replies: readonly unknown[] = yield {argvs, units: argvs.length, micros: argvs.length * microsPerKill, tally};
		tally = replies.reduce<Tally>(counted, tally);
	}
	return tally;
}

type Look = {readonly still: readonly string[]; readonly tally: Tally; readonly isRefused: boolean};

function* lookAgain(ids: readonly string[], killing: Killing, tally: Tally): Generator<Round, Look, readonly unknown[]> {
	const [reply] = yield {argvs: [['CLIENT', 'LIST', 'ID', ...ids]], units: 0, micros: ids.length * microsPerLook, tally};
	if (typeof reply !== 'string') return {still: [], tally, isRefused: true};
	const rows = new Map(parseClientList(reply).clients.map(row => [row.id, row]));
	const reasons = ids.map(id => reasonToSpare(rows.get(id), killing));
	return {
		still: ids.filter((_, index) => reasons[index] === undefined),
		tally: reasons.reduce<Tally>((sum, reason) => (reason === undefined ? sum : withSkipped(sum, reason)), tally),
		isRefused: false,
	};
}

function counted(tally: Tally, reply: unknown): Tally {
	if (reply instanceof Error) return withFailed(tally, reply.message);
	return reply === 1 ? withDone(tally, 1) : withSkipped(tally, goneByItself);
}

function reasonToSpare(row: ClientRow | undefined, {idleSeconds, ownIds}: Killing): string | undefined {
	if (!row) return goneByItself;
	if (row.idleSeconds < idleSeconds) return activeAgain;
	return sparedBecause(row, ownIds) === undefined ? undefined : inUseNow;
}
