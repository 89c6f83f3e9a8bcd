import {basename} from 'node:path';
import type {AuditFile} from './audit-file.ts';
import {beganAtMs} from './audit-runs.ts';
import {communicationOf} from './communication.ts';
import {type Course, courseOf} from './course.ts';
import {dataLossOf} from './data-loss.ts';
import {followUpsOf, recoveryListsOf} from './follow-ups.ts';
import {gapsOf} from './gaps.ts';
import {impactOf} from './impact.ts';
import {type IncidentReport, iso, type ReportedFinding} from './incident-report.ts';
import type {Observed} from './observe.ts';
import {reportedActions} from './reported-actions.ts';
import {type Span, spansOf} from './spans.ts';
import {statesOf} from './states.ts';
import {summaryOf} from './summary.ts';
import {timelineTable} from './timeline-rows.ts';
import {runsOfTimeline} from './timeline-runs.ts';
import {vitalTable} from './vital-rows.ts';

/** `program`: name and version of this program. */
export type Parts = {readonly observed: Observed; readonly audit: AuditFile; readonly program: string};

/** The whole report, from what was recorded and what the audit log says. The same parts give the same report. */
export function reportOf({observed, audit, program}: Parts): IncidentReport {
	const {source, events} = observed;
	const spans = spansOf(observed);
	const states = statesOf(observed);
	const course = courseOf(spans, observed);
	const runs = [...audit.runs, ...runsOfTimeline(events, audit.runs)].toSorted((a, b) => beganAtMs(a) - beganAtMs(b));
	const facts = {observed, spans, states, course, audit, runs};
	const {rows, leftOut} = timelineTable(events, audit.runs);
	const impact = impactOf(observed, spans);
	return {
		schema: 1,
		program,
		recording: recordingOf(source),
		target: targetOf(observed),
		...courseTold(course, source.toMs),
		summary: summaryOf(facts),
		impact,
		findings: spans.map(span => findingOf(span, source.toMs)),
		timeline: rows,
		timelineLeftOut: leftOut,
		vitals: vitalTable(observed, course),
		auditLog: audit.problem === undefined ? (audit.file ?? null) : null,
		actions: reportedActions(audit.runs),
		dataLoss: dataLossOf(facts),
		recovery: recoveryListsOf(observed),
		followUps: followUpsOf(facts),
		gaps: gapsOf(facts),
		communication: communicationOf({course, impact, endMs: source.toMs}),
	};
}

const recordingOf = ({file, fromMs, toMs, isRedacted, damage}: Observed['source']): IncidentReport['recording'] => ({
	file: basename(file),
	from: iso(fromMs),
	to: iso(toMs),
	redacted: isRedacted,
	damage: damage ? {atByte: damage.atByte, ofBytes: damage.ofBytes, readableTo: iso(damage.afterMs), reason: damage.reason} : null,
});

/** The one that was looked at last; what the console calls home is where it began. */
function targetOf({last: {session, snapshot}}: Observed): IncidentReport['target'] {
	const {name, address, environment} = session.target;
	const {product, version, role} = snapshot.identity;
	return {name, address, environment: environment ?? null, product: product ?? null, version: version ?? null, role: snapshot.info.data?.role ?? role ?? null};
}

type Told = Pick<IncidentReport, 'status' | 'severity' | 'start' | 'startKnown' | 'end' | 'durationSeconds' | 'stretches'>;

function courseTold(course: Course | undefined, endMs: number): Told {
	if (!course) return {status: 'none', severity: null, start: null, startKnown: true, end: null, durationSeconds: null, stretches: []};
	const {status, severity = null, fromMs, toMs, isBeginKnown, stretches} = course;
	return {
		status,
		severity,
		start: iso(fromMs),
		startKnown: isBeginKnown,
		end: isoOrNull(toMs),
		durationSeconds: ((toMs ?? endMs) - fromMs) / 1000,
		stretches: stretches.map(stretch => ({from: iso(stretch.fromMs), to: isoOrNull(stretch.toMs)})),
	};
}

const findingOf = ({id, severity, title, evidence, fromMs, isBeginKnown, toMs, returns}: Span, endMs: number): ReportedFinding => ({
	id,
	severity,
	title,
	evidence,
	from: iso(fromMs),
	startKnown: isBeginKnown,
	to: isoOrNull(toMs),
	seconds: ((toMs ?? endMs) - fromMs) / 1000,
	returns,
});

const isoOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : iso(ms));
