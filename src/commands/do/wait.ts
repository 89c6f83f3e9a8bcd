import type {Clock} from '../../clock.ts';
import {resourceOf, sources} from '../../poll/sources.ts';
import type {Resource} from '../../store/resource.ts';
import {answersReads, type StateKind} from '../../store/server-state.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState, ConsoleStore} from '../../store/store.ts';
import type {Asked} from './request.ts';

/** For so long at most is waited until all is known; then it is tried, and the road says what is missing. */
const longestMs = 10_000;
/** The same while a large keyspace is still searched for the queue. */
const longestSearchMs = 30_000;
/** What would only be good to know, while nothing stands in the way. */
const patienceMs = 3000;
/** Active jobs without a lock are known after two looks a second apart. */
const secondLookMs = 5000;
const lookEveryMs = 25;

/** How long these must have stood to be the answer: a restart is over sooner. What is silent may turn into BUSY, and what is BUSY end. */
const standingMs: Partial<Record<StateKind, number>> = {DOWN: 1000, UNREACHABLE: 1000, NOAUTH: 0, WRONGPASS: 0, SILENT: longestMs, BUSY: 1000};
/** What the server says when it takes no connection from us. */
const closedOutMs = 3000;

/** Wait until the action can run, or until nothing that could change that is still to come. */
export async function waitUntilKnown(store: ConsoleStore, clock: Clock, asked: Asked, signal: AbortSignal): Promise<void> {
	const startedAtMs = clock.now();
	while (!signal.aborted && !isKnown(store.getState(), asked, clock.now() - startedAtMs, clock.now())) await clock.sleep(lookEveryMs, signal);
}

/** So long a server that says nothing is waited for, to learn which node of a cluster it is. */
const longestNodeMs = 3000;

/** Until it is known which node this is, or why that cannot be known. */
export async function waitUntilNode(store: ConsoleStore, clock: Clock, signal: AbortSignal): Promise<void> {
	const startedAtMs = clock.now();
	const isTold = () => {
		const {fleet} = store.getState();
		return fleet !== undefined && (fleet.nodes.some(({isKnown}) => isKnown) || fleet.problem !== undefined);
	};
	while (!signal.aborted && !isTold() && clock.now() - startedAtMs < longestNodeMs) await clock.sleep(lookEveryMs, signal);
}

/** Is what the action needs known, as far as it can be in this state of the server? */
export function isKnown(state: ConsoleState, asked: Asked, waitedMs: number, nowMs: number): boolean {
	const {server} = state.snapshot;
	if (waitedMs >= (isSearching(state, asked) ? longestSearchMs : longestMs)) return true;
	if (server.kind === 'CONNECTING') return false;
	if (asked.action.refusal(state, asked.choice) !== undefined) return !mayChange(state, asked, waitedMs, nowMs);
	// Nothing stands in the way: in BUSY and in a silence nothing more can be read.
	if (!answersReads(server)) return !areSentinelsComing(state, asked, waitedMs);
	return !areQueuesComing(state, asked, waitedMs) && !areSentinelsComing(state, asked, waitedMs) && (waitedMs >= patienceMs || !isReadingComing(state));
}

function mayChange(state: ConsoleState, asked: Asked, waitedMs: number, nowMs: number): boolean {
	const {server, contact} = state.snapshot;
	const leastMs = standingMs[server.kind] ?? (contact.link === 'broken' ? closedOutMs : undefined);
	const stands = leastMs === undefined || nowMs - server.sinceMs >= leastMs;
	if (!stands || areSentinelsComing(state, asked, waitedMs)) return true;
	if (contact.link !== 'open') return false;
	if (state.session.acting === 'opening') return true;
	return leastMs === undefined && (isReadingComing(state) || areQueuesComing(state, asked, waitedMs));
}

/** The first look of every kind, and the connection that reads on. */
function isReadingComing(state: ConsoleState): boolean {
	const {session, snapshot} = state;
	const ownConnections = session.acting === 'none' ? 2 : 3;
	if (session.acting === 'opening' || session.ownClientIds.size < ownConnections) return true;
	return sources.some(({name, isWanted}) => isWanted(state) && !isSettled(resourceOf(snapshot, name)));
}

const isSettled = ({data, refused, error}: Resource<unknown>): boolean => data !== undefined || refused !== undefined || error !== undefined;

/** Of what is chosen among queues, or must not touch them. */
const concernsQueues = ({action}: Asked): boolean => action.pane === 'queues' || action.id.startsWith('keys.');

const isSearching = ({snapshot}: ConsoleState, asked: Asked): boolean => concernsQueues(asked) && snapshot.queueSearch.phase === 'running';

function areQueuesComing({snapshot}: ConsoleState, asked: Asked, waitedMs: number): boolean {
	if (!concernsQueues(asked) || snapshot.queues.refused !== undefined) return false;
	const [name] = asked.action.pane === 'queues' ? asked.choice.on : [];
	const queue = snapshot.queues.data?.find(({id}) => id === name);
	if (!queue) return !isSearched(snapshot);
	const isSeenOnce = queue.family === 'bull' && queue.activeWithoutLock === undefined && (queue.active ?? 0) > 0;
	return isSeenOnce && waitedMs < secondLookMs;
}

/** They are asked beside the server, and answer in whatever state it is. */
const areSentinelsComing = ({session: {sentinels}}: ConsoleState, {action}: Asked, waitedMs: number): boolean =>
	action.id.startsWith('sentinel.') && sentinels !== undefined && sentinels.views.size === 0 && waitedMs < patienceMs;

/** All that the search has found has been looked at. */
function isSearched({queues, queueSearch: {phase, endedAtMs}}: Snapshot): boolean {
	return phase === 'ended' && endedAtMs !== undefined && queues.updatedAtMs !== undefined && queues.updatedAtMs >= endedAtMs;
}
