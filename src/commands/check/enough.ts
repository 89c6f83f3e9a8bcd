import type {Resource} from '../../store/resource.ts';
import type {StateKind} from '../../store/server-state.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';

/** What takes two looks, and when the first of them was. */
export type Course = {
	readonly startedAtMs: number;
	/** Rates take two. */
	readonly firstInfoAtMs: number | undefined;
	/** By queue: that a lock is gone takes two a second apart. */
	readonly firstLookAtMs: ReadonlyMap<string, number>;
	/** The console goes on looking; a check ends. */
	readonly isOpenEnded?: true;
};

export const newCourse = (startedAtMs: number): Course => ({startedAtMs, firstInfoAtMs: undefined, firstLookAtMs: new Map()});

/** Take note of what has been seen for the first time. */
export function follow(course: Course, {snapshot: {info, queues}}: Pick<ConsoleState, 'snapshot'>): Course {
	const lookedAtMs = queues.updatedAtMs;
	const fresh = lookedAtMs === undefined ? [] : (queues.data ?? []).filter(({id}) => !course.firstLookAtMs.has(id));
	return {
		...course,
		firstInfoAtMs: course.firstInfoAtMs ?? info.updatedAtMs,
		firstLookAtMs: fresh.length === 0 ? course.firstLookAtMs : new Map([...course.firstLookAtMs, ...fresh.map(({id}) => [id, lookedAtMs ?? 0] as const)]),
	};
}

/**
 * How long a state must have stood before it is the answer, in ms: a restart, or one slow command, is over sooner. A refused login
 * is not tried again, as some servers lock a user out after a few.
 */
const standingMs: Partial<Record<StateKind, number>> = {NOAUTH: 0, WRONGPASS: 0, SILENT: 4000, BUSY: 1000, DOWN: 1000, UNREACHABLE: 1000};
/** The same for what the server says when it takes no connection from us (MAXCLIENTS, protected mode). */
const closedOutMs = 1000;
/** A server that is full may have no second connection for us. */
const secondConnectionMs = 3000;
const secondLookMs = 1000;

/** Is everything known that can be had in this state of the server? */
export function isEnough(state: ConsoleState, course: Course, nowMs: number): boolean {
	const {server, contact, functionStats} = state.snapshot;
	if (server.kind === 'CONNECTING' || !areSentinelsAsked(state)) return false;
	const leastMs = standingMs[server.kind] ?? (contact.link === 'broken' ? closedOutMs : undefined);
	if (leastMs === undefined) return contact.link === 'open' && isRead(state.snapshot, course) && isQueuesRead(state, course, nowMs);
	const isDescribed = server.kind !== 'BUSY' || server.running !== 'function' || isSettled(functionStats);
	return isDescribed && nowMs - server.sinceMs >= leastMs;
}

/** What they see of a server that is in trouble says how soon they will act. One that is silent takes a second and a half. */
const areSentinelsAsked = ({session, snapshot}: ConsoleState): boolean =>
	session.sentinels === undefined || (snapshot.sentinels !== undefined && snapshot.sentinels.sights.length > 0);

/** What the figures and the rules are made of. */
export const wantedSources = ['info', 'clients', 'settings', 'slowlog', 'permissions', 'commandStats'] as const;

const isSettled = ({data, refused, error}: Resource<unknown>): boolean => data !== undefined || refused !== undefined || error !== undefined;

function isRead(snapshot: Snapshot, {firstInfoAtMs}: Course): boolean {
	const {updatedAtMs, refused} = snapshot.info;
	const hasRates = refused !== undefined || (updatedAtMs !== undefined && firstInfoAtMs !== undefined && updatedAtMs > firstInfoAtMs);
	const isClusterRead = snapshot.info.data?.clusterEnabled !== true || isSettled(snapshot.cluster);
	return hasRates && isClusterRead && wantedSources.every(name => isSettled(snapshot[name]));
}

/** States in which the keyspace cannot be read. */
export const withoutKeys: ReadonlySet<StateKind> = new Set(['LOADING', 'MASTERDOWN', 'CLUSTERDOWN']);

/** Only the observing connection and the one for queues are opened, the latter last. */
export const hasQueueConnection = ({session}: Pick<ConsoleState, 'session'>): boolean => session.ownClientIds.size > 1;

function isQueuesRead(state: ConsoleState, course: Course, nowMs: number): boolean {
	const {server, queues, queueSearch} = state.snapshot;
	if (withoutKeys.has(server.kind)) return true;
	if (server.kind === 'MAXCLIENTS' && !hasQueueConnection(state) && nowMs - course.startedAtMs >= secondConnectionMs) return true;
	if (queues.refused !== undefined) return true;
	return queueSearch.phase === 'ended' && (!queueSearch.isComplete || isSeenTwice(state.snapshot, course));
}

/** Everything that the search has found, and each twice. */
function isSeenTwice({queues: {data, updatedAtMs}, queueSearch: {endedAtMs}}: Snapshot, {firstLookAtMs}: Course): boolean {
	if (!data || updatedAtMs === undefined || endedAtMs === undefined || updatedAtMs < endedAtMs) return false;
	return data.every(({id}) => updatedAtMs - (firstLookAtMs.get(id) ?? updatedAtMs) >= secondLookMs);
}
