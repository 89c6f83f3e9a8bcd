import {type CrowdedQueue, calmForMs} from '../store/incident.ts';
import {backlogOf} from '../store/queue-history.ts';
import type {HttpCheck, RecoveryItem} from '../store/recovery.ts';
import {answersReads} from '../store/server-state.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatClock, formatCount, formatPercent, formatRate, formatSeconds, formatTook, plural} from '../text/format.ts';
import {median, samplesSince} from './samples.ts';
import type {Thresholds} from './thresholds.ts';

/** Is it over? One line for each sign of it, judged from what the console knows. */
export function recoveryItems(state: ConsoleState, thresholds: Thresholds): readonly RecoveryItem[] {
	return [
		ping(state),
		serverState(state),
		traffic(state, thresholds),
		queues(state),
		calm(state),
		actions(state),
		...state.recovery.checks.map(checkItem(state)),
	];
}

const lasted = (sinceMs: number, nowMs: number): string => formatSeconds(Math.max(0, Math.floor((nowMs - sinceMs) / 1000)));

function ping({snapshot, nowMs}: ConsoleState): RecoveryItem {
	const {server, breakEndedAtMs, roundTrips} = snapshot;
	const label = 'PING is answered';
	if (server.kind === 'CONNECTING') return {label, ok: undefined, detail: 'not known yet'};
	if (!answersReads(server)) return {label, ok: false, detail: `${server.kind} for ${lasted(server.sinceMs, nowMs)}`};
	const last = roundTrips.at(-1);
	const took = last === undefined ? '' : `, in ${formatTook(last.ms)}`;
	return {
		label,
		ok: true,
		detail: breakEndedAtMs === undefined ? `now${took}` : `since ${formatClock(breakEndedAtMs)}, for ${lasted(breakEndedAtMs, nowMs)}${took}`,
	};
}

function serverState({snapshot: {server}, nowMs}: ConsoleState): RecoveryItem {
	const label = 'the server takes commands';
	if (server.kind === 'CONNECTING') return {label, ok: undefined, detail: 'not known yet'};
	const detail = `${server.kind} for ${lasted(server.sinceMs, nowMs)}${server.detail === '' ? '' : `: ${server.detail}`}`;
	// A replica refuses writes, as it should.
	return {label, ok: server.kind === 'OK' || server.kind === 'READONLY', detail};
}

/** So many of the last samples are looked at: one alone is no traffic. */
const presentSamples = 3;

function traffic({snapshot, incident}: ConsoleState, {opsDropRatio}: Thresholds): RecoveryItem {
	const label = 'traffic is back';
	const {history, breakEndedAtMs = Number.NEGATIVE_INFINITY, server} = snapshot;
	if (!answersReads(server)) return {label, ok: undefined, detail: `nothing is counted while the server is ${server.kind}`};
	const samples = samplesSince(history, 'opsPerSecond', breakEndedAtMs);
	const present = median(samples.slice(-presentSamples).map(({value}) => value));
	if (samples.length < presentSamples || present === undefined) return {label, ok: undefined, detail: 'too early to tell'};
	const now = `${formatRate(present)} now`;
	if (incident?.beganAtMs === undefined) return {label, ok: true, detail: `${now}; there was no P0 and no P1`};
	const {opsBefore} = incident;
	if (!opsBefore) return {label, ok: undefined, detail: `${now}; what is usual is not known: it had begun before this console looked`};
	const ok = present >= opsBefore.median * opsDropRatio;
	const share = opsBefore.median > 0 ? `, ${formatPercent(present / opsBefore.median)} of it` : '';
	const wanted = ok ? '' : `, ${formatPercent(opsDropRatio)} is wanted`;
	return {label, ok, detail: `${now}; ${formatRate(opsBefore.median)} in the ${formatSeconds(opsBefore.seconds)} before it${share}${wanted}`};
}

/** More names nobody reads. */
const namedQueues = 3;

type QueueWord = {readonly ok: boolean | undefined; readonly text: string; readonly size: number};

