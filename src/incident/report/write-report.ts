import {dirname, join} from 'node:path';
import {auditLeftOut, readAudit} from './audit-file.ts';
import type {IncidentReport} from './incident-report.ts';
import {reportMarkdown} from './markdown.ts';
import {type Observed, observing} from './observe.ts';
import {reportOf} from './report.ts';
import type {ReportSource} from './source.ts';

type Options = {
	/** Where the audit log may be, the best place first. */
	readonly auditFiles: readonly string[];
	/** Name and version of this program. */
	readonly program: string;
};

/** Where the log of a recording may be: copied together with it, beside its folder as the console puts them, or in the state folder of whoever reads it. */
export const auditFilesFor = (recording: string, stateFolder: string): readonly string[] => {
	const folder = dirname(recording);
	return [...new Set([join(folder, 'audit.jsonl'), join(folder, '..', 'audit.jsonl'), join(stateFolder, 'audit.jsonl')])];
};

/** The report of a recording as a document, for the screen's key and for whoever has a recording open. */
export async function writeReport(source: ReportSource, options: Options): Promise<string> {
	return reportMarkdown(await readReport(source, options));
}

/** The same as plain data. */
export async function readReport(source: ReportSource, {auditFiles, program}: Options): Promise<IncidentReport> {
	const observed = await observe(source);
	const {fromMs, toMs} = source;
	const window = {targets: observed.targets, fromMs, toMs};
	const audit = source.isRedacted ? auditLeftOut : await readAudit(auditFiles, window);
	return reportOf({observed, audit, program});
}

/** So long at a time: keys and frames of a live console come in between. */
const turnMs = 15;

async function observe(source: ReportSource): Promise<Observed> {
	const steps = observing(source);
	let untilMs = performance.now() + turnMs;
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
		if (performance.now() < untilMs) continue;
		await new Promise(resolve => setImmediate(resolve));
		untilMs = performance.now() + turnMs;
	}
}
