import {systemClock} from '../clock.ts';
import {UsageError} from '../errors.ts';
import {backup, makeDisk} from './broken-disk.ts';
import {trafficAtMaster} from './failover.ts';
import {renderCache, seedShop} from './keyspace.ts';
import {leakConnections, leakUpToFull} from './leak.ts';
import {outageConfig, playOutage} from './outage.ts';
import {playQueues} from './queues-scenario.ts';
import {consoleStartMs, type Stage, type Timing} from './stage.ts';
import {invoiceTotals, ledgerRebuild, scriptWorker} from './stuck-scripts.ts';
import {healthyRoles, type Role, runTraffic, seed} from './traffic.ts';

export type ScenarioName = 'outage' | 'script' | 'unkillable' | 'clients' | 'memory' | 'queues' | 'persistence' | 'failover';

/** The scenarios by name, with one line on each, for usage errors and help. The first is the default. */
export const scenarios: readonly {readonly name: ScenarioName; readonly description: string}[] = [
	{name: 'outage', description: 'queues, connections, memory and saving go wrong one after another, and then a script blocks the server'},
	{name: 'script', description: 'a Lua script that never ends blocks the server; it has only read, so it can be killed'},
	{name: 'unkillable', description: 'a long Lua script that has already written, so only waiting or a shutdown ends it'},
	{name: 'clients', description: 'one application leaks connections until maxclients is reached'},
	{name: 'memory', description: 'a cache without time to live grows until writes are refused'},
	{name: 'queues', description: 'queues with a backlog, failures, stalled and overdue jobs, some paused, of several systems'},
	{name: 'persistence', description: 'the folder of the snapshots is lost; a save fails and writes are refused'},
	{name: 'failover', description: 'a script that has written outlives the patience of three Sentinels: they move the master, and what it wrote is lost'},
];

/** Check what the user typed. Without a name it is the default scenario. Throws a UsageError that lists the names. */
export function parseScenario(name: string | undefined): ScenarioName {
	const found = name === undefined ? scenarios[0] : scenarios.find(scenario => scenario.name === name);
	if (found) return found.name;
	const names = scenarios.map(scenario => scenario.name);
	throw new UsageError(`unknown demo scenario '${name}': use ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);
}

type Play = (stage: Stage, signal: AbortSignal) => Promise<void>;

type Scenario = {
	/** Lines for redis.conf that it needs. `dir` is the demo's folder, and gets what they name. */
	readonly config?: (dir: string) => readonly string[];
	/** What comes to the healthy traffic; resolves when aborted, or when it has nothing more to do. */
	readonly incident: Play;
	/** It has a replica and three Sentinels, and its clients follow the master. */
	readonly hasSentinels?: true;
};

const withRole =
	(makeRole: (stage: Stage, dueAtMs: number) => Role): Play =>
	(stage, signal) =>
		runTraffic(stage.port, [makeRole(stage, performance.now() + stage.timing.incidentAfterMs)], signal);

const grow = withRole((_, startsAtMs) => renderCache({startsAtMs, bytesPerSecond: 1.45 * 1024 ** 2, untilRatio: Number.POSITIVE_INFINITY}));

const playMemory: Play = async (stage, signal) => {
	await systemClock.sleep(consoleStartMs, signal);
	await seedShop(stage.port, signal);
	await grow(stage, signal);
};

const plays: Readonly<Record<ScenarioName, Scenario>> = {
	outage: {config: dir => [...outageConfig, ...makeDisk(dir)], incident: playOutage},
	script: {incident: withRole((_, dueAtMs) => scriptWorker(invoiceTotals, dueAtMs))},
	unkillable: {incident: withRole(({timing}, dueAtMs) => scriptWorker(ledgerRebuild(timing.unkillableSeconds), dueAtMs))},
	clients: {
		config: () => ['maxclients 500'],
		incident: ({port, timing}, signal) => leakConnections(port, leakUpToFull(timing.incidentAfterMs), signal),
	},
	memory: {config: () => ['maxmemory 64mb'], incident: playMemory},
	queues: {incident: playQueues},
	failover: {
		// The Sentinels must know the replica before the server falls silent.
		config: () => ['repl-diskless-sync-delay 0'],
		incident: withRole(({timing}, dueAtMs) => scriptWorker(ledgerRebuild(timing.outlivingSeconds), dueAtMs + timing.sentinelsMeetMs)),
		hasSentinels: true,
	},
	persistence: {config: makeDisk, incident: withRole(({dir}, dueAtMs) => backup(dir, dueAtMs))},
};

/** Lines for redis.conf; those of the timing come last, so that they win. */
export const scenarioConfig = (name: ScenarioName, dir: string, {config}: Timing): readonly string[] => [...(plays[name].config?.(dir) ?? []), ...config];

/** Healthy traffic and then the incident of the scenario, once; resolves when aborted. */
export async function runScenario(name: ScenarioName, stage: Stage, signal: AbortSignal): Promise<void> {
	await seed(stage.port);
	await Promise.all([runHealthy(name, stage, signal), plays[name].incident(stage, signal)]);
}

/** What is left after the incident: the application without the fault. Resolves when aborted. */
export async function runRecovered(name: ScenarioName, stage: Stage, signal: AbortSignal): Promise<void> {
	await seed(stage.port);
	await runHealthy(name, stage, signal);
}

const runHealthy = (name: ScenarioName, stage: Stage, signal: AbortSignal): Promise<void> =>
	hasSentinels(name) ? trafficAtMaster(stage, signal) : runTraffic(stage.port, healthyRoles, signal);

export const hasSentinels = (name: ScenarioName): boolean => plays[name].hasSentinels === true;
