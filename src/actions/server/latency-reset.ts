import {type LatencyEvent, parseLatencyHistory, parseLatencyLatest} from '../../redis/parse/latency.ts';
import {formatClock, formatCount, formatMicros, plural} from '../../text/format.ts';
import {mayRun, serverAnswers} from '../checks.ts';
import {defineAction} from '../define-action.ts';
import {ask, type Reading} from '../trips.ts';
import type {Refusal, Verdict} from '../types.ts';

type Target = {readonly events: readonly LatencyEvent[]; readonly lines: readonly string[]};

const microsEach = 20;

/** Begin the accounts of the latency monitor anew, with what was in them kept on this side. */
export const latencyReset = defineAction<Target>({
	id: 'latency.reset',
	title: 'Empty the latency monitor',
	danger: 'disruptive',
	pane: 'scripts',
	doc: {
		sends: 'LATENCY RESET',
		does: 'forgets the latency spikes of all events; they go to timeline and audit log first',
		cost: 'none',
		verify: 'LATENCY LATEST has none of the events that were there',
		undo: 'none: what was in it is in the audit log',
	},

	target: () => ({events: [], lines: []}),
	prepare: readEvents,

	facts: ({events, lines}) => [
		['events', events.map(({name, worstMs}) => `${name} (worst ${formatMicros(worstMs * 1000)})`).join(', ')],
		['kept', `${plural(lines.length, 'line')}, in timeline and audit log`],
	],

	checks: (_target, now) => [serverAnswers(now), mayRun(now, 'LATENCY RESET')],
	plan: () => [['LATENCY', 'RESET']],
	effect: () => [
		'latest and worst times of every event begin anew, for everybody who looks at this server',
		'what is recorded while this dialog is open is forgotten too, and kept nowhere',
	],
	affects: () => 'whoever looks at LATENCY LATEST, HISTORY and DOCTOR',
	cost: () => 'none',
	evidence: ['info'],
	verify: (_target, {replies: [reply]}) => ({ok: typeof reply === 'number', detail: `the server replied ${String(reply)}`}),
	review: (target, {replies}) => look(target, replies[0]),
	undo: () => ({none: 'cannot be undone: what was in it is in timeline and audit log'}),
	exports: ({events, lines}) => ({title: `Latency monitor before it was emptied: ${formatCount(events.length)} events`, lines}),
});

function* readEvents(): Reading<Target | Refusal> {
	const [latest] = yield* ask([['LATENCY', 'LATEST']], microsEach);
	if (latest instanceof Error) return unread(latest);
	const events = parseLatencyLatest(latest);
	if (events.length === 0) return {refused: 'The latency monitor is empty: with latency-monitor-threshold 0 it records nothing'};
	const histories = yield* ask(
		events.map(({name}) => ['LATENCY', 'HISTORY', name]),
		microsEach,
	);
	const failed = histories.find(reply => reply instanceof Error);
	if (failed instanceof Error) return unread(failed);
	return {events, lines: events.flatMap((event, index) => [eventLine(event), ...spikeLines(event.name, histories[index])])};
}

const unread = (error: Error): Refusal => ({refused: `What is in the latency monitor could not be read, so it is not emptied: ${error.message}`});

const eventLine = ({name, latestAtMs, latestMs, worstMs}: LatencyEvent): string =>
	`${name}: last ${formatMicros(latestMs * 1000)} at ${formatClock(latestAtMs)}, worst ${formatMicros(worstMs * 1000)}`;

const spikeLines = (name: string, history: unknown): readonly string[] =>
	parseLatencyHistory(history).map(({atMs, ms}) => `${formatClock(atMs)} ${name} ${formatMicros(ms * 1000)}`);

/** What happens again at once is no sign that nothing was emptied. */
function* look({events}: Target, reply: unknown): Reading<Verdict> {
	const [latest] = yield* ask([['LATENCY', 'LATEST']], microsEach);
	if (latest instanceof Error) return {ok: false, detail: `it was sent; LATENCY LATEST could not be read: ${latest.message}`};
	const now = parseLatencyLatest(latest);
	const left = events.filter(event =>
		now.some(({name, latestAtMs, worstMs}) => name === event.name && latestAtMs === event.latestAtMs && worstMs === event.worstMs),
	);
	if (left.length > 0) return {ok: false, detail: `${left.map(({name}) => name).join(', ')} still there`};
	return {ok: true, detail: `${plural(Number(reply), 'event')} forgotten`};
}
