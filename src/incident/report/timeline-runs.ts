import type {TimelineEvent} from '../../store/timeline.ts';
import {type AuditRun, unknownRun} from './audit-runs.ts';

/** As keep-timeline.ts writes them: `script.kill sent by alice: SCRIPT KILL`, `script.kill done: PING is answered`. */
const sentText = /^([\w.-]+) sent by (.+?): /s;
const endedText = /^([\w.-]+) (done|unverified|unknown|failed|refused|cancelled): (.*)$/s;

/** The console's own account of actions that no audit log tells: it was lost, or is left out. Their commands are in the timeline. */
export function runsOfTimeline(events: readonly TimelineEvent[], known: readonly AuditRun[]): readonly AuditRun[] {
	const ids = new Set(known.map(({id}) => id));
	const runs = new Map<string, AuditRun>();
	for (const event of events) {
		const {kind, subject} = event;
		if (kind !== 'action' || subject === undefined || ids.has(subject)) continue;
		const run = withEvent(runs.get(subject) ?? unknownRun(subject), event);
		if (run) runs.set(subject, run);
	}
	return [...runs.values()];
}

/** Undefined of what an earlier console has left open: when it was sent, and whether, is not of this record. */
function withEvent(run: AuditRun, {atMs, text, details}: TimelineEvent): AuditRun | undefined {
	const [, sent, operator] = sentText.exec(text) ?? [];
	if (sent !== undefined) return {...run, action: sent, operator: operator ?? run.operator, sentAtMs: atMs};
	const [, action, outcome, detail] = endedText.exec(text) ?? [];
	if (action === undefined) return undefined;
	const by = details.map(line => /^by (.+)$/s.exec(line)?.[1]).find(name => name !== undefined);
	return {...run, action, operator: by ?? run.operator, endedAtMs: atMs, outcome, detail};
}
