import type {DoneRun} from '../store/ways-back.ts';

/** One line of an audit log that somebody else may have written, or cut: nothing in it is sure. */
export type AuditLine = Readonly<Record<string, unknown>>;

/** Undefined of a line that is cut or damaged. */
export function parseLine(text: string): AuditLine | undefined {
	try {
		const entry: unknown = JSON.parse(text);
		return isRecord(entry) ? entry : undefined;
	} catch {
		// The first line of a tail is mostly cut, and a full disk cuts the last one.
		return undefined;
	}
}

export function doneRun(auditId: string, {at, action, operator, undo, undoes, before, after}: AuditLine): DoneRun | undefined {
	const atMs = Date.parse(textOf(at));
	if (Number.isNaN(atMs) || typeof action !== 'string') return undefined;
	return {
		auditId,
		atMs,
		operator: textOf(operator),
		action,
		undo: undoOf(undo),
		undoes: typeof undoes === 'string' ? undoes : undefined,
		before: valuesOf(before),
		after: valuesOf(after),
	};
}

function undoOf(undo: unknown): DoneRun['undo'] {
	if (!isRecord(undo) || typeof undo.action !== 'string' || !Array.isArray(undo.on) || !isRecord(undo.set)) return undefined;
	const on = undo.on.filter(name => typeof name === 'string');
	const set = textsOf(undo.set);
	// Half of a choice would be another choice.
	if (on.length < undo.on.length || Object.keys(set).length < Object.keys(undo.set).length) return undefined;
	return {action: undo.action, on, set, ...(typeof undo.forMs === 'number' ? {forMs: undo.forMs} : {})};
}

const valuesOf = (facts: unknown): Readonly<Record<string, string>> => (isRecord(facts) && isRecord(facts.values) ? textsOf(facts.values) : {});

/** Its entries that are texts. */
const textsOf = (record: AuditLine): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '?');

export const isRecord = (value: unknown): value is AuditLine => typeof value === 'object' && value !== null && !Array.isArray(value);