function queues(state: ConsoleState): RecoveryItem {
	const label = 'queues drain';
	const {snapshot, incident} = state;
	const {data, refused} = snapshot.queues;
	if (!data) return {label, ok: undefined, detail: refused ? `the queues cannot be read: ${refused.reason}` : 'the queues have not been read yet'};
	if (!answersReads(snapshot.server)) return {label, ok: undefined, detail: `nobody can look while the server is ${snapshot.server.kind}`};
	const words = [...(incident?.crowded ?? [])].map(([id, crowded]) =>
		queueWord(
			crowded,
			data.find(queue => queue.id === id),
		),
	);
	if (words.length === 0) return {label, ok: true, detail: `no queue has had more waiting than its line (${plural(data.length, 'queue')})`};
	const worst = words.toSorted((a, b) => rank(a.ok) - rank(b.ok) || b.size - a.size);
	const more = worst.length > namedQueues ? [`+${worst.length - namedQueues} more`] : [];
	const ok = worst.every(word => word.ok === true) ? true : worst[0]?.ok === false ? false : undefined;
	return {label, ok, detail: [...worst.slice(0, namedQueues).map(({text}) => text), ...more].join('; ')};
}

/** What is wrong comes first. */
const rank = (ok: boolean | undefined): number => (ok === false ? 0 : ok === undefined ? 1 : 2);

type Backlog = Parameters<typeof backlogOf>[0];

function queueWord({label, line, looks}: CrowdedQueue, queue: Backlog | undefined): QueueWord {
	const backlog = queue && backlogOf(queue);
	if (!queue) return {ok: true, text: `${label}: gone`, size: 0};
	if (backlog === undefined) return {ok: undefined, text: `${label}: not known how many wait`, size: 0};
	const waiting = `${label}: ${formatCount(backlog)} waiting`;
	if (backlog < line) return {ok: true, text: `${waiting}, below its line of ${formatCount(line)}`, size: backlog};
	const [first] = looks;
	const last = looks.at(-1);
	if (!first || !last || first === last) return {ok: undefined, text: `${waiting}, seen once so far`, size: backlog};
	const before = `${formatCount(first.backlog)} ${lasted(first.atMs, last.atMs)} before`;
	return last.backlog < first.backlog
		? {ok: true, text: `${waiting}, falling: ${before}`, size: backlog}
		: {ok: false, text: `${waiting}, not falling: ${before}`, size: backlog};
}

function calm({findings, incident, nowMs}: ConsoleState): RecoveryItem {
	const label = `no P0 or P1 for ${calmForMs / 60_000} minutes`;
	const bad = findings.filter(({severity}) => severity !== 'P2');
	const [worst] = bad;
	if (worst) return {label, ok: false, detail: `${worst.severity} ${worst.id}${bad.length > 1 ? ` and ${bad.length - 1} more` : ''}`};
	const sinceMs = incident?.calmSinceMs;
	if (sinceMs === undefined) return {label, ok: undefined, detail: 'not known yet'};
	const leftMs = calmForMs - (nowMs - sinceMs);
	const passed = `none for ${lasted(sinceMs, nowMs)}`;
	return leftMs <= 0 ? {label, ok: true, detail: passed} : {label, ok: undefined, detail: `${passed}, ${formatSeconds(Math.ceil(leftMs / 1000))} to go`};
}

/** Sent, and not ended: also behind a dialog that was put away. */
function actions({timeline}: ConsoleState): RecoveryItem {
	const label = 'no action is under way';
	const runs = timeline.filter(({kind, subject}) => kind === 'action' && subject !== undefined);
	const ended = new Set(runs.flatMap(({outcome, subject}) => (outcome === undefined ? [] : [subject])));
	const open = runs.filter(({outcome, subject}) => outcome === undefined && !ended.has(subject));
	return open.length === 0 ? {label, ok: true, detail: 'none'} : {label, ok: false, detail: open.map(({text}) => text).join('; ')};
}

const checkItem =
	({nowMs}: ConsoleState) =>
	({name, expected, last}: HttpCheck): RecoveryItem => {
		const label = `${name} answers ${expected}`;
		if (!last) return {label, ok: undefined, detail: 'being asked'};
		const age = `${lasted(last.atMs, nowMs)} ago`;
		if (last.status === undefined) return {label, ok: false, detail: `${last.error ?? 'no answer'}, ${age}`};
		const ok = last.status === expected;
		return {label, ok, detail: `${last.status}${ok ? '' : `, not ${expected},`} in ${last.tookMs < 1 ? 'less than 1' : last.tookMs} ms, ${age}`};
	};
