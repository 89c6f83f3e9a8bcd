import {formatMoment} from '../text/format.ts';

type Values = Readonly<Record<string, string | undefined>>;
/** `forMs`: after that it has ended by itself. */
type Undo = {readonly action: string; readonly forMs?: number} & Choice;
type Choice = {readonly on: readonly string[]; readonly set: Readonly<Record<string, string>>};

/** Something that was done and can be taken back: with which action, and what to choose. */
export type WayBack = {
	/** Of the run that it takes back. */
	readonly auditId: string;
	readonly atMs: number;
	readonly operator: string;
	/** The action that was done. */
	readonly done: string;
	/** The action that takes it back. */
	readonly action: string;
	readonly choice: Choice;
	/** It ends by itself then. */
	readonly endsAtMs?: number;
	/** `back to 100mb`. */
	readonly title: string;
	/** What it has changed, as far as that is a value. */
	readonly before: Values;
	readonly after: Values;
};

/** A way back with why it cannot be gone now; undefined: it can. */
export type UndoStatus = WayBack & {readonly refusal: string | undefined};

/** A run that has ended as `done`, from the audit log or from this session. */
export type DoneRun = {
	readonly auditId: string;
	readonly atMs: number;
	readonly operator: string;
	readonly action: string;
	readonly undo: Undo | undefined;
	/** The run that it was meant to take back. */
	readonly undoes: string | undefined;
	readonly before: Values;
	readonly after: Values;
};

/** What is older is how the server is run now, and no longer part of an incident. */
const offeredForMs = 7 * 24 * 3600 * 1000;
const keptWaysBack = 100;

/**
 * The ways back, oldest first, after one more run. What it takes back goes; its own way back comes. Several changes of one thing lie on each
 * other like plates: the last one is taken back first, and then the one before. Where somebody else has had a hand in between, only the last counts.
 */
export function withDone(ways: readonly WayBack[], run: DoneRun): readonly WayBack[] {
	const undoneAt = ways.findLastIndex(way => takesBack(run, way));
	const undone = ways[undoneAt];
	if (undone) return ways.filter((way, index) => index < undoneAt || !isSameThing(way, undone));
	if (!run.undo) return ways;
	const way = wayBackOf(run, run.undo);
	const top = ways.findLast(other => isSameThing(other, way));
	const isBroken = top !== undefined && !isEqual(top.after, run.before);
	return [...ways.filter(other => !isBroken || !isSameThing(other, way)), way].slice(-keptWaysBack);
}

/**
 * After a run of which it is not known whether it has worked: its way back is offered (and refused where there is nothing to take back), and
 * nothing counts as taken back by it.
 */
export function withPerhapsDone(ways: readonly WayBack[], run: DoneRun): readonly WayBack[] {
	return run.undo && run.undoes === undefined ? [...ways, wayBackOf(run, run.undo)].slice(-keptWaysBack) : ways;
}

/** The one to offer for each thing, newest first. */
export function offeredWaysBack(ways: readonly WayBack[], nowMs: number): readonly WayBack[] {
	return ways
		.filter((way, index) => nowMs < (way.endsAtMs ?? way.atMs + offeredForMs) && !ways.slice(index + 1).some(later => isSameThing(later, way)))
		.toReversed();
}

/** Without those whose settings are as they were before, or before a change that theirs lies on: somebody has put them back by hand, or a restart has. */
export function stillChanged(ways: readonly WayBack[], settings: ReadonlyMap<string, string> | undefined): readonly WayBack[] {
	const isPutBack = ({before}: WayBack) => {
		const values = Object.entries(before);
		return values.length > 0 && values.every(([name, value]) => value !== undefined && settings?.get(name) === value);
	};
	return ways.filter((way, index) => !ways.slice(0, index + 1).some(lower => isSameThing(lower, way) && isPutBack(lower)));
}

/** `back to 100mb (set at 14:03:22Z by alice)`. */
export const wayBackText = ({title, before, atMs, operator}: WayBack, nowMs: number): string =>
	`${title} (${Object.keys(before).length > 0 ? 'set' : 'done'} at ${formatMoment(atMs, nowMs)} by ${operator})`;

function wayBackOf({auditId, atMs, operator, action, before, after}: DoneRun, undo: Undo): WayBack {
	const choice = {on: undo.on, set: undo.set};
	const ends = undo.forMs === undefined ? {} : {endsAtMs: atMs + undo.forMs};
	return {auditId, atMs, operator, done: action, action: undo.action, choice, title: titleOf(action, undo, before), before, after, ...ends};
}

function titleOf(done: string, undo: Undo, before: Values): string {
	const values = Object.entries(before).map(([name, value = '?']) => {
		const shown = value === '' ? 'empty' : value;
		return done.endsWith(`.${name}`) ? shown : `${name} ${shown}`;
	});
	return values.length > 0 ? `back to ${values.join(', ')}` : [undo.action, ...undo.on].join(' ');
}

/** The same action on the same thing: a setting has an action of its own, or is named among the values. */
const isSameThing = (one: WayBack, other: WayBack): boolean =>
	one.done === other.done && one.action === other.action && isSameList(one.choice.on, other.choice.on);

/** It was meant to; or it was done by hand and has the same effect. */
function takesBack(run: DoneRun, way: WayBack): boolean {
	if (run.undoes === way.auditId) return true;
	if (run.action !== way.action || (run.undo && !isSameList(run.undo.on, way.choice.on))) return false;
	const hasValues = Object.keys(way.before).length > 0;
	return hasValues && way.action === way.done ? isEqual(way.before, run.after) : run.undo?.action === way.done && way.done !== way.action;
}

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
	one.length === other.length && one.every((text, index) => text === other[index]);

function isEqual(one: Values, other: Values): boolean {
	const names = new Set([...Object.keys(one), ...Object.keys(other)]);
	return [...names].every(name => one[name] === other[name]);
}
