import type {ConsoleState} from './store.ts';

export type Danger = 'safe' | 'disruptive' | 'destructive';

/** A precondition with its tick. `ok: undefined`: it cannot be known now, and does not stand in the way. */
export type Check = {readonly label: string; readonly ok: boolean | undefined; readonly reason?: string};

/** The literal commands: the dialog prints these and the runner sends these. */
export type Plan = readonly (readonly string[])[];

/** What a confirmation says of the world, beside what is sent. */
export type ToldRequest = {
	readonly facts: readonly (readonly [label: string, value: string])[];
	readonly effect: readonly string[];
	readonly affects: string;
	readonly cost: string;
};

/** All that a confirmation shows. Everything in it is frozen when the dialog opens, but for `checks`, which follow the world, and where there is `follow`. */
export type ConfirmRequest = ToldRequest & {
	readonly actionId: string;
	readonly title: string;
	readonly danger: Danger;
	/** What it says now; undefined where the world is another server. */
	readonly follow?: (now: ConsoleState) => ToldRequest | undefined;
	readonly plan: Plan;
	/** How the plan goes on, where what stands in it is only the beginning. */
	readonly goesOn: string | undefined;
	/** Where each command goes, if not to the server: `host:port` of Sentinels, or this machine. */
	readonly places: readonly string[];
	readonly undo: string;
	readonly checks: (now: ConsoleState) => readonly Check[];
	/** Destructive: the word to type. Undefined: `y` is enough. */
	readonly word: string | undefined;
	readonly isProduction: boolean;
	/** It takes a while and can be stopped: `batch` between two rounds, the others at once. */
	readonly stops: 'batch' | 'program' | 'sampling' | undefined;
};

export type Outcome = 'done' | 'unverified' | 'unknown' | 'failed' | 'refused' | 'cancelled';

export type ActionResult = {
	readonly outcome: Outcome;
	readonly detail: string;
	/** What one may do next, in order; the first line of each is what to press or wait for. */
	readonly next: readonly string[];
	/** What takes it back, as it would be sent. */
	readonly undo: Plan | undefined;
	/** It ends by itself then, and there is nothing to take back any more. */
	readonly undoUntilMs?: number;
	/** What a program has said, or what a sample has shown. */
	readonly output: readonly string[];
};

/** What can still be taken back of it. */
export const offeredUndo = (result: ActionResult | undefined, nowMs: number): Plan | undefined =>
	result && nowMs < (result.undoUntilMs ?? Number.POSITIVE_INFINITY) ? result.undo : undefined;

/** How far a long action is. */
export type Progress = {
	/** Of a batch. Counts are of `unit`. */
	readonly batch?: {
		readonly unit: string;
		readonly total: number | undefined;
		readonly done: number;
		readonly skipped: number;
		readonly failed: number;
		readonly rounds: number;
		readonly slowestRoundMs: number;
		readonly pauseMs: number;
	};
	/** The last lines of what a program says, or what a sample has seen so far. */
	readonly output?: readonly string[];
	readonly startedAtMs: number;
	/** When this was told. */
	readonly atMs: number;
};

export type DialogState = {
	readonly request: ConfirmRequest;
	readonly openedAtMs: number;
	readonly phase: 'asking' | 'running' | 'ended';
	readonly typed: string;
	/** All of it has been on the screen, if not at once. */
	readonly isSeen: boolean;
	/** Rows of the content scrolled away, on a screen too low for all of it. */
	readonly offset: number;
	readonly progress: Progress | undefined;
	/** Esc was pressed: it ends after the round that is under way. */
	readonly isStopping: boolean;
	readonly result: ActionResult | undefined;
};

/** As it stands now, as long as it asks: what was on the screen with the yes stays there with the outcome. */
export const dialogNow = (dialog: DialogState, now: ConsoleState): DialogState =>
	dialog.phase === 'asking' ? {...dialog, request: {...dialog.request, ...dialog.request.follow?.(now)}} : dialog;

/** With the yes, as it was when that was said. */
export const saidYes = (dialog: DialogState, now: ConsoleState): DialogState => ({...dialogNow(dialog, now), phase: 'running', offset: 0});

/** Keys in the first moments belong to whatever was on the screen before. */
export const dialogDeafMs = 400;
