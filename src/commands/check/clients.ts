import type {Grouping} from '../../redis/parse/client-grouping.ts';
import type {ClientKind} from '../../redis/parse/client-kind.ts';
import type {ClientRow, ParsedClientList} from '../../redis/parse/client-list.ts';
import {groupClients, groupsOf} from '../../store/client-groups.ts';
import type {Snapshot} from '../../store/snapshot.ts';

export type Clients = {
	readonly connected: number | null;
	readonly max: number | null;
	/** In blocking commands, workers that wait for jobs included. Of INFO, a moment apart from the list of clients. */
	readonly blocked: number | null;
	/** Of the blocked: workers that wait for jobs, which is as it should be. */
	readonly blockedWorkers: number | null;
	/** Connections refused for maxclients since the start of the server. */
	readonly rejected: number | null;
	/** What they are for, as far as the list of clients shows it. Consoles count too, this one with its connections. */
	readonly byKind: Readonly<Record<KindName, number>> | null;
	/** Up to three by name and three by address, largest first; groups of one are none. */
	readonly largestGroups: readonly {readonly by: Grouping; readonly key: string; readonly count: number}[] | null;
};

const kindNames = {
	normal: 'normal',
	'blocked-worker': 'blockedWorker',
	replica: 'replica',
	master: 'master',
	subscriber: 'subscriber',
	monitor: 'monitor',
	console: 'console',
} as const satisfies Record<ClientKind, string>;
type KindName = (typeof kindNames)[ClientKind];

const groupsOfEach = 3;

export function clientsOf({info, clients}: Snapshot): Clients {
	const list = clients.data;
	const byKind = list && countKinds(list);
	return {
		connected: info.data?.connectedClients ?? null,
		max: info.data?.maxClients ?? null,
		blocked: info.data?.blockedClients ?? null,
		blockedWorkers: byKind?.blockedWorker ?? null,
		rejected: info.data?.rejectedConnections ?? null,
		byKind: byKind ?? null,
		largestGroups: list ? [...largestGroups(list, 'name'), ...largestGroups(list, 'address')] : null,
	};
}

function countKinds({clients, whole}: ParsedClientList): Record<KindName, number> {
	const counts = {normal: 0, blockedWorker: 0, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 0};
	if (!whole) for (const {kind} of clients) counts[kindNames[kind]] += 1;
	else for (const kind of Object.keys(kindNames) as ClientKind[]) counts[kindNames[kind]] = whole.kinds[kind];
	return counts;
}

function largestGroups(list: ParsedClientList, by: Grouping): NonNullable<Clients['largestGroups']> {
	// Of a list too long to be kept its groups are of all, and consoles are listed.
	const consoles = new Map(groupClients(list.clients.filter(isConsole), by, [], 0).map(({key, count}) => [key, count]));
	return groupsOf(list, by, [], 0)
		.map(({key, count}) => ({by, key, count: count - (consoles.get(key) ?? 0)}))
		.filter(({key, count}) => key !== '' && count > 1)
		.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
		.slice(0, groupsOfEach);
}

const isConsole = ({kind}: ClientRow): boolean => kind === 'console';
