import type {FoundQueue, QueueStatus, Unknown} from '../queues/types.ts';
import type {ParsedClientList} from '../redis/parse/client-list.ts';
import type {ClusterInfo} from '../redis/parse/cluster-info.ts';
import type {CommandStat} from '../redis/parse/command-stats.ts';
import type {LargeCommand} from '../redis/parse/commandlog.ts';
import type {FunctionStats} from '../redis/parse/function-stats.ts';
import type {MemoryStats} from '../redis/parse/memory-stats.ts';
import type {ServerInfo} from '../redis/parse/server-info.ts';
import type {ParsedSlowlog} from '../redis/parse/slowlog.ts';
import type {GroupHistory} from './client-groups.ts';
import {emptyHistory, type History} from './history.ts';
import type {QueueHistory} from './queue-history.ts';
import {emptyResource, type Resource} from './resource.ts';
import type {ScriptTexts} from './script-texts.ts';
import type {SentinelWatch} from './sentinel-watch.ts';
import type {Contact, ServerState} from './server-state.ts';
import type {Slowed} from './slowed.ts';
import type {Vitals} from './vitals.ts';

/** What the server calls itself; from HELLO, later from INFO. */
export type Identity = {readonly product: string | undefined; readonly version: string | undefined; readonly role: string | undefined};

/** One probe there and back. */
export type RoundTrip = {readonly atMs: number; readonly ms: number};

/** The search of the keyspace for queues. */
export type QueueSearch = {
	/** `none`: not begun. */
	readonly phase: 'none' | 'running' | 'ended';
	/** Keys seen by the search under way, or by the last one. */
	readonly keys: number;
	/** When the last one ended; undefined before the first has. */
	readonly endedAtMs: number | undefined;
	/** The last one has seen all; false where its bounds ended it. */
	readonly isComplete: boolean;
	/** Commands that this user may not run: what they would have told is missing. */
	readonly unknown: readonly Unknown[];
	/** Found, and out of sight as the config file wants it. Their keys are to be kept all the same. */
	readonly hidden?: readonly FoundQueue[];
};

/** Everything known about the server at one moment: what panes show, what diagnosis judges, what a freeze keeps. */
export type Snapshot = {
	readonly contact: Contact;
	readonly server: ServerState;
	readonly identity: Identity;
	readonly info: Resource<ServerInfo>;
	readonly vitals: Vitals;
	readonly history: History;
	/** How long the last probes took to be answered, oldest first: network, server and this machine together. */
	readonly roundTrips: readonly RoundTrip[];
	readonly clients: Resource<ParsedClientList>;
	readonly clientGroups: GroupHistory;
	readonly slowlog: Resource<ParsedSlowlog>;
	/** Large requests and replies (Valkey only). */
	readonly largeCommands: Resource<readonly LargeCommand[]>;
	/** Only while a function blocks the server. */
	readonly functionStats: Resource<FunctionStats>;
	/** CONFIG GET of the few settings the console shows or changes. */
	readonly settings: Resource<ReadonlyMap<string, string>>;
	/** Commands of our actions that this user may run (`SCRIPT KILL` → true); absent: not known. */
	readonly permissions: Resource<ReadonlyMap<string, boolean>>;
	readonly commandStats: Resource<readonly CommandStat[]>;
	/** Of those that were opened in full (Valkey only). */
	readonly scriptTexts: Resource<ScriptTexts>;
	/** Only of a node of a cluster. */
	readonly cluster: Resource<ClusterInfo>;
	/** Slots of a cluster that it has, as a light connection has read them of it. */
	readonly ownSlots: number | undefined;
	/** What the memory is made of, from the same INFO. */
	readonly memoryStats: MemoryStats | undefined;
	/** Every queue found so far, as it was at the last look. */
	readonly queues: Resource<readonly QueueStatus[]>;
	/** What the looks before that one tell beside it. */
	readonly queueHistory: QueueHistory;
	readonly queueSearch: QueueSearch;
	/** Only with a database other than 0: whether SELECT has been taken, and the server's words if it was refused. */
	readonly database: {readonly selected: number | undefined; readonly error: string | undefined};
	/** When INFO last told of commands refused with OOM since the read before it. */
	readonly oomRefusedAtMs: number | undefined;
	/** When it began to answer again after the last BUSY, silence, loading or lost connection; undefined: none so far, or not yet. */
	readonly breakEndedAtMs: number | undefined;
	/** A kill was answered UNKILLABLE in this BUSY episode. */
	readonly unkillableSinceMs: number | undefined;
	/** What the Sentinels of this server's master see; undefined where none is known. */
	readonly sentinels: SentinelWatch | undefined;
	/** Share of one core that the console's own commands took on the server. */
	readonly ownCostPercent: number | undefined;
	/** What is asked less often because of that. */
	readonly slowed: Slowed;
	/** Sent by this console until the last INFO. */
	readonly ownCommands: number;
};

