import type {ConsoleState, ConsoleStore} from './store.ts';

/** What a view needs of a store. */
export type ReadableStore = Pick<ConsoleStore, 'getState' | 'getInitialState' | 'subscribe'>;

/**
 * The same store, shown at a pace. A read brings several changes within milliseconds, and each would be a frame of its own. A key, a new state
 * of the server and a new finding are shown at once, everything else together with what follows shortly; the latest state is always shown.
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
	store.subscribe(state => {
		const waitMs = isUrgent(shown, state) ? 0 : shownAtMs + paceMs(state) - now();
		if (waitMs <= 0) show();
		else timer ??= setTimeout(show, waitMs);
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

/** A stopwatch shows tenths; a healthy server changes once a second. */
function paceMs(state: ConsoleState): number {
	const {kind} = state.snapshot.server;
	return kind === 'SILENT' || kind === 'BUSY' || isFilling(state) ? 100 : 500;
}

/** The server answers and its first figures are on the way. */
const isFilling = ({snapshot}: ConsoleState): boolean =>
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
