import type {ClientRow} from '../redis/parse/client-list.ts';
import {splitBase} from './confirm-bases.ts';
import type {FoundQueue} from './types.ts';

/** What BullMQ and Bull call the connections of a queue; only a worker's blocking connection is named like a worker. */
export type QueueConnection = {
	/** `bull:orders`: what the queue's keys begin with. */
	readonly base: string;
	readonly role: 'worker' | 'events' | 'scheduler';
};

type Row = Pick<ClientRow, 'name' | 'db' | 'lastCommand'>;

const patterns: readonly (readonly [RegExp, (suffix: string | undefined) => QueueConnection['role']])[] = [
	[/^(.*?):([A-Za-z0-9+/]+={0,2}):w:.*$/, () => 'worker'],
	[/^(.*):([A-Za-z0-9+/]+={0,2}):(qe|qs)$/, suffix => (suffix === 'qe' ? 'events' : 'scheduler')],
	[/^(.*):([A-Za-z0-9+/]+={0,2})$/, () => 'worker'],
];

/** Prefix and name of the queue out of a connection's name, `bull:b3JkZXJz:w:host-1`; undefined for any other name. */
export function queueConnection(name: string): QueueConnection | undefined {
	// Of ten thousand connections most are those of somebody else, and each look at queues asks for all of them.
	if (!name.includes(':')) return undefined;
	for (const [pattern, roleOf] of patterns) {
		const [, prefix, encoded = '', suffix] = pattern.exec(name) ?? [];
		const queue = prefix === undefined ? undefined : decode(encoded);
		if (queue !== undefined) return {base: `${prefix}:${queue}`, role: roleOf(suffix)};
	}
	return undefined;
}

/** Many words look like base64; a name is taken for it only if it is what encoding its text would give. */
function decode(encoded: string): string | undefined {
	const text = Buffer.from(encoded, 'base64').toString('utf8');
	const isText = text !== '' && !/[\p{Cc}\ufffd]/u.test(text);
	return isText && Buffer.from(text, 'utf8').toString('base64') === encoded ? text : undefined;
}

/** Worker connections by the queue's base. A queue that is not in it has none visible, which is not the same as none. */
export function countWorkers(clients: readonly Row[], db: number): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const {base, role} of connectionsIn(clients, db)) if (role === 'worker') counts.set(base, (counts.get(base) ?? 0) + 1);
	return counts;
}

/** The queues that connections tell of, at once and without a scan: never all. */
export function queuesOfClients(clients: readonly Row[], db: number): readonly FoundQueue[] {
	const bases = new Set(connectionsIn(clients, db).map(({base}) => base));
	return [...bases].sort().map(base => ({id: base, family: 'bull', system: 'bullmq', ...splitBase(base), isAlone: false}));
}

function connectionsIn(clients: readonly Row[], db: number): readonly QueueConnection[] {
	return clients.filter(client => client.name !== '' && client.db === db).flatMap(({name}) => queueConnection(name) ?? []);
}
