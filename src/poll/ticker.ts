import {type Clock, Wake} from '../clock.ts';
import type {FirstWords} from '../redis/connect-failure.ts';
import type {Link} from '../redis/link.ts';
import {answersReads, type ServerState} from '../store/server-state.ts';
import type {ConsoleStore} from '../store/store.ts';
import type {Change} from './sources.ts';

export type TickerOptions = {
	readonly store: ConsoleStore;
	readonly link: Link;
	readonly clock: Clock;
	readonly apply: (change: Change) => void;
	/** Connect without a word and hang up: does the machine still take connections? */
	readonly knock: () => Promise<FirstWords>;
	/** A fresh connection is served while this link hears nothing: other old connections of ours will be as dead. */
	readonly onServed?: () => void;
};

const tickMs = 100;
/** A reply that is owed for longer is worth a stopwatch. */
const lateMs = 300;
/** Every knock lies in the accept queue of a frozen server until it thaws, so they get rarer. */
const knockPausesMs = [3000, 7000, 20_000, 40_000, 60_000] as const;
const longestPauseMs = 60_000;
/** A machine that takes no connections has no queue to fill. */
const unreachablePauseMs = 5000;
/** From here on a knock says PING as well. A frozen server runs it when it thaws: one for each knock, and none in a short freeze. */
const asksAfterMs = 10_000;
/** A server that has just thawed answers us too, within this time. */
const graceMs = 300;

/** Time passes also when nothing is heard: stopwatches run, a wait becomes a silence, ages grow. */
export async function runTicker(options: TickerOptions, signal: AbortSignal): Promise<void> {
	const {store, link, clock, apply} = options;
	let knocks = noKnocks;
	let wake = new Wake();
	let nextMs = Number.POSITIVE_INFINITY;
	signal.addEventListener('abort', () => wake.abort(), {once: true});
	// What has just been sent may never be answered: that is not to be found out a second later.
	const unsubscribe = link.subscribe(() => {
		if (link.quietSinceMs !== undefined && nextMs > link.quietSinceMs + lateMs + tickMs) wake.abort();
	});
	while (!signal.aborted) {
		const {snapshot, nowMs} = store.getState();
		const now = clock.now();
		const {quietSinceMs} = link;
		if (nextTickMs(snapshot.server, quietSinceMs, nowMs) <= now) apply(unchanged);

		const next = nextKnock(knocks, quietSinceMs, snapshot.contact.acceptsTcp, now);
		if (next.knock) void knock(next.knock, options, signal);
		knocks = next.knocks;
		const state = store.getState();
		nextMs = Math.max(now + leastPauseMs, nextTickMs(state.snapshot.server, link.quietSinceMs, state.nowMs));
		wake = new Wake();
		if (!signal.aborted) await clock.sleep(nextMs - now, wake);
	}
	unsubscribe();
}

const leastPauseMs = 20;

/**
 * When time itself is news, `toldAtMs` being the time that the store knows: ten times a second while a stopwatch runs, when a reply that is owed gets late, and
 * with each new second where nobody else tells the time. A server that answers is probed twice a second, which does: a turn of our own, ten times a second for
 * nothing, took as long as the probes.
 */
export function nextTickMs({kind}: Pick<ServerState, 'kind'>, quietSinceMs: number | undefined, toldAtMs: number): number {
	if (kind === 'BUSY' || kind === 'SILENT' || kind === 'CONNECTING') return toldAtMs + tickMs;
	const nextSecondMs = answersReads({kind}) ? toldAtMs + 1000 : (Math.floor(toldAtMs / 1000) + 1) * 1000;
	return quietSinceMs === undefined ? nextSecondMs : Math.min(nextSecondMs, Math.max(quietSinceMs + lateMs, toldAtMs + tickMs));
}

const unchanged: Change = snapshot => snapshot;

type Knocks = {readonly quietSinceMs: number | undefined; readonly count: number; readonly lastMs: number};
type Knock = {readonly quietSinceMs: number; readonly asks: boolean};

/** Before the first quiet. */
export const noKnocks: Knocks = {quietSinceMs: undefined, count: 0, lastMs: 0};

/** Is it time to knock, and to ask? After 3, 10, 30, 70, 130, 190 … seconds of quiet. Every quiet is counted from its own beginning. */
export function nextKnock(
	before: Knocks,
	quietSinceMs: number | undefined,
	acceptsTcp: boolean | undefined,
	nowMs: number,
): {readonly knocks: Knocks; readonly knock: Knock | undefined} {
	if (quietSinceMs === undefined) return {knocks: noKnocks, knock: undefined};
	const knocks = before.quietSinceMs === quietSinceMs ? before : {quietSinceMs, count: 0, lastMs: quietSinceMs};
	const pauseMs = acceptsTcp === false ? unreachablePauseMs : (knockPausesMs[knocks.count] ?? longestPauseMs);
	if (nowMs - knocks.lastMs < pauseMs) return {knocks, knock: undefined};
	return {
		knocks: {quietSinceMs, count: knocks.count + 1, lastMs: nowMs},
		knock: {quietSinceMs, asks: acceptsTcp !== false && nowMs - quietSinceMs >= asksAfterMs},
	};
}

/** A frozen process still takes TCP connections (the kernel does it); a machine or a network that is gone does not. */
async function knock({quietSinceMs, asks}: Knock, {store, link, clock, apply, knock: listen, onServed}: TickerOptions, signal: AbortSignal): Promise<void> {
	const words = await (asks ? link.askAnew() : listen());
	if (signal.aborted) return;
	const acceptsTcp = words.kind !== 'failed';
	const cameBack = acceptsTcp && store.getState().snapshot.contact.acceptsTcp === false;
	const isGone = words.kind === 'failed' && words.failure.kind === 'down';
	apply(snapshot => ({...snapshot, contact: {...snapshot.contact, acceptsTcp}}));
	// TCP would take minutes to notice that the other end has forgotten this connection.
	if (cameBack || isGone) return link.reconnect();
	if (!asks || words.kind !== 'said') return;
	await clock.sleep(graceMs, signal);
	// Served there and still not a byte here: something between has forgotten the connection.
	if (signal.aborted || link.quietSinceMs !== quietSinceMs) return;
	link.reconnect();
	onServed?.();
}
