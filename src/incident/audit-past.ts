import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {type WayBack, withDone, withPerhapsDone} from '../store/ways-back.ts';
import {type AuditLine, doneRun, parseLine, textOf} from './audit-line.ts';
import type {OpenIntent} from './open-intents.ts';

/** What earlier consoles have left behind on one target. */
export type Past = {
	/** Oldest first. */
	readonly open: readonly OpenIntent[];
	/** Oldest first. */
	readonly waysBack: readonly WayBack[];
};

/** As much of the log's end as can hold what happened lately: every round of a batch is in it, and a large one takes megabytes. */
const tailBytes = 32 * 1024 * 1024;
/** Read in pieces, so that the screen never waits for more than one of them. */
const pieceBytes = 512 * 1024;

/** Read the end of the audit log for one target; nothing where there is no log. */
export async function readPast(file: string, target: string, db = 0): Promise<Past> {
	const past = new PastReader(target, db);
	try {
		const {size} = await stat(file);
		const pieces = createReadStream(file, {start: Math.max(0, size - tailBytes), encoding: 'utf8', highWaterMark: pieceBytes});
		let rest = '';
		for await (const piece of pieces) {
			const lines = `${rest}${piece}`.split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) past.add(line);
		}
		past.add(rest);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
	return past.told();
}

/** The same from the text of a log. */
export function pastOf(text: string, target: string, db = 0): Past {
	const past = new PastReader(target, db);
	for (const line of text.split('\n')) past.add(line);
	return past.told();
}

class PastReader {
	readonly #target: string;
	readonly #db: number;
	readonly #quotedTarget: string;
	readonly #open = new Map<string, OpenIntent>();
	#waysBack: readonly WayBack[] = [];

	constructor(target: string, db: number) {
		this.#db = db;
		this.#target = target;
		this.#quotedTarget = JSON.stringify(target);
	}

	add(line: string): void {
		// What other consoles do to other servers need not be taken apart.
		const entry = line.includes(this.#quotedTarget) ? parseLine(line) : undefined;
		if (entry?.target !== this.#target || isElsewhere(entry, this.#db)) return;
		const {id} = entry;
		if (typeof id === 'string') this.#take(id, entry);
	}

	#take(id: string, entry: AuditLine): void {
		if (entry.phase === 'intent') this.#open.set(id, intentWith(this.#open.get(id), id, entry));
		else {
			this.#open.delete(id);
			const run = doneRun(id, entry);
			if (run && entry.outcome === 'done') this.#waysBack = withDone(this.#waysBack, run);
			else if (run && (entry.outcome === 'unverified' || entry.outcome === 'unknown')) this.#waysBack = withPerhapsDone(this.#waysBack, run);
		}
	}

	told(): Past {
		return {open: [...this.#open.values()], waysBack: this.#waysBack};
	}
}

/** What was done to keys was done in one database, which its plan begins with where that is not 0; another one may hold a queue of the same name. */
function isElsewhere({action, plan}: AuditLine, db: number): boolean {
	if (!/^(queue|keys)\./.test(String(action))) return false;
	const [first] = Array.isArray(plan) ? plan : [];
	return (Array.isArray(first) && first[0] === 'SELECT' ? Number(first[1]) : 0) !== db;
}

/** The intent of a run, or one of its rounds. */
function intentWith(before: OpenIntent | undefined, id: string, {at, action, operator, round, detail}: AuditLine): OpenIntent {
	const known = before ?? {
		id,
		at: textOf(at),
		action: textOf(action),
		operator: textOf(operator),
		rounds: 0,
		account: undefined,
		isCut: typeof round === 'number',
	};
	if (typeof round !== 'number') return known;
	return {...known, rounds: Math.max(known.rounds, round), account: typeof detail === 'string' ? detail : known.account};
}
