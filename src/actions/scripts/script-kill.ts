import {classifyError} from '../../redis/parse/errors.ts';
import {callerWords, type Running, runningFor, runningNow} from '../../store/running.ts';
import type {RunningKind} from '../../store/server-state.ts';
import {busyThreshold, type Snapshot} from '../../store/snapshot.ts';
import type {ConsoleState} from '../../store/store.ts';
import {formatClock, formatCount, formatSeconds} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';

type Target = {
	/** `unknown`: the server is still silent. */
	readonly kind: RunningKind | 'unknown';
	/** The trouble it belongs to: a script that has begun since is another target. */
	readonly episodeMs: number;
	readonly begunAfterMs: number | undefined;
	readonly command: 'SCRIPT' | 'FUNCTION';
};

const graceMs = 5000;
/** The server's own default, for where its setting cannot be read. */
const defaultThresholdMs = 5000;

/** End the script or function that blocks the server. Both spellings exist because each refuses the other's case (facts A3). */
export const scriptKill = defineAction<Target>({
	id: 'script.kill',
	title: 'Stop the running script',
	danger: 'disruptive',
	pane: 'scripts',
	doc: {
		sends: 'SCRIPT KILL, or FUNCTION KILL for a function',
		does: 'the script ends with an error at its caller; refused (UNKILLABLE) if it has written',
		cost: 'none',
		verify: 'PING is answered with PONG',
		undo: 'not needed: a script that can be killed has changed nothing',
	},

	target(state) {
		const {snapshot} = state;
		const running = runningNow(snapshot);
		if (!running) return {refused: serverAnswers(state).reason ?? 'No script is running: the server answers'};
		const command = running.kind === 'function' ? 'FUNCTION' : 'SCRIPT';
		return {kind: running.kind, episodeMs: episodeOf(snapshot), begunAfterMs: running.begunAfterMs, command};
	},

	facts(target, state) {
		const running = runningNow(state.snapshot);
		const clients = state.snapshot.vitals.connectedClients;
		const waiting = clients === undefined ? '' : `, ${formatCount(clients)} clients wait`;
		if (!running) return [];
		const time = runningFor(state.snapshot, running, state.nowMs);
		const lasting = `${time.atLeast ? 'at least ' : ''}${formatSeconds(time.ms / 1000)}`;
		if (target.kind === 'unknown')
			return [
				['silent', `for ${lasting} when asked${waiting}: perhaps a script`],
				['accepted', whenTaken(state)],
			];
		const caller = callerWords(running);
		return [
			['running', `${target.kind} ${running.functionName ?? ''}`.trimEnd().concat(` for ${lasting} when asked${waiting}`)],
			['caller', caller === '' ? 'not known' : `${caller} (seen ${formatClock(running.callersSeenAtMs)})`],
		];
	},

	checks(target, now) {
		const running = runningNow(now.snapshot);
		const isSame = running !== undefined && episodeOf(now.snapshot) === target.episodeMs;
		const command = `${target.command} KILL`;
		return [
			{
				label: target.kind === 'unknown' ? 'the server is still blocked' : 'it is still running',
				ok: isSame,
				reason: running ? whyAnother(running) : whyNothingRuns(now),
			},
			{
				label: `${command} is the right command`,
				ok: running?.kind === 'unknown' ? undefined : running === undefined || (running.kind === 'function') === (target.command === 'FUNCTION'),
				reason: 'It has turned out to be a function: leave, and press K again for FUNCTION KILL',
			},
			{
				label: 'it can be killed from outside',
				ok: running?.kind === 'unknown' ? undefined : target.kind !== 'module' && running?.kind !== 'module',
				reason: 'A module command cannot be killed',
			},
			{
				label: 'it has not written',
				ok: now.snapshot.unkillableSinceMs === undefined ? undefined : false,
				reason: 'It has written: the server refuses to kill it (UNKILLABLE)',
			},
			mayRun(now, command),
		];
	},

	plan: ({command}) => [[command, 'KILL']],
	effect: ({kind}) => [
		'it ends with an error at its caller; the others go on',
		'refused (UNKILLABLE) if it has already written',
		...(kind === 'unknown' ? ['if it is no script, this does nothing (NOTBUSY)'] : []),
	],
	affects: () => 'its caller gets an error; everybody who waits goes on',
	cost: () => 'none',

	deadlineMs(target, {snapshot, nowMs}) {
		const threshold = busyThreshold(snapshot);
		if (target.kind !== 'unknown') return graceMs;
		return Math.max(0, (target.begunAfterMs ?? nowMs) + (threshold?.ms ?? defaultThresholdMs) - nowMs) + graceMs;
	},
	evidence: ['info'],

	verify(_target, {replies: [reply]}, {snapshot}) {
		if (reply !== 'OK') return {ok: false, detail: `the server replied ${String(reply)}`, isFinal: true};
		const {kind} = snapshot.server;
		if (kind === 'BUSY' || kind === 'SILENT') return {ok: false, detail: `the kill was taken, and the server is still ${kind}`};
		if (snapshot.contact.link !== 'open') return {ok: false, detail: `the kill was taken, and the server is now ${kind}`};
		const isPong = snapshot.contact.refusal === undefined;
		return {ok: true, detail: `the script has ended: ${isPong ? 'PING is answered again' : `the server is now ${kind}`}`};
	},

	undo: () => ({none: 'not needed: a script that can be killed has changed nothing'}),

	explain(error, {command}) {
		switch (classifyError(error.message).kind) {
			case 'unkillable':
				return {
					detail: 'UNKILLABLE: the script has already written, so the server will not stop it half-way. Nothing was changed.',
					next: [
						'Wait: it ends when its own work is done',
						'Or end the server without saving (server.shutdown-nosave): what changed since the last save is lost, and so are the writes of this script',
					],
				};
			case 'notbusy':
				return {
					detail: 'NOTBUSY: no script was running when the server took it. Nothing was changed.',
					next: ['It has ended by itself, or it was one slow command: look at the slowlog'],
				};
			case 'busy':
				return {detail: `${command} KILL is the wrong one: ${error.message}`, next: ['Press K again: the console has now seen which kind it is']};
			default:
				return undefined;
		}
	},
});

const episodeOf = ({server}: Snapshot): number => server.blockedSinceMs ?? server.sinceMs;

const whyAnother = ({kind}: Running): string =>
	kind === 'unknown'
		? 'It has fallen silent: whether what ran when the dialog opened still runs is not known'
		: 'What runs now is not what ran when the dialog opened';

function whyNothingRuns(now: ConsoleState): string {
	const {reason} = serverAnswers(now);
	return reason === undefined ? 'It has ended: the server answers again' : `${reason}: whether it still runs is not known`;
}

function whenTaken({snapshot, nowMs}: ConsoleState): string {
	const running = runningNow(snapshot);
	const threshold = busyThreshold(snapshot);
	if (threshold && threshold.ms <= 0) return `never, if it is a script: ${threshold.name} is ${threshold.ms}, so BUSY is never answered`;
	if (running?.busyExpectedAtMs === undefined) return 'as soon as the server looks at it; when, is not known';
	const leftMs = running.busyExpectedAtMs - nowMs;
	return leftMs > 0 ? `in ${formatSeconds(leftMs / 1000)}, when BUSY begins, if it is a script` : 'it should have been taken already: perhaps it is no script';
}
