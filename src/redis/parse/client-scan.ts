import {type GroupFigures, type Grouping, GroupSums, groupings} from './client-grouping.ts';
import {type ClientKind, isHeldUp, sentinelOf} from './client-kind.ts';
import {ClientListParser, type ClientRow, type ParsedClientList, piecesOf} from './client-list.ts';
import {ownText} from './own-text.ts';
import {hasRunScript, isQueueWorker} from './script-callers.ts';

/** Of a list too long to be kept whole: what all of it comes to. */
export type WholeClientList = {
	readonly count: number;
	readonly kinds: Readonly<Record<ClientKind, number>>;
	/** How many are held up, by command. */
	readonly heldUp: ReadonlyMap<string, number>;
	/** The largest ones, where `cut` names the grouping; else all. */
	readonly groups: Readonly<Record<Grouping, ReadonlyMap<string, GroupFigures>>>;
	readonly cut: readonly Grouping[];
	/** Of all clients, ascending; not kept in a recording, where nobody acts on them. */
	readonly ids: Float64Array | undefined;
};

export type ScanLimits = {
	/** In bytes: up to here the list is kept whole. */
	readonly list: number;
	/** Of each grouping. */
	readonly groups: number;
	/** That are first in one respect. */
	readonly firsts: number;
	/** Of each role, as they come. */
	readonly roles: Readonly<Record<Role, number>>;
};

/** 4 MiB are some 13,000 clients. */
export const scanLimits: ScanLimits = {
	list: 4 * 2 ** 20,
	groups: 1000,
	firsts: 600,
	roles: {'blocked-worker': 200, subscriber: 500, 'held-up': 1000, sentinel: 1000, replica: 1000, master: 1000, monitor: 1000, console: 1000},
};

/** What a client is kept as, whoever is first in whatever; undefined: one of the many. Each has a quota of its own: thousands of workers push nobody out. */
type Role = 'sentinel' | 'held-up' | Exclude<ClientKind, 'normal'>;

function roleOf(row: ClientRow): Role | undefined {
	if (sentinelOf(row.name) !== undefined) return 'sentinel';
	if (isHeldUp(row)) return 'held-up';
	return row.kind === 'normal' ? undefined : row.kind;
}

/** Those with the lowest rank are kept last. */
type Rank = (row: ClientRow) => number;
const never = Number.NEGATIVE_INFINITY;
const isOrdinary = ({kind, isBlocked}: ClientRow): boolean => kind === 'normal' && !isBlocked;
const ranks: readonly Rank[] = [
	// Who has just run a script may be who keeps the server busy (`likelyCallers`): queue workers do all the time, so they come last.
	row => (hasRunScript(row) ? -row.idleSeconds - (isQueueWorker(row) ? 2 ** 40 : 0) : never),
	// Ordinary ones are what one would close: blocked workers may be idle for longer. Both, for who sorts all by idle time.
	row => (isOrdinary(row) ? row.idleSeconds : never),
	row => (isOrdinary(row) ? never : row.idleSeconds),
	row => row.ageSeconds,
	row => -row.ageSeconds,
	row => row.outputBufferBytes,
	row => row.queryBufferBytes,
	row => row.totalMemoryBytes,
];

/**
 * A reply of CLIENT LIST of any length, in steps of a few milliseconds. Every line is counted, and rows are kept of those clients that one would
 * look for: held up, no ordinary ones, those who ran a script last, and first by idle time, age (both ways) and memory. A hundred thousand rows would take 60 MB and every sorting half a second.
 */
export function* scanClients(reply: Buffer, limits = scanLimits): Generator<void, ParsedClientList> {
	const parser = new ClientListParser();
	const scan = reply.length > limits.list ? new Scan(limits) : undefined;
	for (const piece of piecesOf(reply)) {
		parser.take(piece);
		scan?.take(parser.taken());
		yield;
	}
	return scan ? yield* scan.result() : parser.taken();
}

class Scan {
	readonly #limits: ScanLimits;
	readonly #sums = {name: new GroupSums('name'), library: new GroupSums('library'), address: new GroupSums('address'), user: new GroupSums('user')};
	readonly #kinds = {normal: 0, 'blocked-worker': 0, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 0};
	readonly #firsts: readonly Firsts[];
	readonly #heldUp = new Map<string, number>();
	readonly #roles = new Map<Role, number>();
	readonly #special: ClientRow[] = [];
	readonly #ids: number[] = [];
	readonly #rejected: string[] = [];
	#rejectedCount = 0;

	constructor(limits: ScanLimits) {
		this.#limits = limits;
		this.#firsts = ranks.map(rank => new Firsts(rank, limits.firsts));
	}

