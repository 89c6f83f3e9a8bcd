import type {ServerInfo} from '../../redis/parse/server-info.ts';
import type {Check, ConfirmRequest} from '../../store/dialog.ts';
import {runningFor, runningNow} from '../../store/running.ts';
import {isSinceStart} from '../../store/saves.ts';
import {isSeven, type Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatBytes, formatClock, formatCount, formatSeconds, plural} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {again} from '../same-server.ts';
import {sentinelsSeen} from './sentinels-seen.ts';
import {afterShutdown} from './shutdown-verdict.ts';

type Target = {
	/** 7.0 and newer: without it the server waits for replicas that lag, for ever while a script holds it (facts, trap 7). */
	readonly isNow: boolean;
	/** By which it would be known again; undefined where INFO was never answered. */
	readonly runId: string | undefined;
	readonly openedAtMs: number;
	/** The trouble that it is to end; undefined where nothing held the server. */
	readonly trouble: Trouble | undefined;
};

type Trouble = {readonly sinceMs: number; readonly unkillableSinceMs: number | undefined};

/** End the server without saving: what is left when a script that has written does not end. */
export const shutdownNosave = defineAction<Target>({
	id: 'server.shutdown-nosave',
	title: 'End the server without saving',
	danger: 'destructive',
	pane: 'scripts',
	doc: {
		sends: 'SHUTDOWN NOSAVE NOW; SHUTDOWN NOSAVE before 7.0',
		does: 'the process ends at once, also in the middle of a script; what changed since the last save is lost, unless the append-only file has it',
		cost: 'the service is away until somebody starts it again and it has loaded its data',
		verify: 'the connection ends and no new one comes about, or another process answers',
		undo: 'none: a supervisor or a person starts it again, without what was not saved',
	},

	// Where nothing is known the word of 7.0 is left out: older servers take it for a syntax error.
	target: ({snapshot, nowMs}) => ({
		isNow: isSeven(snapshot) === true,
		runId: snapshot.info.data?.runId,
		openedAtMs: nowMs,
		trouble: runningNow(snapshot) && troubleOf(snapshot),
	}),
	followsServer: true,

	facts: (_target, state) => [...runningFact(state), ['saved', savedWords(state)], ['replicas', replicaWords(state)], ['Sentinel', sentinelWords(state)]],

	checks: ({trouble}, now) => [takesIt(now), isStillWanted(trouble, now), mayRun(now, 'SHUTDOWN')],
	plan: ({isNow}) => [isNow ? ['SHUTDOWN', 'NOSAVE', 'NOW'] : ['SHUTDOWN', 'NOSAVE']],

	effect: (_target, state) => [
		'the process ends at once: every connection is closed, whatever runs is broken off',
		lossWords(state),
		...replicaLoss(state),
		'it stays away until a supervisor (systemd, Docker, Kubernetes) or a person starts it again',
	],
	affects: (_target, {snapshot}) =>
		`everybody: ${snapshot.vitals.connectedClients === undefined ? 'all clients' : plural(snapshot.vitals.connectedClients, 'client')}`,
	cost: (_target, {snapshot: {info}}) => {
		const bytes = info.data?.usedMemoryBytes;
		return `the service is away until it is started again${bytes === undefined ? '' : ` and has loaded its data (${formatBytes(bytes)} in memory now)`}`;
	},

	endsConnection: true,
	// Between two heavy calls of a script the server looks at its connections only now and then.
	deadlineMs: (_target, {snapshot: {server}}) => (server.kind === 'SILENT' ? 30_000 : 5000),
	evidence: ['info'],
	verify: ({runId, openedAtMs}, {replies: [reply]}, after) =>
		reply === undefined ? afterShutdown(after, {runId, openedAtMs}) : {ok: false, detail: `the server replied ${String(reply)} and did not end`, isFinal: true},

	undo: () => ({none: 'cannot be undone: it has to be started again, and what was not saved is gone'}),

	explain: ({code}) =>
		code === 'ERR'
			? {
					detail: 'The server did not end, and says why only in its log. It goes on as before',
					next: ['Look at its log', 'On its host: kill -9 of its process ends it in any case; no more is lost by that than by this'],
				}
			: undefined,
});

/** BUSY takes it (facts A2). A silence does too, at some moment; only where a script is known to be behind it is that what is wanted. */
function takesIt(now: ConsoleState): Check {
	const {server, unkillableSinceMs} = now.snapshot;
	const isStuck = server.kind === 'BUSY' || (server.kind === 'SILENT' && unkillableSinceMs !== undefined);
	return isStuck ? {label: 'the server takes it in this state', ok: true} : serverAnswers(now);
}

