import {failoverOutlook} from '../../store/failover-outlook.ts';
import {countdownMeaning, countdownText} from '../../store/failover-words.ts';
import {callerWords, type Running, runningFor, runningNow} from '../../store/running.ts';
import {type Seeing, seeing} from '../../store/sentinel-watch.ts';
import {busyThreshold, type Snapshot} from '../../store/snapshot.ts';
import {commandText} from '../../text/command-text.ts';
import {formatClock, formatCount, formatSeconds, plural} from '../../text/format.ts';
import {type Line, line, type Span} from '../kit/line.ts';

const label = (text: string): Span => ({text: ` ${text.padEnd(9)}`, tone: 'dim'});

/** What blocks the server now, as far as anybody can know, and when Sentinel will act; one line when nothing does. In little `room` what matters most. */
export function runningLines(snapshot: Snapshot, nowMs: number, {ascii, room}: {readonly ascii: boolean; readonly room: number}): readonly Line[] {
	const running = runningNow(snapshot);
	if (!running) return [idleLine(snapshot)];
	return [
		headLine(snapshot, running, nowMs),
		...functionLines(running),
		callerLine(running, ascii),
		writtenLine(snapshot, running),
		...actLines(snapshot, nowMs, room >= roomForAll),
		...waitLines(snapshot, running, nowMs, ascii),
	];
}

function idleLine(snapshot: Snapshot): Line {
	const threshold = busyThreshold(snapshot);
	const limit = threshold ? `scripts may run ${formatSeconds(threshold.ms / 1000)} before BUSY (${threshold.name})` : '';
	const isAnswering = snapshot.info.updatedAtMs !== undefined && snapshot.contact.link === 'open';
	return line(
		label('running'),
		{text: isAnswering ? 'nothing: the server answers' : 'not known', tone: 'dim'},
		limit !== '' && {text: `   ${limit}`, tone: 'dim'},
	);
}

function headLine(snapshot: Snapshot, running: Running, nowMs: number): Line {
	const time = runningFor(snapshot, running, nowMs);
	const lasting = `${time.atLeast ? 'at least ' : ''}${formatSeconds(time.ms / 1000)}`;
	if (running.kind === 'unknown')
		return line(' ', {text: 'SILENT', tone: 'bad', inverse: true}, ` no answer for ${lasting}`, {
			text: `   last reply ${formatClock(snapshot.contact.lastReplyAtMs)}`,
			tone: 'dim',
		});
	const name = running.functionName === undefined ? '' : ` ${running.functionName}`;
	return line(' ', {text: 'RUNNING', tone: 'bad', inverse: true}, ' ', {text: `${running.kind}${name}`, tone: 'strong'}, `  ${lasting}`, {
		text: `   BUSY since ${formatClock(running.busySinceMs)}`,
		tone: 'dim',
	});
}

function functionLines({command, kind}: Running): readonly Line[] {
	if (command) return [line(label('command'), commandText(command))];
	if (kind === 'function') return [line(label('command'), {text: 'asked, not told yet', tone: 'dim'})];
	return kind === 'script'
		? [line(label('script'), {text: 'the server does not name an EVAL while it runs; its log and, later, the slowlog do', tone: 'dim'})]
		: [];
}

/** The last list before the freeze is all there is: a guess, and called one. */
function callerLine(running: Running, ascii: boolean): Line {
	const {callersSeenAtMs} = running;
	const [caller] = running.likelyCallers;
	if (!caller)
		return line(label('caller'), {
			text:
				callersSeenAtMs === undefined
					? 'not known: no client list was read before'
					: `not known: nobody in the list of ${formatClock(callersSeenAtMs, {ascii})} had run a script`,
			tone: 'dim',
		});
	return line(label('caller'), callerWords(running), {text: ` (${caller.lastCommand}, seen ${formatClock(callersSeenAtMs, {ascii})})`, tone: 'dim'});
}

function writtenLine({unkillableSinceMs}: Snapshot, {kind}: Running): Line {
	if (unkillableSinceMs !== undefined)
		return line(label('written?'), {text: 'YES: UNKILLABLE', tone: 'bad'}, '  wait until it ends, or end the server without saving');
	if (kind === 'unknown') return line(label('written?'), {text: 'not known', tone: 'dim'});
	return line(label('written?'), {text: 'not known until a kill is tried', tone: 'dim'});
}

/** Below it the slowlog would have no room left. */
const roomForAll = 20;

/** When Sentinel will act, and what that takes away; with room for it, how it goes on. */
function actLines(snapshot: Snapshot, nowMs: number, isWhole: boolean): readonly Line[] {
	const {sentinels: watch} = snapshot;
	if (!watch) return [];
	const outlook = failoverOutlook(snapshot, nowMs);
	if (!outlook) return [line(label('sentinel'), {text: waitText(seeing(watch)), tone: 'dim'})];
	const [loss, ...rest] = countdownMeaning(outlook, snapshot, nowMs);
	return [
		line(label('sentinel'), {text: countdownText(outlook, nowMs), tone: 'bad'}),
		...(loss === undefined ? [] : [line(label(''), {text: loss, tone: 'bad'})]),
		...(isWhole ? rest : []).map(text => line(label(''), {text, tone: 'dim'})),
	];
}

function waitText(sights: readonly Seeing[]): string {
	const [first] = sights;
	if (!first) return 'no Sentinel answers: when they will act is not known';
	const {downAfterMs} = first.master;
	const after = downAfterMs === undefined ? '' : `: they act after ${formatSeconds(downAfterMs / 1000)} without a valid reply`;
	return `${plural(sights.length, 'Sentinel')} watch${sights.length === 1 ? 'es' : ''}, and miss${sights.length === 1 ? 'es' : ''} nothing yet${after}`;
}

function waitLines(snapshot: Snapshot, {kind, busyExpectedAtMs}: Running, nowMs: number, ascii: boolean): readonly Line[] {
	const {connectedClients} = snapshot.vitals;
	const waiting =
		connectedClients === undefined
			? line(label('waiting'), {text: 'not known: nobody has been counted yet', tone: 'dim'})
			: line(label('waiting'), `${formatCount(connectedClients, {ascii})} clients`, {text: ' were connected at the last count', tone: 'dim'});
	if (kind !== 'unknown') return [waiting];
	return [
		waiting,
		line(label('BUSY'), ...busyWords(snapshot, busyExpectedAtMs, nowMs)),
		line(label(''), {text: 'a script of heavy calls may never reach BUSY, and neither does one slow command', tone: 'dim'}),
	];
}

function busyWords(snapshot: Snapshot, busyExpectedAtMs: number | undefined, nowMs: number): readonly (string | Span)[] {
	const threshold = busyThreshold(snapshot);
	if (busyExpectedAtMs === undefined) return [{text: 'if it is a script, after the time limit of scripts (not readable here; 5 s by default)', tone: 'dim'}];
	if (threshold && threshold.ms <= 0) return [{text: `never: ${threshold.name} is ${threshold.ms}`, tone: 'warn'}];
	if (busyExpectedAtMs > nowMs)
		return [`if it is a script, in ${formatSeconds((busyExpectedAtMs - nowMs) / 1000)}`, {text: '; SCRIPT KILL will be taken then', tone: 'dim'}];
	return [{text: `was due at ${formatClock(busyExpectedAtMs)}: heavy calls, no script, or a stopped process`, tone: 'warn'}];
}
