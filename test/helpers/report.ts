import type {AuditFile} from '../../src/incident/report/audit-file.ts';
import {AuditRuns} from '../../src/incident/report/audit-runs.ts';
import type {IncidentReport} from '../../src/incident/report/incident-report.ts';
import {type Observed, observing} from '../../src/incident/report/observe.ts';
import {reportOf} from '../../src/incident/report/report.ts';
import type {ReportSource} from '../../src/incident/report/source.ts';

export const reportTarget = 'cache 10.0.0.9:6379';

export function observed(source: ReportSource): Observed {
	const steps = observing(source);
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

/** The log as it would have been read. */
export function auditOf(source: ReportSource, lines: readonly string[]): AuditFile {
	const runs = new AuditRuns({targets: observed(source).targets, fromMs: source.fromMs, toMs: source.toMs});
	for (const line of lines) runs.add(line);
	return {...runs.told(), file: 'audit.jsonl', problem: undefined};
}

export const reportFrom = (source: ReportSource, lines: readonly string[] = []): IncidentReport =>
	reportOf({observed: observed(source), audit: auditOf(source, lines), program: 'redis-triage 0.1.0'});
