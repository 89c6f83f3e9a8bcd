import type {ClientRow} from './client-list.ts';

export type Grouping = 'name' | 'library' | 'address' | 'user';

export const groupings: readonly Grouping[] = ['name', 'library', 'address', 'user'];

type Grouped = Pick<ClientRow, 'name' | 'libraryName' | 'libraryVersion' | 'address' | 'user'>;

/** The group a client belongs to. Numbered workers (`worker-7`) form one group (`worker-*`), an address is its host. */
export function groupKey(client: Grouped, grouping: Grouping): string {
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

/** What the clients of a group come to. */
export type GroupFigures = {
	readonly count: number;
	readonly longestIdleSeconds: number;
	readonly outputBufferBytes: number;
	readonly totalMemoryBytes: number;
};

type Figures = {-readonly [key in keyof GroupFigures]: GroupFigures[key]};

/** Adds clients up by the groups of one grouping. */
export class GroupSums {
	readonly figures = new Map<string, GroupFigures>();
	readonly #grouping: Grouping;
	readonly #sums = this.figures as Map<string, Figures>;

	constructor(grouping: Grouping) {
		this.#grouping = grouping;
	}

	add(client: Grouped & Pick<ClientRow, 'idleSeconds' | 'outputBufferBytes' | 'totalMemoryBytes'>): void {
		const key = groupKey(client, this.#grouping);
		let sum = this.#sums.get(key);
		if (!sum) {
			sum = {count: 0, longestIdleSeconds: 0, outputBufferBytes: 0, totalMemoryBytes: 0};
			this.#sums.set(key, sum);
		}
		sum.count += 1;
		sum.longestIdleSeconds = Math.max(sum.longestIdleSeconds, client.idleSeconds);
		sum.outputBufferBytes += client.outputBufferBytes;
		sum.totalMemoryBytes += client.totalMemoryBytes;
	}
}
