import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';

/** One line of the audit log. */
export type AuditEntry = {
	/** ISO 8601, UTC. */
	readonly at: string;
	/** The same for the intent and the outcome of one run. */
	readonly id: string;
	readonly phase: 'intent' | 'outcome';
	readonly operator: string;
	readonly host: string;
	/** Name and address of the server; never a password. */
	readonly target: string;
	readonly action: string;
	readonly danger: string;
	readonly plan: readonly (readonly string[])[];
	readonly outcome?: string;
	readonly detail?: string;
	readonly before?: unknown;
	readonly after?: unknown;
};

/**
 * Append one entry as a line of JSON and see it onto the disk (fsync) before resolving. The file is for its owner only.
 * Rejects with the system's error when it cannot be written.
 */
export async function appendAudit(file: string, entry: AuditEntry): Promise<void> {
	await mkdir(dirname(file), {recursive: true, mode: 0o700});
	const log = await open(file, 'a+', 0o600);
	try {
		// A line that a crash or a full disk has cut must not take this one with it.
		const isCut = await endsInMiddle(log);
		await log.appendFile(`${isCut ? '\n' : ''}${JSON.stringify(entry)}\n`);
		await log.datasync();
	} finally {
		await log.close();
	}
}

async function endsInMiddle(log: FileHandle): Promise<boolean> {
	const {size} = await log.stat();
	if (size === 0) return false;
	const {buffer} = await log.read(Buffer.alloc(1), 0, 1, size - 1);
	return buffer.toString() !== '\n';
}
