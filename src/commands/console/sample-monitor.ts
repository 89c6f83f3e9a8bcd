import type {SamplingEnding, ServerDeps} from '../../actions/deps.ts';
import {MonitorSummary} from '../../actions/server/monitor-summary.ts';
import type {Sampling} from '../../actions/types.ts';
import type {Clock} from '../../clock.ts';
import {type MonitorTap, openMonitorTap} from '../../redis/monitor-tap.ts';
import {type ClientRow, parseClientList} from '../../redis/parse/client-list.ts';
import {parseMonitorLine} from '../../redis/parse/monitor-line.ts';
import type {Target} from '../../redis/target.ts';
import type {ConsoleStore} from '../../store/store.ts';

type Parts = {
	readonly target: Target;
	/** What CLIENT LIST calls the connection. */
	readonly name: string;
	readonly clock: Clock;
	readonly store: ConsoleStore;
	readonly look: ServerDeps['look'];
};

/** More than this waiting for us in the server's memory: we do not keep up. */
const longestBufferBytes = 4 * 1024 ** 2;
const watchEveryMs = 200;
const tellEveryMs = 250;
/** Of each list, at the end and meanwhile. */
const rowsAtEnd = 5;
const rowsLive = 2;

/** MONITOR on a connection of its own, until the first of: time, bytes, a buffer that grows in the server, the operator, a lost connection. */
export async function sampleMonitor(
	parts: Parts,
	{durationMs, maxBytes}: Sampling,
	onSeen: (lines: readonly string[]) => void,
	signal: AbortSignal,
): Promise<SamplingEnding> {
	const {target, name, clock, store} = parts;
	const summary = new MonitorSummary(clientNames(store));
	const tap = await openUnlessStopped({target, name, maxBytes, signal, onLine: line => summary.add(parseMonitorLine(line))});
	if (!tap) return {because: 'stopped', commands: 0, bytes: 0, durationMs: 0, lines: []};
	const startedAtMs = clock.now();
	const over = new AbortController();
	const lines = (rows: number) => summary.lines(clock.now() - startedAtMs, tap.bytes(), rows);
	let because: SamplingEnding['because'];
	try {
		because = await Promise.race([
			tap.ended.then(why => (why === 'ended' ? 'stopped' : why)),
			clock.sleep(durationMs, over.signal).then(() => 'time' as const),
			untilBufferGrows(tap, parts, over.signal),
			tellEvery(tellEveryMs, () => onSeen(lines(rowsLive)), clock, over.signal),
		]);
	} finally {
		// Whatever happens, no MONITOR is left behind.
		tap.end();
		over.abort();
	}
	return {because, commands: summary.total, bytes: tap.bytes(), durationMs: clock.now() - startedAtMs, lines: lines(rowsAtEnd)};
}

/** Undefined: stopped before it had begun. */
async function openUnlessStopped(options: Parameters<typeof openMonitorTap>[0]): Promise<MonitorTap | undefined> {
	try {
		return await openMonitorTap(options);
	} catch (error) {
		if (options.signal.aborted) return undefined;
		throw error;
	}
}

/** Never resolves before `signal` is aborted. */
async function tellEvery(ms: number, tell: () => void, clock: Clock, signal: AbortSignal): Promise<'stopped'> {
	while (!signal.aborted) {
		await clock.sleep(ms, signal);
		if (!signal.aborted) tell();
	}
	return 'stopped';
}

/** Resolves with `buffer` when the server keeps too much for us, else when `signal` is aborted. */
async function untilBufferGrows({clientId}: MonitorTap, {look, store, clock}: Parts, signal: AbortSignal): Promise<'buffer' | 'stopped'> {
	while (!signal.aborted) {
		await clock.sleep(watchEveryMs, signal);
		if (signal.aborted || clientId === undefined) continue;
		const known = store.getState().snapshot.clients.data?.clients.find(({id}) => id === clientId);
		const row = (await ownRow(look, clientId)) ?? known;
		if (row && Math.max(row.outputBufferBytes, row.totalMemoryBytes) > longestBufferBytes) return 'buffer';
	}
	return 'stopped';
}

/** Undefined where it cannot be had: before Redis 6.2, without permission, from a server that is too busy to say. No trouble of it ends the sample. */
async function ownRow(look: ServerDeps['look'], clientId: string): Promise<ClientRow | undefined> {
	try {
		const [reply] = await look([['CLIENT', 'LIST', 'ID', clientId]], 'utf8');
		return typeof reply === 'string' ? parseClientList(reply).clients[0] : undefined;
	} catch {
		return undefined;
	}
}

/** By host and name as the client list has them; a pool of connections is one. */
function clientNames(store: ConsoleStore): (address: string) => string {
	const rows = new Map(store.getState().snapshot.clients.data?.clients.map(row => [row.address, row]));
	return address => {
		if (address.startsWith('unix:')) return address;
		const row = rows.get(address);
		if (row?.kind === 'console') return 'redis-triage (consoles)';
		const host = address.replace(/:\d+$/, '');
		return row === undefined || row.name === '' ? host : `${host} ${row.name.replace(/\d+$/, '*')}`;
	};
}
