import type {ServerInfo} from '../redis/parse/server-info.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';

/**
 * The server that an action was opened on, as it was then. One process is told from another by its run id (INFO), which each start draws anew, and
 * where that is not known by the connections: TCP ends with the process, so as long as one of them stands it is the same one.
 */
export type FrozenServer = {
	readonly atMs: number;
	readonly address: string;
	/** Of the connection that reads, and of the one that acts: a full server may have let in that one alone. */
	readonly linkSinceMs: number;
	readonly actingSinceMs: number | undefined;
	/** Undefined where INFO was not answered over the connection that stood then: what an earlier one was told may be of an earlier process. */
	readonly runId: string | undefined;
	readonly processId: number | undefined;
	readonly role: string | undefined;
};

export function freezeServer({session, snapshot, nowMs}: ConsoleState): FrozenServer {
	const {runId, processId, role} = toldOverThisLink(snapshot) ?? {};
	const {target, actingSinceMs} = session;
	return {atMs: nowMs, address: target.address, linkSinceMs: snapshot.contact.linkSinceMs, actingSinceMs, runId, processId, role};
}

/** Every ground for another server but its role, where the action is about exactly that. */
export type Scope = 'address' | 'process' | 'process and role';

/**
 * Why it is another server than the one it was opened on, or one in another role, or cannot be told from one; undefined: it is the same.
 * Ignorance alone refuses nothing: where INFO was never answered the connections vouch for the process. One that was made anew does not, and a run
 * id that is first read over it is of whoever answers now: nothing says that it is the frozen one.
 */
export function whyAnother(frozen: FrozenServer, now: ConsoleState, scope: Scope): string | undefined {
	const {address} = now.session.target;
	if (address !== frozen.address) return `The console looks at ${address} now, and this was opened on ${frozen.address}: ${again}`;
	if (scope === 'address' || now.snapshot.contact.link !== 'open') return undefined;
	const told = toldOverThisLink(now.snapshot);
	if (told && isChanged(frozen.runId, told.runId)) return `${whatHappened(frozen, told, now.snapshot)}: ${again}`;
	if (!isConnected(frozen, now)) {
		if (frozen.runId === undefined) return `The connection was made anew since this was opened, and which process answered before is not known: ${again}`;
		if (told?.runId === undefined)
			return `The connection was made anew since this was opened, and who answers has not been told yet: wait for that, or ${again}`;
	}
	if (scope === 'process' || !told || !isChanged(frozen.role, told.role)) return undefined;
	return `It has become a ${told.role} since this was opened, and was a ${frozen.role} then: ${again}`;
}

/** Without a connection whatever keeps the server away says more, and comes before this. */
export const whyCut = (frozen: FrozenServer, now: ConsoleState): string | undefined =>
	now.snapshot.contact.link === 'open' || isConnected(frozen, now) ? undefined : 'The connection that this was opened on has ended';

/** One of the connections of then still stands. */
function isConnected({linkSinceMs, actingSinceMs}: FrozenServer, {session, snapshot}: ConsoleState): boolean {
	return snapshot.contact.linkSinceMs === linkSinceMs || (actingSinceMs !== undefined && session.actingSinceMs === actingSinceMs);
}

/** What to do about all of them. */
export const again = 'close this and look again';

/** INFO as read over the connection that stands now. A new one takes a pause and a login: what the one before was told is older by more than a millisecond. */
function toldOverThisLink({info, contact}: Snapshot): ServerInfo | undefined {
	const isOfIt = contact.link === 'open' && info.updatedAtMs !== undefined && info.updatedAtMs >= contact.linkSinceMs;
	return isOfIt ? info.data : undefined;
}

const isChanged = (was: string | undefined, is: string | undefined): boolean => was !== undefined && is !== undefined && was !== is;

/** A process that ran already when it was opened has been put in the place of the other: behind a name, a proxy, a moving address. */
function whatHappened({atMs, processId}: FrozenServer, {processId: now, uptimeSeconds}: ServerInfo, {info}: Snapshot): string {
	const startedBeforeMs = uptimeSeconds === undefined || info.updatedAtMs === undefined ? undefined : info.updatedAtMs - (uptimeSeconds - 1) * 1000;
	const isOlder = startedBeforeMs !== undefined && startedBeforeMs < atMs;
	const which = processId === undefined || now === undefined || processId === now ? '' : ` (process ${now} instead of ${processId})`;
	return `${isOlder ? 'Another server answers here' : 'The server was restarted'} since this was opened${which}`;
}
