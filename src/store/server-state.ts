import type {ClusterInfo} from '../redis/parse/cluster-info.ts';
import type {ServerInfo} from '../redis/parse/server-info.ts';

/** The words of the state badge. The order is the order of precedence: what hides the rest comes first. */
export type StateKind =
	| 'CONNECTING'
	| 'DOWN'
	| 'UNREACHABLE'
	| 'NOAUTH'
	| 'WRONGPASS'
	| 'SILENT'
	| 'BUSY'
	| 'LOADING'
	| 'MASTERDOWN'
	| 'CLUSTERDOWN'
	| 'MISCONF'
	| 'NOPERM'
	| 'OOM'
	| 'NOREPLICAS'
	| 'MAXCLIENTS'
	| 'READONLY'
	| 'OK';

const answeringKinds: ReadonlySet<StateKind> = new Set<StateKind>(['OK', 'OOM', 'NOREPLICAS', 'MAXCLIENTS', 'READONLY', 'MISCONF', 'NOPERM']);

/** Whether it answers reads, whatever else is wrong: keys, jobs, memory. */
export const answersReads = ({kind}: Pick<ServerState, 'kind'>): boolean => answeringKinds.has(kind);

/** What runs while the server is BUSY, as its error text tells. */
export type RunningKind = 'script' | 'function' | 'module';

export type ServerState = {
	readonly kind: StateKind;
	/** SILENT: the last reply. BUSY: the first BUSY reply. Otherwise: when this state was first seen. Ms since the epoch. */
	readonly sinceMs: number;
	/** In the server's or the network's own words; '' when there is nothing to add. */
	readonly detail: string;
	readonly running?: RunningKind;
	/** BUSY and SILENT: the last ordinary reply before it, so it began after that. Undefined: it may have begun before we looked. */
	readonly begunAfterMs?: number | undefined;
	/** BUSY and SILENT: when this trouble was first seen, as silence or as BUSY. It stays while one turns into the other, and so names the episode. */
	readonly blockedSinceMs?: number | undefined;
	/** SILENT: when a probe was last answered before it. An answer to another one ends it. */
	readonly probedBeforeMs?: number | undefined;
	/** SILENT: the BUSY before it. It goes on if BUSY is answered again sooner than anything that began since could make the server say so. */
	readonly busyBefore?: BusySpan | undefined;
	readonly loadedPercent?: number | undefined;
	/** Without a connection: the kind of failure, as the link tells it (`down`, `lost`, `tls` …). */
	readonly failure?: string | undefined;
};

type BusySpan = Pick<ServerState, 'sinceMs' | 'begunAfterMs' | 'blockedSinceMs'> & {readonly running: RunningKind | undefined};

/** What the error reply to the last probe said, as far as it names a state of the server. */
export type ProbeRefusal =
	| {readonly kind: 'busy'; readonly running: RunningKind; readonly detail: string}
	| {readonly kind: 'loading' | 'masterdown' | 'misconf' | 'noauth' | 'noperm'; readonly detail: string};

/** Everything the observe connection has told so far. Facts only; `deriveServerState` draws the conclusion. */
export type Contact = {
	readonly link: 'connecting' | 'greeting' | 'open' | 'broken';
	readonly linkSinceMs: number;
	readonly failure: {readonly kind: string; readonly detail: string; readonly nextTryAtMs: number} | undefined;
	readonly waitingSinceMs: number | undefined;
	/** How long a reply may take before it counts as silence; grows with what this link usually takes. */
	readonly patienceMs: number;
	readonly lastReplyAtMs: number | undefined;
	/** When a probe was last answered in time, by PONG or by an error. */
	readonly probedAtMs: number | undefined;
	readonly refusal: ProbeRefusal | undefined;
	/** While silent: does the machine still take TCP connections? Undefined: not tried. */
	readonly acceptsTcp: boolean | undefined;
};

const failureStates: Record<string, StateKind> = {
	down: 'DOWN',
	unreachable: 'UNREACHABLE',
	unresolved: 'UNREACHABLE',
	tls: 'UNREACHABLE',
	maxclients: 'MAXCLIENTS',
	denied: 'NOPERM',
	noauth: 'NOAUTH',
	wrongpass: 'WRONGPASS',
	refused: 'DOWN',
	lost: 'DOWN',
};
const refusalStates: Record<ProbeRefusal['kind'], StateKind> = {
	busy: 'BUSY',
	loading: 'LOADING',
	masterdown: 'MASTERDOWN',
	misconf: 'MISCONF',
	noauth: 'NOAUTH',
	noperm: 'NOPERM',
};