/** Between two heavy calls of one script BUSY falls silent and comes back: that is one trouble. */
const troubleOf = ({server, unkillableSinceMs}: Snapshot): Trouble => ({
	sinceMs: server.busyBefore?.blockedSinceMs ?? server.blockedSinceMs ?? server.sinceMs,
	unkillableSinceMs,
});

/** Whoever wanted to end a script by it does not want to end a server that works again, and the other way round. */
function isStillWanted(trouble: Trouble | undefined, now: ConsoleState): Check {
	const isRunning = runningNow(now.snapshot) !== undefined;
	if (!trouble) return {label: 'nothing holds the server', ok: !isRunning, reason: `A script holds the server that did not when this was opened: ${again}`};
	const label = 'the script still runs';
	if (!isRunning) return {label, ok: false, reason: `The script that this was opened for has ended: ${again}`};
	const {sinceMs, unkillableSinceMs} = troubleOf(now.snapshot);
	// UNKILLABLE is forgotten with the first ordinary answer: as long as it stands there has been none.
	const isSame = sinceMs === trouble.sinceMs || (unkillableSinceMs !== undefined && unkillableSinceMs === trouble.unkillableSinceMs);
	return {label, ok: isSame, reason: `What runs now is not known to be what ran when this was opened: ${again}`};
}

function runningFact({snapshot, nowMs}: ConsoleState): ConfirmRequest['facts'] {
	const running = runningNow(snapshot);
	if (!running) return [['running', 'nothing holds the server: it answers']];
	const {ms, atLeast} = runningFor(snapshot, running, nowMs);
	const written = snapshot.unkillableSinceMs === undefined ? 'whether it has written is not known: SCRIPT KILL tells' : 'it has written: UNKILLABLE';
	const what = running.kind === 'unknown' ? 'script' : running.kind;
	return [['running', `${what} ${running.functionName ?? ''}`.trimEnd().concat(` for ${atLeast ? 'at least ' : ''}${formatSeconds(ms / 1000)}; ${written}`)]];
}

const asOf = ({snapshot: {info}, nowMs}: ConsoleState): string =>
	info.updatedAtMs === undefined || nowMs - info.updatedAtMs < 3000 ? '' : ` (as of ${formatClock(info.updatedAtMs)})`;

function savedWords(state: ConsoleState): string {
	const info = state.snapshot.info.data;
	if (!info) return 'not known: the server has told nothing of it';
	const {lastSaveAtSeconds, changesSinceSave, aofEnabled} = info;
	const last =
		lastSaveAtSeconds === undefined
			? 'last save not known'
			: isSinceStart(info)
				? 'no save since its start'
				: `last save ${formatClock(lastSaveAtSeconds * 1000)}`;
	return `${last}, ${formatCount(changesSinceSave)} changes since${asOf(state)}; append-only file ${aofWords(aofEnabled)}`;
}

function aofWords(isOn: boolean | undefined): string {
	if (isOn === undefined) return 'not known';
	return isOn ? 'on' : 'off';
}

function lossWords(state: ConsoleState): string {
	const info = state.snapshot.info.data;
	if (!info) return 'what changed since the last save is lost; how much that is, is not known';
	const script = runningNow(state.snapshot) ? 'the writes of the script that runs are lost' : '';
	if (info.aofEnabled) return `what is in the append-only file is kept${script === '' ? '' : `; ${script}`}`;
	const {changesSinceSave} = info;
	const lost =
		changesSinceSave === undefined
			? 'what changed since the last save is lost'
			: `${plural(changesSinceSave, 'change')} since the last save are lost${asOf(state)}`;
	return script === '' ? lost : `${lost}, and ${script}`;
}

function replicaWords({snapshot: {info}}: ConsoleState): string {
	const {role, connectedReplicas, replicas = []} = info.data ?? {};
	if (role === 'replica') return 'it is a replica itself';
	if (connectedReplicas === undefined) return 'not known';
	if (connectedReplicas === 0) return 'none: nobody takes over';
	const slowest = Math.max(0, ...replicas.flatMap(({lagSeconds}) => lagSeconds ?? []));
	return `${plural(connectedReplicas, 'replica')}, the slowest acknowledged ${formatSeconds(slowest)} before that was read`;
}

/** The order in which things come back decides who keeps the data. */
function replicaLoss({snapshot: {info}}: ConsoleState): readonly string[] {
	const data: Partial<ServerInfo> = info.data ?? {};
	if (data.role === 'replica' || !data.connectedReplicas || data.aofEnabled) return [];
	return ['its replicas have what it had. When it comes back as a master with less, they copy that and lose the rest: promote one before, if that matters'];
}

function sentinelWords(state: ConsoleState): string {
	const count = sentinelsSeen(state);
	if (count === undefined) return 'not known: the list of clients was not read';
	if (count === 0) return 'none seen among the clients';
	return `${count} seen among the clients: they fail over to a replica unless it is back within their down-after`;
}
