import type {ClientRow} from '../redis/parse/client-list.ts';

export type Grouping = 'name' | 'library' | 'address' | 'user';

export const groupings: readonly Grouping[] = ['name', 'library', 'address', 'user'];

/** Clients per group key at one moment, for every grouping. */
type GroupCounts = {readonly atMs: number; readonly counts: Readonly<Record<Grouping, ReadonlyMap<string, number>>>};

/** Oldest first; about ten minutes. */
export type GroupHistory = readonly GroupCounts[];

const keptCounts = 60;
const countEveryMs = 10_000;

/** The group a client belongs to. Numbered workers (`worker-7`) form one group (`worker-*`), an address is its host. */
export function groupKey(client: ClientRow, grouping: Grouping): string {
	switch (grouping) {
		case 'name':
			return client.name.replace(/\d+$/, '*');
		case 'library':
			return client.libraryName === '' ? '' : `${client.libraryName} ${client.libraryVersion}`.trimEnd();
		case 'address':
			return hostOf(client.address);
		case 'user':
			return client.user;
	}
}

/** `10.0.0.1:5000` → `10.0.0.1`, `[::1]:5000` → `[::1]`, `/run/redis.sock:0` → `/run/redis.sock`. */
export const hostOf = (address: string): string => address.replace(/:\d+$/, '');

/** Remember how many clients each group has, at most every ten seconds: growth per minute needs no more. */
export function countGroups(history: GroupHistory, clients: readonly ClientRow[], atMs: number): GroupHistory {
	const last = history.at(-1);
	if (last && atMs - last.atMs < countEveryMs) return history;
	const counts = Object.fromEntries(groupings.map(grouping => [grouping, countBy(clients, grouping)])) as Record<Grouping, ReadonlyMap<string, number>>;
	return [...history.slice(-(keptCounts - 1)), {atMs, counts}];
}

function countBy(clients: readonly ClientRow[], grouping: Grouping): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const client of clients) {
		const key = groupKey(client, grouping);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

export type ClientGroup = {
	readonly key: string;
	readonly count: number;
	/** Clients gained per minute over the last one to two minutes; undefined before there is anything to compare with. */
	readonly growthPerMinute: number | undefined;
	readonly longestIdleSeconds: number;
	readonly outputBufferBytes: number;
	readonly totalMemoryBytes: number;
};

/**
 * Groups of the present list, largest first. `all` is the list that the history counts, where `clients` is only a part of it:
 * a group of which a filter has left a part has no growth to tell.
 */
export function groupClients(
	clients: readonly ClientRow[],
	grouping: Grouping,
	history: GroupHistory,
	atMs: number,
	all: readonly ClientRow[] = clients,
): readonly ClientGroup[] {
	const wholeCounts = all === clients ? undefined : countBy(all, grouping);
	const earlier = history.find(({atMs: countedMs}) => atMs - countedMs <= 120_000);
	const minutes = earlier ? (atMs - earlier.atMs) / 60_000 : 0;
	const isCounted = (key: string, count: number) => minutes >= 0.1 && (wholeCounts?.get(key) ?? count) === count;
	const groups = new Map<string, {count: number; longestIdleSeconds: number; outputBufferBytes: number; totalMemoryBytes: number}>();
	for (const client of clients) {
		const key = groupKey(client, grouping);
		const group = groups.get(key) ?? {count: 0, longestIdleSeconds: 0, outputBufferBytes: 0, totalMemoryBytes: 0};
		group.count += 1;
		group.longestIdleSeconds = Math.max(group.longestIdleSeconds, client.idleSeconds);
		group.outputBufferBytes += client.outputBufferBytes;
		group.totalMemoryBytes += client.totalMemoryBytes;
		groups.set(key, group);
	}
	return [...groups]
		.map(([key, group]) => ({
			key,
			...group,
			growthPerMinute: isCounted(key, group.count) ? (group.count - (earlier?.counts[grouping].get(key) ?? 0)) / minutes : undefined,
		}))
		.sort((a, b) => b.count - a.count || a.key.localeCompare(b.key));
}
