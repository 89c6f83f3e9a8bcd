import type {Clock} from '../clock.ts';
import type {Link} from '../redis/link.ts';
import type {Finding} from '../store/finding.ts';
import {appendSample} from '../store/history.ts';
import {emptyResource} from '../store/resource.ts';
import {answersReads, type Contact, deriveServerState, type ServerState} from '../store/server-state.ts';
import {slowedBy} from '../store/slowed.ts';
import {busyThreshold, replicasWanted, type Snapshot} from '../store/snapshot.ts';
import type {ConsoleState, ConsoleStore} from '../store/store.ts';
import type {Change} from './sources.ts';

export type ApplyOptions = {
	readonly store: ConsoleStore;
	readonly link: Link;
	readonly clock: Clock;
	readonly patienceMs: () => number;
	readonly diagnose: (state: ConsoleState) => readonly Finding[];
};

export type Apply = {
	(change: Change): void;
	/**
	 * Of a server that answers: keep it, as of now, until the next change is carried out or `flush` is called, for of each setState findings follow, and
	 * everybody who listens to the store looks at it. What is told of a server in trouble is carried out as it comes.
	 */
	readonly withNext: (change: Change) => void;
	/** Carry out what has been kept, if anything has. */
	readonly flush: () => void;
};

/** The one way a fact gets into the store: the change, what the link says, the state that follows, the findings that follow, in one setState. */
export function createApply({store, link, clock, patienceMs, diagnose}: ApplyOptions): Apply {
	let kept: {readonly changes: readonly Change[]; readonly lastReplyAtMs: number | undefined} | undefined;
	const apply = (change: Change) => {
		const {changes = [], lastReplyAtMs} = kept ?? {};
		kept = undefined;
		store.setState(state => {
			const nowMs = clock.now();
			const changed = [...changes, change].reduce((snapshot, one) => one(snapshot, nowMs), state.snapshot);
			const before = lastReplyAtMs === undefined ? state.snapshot.contact : {...state.snapshot.contact, lastReplyAtMs};
			const contact = contactNow(changed.contact, link, patienceMs());
			const {info, oomRefusedAtMs, cluster} = changed;
			const told = {
				info: info.data,
				oomRefusedAtMs,
				cluster: cluster.data,
				replicasWanted: replicasWanted(changed),
				busyThresholdMs: busyThreshold(changed)?.ms,
			};
			const derived = deriveServerState(changed.server, contact, told, nowMs);
			const begun = derived.kind === 'BUSY' && changed.server.kind !== 'BUSY' ? withBeginning(derived, before) : derived;
			const server = asLongAsSeen(begun, changed.server, contact, state);
			const breakEndedAtMs = breakEnded(state.snapshot, {contact, server}, nowMs);
			const snapshot = afterState({...changed, contact, server, breakEndedAtMs}, state.session.intervalMs, nowMs);
			const next = {...state, nowMs, snapshot};
			return {nowMs, snapshot, findings: diagnose(next)};
		});
	};
	return Object.assign(apply, {
		withNext(change: Change) {
			if (!answersReads(store.getState().snapshot.server)) return apply(change);
			const atMs = clock.now();
			kept = {changes: [...(kept?.changes ?? []), snapshot => change(snapshot, atMs)], lastReplyAtMs: link.lastReplyAtMs};
		},
		flush() {
			if (kept) apply(snapshot => snapshot);
		},
	});
}

function contactNow(before: Contact, link: Link, patienceMs: number): Contact {
	const {status, quietSinceMs, lastReplyAtMs} = link;
	if (status.kind === 'closed') return before;
	const isOpen = status.kind === 'open';
	return {
		link: status.kind,
		linkSinceMs: status.sinceMs,
		failure: status.kind === 'broken' ? {...status.failure, nextTryAtMs: status.nextTryAtMs} : undefined,
		waitingSinceMs: quietSinceMs,
		patienceMs,
		lastReplyAtMs,
		probedAtMs: before.probedAtMs,
		// What an earlier connection was told says nothing about this one.
		refusal: isOpen ? before.refusal : undefined,
		acceptsTcp: quietSinceMs !== undefined ? before.acceptsTcp : undefined,
	};
}

type Standing = Pick<Snapshot, 'contact' | 'server'>;

function breakEnded(before: Standing & Pick<Snapshot, 'breakEndedAtMs'>, now: Standing, nowMs: number): number | undefined {
	const isAnswering = ({contact, server}: Standing) => contact.link === 'open' && answersReads(server);
	if (!isAnswering(now)) return undefined;
	const isSameLink = before.contact.linkSinceMs === now.contact.linkSinceMs;
	return isAnswering(before) && isSameLink ? before.breakEndedAtMs : nowMs;
}

/** Where BUSY comes without a silence before it, it began after the last reply to anything else. */
function withBeginning(busy: ServerState, {link, linkSinceMs, lastReplyAtMs, probedAtMs = 0}: Contact): ServerState {
	const wasAnswering = link === 'open' && probedAtMs >= linkSinceMs;
	return wasAnswering ? {...busy, begunAfterMs: busy.begunAfterMs ?? lastReplyAtMs} : busy;
}

const lastingKinds: ReadonlySet<string> = new Set(['DOWN', 'UNREACHABLE', 'SILENT', 'LOADING']);

/** One that the console has just turned to has been so for as long as the light connection to it has seen it so. */
function asLongAsSeen(now: ServerState, before: ServerState, contact: Contact, {fleet, session}: ConsoleState): ServerState {
	// Of a silence the beginning is told anew every time; one who has heard something here knows it better.
	const isOurs = now.kind === 'SILENT' ? contact.lastReplyAtMs !== undefined : before.kind !== 'CONNECTING';
	if (isOurs || !lastingKinds.has(now.kind)) return now;
	const seen = fleet?.nodes.find(({address}) => address === session.target.address)?.server;
	return seen?.kind === now.kind && seen.sinceMs < now.sinceMs ? {...now, sinceMs: seen.sinceMs} : now;
}

/** What ends with an episode ends with it, and a silence leaves its gap in the history. */
function afterState(snapshot: Snapshot, intervalMs: number, nowMs: number): Snapshot {
	const {kind} = snapshot.server;
	const isBlocked = kind === 'BUSY' || kind === 'SILENT';
	const ended = isBlocked
		? snapshot
		: {...snapshot, unkillableSinceMs: undefined, functionStats: snapshot.functionStats.data ? emptyResource : snapshot.functionStats};
	const lastSampleMs = snapshot.history.atMs.at(-1);
	// Where INFO is asked less often to cost less, a longer pause is no silence.
	const expectedMs = intervalMs * slowedBy(snapshot.slowed, 'info');
	if (lastSampleMs === undefined || nowMs - lastSampleMs < expectedMs * 1.5) return ended;
	// In BUSY the server itself says that it runs nothing else; in a silence, or without a connection, nobody knows.
	return {...ended, history: appendSample(snapshot.history, lastSampleMs + expectedMs, kind === 'BUSY' ? {opsPerSecond: 0} : {})};
}
