import {systemClock} from '../clock.ts';
import type {Role} from './traffic.ts';

type FaultyScript = {
	readonly worker: Pick<Role, 'name' | 'hostNumber'>;
	readonly body: string;
	/** The key and the arguments with which the script ends at once. */
	readonly harmless: readonly string[];
	/** The ones that make it run on; `harmlessMs` is what a harmless run takes on this machine. */
	readonly fatal: (harmlessMs: number) => readonly string[];
};

/** Loops for ever at the first refund, because only a positive amount moves on to the next row. It reads and never writes. */
export const invoiceTotals: FaultyScript = {
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
export const ledgerRebuild = (seconds: number): FaultyScript => ({
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
export function scriptWorker({worker, body, harmless, fatal}: FaultyScript, dueAtMs: number): Role {
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
