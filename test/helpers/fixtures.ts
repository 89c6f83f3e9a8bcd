import type {Clock} from '../../src/clock.ts';
import type {GroupFigures} from '../../src/redis/parse/client-grouping.ts';
import type {ClientRow} from '../../src/redis/parse/client-list.ts';
import type {WholeClientList} from '../../src/redis/parse/client-scan.ts';
import {parseInfo} from '../../src/redis/parse/info.ts';
import {type ServerInfo, toServerInfo} from '../../src/redis/parse/server-info.ts';
import type {SlowlogEntry} from '../../src/redis/parse/slowlog.ts';
import {noRecovery} from '../../src/store/recovery.ts';
import {received} from '../../src/store/resource.ts';
import type {Contact, ServerState} from '../../src/store/server-state.ts';
import {emptySnapshot, type Snapshot} from '../../src/store/snapshot.ts';
import {type ConsoleState, type ConsoleStore, createConsoleStore, type Session} from '../../src/store/store.ts';
import {noSurvey, type SurveyState} from '../../src/store/survey.ts';
import type {Timeline} from '../../src/store/timeline.ts';
import {initialUi, type PaneName, type PaneUi, paneNames, type UiState} from '../../src/store/ui.ts';
import {vitalsOf} from '../../src/store/vitals.ts';

/** The moment at which every fixture plays: 2025-01-01 12:00:00 UTC. */
export const noonMs = Date.UTC(2025, 0, 1, 12);

/** Client 7: an ordinary one that has just run GET. */
export function client(change: Partial<ClientRow> = {}): ClientRow {
	return {
		id: '7',
		address: '10.0.0.1:5000',
		localAddress: '10.0.0.9:6379',
		name: '',
		ageSeconds: 60,
		idleSeconds: 3,
		flags: 'N',
		isBlocked: false,
		kind: 'normal',
		db: 0,
		subscriptions: 0,
		patternSubscriptions: 0,
		shardSubscriptions: 0,
		queryBufferBytes: 0,
		outputBufferBytes: 0,
		totalMemoryBytes: 2048,
		lastCommand: 'get',
		user: 'default',
		libraryName: '',
		libraryVersion: '',
		watchedKeys: undefined,
		networkInBytes: undefined,
		networkOutBytes: undefined,
		commands: undefined,
		...change,
	};
}

const noGroups: ReadonlyMap<string, GroupFigures> = new Map();

/** Of a list too long to be kept: 50,000 ordinary clients. */
export const wholeClientList = (change: Partial<WholeClientList> = {}): WholeClientList => ({
	count: 50_000,
	kinds: {normal: 50_000, 'blocked-worker': 0, replica: 0, master: 0, subscriber: 0, monitor: 0, console: 0},
	heldUp: new Map(),
	groups: {name: noGroups, library: noGroups, address: noGroups, user: noGroups},
	cut: [],
	ids: undefined,
	...change,
});

/** A list of which only these clients are kept. */
export const keptClients = (clients: readonly ClientRow[], change: Partial<WholeClientList> = {}): Snapshot['clients'] =>
	received({clients, rejectedCount: 0, rejected: [], whole: wholeClientList(change)}, noonMs);

/** What the clients of a group come to. */
export const groupFigures = (count: number): GroupFigures => ({count, longestIdleSeconds: 9, outputBufferBytes: 0, totalMemoryBytes: 0});

/** The console's own observe connection, client 1. */
export const consoleClient = (change: Partial<ClientRow> = {}): ClientRow =>
	client({id: '1', name: 'redis-triage:tester@host:observe', kind: 'console', ...change});

/** A queue worker that waits for work in BLPOP. */
export const blockedWorker = (change: Partial<ClientRow> = {}): ClientRow =>
	client({flags: 'b', isBlocked: true, kind: 'blocked-worker', lastCommand: 'blpop', ...change});

/** Entry 3: HGETALL took 12 ms a minute before noon. */
export function slowlogEntry(change: Partial<SlowlogEntry> = {}): SlowlogEntry {
	return {
		id: 3,
		atMs: noonMs - 60_000,
		durationMicros: 12_000,
		args: ['HGETALL', 'session:12'],
		omittedArgs: 0,
		clientAddress: '10.0.0.1:5000',
		clientName: '',
		shape: 'HGETALL session:*',
		isScript: false,
		scriptSha: undefined,
		functionName: undefined,
		...change,
	};
}

const untold = toServerInfo(parseInfo(''));

/** A healthy master on Redis 7.0.15 with 12 of 1,000 clients. What is not named here, the server has not told. */
export function serverInfo(change: Partial<ServerInfo> = {}): ServerInfo {
	return {
		...untold,
		product: 'Redis',
		version: '7.0.15',
		mode: 'standalone',
		runId: 'a1',
		role: 'master',
		connectedReplicas: 0,
		connectedClients: 12,
		maxClients: 1000,
		usedMemoryBytes: 1_000_000,
		maxMemoryBytes: 0,
		maxMemoryPolicy: 'noeviction',
		...change,
	};
}

/** An open connection that was answered a moment ago. */
export function contact(change: Partial<Contact> = {}): Contact {
	return {
		...emptySnapshot(noonMs).contact,
		link: 'open',
		linkSinceMs: noonMs - 60_000,
		lastReplyAtMs: noonMs - 100,
		probedAtMs: noonMs - 100,
		...change,
	};
}

