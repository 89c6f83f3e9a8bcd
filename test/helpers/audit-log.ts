import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

export const auditTarget = '127.0.0.1:6379';

/** One line of an audit log, as this program writes it. */
export const auditLine = (id: string, phase: 'intent' | 'outcome', more: object = {}): string =>
	JSON.stringify({
		at: '2025-01-01T11:00:00.000Z',
		operator: 'alice',
		host: 'bastion',
		target: auditTarget,
		id,
		action: 'client.kill',
		danger: 'disruptive',
		plan: [],
		phase,
		...more,
	});

/** A change of the script limit that was done, with its way back. */
export const raised = (id: string, from: string, to: string, more: object = {}): string =>
	auditLine(id, 'outcome', {
		action: 'script.raise-limit',
		outcome: 'done',
		before: {state: 'OK', values: {'busy-reply-threshold': from}},
		after: {state: 'OK', values: {'busy-reply-threshold': to}},
		undo: {action: 'script.raise-limit', on: [], set: {ms: from, from: to}},
		...more,
	});

/** A file with these lines; gone when the test ends. */
export function writeLog(text: string | Uint8Array): string {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-audit-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const file = join(folder, 'audit.jsonl');
	writeFileSync(file, text);
	return file;
}
