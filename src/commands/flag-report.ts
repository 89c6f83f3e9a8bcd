import {UsageError} from '../errors.ts';
import type {Argv} from './flag-argv.ts';

/** What `report` is told. `out` undefined: stdout. */
export type ReportFlags = {readonly file: string; readonly out: string | undefined; readonly json: boolean};

export function toReportFlags({words, text, isOn}: Argv): ReportFlags {
	const [, file, second] = words;
	if (file === undefined || file === '') throw new UsageError('report needs the file of a recording: redis-triage report FILE [-o OUT]');
	if (second !== undefined) throw new UsageError('report takes one recording: redis-triage report FILE [-o OUT]');
	const out = text('out');
	return {file, out: out === '-' ? undefined : out, json: isOn('json')};
}
