import {messageOf, UsageError} from '../../errors.ts';
import type {ReportSource} from '../../incident/report/source.ts';
import {writeReport} from '../../incident/report/write-report.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {notify} from '../../store/ui-commands.ts';
import type {Papers} from './papers.ts';

type ReportOptions = {
	readonly papers: Papers;
	readonly store: ConsoleStore;
	/** The recording it is made from. Rejects with a UsageError where there is none. */
	readonly source: () => Promise<ReportSource>;
	/** Where the audit log may be. */
	readonly auditFiles: readonly string[];
	/** Name and version of this program. */
	readonly program: string;
	readonly folder: string;
};

/** `R`: the incident so far as a document, made from what has been recorded. */
export function takeReport({papers, store, source, auditFiles, program, folder}: ReportOptions): void {
	if (papers.isWriting) return void notify(store, 'One is being written already', 'info');
	notify(store, 'Writing the report …', 'info');
	papers.write(async () => {
		try {
			const recording = await source();
			const text = await writeReport(recording, {auditFiles, program});
			// The name of a server is one of the names that are not to be told.
			const targetName = recording.isRedacted ? '' : store.getState().session.target.name;
			return {what: 'Report', folder, targetName, contents: {'.md': text}};
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			notify(store, messageOf(error), 'warn');
			return undefined;
		}
	});
}
