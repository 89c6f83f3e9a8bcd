import type {Finding, Severity} from './finding.ts';
import type {ServerState} from './server-state.ts';

/** Something that happened, as the post-mortem will want it. */
export type TimelineEvent = {
	/** Grows by one with every event of this session. */
	readonly id: number;
	readonly atMs: number;
	readonly kind: 'state' | 'found' | 'over' | 'action' | 'note';
	readonly severity: Severity | undefined;
	readonly text: string;
	/** More of it, one paragraph each: evidence, the literal commands, the operator. */
	readonly details: readonly string[];
};

/** Oldest first. */
export type Timeline = readonly TimelineEvent[];

/** An incident has hundreds of events, not thousands; the audit log and the recording keep the rest. */
const keptEvents = 2000;

export type Happening = Omit<TimelineEvent, 'id'>;

export function addEvents(timeline: Timeline, happenings: readonly Happening[]): Timeline {
	if (happenings.length === 0) return timeline;
	const firstId = (timeline.at(-1)?.id ?? 0) + 1;
	return [...timeline, ...happenings.map((happening, index) => ({...happening, id: firstId + index}))].slice(-keptEvents);
}

type Moment = {readonly server: ServerState; readonly findings: readonly Finding[]};

/** What has changed from one moment to the next: the state of the server, findings that came, findings that went. */
export function happenings(before: Moment, after: Moment, atMs: number): readonly Happening[] {
	const events: Happening[] = [];
	if (after.server.kind !== before.server.kind) events.push(stateEvent(before.server, after.server, atMs));
	const stood = new Set(before.findings.map(({id}) => id));
	const stands = new Set(after.findings.map(({id}) => id));
	for (const {id, severity, title, evidence} of after.findings) {
		if (!stood.has(id)) events.push({atMs, kind: 'found', severity, text: `${id}: ${title}`, details: [evidence]});
	}
	for (const {id, severity, title} of before.findings) {
		if (!stands.has(id)) events.push({atMs, kind: 'over', severity, text: `${id} is over`, details: [title]});
	}
	return events;
}

function stateEvent(before: ServerState, after: ServerState, atMs: number): Happening {
	return {atMs, kind: 'state', severity: undefined, text: `${before.kind} → ${after.kind}`, details: after.detail === '' ? [] : [after.detail]};
}
