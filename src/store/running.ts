import type {ClientRow} from '../redis/parse/client-list.ts';
import {hasRunScript, isQueueWorker} from '../redis/parse/script-callers.ts';
import {busyThreshold, type Snapshot} from './snapshot.ts';

/** What is known about whatever keeps the server from answering. Only BUSY tells that it is a script; a silence may be anything. */
export type Running = {
	/** `unknown`: the server is silent, and it may be a script, one slow command, or a stopped process. */
	readonly kind: 'script' | 'function' | 'module' | 'unknown';
	/** The last ordinary reply before it: it began after that. Undefined: it was under way before the console connected. */
	readonly begunAfterMs: number | undefined;
	/** Since when BUSY is answered. */
	readonly busySinceMs: number | undefined;
	/** When BUSY replies will begin, if it is a script whose interpreter gets to look at the clock (facts, trap 4). */
	readonly busyExpectedAtMs: number | undefined;
	readonly functionName: string | undefined;
	readonly command: readonly string[] | undefined;
	/** The server's own figure (functions only). */
	readonly durationMs: number | undefined;
	readonly likelyCallers: readonly ClientRow[];
	/** When the client list was taken from which the callers are guessed. */
	readonly callersSeenAtMs: number | undefined;
};

/** Undefined while the server answers ordinary commands. */
export function runningNow(snapshot: Snapshot): Running | undefined {
	const {server, functionStats} = snapshot;
	if (server.kind !== 'BUSY' && server.kind !== 'SILENT') return undefined;
	const isBusy = server.kind === 'BUSY';
	const threshold = busyThreshold(snapshot);
	const begunAfterMs = server.begunAfterMs;
	const described = isBusy && server.running === 'function' ? functionStats.data?.running : undefined;
	return {
		kind: isBusy ? (server.running ?? 'script') : 'unknown',
		begunAfterMs,
		busySinceMs: isBusy ? server.sinceMs : undefined,
		busyExpectedAtMs: !isBusy && threshold && threshold.ms > 0 && begunAfterMs !== undefined ? begunAfterMs + threshold.ms : undefined,
		functionName: described?.name,
		command: described?.command,
		durationMs: described?.durationMs,
		likelyCallers: likelyCallers(snapshot),
		callersSeenAtMs: snapshot.clients.updatedAtMs,
	};
}

/** How long it has run, in ms: the server's figure, else counted from the last ordinary reply; `atLeast` when it began before we looked. */
export function runningFor(snapshot: Snapshot, running: Running, nowMs: number): {readonly ms: number; readonly atLeast: boolean} {
	if (running.durationMs !== undefined && snapshot.functionStats.updatedAtMs !== undefined) {
		return {ms: running.durationMs + Math.max(0, nowMs - snapshot.functionStats.updatedAtMs), atLeast: false};
	}
	if (running.kind === 'unknown') return {ms: nowMs - snapshot.server.sinceMs, atLeast: false};
	if (running.begunAfterMs !== undefined) return {ms: nowMs - running.begunAfterMs, atLeast: false};
	return {ms: nowMs - snapshot.server.sinceMs, atLeast: true};
}

/**
 * A guess, and shown as one: in the last list before the freeze, those whose last command was a script, most recent first.
 * The server tells no caller while it is blocked (facts A5).
 */
function likelyCallers({clients}: Snapshot): readonly ClientRow[] {
	return (clients.data?.clients ?? [])
		.filter(hasRunScript)
		.sort((a, b) => Number(isQueueWorker(a)) - Number(isQueueWorker(b)) || a.idleSeconds - b.idleSeconds)
		.slice(0, 3);
}

/** Who may have called it, in words; only queue workers are no guess. '' when nobody in the list had run a script. */
export function callerWords({likelyCallers: callers}: Pick<Running, 'likelyCallers'>): string {
	const [first] = callers;
	if (!first) return '';
	const named = (client: ClientRow) => `${client.address} ${client.name}`.trimEnd();
	if (isQueueWorker(first)) return `not known: of those listed only queue workers had run scripts (${callers.map(({address}) => address).join(', ')})`;
	const others = callers.filter(client => !isQueueWorker(client)).map(named);
	return others.length === 1 ? `likely ${others[0]}` : `not known: the last to run scripts were ${others.join(', ')}`;
}
