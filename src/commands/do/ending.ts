import type {AuditNote} from '../../actions/deps.ts';
import {redactArgv} from '../../redis/parse/redact.ts';
import type {ActionResult, Outcome, Plan, Progress} from '../../store/dialog.ts';
import {commandText} from '../../text/command-text.ts';
import {block, literalBlock} from './text.ts';
import {undoLine, type Way} from './undo-line.ts';

/** How it ended, as `--json` prints it. */
export type Ending = {
	readonly schema: 1;
	readonly action: string;
	readonly target: string;
	readonly outcome: Outcome;
	readonly detail: string;
	/** What was sent, or was about to be. */
	readonly plan: Plan;
	/** What one may do next, in order. */
	readonly next: readonly string[];
	/** What takes it back: as it would be sent, and as a command line. */
	readonly undo: {readonly plan: Plan; readonly do: string} | null;
	/** What a program has said, or what a sample has shown. */
	readonly output: readonly string[];
	/** The account of a batch. */
	readonly progress: Account | null;
	/** Of its lines in the audit log; null where nothing could be written there. */
	readonly auditId: string | null;
	readonly auditFile: string;
};

type Account = {readonly unit: string; readonly total: number | null} & Readonly<Record<'done' | 'skipped' | 'failed' | 'rounds', number>>;

type Told = {
	readonly result: ActionResult;
	/** The last line for the audit log, written or not. */
	readonly note: AuditNote | undefined;
	readonly auditId: string | undefined;
	readonly progress: Progress | undefined;
	readonly auditTarget: string;
	readonly auditFile: string;
	readonly way: Way;
};

export function toEnding(actionId: string, {result, note, auditId, progress, auditTarget, auditFile, way}: Told): Ending {
	const {outcome, detail, next, undo, output} = result;
	return {
		schema: 1,
		action: actionId,
		target: auditTarget,
		outcome,
		detail,
		plan: (note?.plan ?? []).map(redactArgv),
		next,
		undo: undo && note?.undo ? {plan: undo.map(redactArgv), do: undoLine(note.undo, way)} : null,
		output,
		progress: toAccount(progress),
		auditId: auditId ?? null,
		auditFile,
	};
}

function toAccount(progress: Progress | undefined): Account | null {
	if (!progress?.batch) return null;
	const {unit, total, done, skipped, failed, rounds} = progress.batch;
	return {unit, total: total ?? null, done, skipped, failed, rounds};
}

const labelWidth = 7;

/** The same as text: the outcome in the first word. */
export function endingLines({outcome, detail, next, undo, output, auditFile, auditId}: Ending): readonly string[] {
	return [
		`${outcome.toUpperCase()} ${detail}`,
		...block('now', next, labelWidth),
		...literalBlock('undo', undo ? [...undo.plan.map(commandText), undo.do] : [], labelWidth),
		...literalBlock('output', output, labelWidth),
		...literalBlock('audit', [auditId === null ? auditFile : `${auditFile}   id ${auditId}`], labelWidth),
	];
}

/** What a script may go by: done; failed, refused or stopped; or only the server knows. */
export const endingCode: Readonly<Record<Outcome, 0 | 1 | 3>> = {done: 0, failed: 1, refused: 1, cancelled: 1, unverified: 3, unknown: 3};
