import {historyLength} from '../../store/history.ts';
import type {TimelineEvent} from '../../store/timeline.ts';
import type {ReportSource} from './source.ts';

/** More events are looked at as they are found on the way. */
const mostEvents = 80;
/** So long before the first trouble and after the last one the vitals are told, too. */
const besideMs = 300_000;
const mostSteps = 300;

/**
 * The frames that are worth their time, in order: those that are found at once, and the two around each event that may have been an edge of
 * something. Every frame brings the samples of the minutes before it; where those are too few, some more during the trouble.
 */
export function momentsToLookAt(
	source: ReportSource,
	{events, intervalMs}: {readonly events: readonly TimelineEvent[]; readonly intervalMs: number},
): readonly number[] {
	const {fromMs, toMs} = source;
	const around = edgesOf(events).flatMap(({atMs}) => (atMs <= fromMs ? [] : [atMs - 1, source.momentAfter(atMs - 1) ?? toMs]));
	const coveredMs = historyLength * intervalMs * 0.9;
	const all = [fromMs, ...enoughChunks(source, coveredMs), ...around, ...stepsThrough(source, events, coveredMs), toMs];
	const moments = all.map(atMs => source.momentAt(Math.min(toMs, Math.max(fromMs, atMs))));
	return [...new Set(moments)].toSorted((a, b) => a - b);
}

/** Of the moments that are found at once as many as it takes for one to begin where the history of the next one ends. */
function enoughChunks({fromMs, toMs, chunkMoments}: ReportSource, coveredMs: number): readonly number[] {
	let lastMs = fromMs;
	return chunkMoments.filter((atMs, index) => {
		const isNeeded = (chunkMoments[index + 1] ?? toMs) - lastMs > coveredMs;
		if (isNeeded) lastMs = atMs;
		return isNeeded;
	});
}

const weights: Readonly<Record<string, number>> = {P0: 0, P1: 1};

/** The weightiest, where there are too many. */
function edgesOf(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
	const weightOf = ({kind, severity}: TimelineEvent) => (kind === 'found' || kind === 'over' ? (weights[severity ?? 'P2'] ?? 3) : 2);
	const isEdge = (event: TimelineEvent) => ['state', 'server', 'console'].includes(event.kind) || weightOf(event) < 2;
	return events
		.filter(isEdge)
		.toSorted((a, b) => weightOf(a) - weightOf(b))
		.slice(0, mostEvents);
}

/** A short interval fills the history of a frame before the next chunk begins. */
function stepsThrough({fromMs, toMs, chunkMoments}: ReportSource, events: readonly TimelineEvent[], coveredMs: number): readonly number[] {
	const borders = [fromMs, ...chunkMoments, toMs];
	if (borders.every((atMs, index) => atMs - (borders[index - 1] ?? atMs) <= coveredMs)) return [];
	const bad = events.filter(({severity}) => severity === 'P0' || severity === 'P1').map(({atMs}) => atMs);
	const [first, last] = [bad[0], bad.at(-1)];
	if (first === undefined || last === undefined) return [];
	const [beginMs, endMs] = [Math.max(fromMs, first - besideMs), Math.min(toMs, last + besideMs)];
	const stepMs = Math.max(coveredMs, (endMs - beginMs) / mostSteps);
	return Array.from({length: Math.max(0, Math.ceil((endMs - beginMs) / stepMs))}, (_, step) => Math.floor(beginMs + (step + 1) * stepMs));
}

/** The timeline is bounded, so what its end has let go is taken from earlier frames, and before those from the marks. */
export function eventsOf(source: ReportSource): {readonly events: readonly TimelineEvent[]; readonly isCut: boolean} {
	let events = source.at(source.toMs).timeline;
	for (;;) {
		const [first] = events;
		if (!first || first.id <= 1 || first.atMs <= source.fromMs) break;
		const earlier = source.at(first.atMs - 1).timeline.filter(({id}) => id < first.id);
		if (earlier.length === 0) break;
		events = [...earlier, ...events];
	}
	const [first] = events;
	const before = source.marks.filter(({atMs}) => first === undefined || atMs < first.atMs);
	if (before.length === 0 || (first?.id ?? 0) <= 1) return {events, isCut: false};
	return {events: [...before.map((mark, index): TimelineEvent => ({...mark, id: index - before.length, details: []})), ...events], isCut: true};
}