export function emptySnapshot(nowMs: number): Snapshot {
	return {
		contact: {
			link: 'connecting',
			linkSinceMs: nowMs,
			failure: undefined,
			waitingSinceMs: undefined,
			patienceMs: 500,
			lastReplyAtMs: undefined,
			probedAtMs: undefined,
			refusal: undefined,
			acceptsTcp: undefined,
		},
		server: {kind: 'CONNECTING', sinceMs: nowMs, detail: ''},
		identity: {product: undefined, version: undefined, role: undefined},
		info: emptyResource,
		vitals: {},
		history: emptyHistory,
		roundTrips: [],
		clients: emptyResource,
		clientGroups: [],
		slowlog: emptyResource,
		largeCommands: emptyResource,
		functionStats: emptyResource,
		settings: emptyResource,
		permissions: emptyResource,
		commandStats: emptyResource,
		scriptTexts: emptyResource,
		cluster: emptyResource,
		ownSlots: undefined,
		memoryStats: undefined,
		queues: emptyResource,
		queueHistory: new Map(),
		queueSearch: {phase: 'none', keys: 0, endedAtMs: undefined, isComplete: false, unknown: []},
		database: {selected: undefined, error: undefined},
		oomRefusedAtMs: undefined,
		breakEndedAtMs: undefined,
		unkillableSinceMs: undefined,
		sentinels: undefined,
		ownCostPercent: undefined,
		slowed: new Map(),
		ownCommands: 0,
	};
}

/** It answers MOVED to whoever reads a key of it, as a matter of course. Undefined: not known yet. */
export function isClusterReplica({info: {data}}: Pick<Snapshot, 'info'>): boolean | undefined {
	return data && data.clusterEnabled === true && data.role === 'replica';
}

/** Why no queues are looked for there. */
export const queuesAtMaster = 'a replica of a cluster: its queues are read at its master';

const keptRoundTrips = 20;

export const withRoundTrip = (snapshot: Snapshot, roundTrip: RoundTrip): Snapshot => ({
	...snapshot,
	roundTrips: [...snapshot.roundTrips.slice(1 - keptRoundTrips), roundTrip],
});

/** The time on the server's own clock, which its slowlog and its saves go by; ours where it does not tell. */
export function serverClockMs({info}: Pick<Snapshot, 'info'>, nowMs: number): number {
	const {data, updatedAtMs} = info;
	return data?.clockMs === undefined || updatedAtMs === undefined ? nowMs : nowMs + data.clockMs - updatedAtMs;
}

/** The setting that holds the time until BUSY replies begin: renamed in 7.0, the old name still works there. */
export const busyThresholdNames = ['busy-reply-threshold', 'lua-time-limit'] as const;

/**
 * Whether the server has what came with Redis 7.0 (SHUTDOWN NOW; SCRIPT KILL passes a pause). Told by a setting that came with it; where
 * settings cannot be read, as in BUSY and for many a user, its version is all there is. Undefined where nothing is known.
 */
export function isSeven({settings, identity}: Pick<Snapshot, 'settings' | 'identity'>): boolean | undefined {
	const names = settings.data;
	if (names && busyThresholdNames.some(name => names.has(name))) return names.has('busy-reply-threshold');
	const major = Number.parseInt(identity.version ?? '', 10);
	return Number.isNaN(major) ? undefined : major >= 7;
}

/** How many replicas in sync a write needs (min-replicas-to-write, slaves before 5.0); undefined where CONFIG GET was refused or not answered yet. */
export function replicasWanted({settings}: Pick<Snapshot, 'settings'>): number | undefined {
	const value = Number(settings.data?.get('min-replicas-to-write') ?? Number.NaN);
	return Number.isInteger(value) ? value : undefined;
}

export type BusyThreshold = {readonly name: string; readonly ms: number};

/** Undefined where CONFIG GET was refused or not answered yet. 0 or less: BUSY is never answered. */
export function busyThreshold({settings}: Pick<Snapshot, 'settings'>): BusyThreshold | undefined {
	for (const name of busyThresholdNames) {
		const value = settings.data?.get(name);
		if (value !== undefined && /^-?\d+$/.test(value)) return {name, ms: Number(value)};
	}
	return undefined;
}