export const serverState = (change: Partial<ServerState> = {}): ServerState => ({kind: 'OK', sinceMs: noonMs - 60_000, detail: '', ...change});

const session: Session = {
	target: {name: 'cache', address: '10.0.0.9:6379', environment: undefined, db: 0},
	mode: 'guarded',
	operator: 'tester',
	intervalMs: 1000,
	ownClientIds: new Set(['1', '2']),
	auditFile: '/nowhere/audit.jsonl',
	acting: 'open',
	components: [],
};

/** What a test wants to be different from a healthy, guarded console at noon. */
export type StateParts = {
	readonly nowMs?: number;
	readonly session?: Partial<Session>;
	readonly environment?: string;
	readonly server?: Partial<ServerState>;
	readonly contact?: Partial<Contact>;
	readonly info?: Partial<ServerInfo>;
	readonly clients?: readonly ClientRow[];
	readonly slowlog?: readonly SlowlogEntry[];
	readonly settings?: Readonly<Record<string, string>>;
	readonly permissions?: Readonly<Record<string, boolean>>;
	/** Everything else of the snapshot, and what the parts above do not say well enough. */
	readonly snapshot?: Partial<Snapshot>;
	readonly findings?: ConsoleState['findings'];
	readonly playback?: ConsoleState['playback'];
	readonly actions?: ConsoleState['actions'];
	readonly waysBack?: ConsoleState['waysBack'];
	readonly undos?: ConsoleState['undos'];
	readonly incident?: ConsoleState['incident'];
	readonly recovery?: ConsoleState['recovery'];
	readonly fleet?: ConsoleState['fleet'];
	readonly survey?: SurveyState;
	readonly opened?: ConsoleState['opened'];
	readonly timeline?: Timeline;
	readonly ui?: Partial<UiState>;
	readonly panes?: Readonly<Partial<Record<PaneName, Partial<PaneUi>>>>;
	readonly selectedClientId?: string;
	readonly markedClientIds?: readonly string[];
};

/** A whole state of the console from the few parts that matter to a test. */
export function stateWith(parts: StateParts = {}): ConsoleState {
	const {nowMs = noonMs, environment, findings = [], actions = []} = parts;
	return {
		nowMs,
		session: {...session, target: {...session.target, environment}, ...parts.session},
		snapshot: snapshotWith(parts, nowMs),
		findings,
		actions,
		fleet: parts.fleet,
		waysBack: parts.waysBack ?? [],
		undos: parts.undos ?? [],
		incident: parts.incident,
		recovery: parts.recovery ?? noRecovery,
		survey: parts.survey ?? noSurvey,
		opened: parts.opened,
		timeline: parts.timeline ?? [],
		playback: parts.playback,
		ui: uiWith(parts),
	};
}

function snapshotWith(parts: StateParts, nowMs: number): Snapshot {
	const info = serverInfo(parts.info);
	return {
		...emptySnapshot(nowMs),
		contact: contact(parts.contact),
		server: serverState(parts.server),
		identity: {product: info.product, version: info.version, role: info.role},
		info: received(info, nowMs),
		vitals: vitalsOf({info, atMs: nowMs}, undefined),
		...(parts.clients ? {clients: received({clients: parts.clients, rejectedCount: 0, rejected: []}, nowMs)} : {}),
		...(parts.slowlog ? {slowlog: received({entries: parts.slowlog, rejectedCount: 0}, nowMs)} : {}),
		...(parts.settings ? {settings: received(new Map(Object.entries(parts.settings)), nowMs)} : {}),
		...(parts.permissions ? {permissions: received(new Map(Object.entries(parts.permissions)), nowMs)} : {}),
		...parts.snapshot,
	};
}

const mapPanes = (paneUi: (name: PaneName) => PaneUi) => Object.fromEntries(paneNames.map(name => [name, paneUi(name)])) as Record<PaneName, PaneUi>;

function uiWith({ui, panes, selectedClientId, markedClientIds = []}: StateParts): UiState {
	const selected = selectedClientId === undefined ? {} : {selectedId: selectedClientId};
	return {
		...initialUi,
		markedClientIds: new Set(markedClientIds),
		panes: mapPanes(name => ({...initialUi.panes[name], ...(name === 'clients' ? selected : {}), ...panes?.[name]})),
		...ui,
	};
}

/** What a freeze at that moment keeps. */
export const frozenAt = ({snapshot, findings, fleet, survey, timeline}: ConsoleState, atMs: number = noonMs): NonNullable<UiState['frozen']> => ({
	snapshot,
	findings,
	fleet,
	survey,
	timeline,
	atMs,
});

/** A store that holds such a state. */
export function storeWith(parts: StateParts = {}): ConsoleStore {
	const state = stateWith(parts);
	const store = createConsoleStore(state.session, state.nowMs);
	store.setState(state, true);
	return store;
}

/** A clock that stands still until somebody sleeps: a wait of three seconds takes none. */
export function jumpingClock(startMs = noonMs): Clock {
	let nowMs = startMs;
	return {
		now: () => nowMs,
		sleep: async ms => {
			nowMs += ms;
		},
	};
}
