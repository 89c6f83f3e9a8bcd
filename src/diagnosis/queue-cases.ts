import type {QueueStatus} from '../queues/types.ts';
import type {Finding} from '../store/finding.ts';
import {memoizeLatest} from '../store/memoize.ts';
import {type QueueTrack, queueLookPauseMs} from '../store/queue-history.ts';
import {queueLabel} from '../store/queue-label.ts';
import type {Snapshot} from '../store/snapshot.ts';
import type {ConsoleState} from '../store/store.ts';
import {formatCount, plural} from '../text/format.ts';
import type {QueueLines, QueueLinesOf} from './queue-lines.ts';
import type {Rule} from './rule.ts';
import type {Thresholds} from './thresholds.ts';

/** One queue as a rule judges it. */
export type QueueCase = {
	readonly queue: QueueStatus;
	readonly label: string;
	readonly lines: QueueLines | undefined;
	readonly track: QueueTrack | undefined;
	/** This queue was named a moment ago: for it the finding ends only when it is clearly over. */
	readonly isStanding: boolean;
};

/** A queue with what is wrong. */
export type QueueHit = {
	readonly queue: QueueStatus;
	readonly label: string;
	/** The worst has the most. */
	readonly size: number;
	/** `12,041 waiting`: stands behind the name. */
	readonly text: string;
};

type QueueInput = {readonly cases: readonly QueueCase[]; readonly lookedAtMs: number; readonly thresholds: Thresholds};
type Words = Omit<Finding, 'id' | 'evidence' | 'components'>;

const looksThatCount = 3;
/** More names nobody reads. */
const namedInEvidence = 3;
const namedComponents = 20;

/** A rule about all queues together: which of them it hits, and what is to be said of those. It judges a look once, not with every probe between two of them. */
export function queueRule(
	id: string,
	hit: (each: QueueCase, input: QueueInput) => Omit<QueueHit, 'queue' | 'label'> | undefined,
	say: (hits: Hits) => Words,
): Rule {
	// Of what stood only who is named in it counts.
	const judgeLook = memoizeLatest(
		(
			queues: readonly QueueStatus[],
			atMs: number,
			history: Snapshot['queueHistory'],
			named: readonly string[] | undefined,
			thresholds: Thresholds,
			queueLinesOf: QueueLinesOf,
		) => {
			const cases = watched(queues, queueLinesOf).map(each => ({
				...each,
				track: history.get(each.queue.id),
				isStanding: named?.includes(each.label) ?? false,
			}));
			const input = {cases, lookedAtMs: atMs, thresholds};
			const hits = cases.flatMap(each => {
				const found = hit(each, input);
				return found ? [{queue: each.queue, label: each.label, ...found}] : [];
			});
			return hits.length === 0 ? undefined : toFinding(hits, thresholds, say);
		},
	);
	return {
		id,
		needs: 'answers',
		judge({state, thresholds, queueLinesOf}) {
			const stood = state.findings.find(finding => finding.id === id);
			const look = currentLook(state);
			if (look === 'awaited') return stood;
			if (!look) return undefined;
			return judgeLook(look.queues, look.atMs, state.snapshot.queueHistory, stood?.components, thresholds, queueLinesOf);
		},
	};
}

/** What a rule has found, the worst first; never empty. */
export type Hits = {readonly all: readonly QueueHit[]; readonly worst: QueueHit; readonly thresholds: Thresholds};

function toFinding(hits: readonly QueueHit[], thresholds: Thresholds, say: (hits: Hits) => Words): Omit<Finding, 'id'> | undefined {
	const all = hits.toSorted((a, b) => b.size - a.size || (a.label < b.label ? -1 : 1));
	const [worst] = all;
	return (
		worst && {
			...say({all, worst, thresholds}),
			evidence: [...all.slice(0, namedInEvidence).map(({label, text}) => `${label}: ${text}`), ...more(all.length - namedInEvidence)].join('; '),
			components: [...all.slice(0, namedComponents).map(({label}) => label), ...more(all.length - namedComponents)],
		}
	);
}

const more = (count: number): readonly string[] => (count > 0 ? [`+${formatCount(count)} more`] : []);

/** `orders`, or `3 queues`. */
export const whichQueues = ({all, worst}: Hits): string => (all.length === 1 ? worst.label : plural(all.length, 'queue'));

export const sumOf = (hits: readonly QueueHit[], figure: (queue: QueueStatus) => number | undefined): number =>
	hits.reduce((sum, {queue}) => sum + (figure(queue) ?? 0), 0);

type Look = {readonly queues: readonly QueueStatus[]; readonly atMs: number};

/** The queues as they are now. `awaited`: what is known is old because the server did not answer a moment ago; the next look will tell. */
function currentLook({snapshot: {queues, contact, server, slowed}, nowMs}: ConsoleState): Look | 'awaited' | undefined {
	const {data, updatedAtMs} = queues;
	if (!data || updatedAtMs === undefined) return undefined;
	const longestMs = looksThatCount * queueLookPauseMs(data.length, slowed);
	// Of a new connection the first look is still to come.
	if (updatedAtMs < contact.linkSinceMs) return nowMs - contact.linkSinceMs <= longestMs ? 'awaited' : undefined;
	if (nowMs - updatedAtMs <= longestMs) return {queues: data, atMs: updatedAtMs};
	return nowMs - server.sinceMs <= longestMs ? 'awaited' : undefined;
}

/** Once a look, and not once for every rule and every tick. */
const watched = memoizeLatest((queues: readonly QueueStatus[], linesOf: QueueLinesOf) =>
	queues.map(queue => ({queue, label: queueLabel(queue), lines: linesOf(queue)})).filter(({lines}) => lines?.isIgnored !== true),
);
