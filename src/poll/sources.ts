import {ServerRefusedError} from '../errors.ts';
import {inSlices, othersTurn} from '../in-slices.ts';
import {scanClients} from '../redis/parse/client-scan.ts';
import {parseClusterInfo} from '../redis/parse/cluster-info.ts';
import {toCommandStats} from '../redis/parse/command-stats.ts';
import {parseConfigGet} from '../redis/parse/config.ts';
import {parseFunctionStats} from '../redis/parse/function-stats.ts';
import {parseInfo} from '../redis/parse/info.ts';
import {toMemoryStats} from '../redis/parse/memory-stats.ts';
import {type ServerInfo, toServerInfo} from '../redis/parse/server-info.ts';
import {parseSlowlog} from '../redis/parse/slowlog.ts';
import type {Encoding} from '../redis/reply.ts';
import {countGroups, sumUpGroups} from '../store/client-groups.ts';
import {appendSample} from '../store/history.ts';
import {type Resource, received} from '../store/resource.ts';
import {busyThresholdNames, type Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {type InfoSample, type Vitals, vitalsOf} from '../store/vitals.ts';
import {isAnswering} from './is-answering.ts';
import {largeCommands} from './large-commands-source.ts';
import {scriptTexts} from './script-text-source.ts';

type Ask = (argv: readonly string[], encoding?: Encoding) => Promise<unknown>;

/** A change to the snapshot, carried out when the reply is in. */
export type Change = (snapshot: Snapshot, nowMs: number) => Snapshot;

export type SourceName =
	| 'info'
	| 'settings'
	| 'permissions'
	| 'slowlog'
	| 'clients'
	| 'functionStats'
	| 'commandStats'
	| 'scriptTexts'
	| 'largeCommands'
	| 'cluster';

/** Something read from the server: what is asked, how often, and when at all. */
export type Source = {
	readonly name: SourceName;
	/** Pause between two reads in ms, by what the last one cost. */
	readonly everyMs: (state: ConsoleState) => number;
	readonly isWanted: (state: ConsoleState) => boolean;
	/** Pause in ms between two reads also when somebody asks for them; none where not given. */
	readonly leastPauseMs?: (state: ConsoleState) => number;
	/** `ownCommands`: sent by this console so far, which the server's statistics contain. */
	readonly read: (ask: Ask, state: ConsoleState, ownCommands: () => number) => Promise<Change>;
};

export const info: Source = {
	name: 'info',
	everyMs: state => state.session.intervalMs,
	isWanted: isAnswering,
	async read(ask, _state, ownCommands) {
		const reply = parseInfo(String(await ask(['INFO'])));
		const data = toServerInfo(reply);
		const own = ownCommands();
		const memoryStats = toMemoryStats(reply);
		return (snapshot, atMs) => {
			const before = sampleBefore(snapshot, data);
			const vitals = withoutOwnHits(vitalsOf({info: data, atMs, ownCommands: own}, before), snapshot);
			const {networkInBytesPerSecond: inward, networkOutBytesPerSecond: outward} = vitals;
			const networkBytesPerSecond = inward === undefined || outward === undefined ? undefined : inward + outward;
			return {
				...snapshot,
				info: received(data, atMs),
				memoryStats,
				ownCommands: own,
				identity: {
					product: data.product ?? snapshot.identity.product,
					version: data.version ?? snapshot.identity.version,
					role: data.role ?? snapshot.identity.role,
				},
				vitals,
				history: appendSample(snapshot.history, atMs, {...vitals, networkBytesPerSecond}),
				oomRefusedAtMs: oomRefusedAt(before?.info, data, atMs, snapshot.oomRefusedAtMs),
			};
		};
	},
};

/** The read before; none where the server has been started anew since, for its counters have too. */
function sampleBefore({info: {data, updatedAtMs}, ownCommands}: Snapshot, {runId}: ServerInfo): InfoSample | undefined {
	return data && updatedAtMs !== undefined && data.runId === runId ? {info: data, atMs: updatedAtMs, ownCommands} : undefined;
}

/** Where a good part of the lookups may have been our own (a look at many queues), the hit rate of the interval before says more. */
const withoutOwnHits = (vitals: Vitals, {vitals: before}: Snapshot): Vitals => (vitals.isHitRateOurs ? {...vitals, hitRate: before.hitRate} : vitals);

/** What was refused under another limit or another policy says nothing of now. */
function oomRefusedAt(before: ServerInfo | undefined, now: ServerInfo, atMs: number, toldAtMs: number | undefined): number | undefined {
	if (!before || before.maxMemoryBytes !== now.maxMemoryBytes || before.maxMemoryPolicy !== now.maxMemoryPolicy) return undefined;
	return oomRefusals(now) > oomRefusals(before) ? atMs : toldAtMs;
}

/** Since start or CONFIG RESETSTAT. */
const oomRefusals = ({errorStats}: ServerInfo): number => errorStats?.get('OOM') ?? 0;

/** The settings shown, judged or changed by the console. One CONFIG GET each: several names in one call are 7.0 and newer. */
const settingNames = [
	...busyThresholdNames,
	'maxclients',
	'timeout',
	'maxmemory',
	'maxmemory-policy',
	'slowlog-log-slower-than',
	'save',
	'appendonly',
	'stop-writes-on-bgsave-error',
	'client-output-buffer-limit',
	'min-replicas-to-write',
] as const;

const settings: Source = {
	name: 'settings',
	everyMs: () => 30_000,
	isWanted: isAnswering,
	async read(ask) {
		const data = new Map<string, string>();
		for (const name of settingNames) for (const [key, value] of parseConfigGet(await ask(['CONFIG', 'GET', name]))) data.set(key, value);
		return (snapshot, atMs) => ({...snapshot, settings: received(data, atMs)});
	},
};

/** The first words and a valid argument list of what our actions send; ACL DRYRUN checks the arity too. */
const actionSamples: readonly (readonly string[])[] = [
	['SCRIPT', 'KILL'],
	['FUNCTION', 'KILL'],
	['CONFIG', 'SET', 'busy-reply-threshold', '5000'],
	['CLIENT', 'KILL', 'ID', '1'],
	['CLIENT', 'UNBLOCK', '1'],
	['CLIENT', 'PAUSE', '1', 'WRITE'],
	['CLIENT', 'UNPAUSE'],
	['SHUTDOWN', 'NOSAVE'],
	['SLOWLOG', 'RESET'],
	['LATENCY', 'RESET'],
	['MEMORY', 'PURGE'],
	['SCAN', '0'],
	['UNLINK', 'key'],
	['SCRIPT', 'LOAD', 'return 1'],
	['EVALSHA', '0000000000000000000000000000000000000000', '0'],
	['BGSAVE'],
	['BGREWRITEAOF'],
	['REPLICAOF', 'NO', 'ONE'],
	['MONITOR'],
];
/** Of these the second word names a command too. */
const containers: ReadonlySet<string> = new Set(['SCRIPT', 'FUNCTION', 'CONFIG', 'CLIENT', 'SLOWLOG', 'LATENCY', 'MEMORY']);

const permissions: Source = {
	name: 'permissions',
	everyMs: () => 60_000,
	isWanted: isAnswering,
	async read(ask) {
		const user = String(await ask(['ACL', 'WHOAMI']));
		const data = new Map<string, boolean>();
		for (const argv of actionSamples) {
			const [command = '', subcommand] = argv;
			const verdict = await dryRun(ask, user, argv);
			// A key of ours that is out of bounds says nothing of the keys that an action will name.
			const isAboutKeys = / keys?\b/.test(verdict);
			data.set(containers.has(command) ? `${command} ${subcommand}` : command, verdict === 'OK' || isAboutKeys);
		}
		return (snapshot, atMs) => ({...snapshot, permissions: received(data, atMs)});
	},
};

/** `OK`, or why not; of a command that this server has not got (renamed, or switched off), its words for that. */
async function dryRun(ask: Ask, user: string, argv: readonly string[]): Promise<string> {
	try {
		return String(await ask(['ACL', 'DRYRUN', user, ...argv]));
	} catch (error) {
		if (error instanceof ServerRefusedError && /^ERR Command .* not found/.test(error.message)) return error.message;
		throw error;
	}
}

const slowlog: Source = {
	name: 'slowlog',
	everyMs: state => Math.max(2000, state.session.intervalMs),
	isWanted: isAnswering,
	async read(ask, {snapshot: {slowlog: known}}) {
		const newest = parseSlowlog(await ask(['SLOWLOG', 'GET', '1'])).entries[0];
		const isUnchanged = known.data && known.data.entries[0]?.id === newest?.id && known.data.entries[0]?.atMs === newest?.atMs;
		if (known.data && isUnchanged) {
			const {data} = known;
			return (snapshot, atMs) => ({...snapshot, slowlog: received(data, atMs)});
		}
		const data = parseSlowlog(await ask(['SLOWLOG', 'GET', '128']));
		return (snapshot, atMs) => ({...snapshot, slowlog: received(data, atMs)});
	},
};

/**
 * CLIENT LIST is one stall of about 1.3 µs a client (facts F): a second of pause per thousand clients keeps it near 0.1 % of a core,
 * and where this server has been seen to take longer, the pause grows with that.
 */
const clients: Source = {
	name: 'clients',
	everyMs: ({session, snapshot}) => Math.max(2000, session.intervalMs, snapshot.vitals.connectedClients ?? 0, clientListMs(snapshot) / clientListShare),
	isWanted: isAnswering,
	leastPauseMs: ({snapshot}) => Math.max((snapshot.vitals.connectedClients ?? 0) * microsPerClient, clientListMs(snapshot) * 1000) / 1000 / requestedShare,
	async read(ask) {
		const reply = await ask(['CLIENT', 'LIST'], 'buffer');
		// To put thirty megabytes together takes ioredis long enough: a key comes first.
		await othersTurn();
		const data = await inSlices(scanClients(Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply ?? ''))));
		await inSlices(sumUpGroups(data));
		return (snapshot, atMs) => ({...snapshot, clients: received(data, atMs), clientGroups: countGroups(snapshot.clientGroups, data, atMs)});
	},
};

