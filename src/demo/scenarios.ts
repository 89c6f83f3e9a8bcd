import {systemClock} from '../clock.ts';
import {UsageError} from '../errors.ts';
import {leakConnections} from './leak.ts';
import {healthyRoles, type Role, runTraffic, seed} from './traffic.ts';

export type ScenarioName = 'script' | 'unkillable' | 'clients';

/** The scenarios by name, with one line on each, for usage errors and help. The first is the default. */
export const scenarios: readonly {readonly name: ScenarioName; readonly description: string}[] = [
	{name: 'script', description: 'a Lua script that never ends blocks the server; it has only read, so it can be killed'},
	{name: 'unkillable', description: 'a long Lua script that has already written, so only waiting or a shutdown ends it'},
	{name: 'clients', description: 'one application leaks connections until maxclients is reached'},
];

/** Knobs of an incident; tests turn them to be quick. */
export type Timing = {
	/** Healthy traffic before the incident begins. */
	readonly incidentAfterMs: number;
	/** How long the script of `unkillable` runs. */
	readonly unkillableSeconds: number;
	/** Extra lines for redis.conf. */
	readonly config: readonly string[];
};

export const defaultTiming: Timing = {incidentAfterMs: 3000, unkillableSeconds: 60, config: []};

/** Check what the user typed. Without a name it is the default scenario. Throws a UsageError that lists the names. */
export function parseScenario(name: string | undefined): ScenarioName {
	const found = name === undefined ? scenarios[0] : scenarios.find(scenario => scenario.name === name);
	if (found) return found.name;
	const names = scenarios.map(scenario => scenario.name);
	throw new UsageError(`unknown demo scenario '${name}': use ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);
}

/** Lines for redis.conf that the scenario needs. */
export function scenarioConfig(name: ScenarioName, {config}: Timing): readonly string[] {
	return [...(name === 'clients' ? ['maxclients 500'] : []), ...config];
}

/** Healthy traffic and then the incident of the scenario, once; resolves when aborted. */
export async function runScenario(name: ScenarioName, port: number, timing: Timing, signal: AbortSignal): Promise<void> {
	await seed(port);
	if (name === 'clients') {
		await Promise.all([runTraffic(port, healthyRoles, signal), leakConnections(port, timing.incidentAfterMs, signal)]);
		return;
	}
	const stuck = name === 'script' ? invoiceTotals : ledgerRebuild(timing.unkillableSeconds);
	await runTraffic(port, [...healthyRoles, scriptWorker(stuck, performance.now() + timing.incidentAfterMs)], signal);
}

/** What is left after the incident: the application without the fault. Resolves when aborted. */
export async function runRecovered(port: number, signal: AbortSignal): Promise<void> {
	await seed(port);
	await runTraffic(port, healthyRoles, signal);
}

type FaultyScript = {
	readonly worker: Pick<Role, 'name' | 'hostNumber'>;
	readonly body: string;
	/** The key and the arguments with which the script ends at once. */
	readonly harmless: readonly string[];
	/** The ones that make it run on; `harmlessMs` is what a harmless run takes on this machine. */
	readonly fatal: (harmlessMs: number) => readonly string[];
};

/** Loops for ever at the first refund, because only a positive amount moves on to the next row. It reads and never writes. */
const invoiceTotals: FaultyScript = {
	worker: {name: 'worker-invoices', hostNumber: 31},
	body: `-- invoice-totals.lua
local rows = redis.call('LRANGE', KEYS[1], 0, -1)
local total, i = 0, 1
while i <= #rows do
  local amount = tonumber(rows[i])
  if amount > 0 then
    total = total + amount
    i = i + 1
  end
end
return total`,
	harmless: ['orders:customer:1'],
	fatal: () => ['orders:customer:7'],
};

const everyMs = 500;
const harmlessRounds = 100;

/** Writes first, then computes a number of rounds: inside a script no clock moves that every server version has. */
const ledgerRebuild = (seconds: number): FaultyScript => ({
	worker: {name: 'worker-ledger', hostNumber: 32},
	body: `-- ledger-rebuild.lua
redis.call('HSET', KEYS[1], 'state', 'rebuilding')
local checksum = 0
for round = 1, tonumber(ARGV[1]) do
  for i = 1, 1000 do checksum = (checksum * 31 + i) % 1000003 end
end
redis.call('HSET', KEYS[1], 'state', 'done', 'checksum', checksum)
return checksum`,
	harmless: ['ledger:2024', String(harmlessRounds)],
	fatal: harmlessMs => ['ledger:2025', String(Math.round((harmlessRounds * seconds * 1000) / harmlessMs))],
});

/** Runs its script every half second without harm, so that it is known by name; once, when the time has come, fatally. */
function scriptWorker({worker, body, harmless, fatal}: FaultyScript, dueAtMs: number): Role {
	let harmlessMs = Number.POSITIVE_INFINITY;
	let hasStruck = false;
	return {
		...worker,
		session: async (client, signal) => {
			while (!signal.aborted) {
				const startedAtMs = performance.now();
				const strikes = !hasStruck && startedAtMs >= dueAtMs && Number.isFinite(harmlessMs);
				hasStruck ||= strikes;
				// The killed script answers with an error; the worker gives that customer up and carries on.
				await client.pipeline([['EVAL', body, '1', ...(strikes ? fatal(harmlessMs) : harmless)]]);
				if (!strikes) harmlessMs = Math.min(harmlessMs, performance.now() - startedAtMs);
				const untilDueMs = dueAtMs - performance.now();
				await systemClock.sleep(untilDueMs > 0 ? Math.min(everyMs, untilDueMs) : everyMs, signal);
			}
		},
	};
}
