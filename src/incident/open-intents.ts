import {open} from 'node:fs/promises';

/** An action that was about to be sent and of which no ending is known: the console died, or its disk did. */
export type OpenIntent = {readonly at: string; readonly action: string; readonly operator: string};

/** As much of the log's end as can hold what happened lately. */
const tailBytes = 4 * 1024 * 1024;

/** Read the intents without an outcome for one target from the end of the audit log; none where there is no log. */
export async function readOpenIntents(file: string, target: string): Promise<readonly OpenIntent[]> {
	try {
		const log = await open(file, 'r');
		try {
			const {size} = await log.stat();
			const length = Math.min(size, tailBytes);
			const {buffer} = await log.read(Buffer.alloc(length), 0, length, size - length);
			return openIntents(buffer.toString('utf8'), target);
		} finally {
			await log.close();
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

/** The intents of this target that no later line of the same id ends, oldest first. Lines that are cut or damaged are passed over. */
export function openIntents(text: string, target: string): readonly OpenIntent[] {
	const standing = new Map<string, OpenIntent>();
	for (const line of text.split('\n')) {
		const entry = parseLine(line);
		if (entry?.target !== target || entry.id === undefined) continue;
		if (entry.phase === 'intent') standing.set(entry.id, {at: entry.at ?? '?', action: entry.action ?? '?', operator: entry.operator ?? '?'});
		else standing.delete(entry.id);
	}
	return [...standing.values()];
}

type Line = Partial<Readonly<Record<'at' | 'id' | 'phase' | 'target' | 'action' | 'operator', string>>>;

function parseLine(line: string): Line | undefined {
	try {
		const entry: unknown = JSON.parse(line);
		return typeof entry === 'object' && entry !== null ? entry : undefined;
	} catch {
		// The first line of a tail is mostly cut, and a full disk cuts the last one.
		return undefined;
	}
}
