import {formatClock, formatSeconds} from '../text/format.ts';
import type {Outcome} from './dialog.ts';
import type {Severity} from './finding.ts';

/** `server`: started anew, another role. `link`: connections of the console and of replicas. `console`: what the console itself did. */
type EventKind = 'state' | 'found' | 'over' | 'action' | 'note' | 'server' | 'link' | 'console';

/** Something that happened, as the post-mortem will want it. */
export type TimelineEvent = {
	/** Grows by one with every event of this session. */
	readonly id: number;
	readonly atMs: number;
	readonly kind: EventKind;
	readonly severity: Severity | undefined;
	readonly text: string;
	/** More of it, one paragraph each: evidence, the literal commands, the operator. */
	readonly details: readonly string[];
	/** What it is about: two events of one subject are the same thing again. */
	readonly subject?: string;
	/** How an action ended; none with an action that has only been sent. */
	readonly outcome?: Outcome;
	/** It went and was back so soon that it counts as one event: how often, and when last. */
	readonly returns?: {readonly count: number; readonly lastAtMs: number};
};

/** Oldest first. */
export type Timeline = readonly TimelineEvent[];

/** An incident has hundreds of events, not thousands; the audit log and the recording keep the rest. */
const keptEvents = 2000;

export type Happening = Omit<TimelineEvent, 'id' | 'returns'>;

export function addEvents(timeline: Timeline, happenings: readonly Happening[]): Timeline {
	if (happenings.length === 0) return timeline;
	const firstId = (timeline.at(-1)?.id ?? 0) + 1;
	return [...timeline, ...happenings.map((happening, index) => ({...happening, id: firstId + index}))].slice(-keptEvents);
}

/** What is back sooner than this has not been gone: a threshold that is crossed every second is one event, not thousands. */
const soonMs = 10_000;

/**
 * Write down what has happened. What goes gets its length; what comes back within ten seconds goes on as the event it was, and its end is
 * taken out again, unless somebody has acted in between: then it is a new one. The same timeline when there is nothing to add.
 */
export function record(timeline: Timeline, happenings: readonly Happening[]): Timeline {
	return happenings.reduce(recordOne, timeline);
}

function recordOne(timeline: Timeline, happening: Happening): Timeline {
	switch (happening.kind) {
		case 'found':
			if (isKnownWorse(timeline, happening)) return timeline;
			return resumed(timeline, happening) ?? addEvents(timeline, [happening]);
		case 'state':
			return resumed(timeline, happening) ?? addEvents(timeline, [happening]);
		case 'over':
			return addEvents(timeline, [withLength(timeline, happening)]);
		case 'link':
			return repeated(timeline, happening) ?? addEvents(timeline, [happening]);
		default:
			return addEvents(timeline, [happening]);
	}
}

/** Between a finding's name and the severity it has risen to. */
export const worseSign = '!';

/** Between a finding that is over and the one that tells of the same trouble from then on. */
export const gaveWay = ' gave way to ';

/** The name of the finding, and the severity it has risen to. */
export function subjectParts(subject: string): readonly [name: string, worse: string | undefined] {
	const [, name, worse] = /^(.*)!(P[012])$/s.exec(subject) ?? [];
	return [name ?? subject, worse];
}

/** Since it was found it has been as bad as this before: a severity that goes up and down is told once. */
function isKnownWorse(timeline: Timeline, {subject = ''}: Happening): boolean {
	const [id, severity] = subjectParts(subject);
	if (severity === undefined) return false;
	const indexOf = (wanted: string) => lastIndex(timeline, event => event.kind === 'found' && event.subject === wanted);
	return indexOf(subject) > indexOf(id);
}

/** The subject of the event that ends this one: of a finding its own, of a state the way back. */
function endOf({kind, subject}: Happening): string | undefined {
	const [from, to] = subject?.split('>') ?? [];
	return kind === 'state' ? `${to}>${from}` : subject;
}

function resumed(timeline: Timeline, happening: Happening): Timeline | undefined {
	if (happening.subject === undefined) return undefined;
	const begun = lastIndex(timeline, event => event.kind === happening.kind && event.subject === happening.subject);
	const endKind = happening.kind === 'found' ? 'over' : 'state';
	const ended = lastIndex(timeline, event => event.kind === endKind && event.subject === endOf(happening));
	const [beginning, end] = [timeline[begun], timeline[ended]];
	if (!beginning || !end || ended < begun || happening.atMs - end.atMs > soonMs) return undefined;
	const between = timeline.slice(begun + 1);
	// Of states only the very last one counts: after a third one it is another story.
	const isOtherStory = between.some(event => event.kind === 'action' || (endKind === 'state' && event.kind === 'state' && event !== end));
	if (isOtherStory) return undefined;
	return timeline.flatMap(event => (event === end ? [] : event === beginning ? [returned(event, happening.atMs)] : [event]));
}

const returned = (event: TimelineEvent, atMs: number): TimelineEvent => ({
	...event,
	returns: {count: (event.returns?.count ?? 0) + 1, lastAtMs: atMs},
});

/** The same once more, soon after the last time. */
function repeated(timeline: Timeline, happening: Happening): Timeline | undefined {
	const at = lastIndex(timeline, event => event.kind === happening.kind && event.subject === happening.subject);
	const before = timeline[at];
	if (!before || happening.atMs - (before.returns?.lastAtMs ?? before.atMs) > soonMs) return undefined;
	return timeline.with(at, returned(before, happening.atMs));
}

/** `script.busy is over: stood 1m48s`, as far as its beginning is still known. */
function withLength(timeline: Timeline, happening: Happening): Happening {
	const found = timeline[lastIndex(timeline, ({kind, subject}) => kind === 'found' && subject === happening.subject)];
	if (!found) return happening;
	const breaks = found.returns ? `, back ${times(found.returns.count)} in between` : '';
	return {
		...happening,
		text: `${happening.text}: stood ${formatSeconds((happening.atMs - found.atMs) / 1000)}${breaks}`,
		details: [...happening.details, `found at ${formatClock(found.atMs)}`],
	};
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** `back 3 times, last at 14:03:22Z`; undefined where it came but once. */
export const returnsText = ({returns}: TimelineEvent): string | undefined =>
	returns && `back ${times(returns.count)}, last at ${formatClock(returns.lastAtMs)}`;

const lastIndex = (timeline: Timeline, is: (event: TimelineEvent) => boolean): number => timeline.findLastIndex(is);