/** Of one core, at most. */
const clientListShare = 0.003;
/** While an action is verified, which asks again and again for some seconds. */
const requestedShare = 0.02;
const microsPerClient = 1.3;

/** What the server says a CLIENT LIST takes it, on average since its start. */
function clientListMs({commandStats}: Snapshot): number {
	return (commandStats.data?.find(({name}) => name === 'client|list')?.microsPerCall ?? 0) / 1000;
}

/** Tells of a running function only; during an EVAL it is refused with BUSY (facts, trap 3). */
const functionStats: Source = {
	name: 'functionStats',
	// The reply repeats the arguments of the call, however big.
	everyMs: ({snapshot}) => (snapshot.functionStats.data?.running ? 5000 : 1000),
	isWanted: ({snapshot: {server}}) => server.kind === 'BUSY' && server.running === 'function',
	async read(ask) {
		const data = parseFunctionStats(await ask(['FUNCTION', 'STATS']));
		return (snapshot, atMs) => ({...snapshot, functionStats: received(data, atMs)});
	},
};

/** For the statistics per command, and for what the console itself costs. 185 µs on a busy server (facts F). */
export const commandStats: Source = {
	name: 'commandStats',
	everyMs: ({snapshot}) => (snapshot.ownCostPercent === undefined ? 3000 : 10_000),
	isWanted: isAnswering,
	async read(ask) {
		const data = toCommandStats(parseInfo(String(await ask(['INFO', 'commandstats']))));
		return (snapshot, atMs) => ({...snapshot, commandStats: received(data, atMs)});
	},
};

/** PING and INFO are answered by a node whose cluster is down, so only this tells. A few µs. */
const cluster: Source = {
	name: 'cluster',
	everyMs: state => state.session.intervalMs,
	isWanted: state => isAnswering(state) && state.snapshot.info.data?.clusterEnabled === true && state.snapshot.server.kind !== 'LOADING',
	async read(ask) {
		const data = parseClusterInfo(String(await ask(['CLUSTER', 'INFO'])));
		return (snapshot, atMs) => ({...snapshot, cluster: received(data, atMs)});
	},
};

/** In the order in which they are read when several are due: first what makes the screen whole. */
export const sources: readonly Source[] = [info, clients, slowlog, functionStats, cluster, settings, permissions, commandStats, largeCommands, scriptTexts];

/** The resource of a source, whatever it holds. */
export const resourceOf = (snapshot: Snapshot, name: SourceName): Resource<unknown> => snapshot[name];
