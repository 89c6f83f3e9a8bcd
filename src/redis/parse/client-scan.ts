import {type GroupFigures, type Grouping, GroupSums, groupings} from './client-grouping.ts';
import type {ClientKind} from './client-kind.ts';
import {type ClientRow, type ParsedClientList, parseClientList} from './client-list.ts';

/** Of a list too long to be kept whole: what all of it comes to. */
export type WholeClientList = {
	readonly count: number;
	readonly kinds: Readonly<Record<ClientKind, number>>;
	/** The largest ones. */
	readonly groups: Readonly<Record<Grouping, ReadonlyMap<string, GroupFigures>>>;
	/** Of all clients, ascending; not kept in a recording, where nobody acts on them. */
	readonly ids: Float64Array | undefined;
};

/** In bytes; some 13,000 clients. */
export const largestWholeList = 4 * 2 ** 20;
/** What is gone through at once: some 800 clients. */
const pieceBytes = 256 * 1024;
/** Clients that are no ordinary ones are kept up to this many, and as many that are held up. */
const mostSpecial = 2000;
const mostGroups = 1000;
/** And so many that are first in each of these. */
const keptOfEach = 600;
const ranks: readonly ((row: ClientRow) => number)[] = [
	row => row.idleSeconds,
	row => row.ageSeconds,
	row => -row.ageSeconds,
	row => row.outputBufferBytes,
	row => row.queryBufferBytes,
	row => row.totalMemoryBytes,
];

/**
 * A reply of CLIENT LIST of any length, in steps of a few milliseconds. Every line is counted, and rows are kept of those clients that one would
 * look for: held up, no ordinary ones, and first by idle time, age (both ways) and memory. A hundred thousand rows would take 60 MB and every sorting half a second.
 */
export function* scanClients(reply: Buffer): Generator<void, ParsedClientList> {
	if (reply.length <= largestWholeList) return parseClientList(reply.toString('utf8'));
	const scan = new Scan();
	for (let from = 0; from < reply.length; ) {
		const end = pieceEnd(reply, from);
		scan.take(parseClientList(reply.toString('utf8', from, end)));
		from = end;
		yield;
	}
	return yield* scan.result();
}

function pieceEnd(reply: Buffer, from: number): number {
	if (from + pieceBytes >= reply.length) return reply.length;
	const last = reply.lastIndexOf(newline, from + pieceBytes);
	if (last > from) return last + 1;
	const next = reply.indexOf(newline, from);
	return next === -1 ? reply.length : next + 1;
}

const newline = 10;

class Scan {
	readonly #sums = {name: new GroupSums('name'), library: new GroupSums('library'), address: new GroupSums('address'), user: new GroupSums('user')};
	readonly #kinds = {normal: 0, 'blocked-worker': 0, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 0};
	readonly #firsts = ranks.map(rank => new Firsts(rank));
	readonly #special: ClientRow[] = [];
	readonly #ids: number[] = [];
	readonly #rejected: string[] = [];
	#rejectedCount = 0;

	take({clients, rejected, rejectedCount}: ParsedClientList): void {
		this.#rejectedCount += rejectedCount;
		this.#rejected.push(...rejected);
		for (const row of clients) {
			this.#ids.push(Number(row.id));
			this.#kinds[row.kind] += 1;
			for (const grouping of groupings) this.#sums[grouping].add(row);
			if ((row.kind !== 'normal' || row.isBlocked) && this.#special.length < mostSpecial) this.#special.push(row);
			for (const first of this.#firsts) first.offer(row);
		}
	}

	*result(): Generator<void, ParsedClientList> {
		const kept = new Map(this.#special.map(row => [row.id, row]));
		for (const first of this.#firsts) for (const row of first.rows()) kept.set(row.id, row);
		yield;
		const ids = Float64Array.from(this.#ids).sort();
		const {name, library, address, user} = this.#sums;
		const groups = {name: largest(name), library: largest(library), address: largest(address), user: largest(user)};
		return {
			clients: [...kept.values()],
			rejectedCount: this.#rejectedCount,
			rejected: this.#rejected.slice(0, 20),
			whole: {count: ids.length, kinds: this.#kinds, groups, ids},
		};
	}
}

/** Names that are each used once are no groups. */
function largest({figures}: GroupSums): ReadonlyMap<string, GroupFigures> {
	if (figures.size <= mostGroups) return figures;
	const counts = Float64Array.from(figures.values(), ({count}) => count).sort();
	const least = counts[counts.length - mostGroups] ?? 0;
	return new Map([...figures].filter(([, {count}]) => count > least).slice(0, mostGroups));
}

/** The rows that are first by a rank, without sorting all there are: what is gathered is cut back now and then. */
class Firsts {
	readonly #rank: (row: ClientRow) => number;
	#rows: ClientRow[] = [];
	#least = Number.NEGATIVE_INFINITY;

	constructor(rank: (row: ClientRow) => number) {
		this.#rank = rank;
	}

	offer(row: ClientRow): void {
		if (this.#rank(row) <= this.#least) return;
		this.#rows.push(row);
		if (this.#rows.length >= 2 * keptOfEach) this.#cut();
	}

	rows(): readonly ClientRow[] {
		this.#cut();
		return this.#rows;
	}

	#cut(): void {
		this.#rows = this.#rows.toSorted((a, b) => this.#rank(b) - this.#rank(a)).slice(0, keptOfEach);
		const last = this.#rows.at(-1);
		if (last && this.#rows.length === keptOfEach) this.#least = this.#rank(last);
	}
}
