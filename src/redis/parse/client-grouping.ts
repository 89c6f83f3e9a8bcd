import type {ClientRow} from './client-list.ts';

export type Grouping = 'name' | 'library' | 'address' | 'user';

export const groupings: readonly Grouping[] = ['name', 'library', 'address', 'user'];

type Grouped = Pick<ClientRow, 'name' | 'libraryName' | 'libraryVersion' | 'address' | 'user'>;

/** The group a client belongs to. Numbered workers (`worker-7`) form one group (`worker-*`), an address is its host. */
export function groupKey(client: Grouped, grouping: Grouping): string {
	switch (grouping) {
		case 'name':
			return numberedName(client.name);
		case 'library':
			return client.libraryName === '' ? '' : `${client.libraryName} ${client.libraryVersion}`.trimEnd();
		case 'address':
			return hostOf(client.address);
		case 'user':
			return client.user;
	}
}

/** `10.0.0.1:5000` → `10.0.0.1`, `[::1]:5000` → `[::1]`, `/run/redis.sock:0` → `/run/redis.sock`. */
export function hostOf(address: string): string {
	const end = digitsFrom(address);
	return end < address.length && address[end - 1] === ':' ? address.slice(0, end - 1) : address;
}

/** `worker-7` → `worker-*`. */
function numberedName(name: string): string {
	const end = digitsFrom(name);
	return end < name.length ? `${name.slice(0, end)}*` : name;
}

/** Where the digits begin that a text ends in; its length where it ends in none. By hand: it is asked of every client of every list. */
function digitsFrom(text: string): number {
	let from = text.length;
	while (from > 0 && isDigit(text.charCodeAt(from - 1))) from--;
	return from;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** What the clients of a group come to. */
export type GroupFigures = {
	readonly count: number;
	readonly longestIdleSeconds: number;
	readonly outputBufferBytes: number;
	readonly totalMemoryBytes: number;
};

type Figures = {-readonly [key in keyof GroupFigures]: GroupFigures[key]};

const noFigures: GroupFigures = {count: 0, longestIdleSeconds: 0, outputBufferBytes: 0, totalMemoryBytes: 0};

/** Adds clients up by the groups of one grouping. */
export class GroupSums {
	readonly figures = new Map<string, GroupFigures>();
	readonly #grouping: Grouping;
	readonly #sums = this.figures as Map<string, Figures>;
	#lastKey: string | undefined;
	#lastSum: Figures = {...noFigures};

	constructor(grouping: Grouping) {
		this.#grouping = grouping;
	}

	add(client: Grouped & Pick<ClientRow, 'idleSeconds' | 'outputBufferBytes' | 'totalMemoryBytes'>): void {
		const sum = this.#of(groupKey(client, this.#grouping));
		sum.count += 1;
		sum.longestIdleSeconds = Math.max(sum.longestIdleSeconds, client.idleSeconds);
		sum.outputBufferBytes += client.outputBufferBytes;
		sum.totalMemoryBytes += client.totalMemoryBytes;
	}

	/** Most clients have the user and the library of the one before. */
	#of(key: string): Figures {
		if (key === this.#lastKey) return this.#lastSum;
		let sum = this.#sums.get(key);
		if (!sum) {
			sum = {...noFigures};
			this.#sums.set(key, sum);
		}
		[this.#lastKey, this.#lastSum] = [key, sum];
		return sum;
	}
}