	take({clients, rejected, rejectedCount}: ParsedClientList): void {
		this.#rejectedCount += rejectedCount;
		this.#rejected.push(...rejected);
		for (const row of clients) {
			this.#ids.push(Number(row.id));
			this.#kinds[row.kind] += 1;
			for (const grouping of groupings) this.#sums[grouping].add(row);
			if (isHeldUp(row)) this.#heldUp.set(row.lastCommand, (this.#heldUp.get(row.lastCommand) ?? 0) + 1);
			this.#keepForRole(row);
			for (const first of this.#firsts) first.offer(row);
		}
	}

	#keepForRole(row: ClientRow): void {
		const role = roleOf(row);
		if (role === undefined) return;
		const count = this.#roles.get(role) ?? 0;
		if (count === this.#limits.roles[role]) return;
		this.#roles.set(role, count + 1);
		this.#special.push(row);
	}

	*result(): Generator<void, ParsedClientList> {
		const kept = new Map(this.#special.map(row => [row.id, row]));
		for (const first of this.#firsts) for (const row of first.rows()) kept.set(row.id, row);
		yield;
		const ids = Float64Array.from(this.#ids).sort();
		yield;
		const most = this.#limits.groups;
		const groups = {name: none, library: none, address: none, user: none};
		for (const grouping of groupings) {
			yield;
			groups[grouping] = withOwnKeys(largest(this.#sums[grouping], most));
		}
		const cut = groupings.filter(grouping => groups[grouping].size < this.#sums[grouping].figures.size);
		return {
			clients: yield* ownTexts([...kept.values()]),
			rejectedCount: this.#rejectedCount,
			rejected: this.#rejected.slice(0, 20),
			whole: {count: ids.length, kinds: this.#kinds, heldUp: withOwnKeys(this.#heldUp), groups, cut, ids},
		};
	}
}

/** A few thousand rows would keep all of the reply in memory. */
function* ownTexts(rows: readonly ClientRow[]): Generator<void, readonly ClientRow[]> {
	const texts = new Map<string, string>();
	const own = (text: string): string => {
		const known = texts.get(text) ?? ownText(text);
		texts.set(text, known);
		return known;
	};
	const copies: ClientRow[] = [];
	for (const row of rows) {
		if (copies.length % rowsAtOnce === 0) yield;
		const {id, address, localAddress, name, flags, lastCommand, user, libraryName, libraryVersion} = row;
		copies.push({
			...row,
			id: own(id),
			address: own(address),
			localAddress: own(localAddress),
			name: own(name),
			flags: own(flags),
			lastCommand: own(lastCommand),
			user: own(user),
			libraryName: own(libraryName),
			libraryVersion: own(libraryVersion),
		});
	}
	return copies;
}

const rowsAtOnce = 500;

const withOwnKeys = <T>(counted: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...counted].map(([key, value]) => [ownText(key), value]));

type Group = readonly [key: string, sums: GroupFigures];
const none: ReadonlyMap<string, GroupFigures> = new Map();

/** Names that are each used once are no groups. Of groups of one size always the same ones are kept, or they would seem to come and go. */
function largest({figures}: GroupSums, most: number): ReadonlyMap<string, GroupFigures> {
	if (figures.size <= most) return figures;
	const least = Math.max(2, sizeAt(figures, most));
	const [kept, atLeast]: [Group[], Group[]] = [[], []];
	for (const [key, sums] of figures) if (sums.count >= least) (sums.count === least ? atLeast : kept).push([key, sums]);
	atLeast.sort(([a], [b]) => (a < b ? -1 : 1));
	return new Map([...kept, ...atLeast.slice(0, most - kept.length)]);
}

/** How many clients the group has that is in this place by size. There are as many sizes as a few, where there may be as many groups as clients. */
function sizeAt(figures: GroupSums['figures'], place: number): number {
	const groupsOfSize = new Map<number, number>();
	for (const {count} of figures.values()) groupsOfSize.set(count, (groupsOfSize.get(count) ?? 0) + 1);
	let larger = 0;
	for (const size of [...groupsOfSize.keys()].sort((a, b) => b - a)) {
		larger += groupsOfSize.get(size) ?? 0;
		if (larger >= place) return size;
	}
	return 0;
}

/** The rows that are first by a rank, without sorting all there are: what is gathered is cut back now and then. */
class Firsts {
	readonly #rank: Rank;
	readonly #most: number;
	#ranked: {readonly row: ClientRow; readonly by: number}[] = [];
	#least = never;

	constructor(rank: Rank, most: number) {
		this.#rank = rank;
		this.#most = most;
	}

	offer(row: ClientRow): void {
		const by = this.#rank(row);
		if (by <= this.#least) return;
		this.#ranked.push({row, by});
		if (this.#ranked.length >= 2 * this.#most) this.#cut();
	}

	rows(): readonly ClientRow[] {
		this.#cut();
		return this.#ranked.map(({row}) => row);
	}

	#cut(): void {
		this.#ranked = this.#ranked.toSorted((a, b) => b.by - a.by).slice(0, this.#most);
		const last = this.#ranked.at(-1);
		if (last && this.#ranked.length === this.#most) this.#least = last.by;
	}
}
