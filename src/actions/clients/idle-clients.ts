import {ClientListParser, type ClientRow, piecesOf} from '../../redis/parse/client-list.ts';
import {memoizeOn} from '../../store/memoize.ts';

/** Why a client is no candidate, however long it has been idle; undefined: it is an ordinary one. In the order in which they are asked. */
export function sparedBecause(row: ClientRow, ownIds: ReadonlySet<string>): string | undefined {
	if (row.kind === 'console' || ownIds.has(row.id)) return 'console';
	if (row.kind !== 'normal') return row.kind === 'blocked-worker' ? 'blocked worker' : row.kind;
	if (row.isBlocked) return 'blocked';
	if (row.flags.includes('x')) return 'in MULTI';
	// Invalidations are pushed to it, or to another one for it: it need never say anything.
	if (/[tRB]/.test(row.flags)) return 'tracking';
	return undefined;
}

export type IdleClients = {
	readonly clients: readonly ClientRow[];
	/** Idle as long, and left alone: a reason for each. */
	readonly spared: readonly string[];
	/** All that are ordinary, idle or not. */
	readonly ordinaryCount: number;
};

/** Of a reply of CLIENT LIST, longest idle first. In steps: there may be a hundred thousand clients, of which none that is busy is kept. */
export function* idleClients(reply: Buffer, idleSeconds: number, ownIds: ReadonlySet<string>): Generator<void, IdleClients> {
	const parser = new ClientListParser();
	const clients: ClientRow[] = [];
	const spared: string[] = [];
	let ordinaryCount = 0;
	for (const piece of piecesOf(reply)) {
		parser.take(piece);
		const judged = parser.taken().clients.map(row => ({row, reason: sparedBecause(row, ownIds)}));
		ordinaryCount += judged.filter(({reason}) => reason === undefined).length;
		const idle = judged.filter(({row}) => row.idleSeconds >= idleSeconds);
		clients.push(...idle.filter(({reason}) => reason === undefined).map(({row}) => row));
		spared.push(...idle.flatMap(({reason}) => reason ?? []));
		yield;
	}
	return {clients: clients.toSorted((a, b) => b.idleSeconds - a.idleSeconds), spared, ordinaryCount};
}

/** Of the ordinary ones; minus infinity where there are none. The palette asks for every key. */
export const longestIdleSeconds = memoizeOn((rows: readonly ClientRow[], ownIds: ReadonlySet<string>): number =>
	rows.reduce((longest, row) => (row.idleSeconds > longest && sparedBecause(row, ownIds) === undefined ? row.idleSeconds : longest), Number.NEGATIVE_INFINITY),
);
