import type {ClientRow} from '../../redis/parse/client-list.ts';
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

/** Longest idle first. `ageSeconds`: how old the list is. */
export function idleClients(rows: readonly ClientRow[], idleSeconds: number, ownIds: ReadonlySet<string>, ageSeconds = 0): IdleClients {
	const judged = rows.map(row => ({row, reason: sparedBecause(row, ownIds), isIdle: row.idleSeconds + ageSeconds >= idleSeconds}));
	const ordinary = judged.filter(({reason}) => reason === undefined);
	return {
		clients: ordinary
			.filter(({isIdle}) => isIdle)
			.map(({row}) => row)
			.toSorted((a, b) => b.idleSeconds - a.idleSeconds),
		spared: judged.flatMap(({reason, isIdle}) => (isIdle && reason !== undefined ? [reason] : [])),
		ordinaryCount: ordinary.length,
	};
}

/** Of the ordinary ones; minus infinity where there are none. The palette asks for every key. */
export const longestIdleSeconds = memoizeOn((rows: readonly ClientRow[], ownIds: ReadonlySet<string>): number =>
	rows.reduce((longest, row) => (row.idleSeconds > longest && sparedBecause(row, ownIds) === undefined ? row.idleSeconds : longest), Number.NEGATIVE_INFINITY),
);
