import {open, unlink} from 'node:fs/promises';
import {UsageError} from '../errors.ts';
import {stateFolder} from '../incident/operator.ts';
import {failureText, isTaken} from '../incident/recording/file-failure.ts';
import {openRecording, type Recording} from '../incident/recording/read-recording.ts';
import {auditFilesFor, readReport, writeReport} from '../incident/report/write-report.ts';
import {formatClock} from '../text/format.ts';
import type {ReportFlags} from './flag-report.ts';
import type {Environment} from './flags.ts';
import {jsonLine} from './json-line.ts';

type Seat = {readonly env: Environment; readonly homeFolder: string; readonly program: string};

/** `text` undefined: it is in the file that was asked for. `message` is for stderr. */
type Written = {readonly text: string | undefined; readonly message: string | undefined};

/** The report of a recording, for stdout or in a new file. A damaged recording gives the report of what can be read, and a message. */
export async function runReport({file, out, json}: ReportFlags, {env, homeFolder, program}: Seat): Promise<Written> {
	const recording = await openRecording(file);
	const auditFiles = auditFilesFor(file, stateFolder(env, homeFolder));
	const options = {auditFiles, program};
	const text = json ? jsonLine(await readReport(recording, options)) : await writeReport(recording, options);
	const message = damageText(recording);
	if (out === undefined) return {text, message};
	await writeNew(out, text);
	return {text: undefined, message};
}

function damageText({file, damage}: Recording): string | undefined {
	if (!damage) return undefined;
	const {atByte, ofBytes, afterMs, reason} = damage;
	return `redis-triage: ${file} is damaged at byte ${atByte} of ${ofBytes} (${reason}): the report goes to ${formatClock(afterMs)}, what came after is not in it`;
}

/** For its owner only. A report that is there stays as it is: it may be the one that somebody has worked on. */
async function writeNew(path: string, text: string): Promise<void> {
	const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
		throw new UsageError(isTaken(error) ? `-o: ${path} is there already: give another name, or - for stdout` : unwritten(path, error));
	});
	try {
		await file.writeFile(text);
		await file.datasync();
	} catch (error) {
		// Half a report is none.
		await unlink(path);
		throw new Error(unwritten(path, error));
	} finally {
		await file.close();
	}
}

const unwritten = (path: string, error: unknown): string => `-o: ${path} cannot be written: ${failureText(error)}`;
