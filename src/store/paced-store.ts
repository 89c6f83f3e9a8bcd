import type {ConsoleState, ConsoleStore} from './store.ts';

/** What a view needs of a store. */
export type ReadableStore = Pick<ConsoleStore, 'getState' | 'getInitialState' | 'subscribe'>;

/** A round of reads brings INFO first, and the rest of it a few commands later. */
const roundMs = 100;
/** However often is polled: faster nobody reads. */
const leastMs = 450;

/** Whatever keeps coming. */
const longestMs = 1500;

/**
 * The same store, shown at a pace. A round of reads brings several changes within milliseconds, and each would be a frame of its own. A key, a new
 * state of the server and a new finding are shown at once; a round as soon as it is likely to be whole; anything else with the next round.
 */
export function pacedStore(store: ConsoleStore, now: () => number): ReadableStore {
	const listeners = new Set<(state: ConsoleState, before: ConsoleState) => void>();
	let shown = store.getState();
	let shownAtMs = Number.NEGATIVE_INFINITY;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const show = () => {
		clearTimeout(timer);
		timer = undefined;
		const before = shown;
		shown = store.getState();
		shownAtMs = now();
		if (!looksSame(before, shown)) for (const listener of listeners) listener(shown, before);
	};
	const showIn = (ms: number) => {
		clearTimeout(timer);
		if (ms <= 0) show();
		else timer = setTimeout(show, ms);
	};
	store.subscribe((state, before) => {
		const sinceMs = now() - shownAtMs;
		if (isUrgent(shown, state)) show();
		else if (isPressing(state)) {
			if (!timer) showIn(stopwatchMs - sinceMs);
		} else if (state.snapshot.info !== before.snapshot.info) showIn(Math.min(Math.max(roundMs, leastMs - sinceMs), longestMs - sinceMs));
		else if (!timer) showIn(restMs(state) - sinceMs);
	});
	return {
		getState: () => shown,
		getInitialState: store.getInitialState,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

function isUrgent(before: ConsoleState, after: ConsoleState): boolean {
	if (before.ui !== after.ui || before.findings.length !== after.findings.length) return true;
	// At the start everything is new; one frame with all of it is there sooner than several with parts.
	const fills = isFilling(after);
	return (before.snapshot.server.kind !== after.snapshot.server.kind && !fills) || (isFilling(before) && !fills);
}

/** A stopwatch shows tenths, and at the start each part is wanted as it comes. */
const stopwatchMs = 100;
const isPressing = (state: ConsoleState): boolean => ['SILENT', 'BUSY'].includes(state.snapshot.server.kind) || isFilling(state);

/** What comes between two rounds waits for the next one, and not much longer: the clock goes on where none comes. */
const restMs = ({snapshot, session}: ConsoleState): number => (snapshot.server.kind === 'OK' ? Math.min(session.intervalMs, 1000) + roundMs : 1000);

/** The server answers and its first figures are on the way. */
export const isFilling = ({snapshot}: ConsoleState): boolean =>
	(snapshot.server.kind === 'CONNECTING' || snapshot.server.kind === 'OK') &&
	[snapshot.info, snapshot.clients, snapshot.slowlog].some(({updatedAtMs, refused, error}) => updatedAtMs === undefined && !refused && error === undefined);

/** Nothing on the screen differs: probes that find all well change only when the server was last heard. */
function looksSame(before: ConsoleState, after: ConsoleState): boolean {
	const isCalm = after.snapshot.server.kind === 'OK' && before.snapshot.server === after.snapshot.server;
	if (!isCalm || Math.floor(before.nowMs / 1000) !== Math.floor(after.nowMs / 1000)) return false;
	const {contact: _before, ...snapshotBefore} = before.snapshot;
	const {contact: _after, ...snapshotAfter} = after.snapshot;
	return sameValues(snapshotBefore, snapshotAfter) && sameValues({...before, nowMs: 0, snapshot: 0}, {...after, nowMs: 0, snapshot: 0});
}

function sameValues(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
	return Object.keys(b).every(key => Object.is(a[key], b[key]));
}
