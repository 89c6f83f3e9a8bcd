import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename} from 'node:path';
import {messageOf} from '../../errors.ts';
import {type AuditRead, AuditRuns, type AuditWindow} from './audit-runs.ts';

/** What an audit log tells of a time, or why it tells nothing. */
export type AuditFile = AuditRead & {
	/** Its name without the folder; undefined: there is none. */
	readonly file: string | undefined;
	/** One sentence for the report. */
	readonly problem: string | undefined;
};

const nothing: AuditRead = {runs: [], standing: [], unreadable: 0};

/** Of a redacted recording: what it has as hashes the log has in full. */
export const auditLeftOut: AuditFile = {
	...nothing,
	file: undefined,
	problem: 'The audit log is left out, as it is not redacted: what was done is told by the timeline of the console that recorded alone',
};

/** A line longer than this is none of ours; without a bound a file without line breaks would be one. */
const longestLine = 64 * 1024 * 1024;

/** The first of these files that is there, read in pieces: a log may hold years. A log that cannot be read is said, and the report goes on. */
export async function readAudit(files: readonly string[], window: AuditWindow): Promise<AuditFile> {
	for (const file of files) {
		if (!(await isThere(file))) continue;
		try {
			return {...(await readRuns(file, window)), file: basename(file), problem: undefined};
		} catch (error) {
			return {...nothing, file: basename(file), problem: `The audit log cannot be read, so what was done is told by the timeline alone: ${reasonOf(error)}`};
		}
	}
	return {...nothing, file: undefined, problem: 'There is no audit log: what was done is told by the timeline alone'};
}

/** The path is not told: it names folders of whoever made the report, and another reader has it elsewhere. */
const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : messageOf(error));

async function isThere(file: string): Promise<boolean> {
	try {
		await stat(file);
		return true;
	} catch (error) {
		// One that is there and may not be looked at is told when it is opened.
		return !(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'));
	}
}

async function readRuns(file: string, window: AuditWindow): Promise<AuditRead> {
	const runs = new AuditRuns(window);
	let rest = '';
	for await (const piece of createReadStream(file, {encoding: 'utf8', highWaterMark: 512 * 1024})) {
		const lines = `${rest}${piece}`.split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) runs.add(line);
		if (rest.length > longestLine) throw new Error('it has a line that is too long');
	}
	runs.add(rest);
	return runs.told();
}