/** What INFO and the like have told last. */
type Told = {
	readonly info: ServerInfo | undefined;
	/** When INFO last told of new refusals with OOM. */
	readonly oomRefusedAtMs: number | undefined;
	readonly cluster?: ClusterInfo | undefined;
	/** The setting min-replicas-to-write; undefined: not known. */
	readonly replicasWanted?: number | undefined;
	/** After so long a script makes the server answer BUSY; undefined: not known. */
	readonly busyThresholdMs?: number | undefined;
};

/** The state of the server from what was heard, never from a library's events. Pure: the same facts give the same state. */
export function deriveServerState(previous: ServerState, contact: Contact, told: Told, nowMs: number): ServerState {
	const next = withSpan(previous, conclude(previous, contact, told, nowMs), contact, told, nowMs);
	const isSame = next.kind === previous.kind && next.running === previous.running;
	if (!isSame) return isBlocked(next) ? {...next, blockedSinceMs: next.blockedSinceMs ?? episodeBefore(previous, next) ?? nowMs} : next;
	const {begunAfterMs, blockedSinceMs, busyBefore} = previous;
	// A late reply, too, is one that a silence is counted from.
	const sinceMs = next.kind === 'SILENT' ? next.sinceMs : previous.sinceMs;
	const merged = {...next, sinceMs, ...(isBlocked(previous) ? {begunAfterMs, blockedSinceMs, ...(busyBefore ? {busyBefore} : {})} : {})};
	return sameState(previous, merged) ? previous : merged;
}

const isBlocked = ({kind}: ServerState): boolean => kind === 'BUSY' || kind === 'SILENT';

/** A machine with too little time for everybody makes a BUSY server miss a probe: that is no other script. */
function withSpan(previous: ServerState, next: ServerState, {patienceMs}: Contact, {busyThresholdMs = 0}: Told, nowMs: number): ServerState {
	if (previous.kind === 'BUSY' && next.kind === 'SILENT') {
		const {sinceMs, begunAfterMs, blockedSinceMs, running} = previous;
		return {...next, busyBefore: {sinceMs, begunAfterMs, blockedSinceMs, running}};
	}
	const {busyBefore, begunAfterMs: lastReplyAtMs} = previous;
	if (previous.kind !== 'SILENT' || next.kind !== 'BUSY' || !busyBefore || lastReplyAtMs === undefined) return next;
	// The last reply was sent by up to a round trip before it was here.
	const isTooSoon = nowMs - lastReplyAtMs + patienceMs < busyThresholdMs;
	const {running, ...span} = busyBefore;
	return isTooSoon && next.running === running ? {...next, ...span} : next;
}

/** A silence that turns into BUSY is one trouble. BUSY that falls silent may be the next one: the script that was seen can have ended unseen. */
const episodeBefore = (previous: ServerState, next: ServerState): number | undefined =>
	previous.kind === 'SILENT' && next.kind === 'BUSY' ? previous.blockedSinceMs : undefined;

const keptFields = ['sinceMs', 'detail', 'loadedPercent', 'begunAfterMs', 'failure'] as const;

function sameState(a: ServerState, b: ServerState): boolean {
	return keptFields.every(field => a[field] === b[field]);
}

function conclude(previous: ServerState, contact: Contact, told: Told, nowMs: number): ServerState {
	if (contact.link === 'broken') return brokenState(contact, nowMs);
	const waitedMs = contact.waitingSinceMs === undefined ? 0 : nowMs - contact.waitingSinceMs;
	if (waitedMs >= contact.patienceMs) return silentState(contact, nowMs);
	if (contact.link !== 'open') return previous.kind === 'CONNECTING' ? {kind: 'CONNECTING', sinceMs: previous.sinceMs, detail: ''} : previous;
	// A late reply ends the wait and tells nothing: the silence lasts until a probe is answered in time.
	if (previous.kind === 'SILENT' && contact.probedAtMs === previous.probedBeforeMs) return previous;
	if (contact.refusal) return refusedState(previous, contact.refusal, told.info, nowMs);
	// The login is answered in BUSY and LOADING too (facts A2): what it is like inside, only a probe on this connection tells.
	if (contact.probedAtMs === undefined || contact.probedAtMs < contact.linkSinceMs) return previous;
	return quietState(told, nowMs);
}

function brokenState({failure}: Contact, nowMs: number): ServerState {
	const kind = failure?.kind ?? 'lost';
	return {kind: failureStates[kind] ?? 'DOWN', sinceMs: nowMs, detail: failure?.detail ?? '', failure: kind};
}

