import {type CrowdedQueue, calmForMs, type Incident} from '../store/incident.ts';
import {backlogOf} from '../store/queue-history.ts';
import {queueLabel} from '../store/queue-label.ts';
import type {ConsoleState} from '../store/store.ts';
import type {QueueLinesOf} from './queue-lines.ts';
import {median, samplesSince} from './samples.ts';
import type {Thresholds} from './thresholds.ts';

type Lines = {readonly thresholds: Thresholds; readonly queueLinesOf: QueueLinesOf};

/** Fewer samples say nothing of what is usual. */
const leastSamples = 5;
const looksKeptMs = 60_000;

const none: Incident = {beganAtMs: undefined, opsBefore: undefined, calmSinceMs: undefined, crowded: new Map()};

/** The incident after one more look at the state. The same object when nothing of it has changed. */
export function nextIncident(before: Incident | undefined, state: ConsoleState, lines: Lines): Incident | undefined {
	// Nothing is known yet, neither good nor bad.
	if (state.snapshot.server.kind === 'CONNECTING') return before;
	const next = withTrouble(before ?? none, state, lines.thresholds);
	const crowded = crowdedQueues(next.crowded, state, lines);
	return crowded === next.crowded ? next : {...next, crowded};
}

function withTrouble(before: Incident, {findings, snapshot, nowMs}: ConsoleState, {opsDropWindowSeconds}: Thresholds): Incident {
	const {beganAtMs, calmSinceMs} = before;
	const isTrouble = findings.some(({severity}) => severity !== 'P2');
	if (!isTrouble) return calmSinceMs === undefined ? {...before, calmSinceMs: nowMs} : before;
	const isAnother = beganAtMs === undefined || (calmSinceMs !== undefined && nowMs - calmSinceMs >= calmForMs);
	if (!isAnother) return calmSinceMs === undefined ? before : {...before, calmSinceMs: undefined};
	const samples = samplesSince(snapshot.history, 'opsPerSecond', nowMs - opsDropWindowSeconds * 1000);
	const usual = samples.length < leastSamples ? undefined : median(samples.map(({value}) => value));
	const seconds = Math.round((nowMs - (samples[0]?.atMs ?? nowMs)) / 1000);
	return {beganAtMs: nowMs, opsBefore: usual === undefined ? undefined : {median: usual, seconds}, calmSinceMs: undefined, crowded: new Map()};
}

/** Queues over their line now, and what has become of those that were. */
function crowdedQueues(before: Incident['crowded'], {snapshot: {queues}}: ConsoleState, {thresholds, queueLinesOf}: Lines): Incident['crowded'] {
	const {data = [], updatedAtMs} = queues;
	if (updatedAtMs === undefined) return before;
	const looked = data.flatMap((queue): readonly (readonly [string, CrowdedQueue])[] => {
		const known = before.get(queue.id);
		const backlog = backlogOf(queue);
		const own = queueLinesOf(queue);
		const line = own?.depthCount ?? thresholds.queueDepthCount;
		const isCrowded = backlog !== undefined && backlog >= line && own?.isIgnored !== true;
		if (backlog === undefined || !(known || isCrowded) || known?.looks.at(-1)?.atMs === updatedAtMs) return [];
		const looks = [...(known?.looks ?? []).filter(({atMs}) => updatedAtMs - atMs < looksKeptMs), {atMs: updatedAtMs, backlog}];
		return [[queue.id, {label: queueLabel(queue), line, looks}]];
	});
	return looked.length === 0 ? before : new Map([...before, ...looked]);
}
