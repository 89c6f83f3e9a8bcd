import {type GroupFigures, type Grouping, GroupSums, groupings, groupKey} from '../redis/parse/client-grouping.ts';
import type {ClientRow, ParsedClientList} from '../redis/parse/client-list.ts';
import type {WholeClientList} from '../redis/parse/client-scan.ts';
import {ownText} from '../redis/parse/own-text.ts';

export {groupings, groupKey};

/** Clients per group key at one moment, for every grouping. */
type GroupCounts = {
	readonly atMs: number;
	readonly counts: Readonly<Record<Grouping, ReadonlyMap<string, number>>>;
	/** Of these only the largest groups were counted; absent: of none. */
	readonly cut?: readonly Grouping[];
};

/** Oldest first; about ten minutes. */
export type GroupHistory = readonly GroupCounts[];

const keptCounts = 60;
const countEveryMs = 10_000;

/** Remember how many clients each group has, at most every ten seconds: growth per minute needs no more. */
export function countGroups(history: GroupHistory, {clients, whole}: Pick<ParsedClientList, 'clients' | 'whole'>, atMs: number): GroupHistory {
	const last = history.at(-1);
	if (last && atMs - last.atMs < countEveryMs) return history;
	const groups = whole?.groups ?? sumsOf(clients);
	const countOf = (grouping: Grouping): ReadonlyMap<string, number> =>
		new Map([...groups[grouping]].map(([key, {count}]): readonly [string, number] => [ownText(key), count]));
	const counts = Object.fromEntries(groupings.map(grouping => [grouping, countOf(grouping)])) as Record<Grouping, ReadonlyMap<string, number>>;
	return [...history.slice(-(keptCounts - 1)), {atMs, counts, ...(whole && whole.cut.length > 0 ? {cut: whole.cut} : {})}];
}

type Groups = WholeClientList['groups'];

/** Of lists that are kept whole. Rules, history and pane ask for them, and each of them in the midst of something that a key waits for. */
const known = new WeakMap<readonly ClientRow[], Groups>();
/** A millisecond for all groupings together; more before V8 has compiled it. */
const rowsAtOnce = 500;

/** Add a long list up in steps, before anybody asks for its groups. */
export function* sumUpGroups({clients, whole}: Pick<ParsedClientList, 'clients' | 'whole'>): Generator<void, void> {
	if (!whole && clients.length > rowsAtOnce) yield* sumUp(clients);
}

function* sumUp(clients: readonly ClientRow[]): Generator<void, Groups> {
	const sums = {name: new GroupSums('name'), library: new GroupSums('library'), address: new GroupSums('address'), user: new GroupSums('user')};
	for (let from = 0; from < clients.length; from += rowsAtOnce) {
		if (from > 0) yield;
		for (const row of clients.slice(from, from + rowsAtOnce)) for (const grouping of groupings) sums[grouping].add(row);
	}
	const groups = {name: sums.name.figures, library: sums.library.figures, address: sums.address.figures, user: sums.user.figures};
	known.set(clients, groups);
	return groups;
}

function sumsOf(clients: readonly ClientRow[]): Groups {
	const groups = known.get(clients);
	if (groups) return groups;
	const steps = sumUp(clients);
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

/** How many the group had then. Undefined where nobody knows: it may have been there, and too small to be kept. */
export function countThen({counts, cut = []}: GroupCounts, grouping: Grouping, key: string): number | undefined {
	return counts[grouping].get(key) ?? (cut.includes(grouping) ? undefined : 0);
}

export type ClientGroup = GroupFigures & {
	readonly key: string;
	/**
	 * Clients gained per minute over the last one to two minutes; 0 where it gained none in the last twenty seconds, in which it should have gained several.
	 * Undefined before there is anything to compare with.
	 */
	readonly growthPerMinute: number | undefined;
};

/** Groups of the present list, largest first: of all of it where it is too long to be kept. */
export function groupsOf(
	{clients, whole}: Pick<ParsedClientList, 'clients' | 'whole'>,
	grouping: Grouping,
	history: GroupHistory,
	atMs: number,
): readonly ClientGroup[] {
	return withGrowth((whole?.groups ?? sumsOf(clients))[grouping], grouping, history, atMs);
}

/**
 * Groups of some clients, largest first. `all` is the list that the history counts, where `clients` is only a part of it:
 * a group of which a filter has left a part has no growth to tell.
 */
export function groupClients(
	clients: readonly ClientRow[],
	grouping: Grouping,
	history: GroupHistory,
	atMs: number,
	all: readonly ClientRow[] = clients,
): readonly ClientGroup[] {
	const sums = new GroupSums(grouping);
	for (const client of clients) sums.add(client);
	return withGrowth(sums.figures, grouping, history, atMs, all === clients ? undefined : sumsOf(all)[grouping]);
}

/** A leak that has been plugged is told so soon; one that is slow is not taken for plugged between two clients. */
const latelyMs = 20_000;
const severalClients = 3;

function withGrowth(
	groups: ReadonlyMap<string, GroupFigures>,
	grouping: Grouping,
	history: GroupHistory,
	atMs: number,
	ofAll?: ReadonlyMap<string, GroupFigures>,
): readonly ClientGroup[] {
	const earlier = history.find(({atMs: countedMs}) => atMs - countedMs <= 120_000);
	const lately = history.findLast(({atMs: countedMs}) => atMs - countedMs >= latelyMs);
	const minutesSince = ({atMs: countedMs}: GroupCounts) => (atMs - countedMs) / 60_000;
	const growthOf = (key: string, count: number) => {
		if (!earlier) return undefined;
		const then = countThen(earlier, grouping, key);
		if (then === undefined || minutesSince(earlier) < 0.1 || (ofAll?.get(key)?.count ?? count) !== count) return undefined;
		const growth = (count - then) / minutesSince(earlier);
		const hasStopped = lately && (countThen(lately, grouping, key) ?? 0) >= count && growth * minutesSince(lately) >= severalClients;
		return hasStopped ? 0 : growth;
	};
	return [...groups]
		.map(([key, group]) => ({key, ...group, growthPerMinute: growthOf(key, group.count)}))
		.sort((a, b) => b.count - a.count || a.key.localeCompare(b.key));
}

/** The one that grows fastest, where one does: more likely the one that leaks than the largest is. */
export function growingFastest(groups: readonly ClientGroup[]): ClientGroup | undefined {
	const growth = ({growthPerMinute = 0}: ClientGroup) => growthPerMinute;
	const fastest = groups.reduce<ClientGroup | undefined>((best, group) => (best && growth(best) >= growth(group) ? best : group), undefined);
	return fastest && growth(fastest) >= 1 ? fastest : undefined;
}