function silentState(contact: Contact, nowMs: number): ServerState {
	if (contact.acceptsTcp === false) return {kind: 'UNREACHABLE', sinceMs: nowMs, detail: 'TCP connections are no longer taken'};
	const {lastReplyAtMs, linkSinceMs, probedAtMs} = contact;
	// What an earlier connection heard does not tell when this began: the server may have been started anew since.
	const repliedAtMs = lastReplyAtMs !== undefined && lastReplyAtMs > linkSinceMs ? lastReplyAtMs : undefined;
	return {
		kind: 'SILENT',
		sinceMs: lastReplyAtMs ?? linkSinceMs,
		detail: repliedAtMs === undefined ? 'it has not answered since we connected' : '',
		begunAfterMs: repliedAtMs,
		probedBeforeMs: probedAtMs,
	};
}

function refusedState(previous: ServerState, refusal: ProbeRefusal, info: ServerInfo | undefined, nowMs: number): ServerState {
	const state = {kind: refusalStates[refusal.kind], sinceMs: nowMs, detail: refusal.detail};
	if (refusal.kind === 'busy') return {...state, running: refusal.running, begunAfterMs: previous.kind === 'SILENT' ? previous.begunAfterMs : undefined};
	return refusal.kind === 'loading' ? {...state, loadedPercent: info?.loading?.percent} : state;
}

/** The server answers PING with PONG; INFO may still tell that it refuses writes or new connections. */
function quietState({info, oomRefusedAtMs, cluster, replicasWanted}: Told, nowMs: number): ServerState {
	const state = (kind: StateKind, detail = ''): ServerState => ({kind, sinceMs: nowMs, detail});
	if (!info) return state('OK');
	if (info.loading) return {...state('LOADING'), loadedPercent: info.loading.percent};
	if (info.clusterEnabled && cluster?.state === 'fail') return state('CLUSTERDOWN', 'keys cannot be read or written: cluster_state is fail');
	if (refusesWrites(info, oomRefusedAtMs, nowMs)) return state('OOM', 'writes are refused: used memory is at maxmemory and nothing can be evicted');
	if (lacksReplicas(info, replicasWanted)) return state('NOREPLICAS', 'writes are refused: fewer replicas in sync than min-replicas-to-write');
	if (isFull(info)) return state('MAXCLIENTS', 'new connections are refused');
	if (info.role === 'replica' && info.replicaReadOnly !== false) return state('READONLY', 'a replica: writes are refused');
	return state('OK');
}

/** For so long a refusal that INFO has told of counts as the present. */
export const refusedLatelyMs = 10_000;
/** Refusals of a moment ago mean nothing any more once there is so much room again. */
const roomAgainRatio = 0.95;

/** Do commands that need memory fail with OOM? By the figures; or, as any policy that finds nothing to evict refuses too, by the refusals. */
export function refusesWrites(info: ServerInfo, oomRefusedAtMs: number | undefined, nowMs: number): boolean {
	if (isOutOfMemory(info)) return true;
	const {maxMemoryBytes} = info;
	const isRecent = oomRefusedAtMs !== undefined && nowMs - oomRefusedAtMs < refusedLatelyMs;
	return isRecent && !leavesMemoryToMaster(info) && !!maxMemoryBytes && (countedBytes(info) ?? 0) >= maxMemoryBytes * roomAgainRatio;
}

/** Over maxmemory with noeviction. */
function isOutOfMemory(info: ServerInfo): boolean {
	const {maxMemoryBytes, maxMemoryPolicy} = info;
	const usedBytes = countedBytes(info);
	if (usedBytes === undefined || !maxMemoryBytes || maxMemoryPolicy !== 'noeviction' || leavesMemoryToMaster(info)) return false;
	return usedBytes > maxMemoryBytes;
}

/** A replica takes what its master sends, whatever its own maxmemory (replica-ignore-maxmemory, the default; measured on 7.0). */
const leavesMemoryToMaster = ({role}: ServerInfo): boolean => role === 'replica';

/** Replica buffers do not count against the limit (INFO mem_not_counted_for_evict). */
const countedBytes = ({usedMemoryBytes, notCountedForEvictBytes = 0}: ServerInfo): number | undefined =>
	usedMemoryBytes === undefined ? undefined : usedMemoryBytes - notCountedForEvictBytes;

/** A master that takes writes only with so many replicas in sync, and has fewer. It tells how many it has only where it wants some: one at least. */
function lacksReplicas({role, goodReplicas}: ServerInfo, wanted: number | undefined): boolean {
	return role === 'master' && goodReplicas !== undefined && goodReplicas < Math.max(1, wanted ?? 1);
}

/** Every slot is taken. Replicas hold slots too, but are not in connected_clients. */
export function isFull({connectedClients, maxClients, connectedReplicas = 0}: ServerInfo): boolean {
	return connectedClients !== undefined && maxClients !== undefined && maxClients > 0 && connectedClients + connectedReplicas >= maxClients;
}
