import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {type DoneRun, type WayBack, withDone, withPerhapsDone} from '../store/ways-back.ts';
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

	#take(id: string, entry: Line): void {
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

type Line = Readonly<Record<string, unknown>>;

/** What was done to keys was done in one database, which its plan begins with where that is not 0; another one may hold a queue of the same name. */
function isElsewhere({action, plan}: Line, db: number): boolean {
	if (!/^(queue|keys)\./.test(String(action))) return false;
	const [first] = Array.isArray(plan) ? plan : [];
	return (Array.isArray(first) && first[0] === 'SELECT' ? Number(first[1]) : 0) !== db;
}

/** Lines that are cut or damaged are passed over. */
function parseLine(text: string): Line | undefined {
	try {
		const entry: unknown = JSON.parse(text);
		return isRecord(entry) ? entry : undefined;
	} catch {
		// The first line of a tail is mostly cut, and a full disk cuts the last one.
		return undefined;
	}
}

/** The intent of a run, or one of its rounds. */
function intentWith(before: OpenIntent | undefined, id: string, {at, action, operator, round, detail}: Line): OpenIntent {
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

function doneRun(auditId: string, {at, action, operator, undo, undoes, before, after}: Line): DoneRun | undefined {
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

const textsOf = (record: Line): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '?');

const isRecord = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value);
