import type {ConsoleState} from './store.ts';

export type Danger = 'safe' | 'disruptive' | 'destructive';

/** A precondition with its tick. `ok: undefined`: it cannot be known now, and does not stand in the way. */
export type Check = {readonly label: string; readonly ok: boolean | undefined; readonly reason?: string};

/** The literal commands: the dialog prints these and the runner sends these. */
export type Plan = readonly (readonly string[])[];

/** All that a confirmation shows. Everything in it is frozen when the dialog opens, but for `checks`, which follow the world. */
export type ConfirmRequest = {
	readonly actionId: string;
	readonly title: string;
	readonly danger: Danger;
	readonly facts: readonly (readonly [label: string, value: string])[];
	readonly plan: Plan;
	readonly effect: readonly string[];
	readonly cost: string;
	readonly undo: string;
	readonly checks: (now: ConsoleState) => readonly Check[];
	/** Destructive: the word to type. Undefined: `y` is enough. */
	readonly word: string | undefined;
	readonly isProduction: boolean;
};

export type Outcome = 'done' | 'unverified' | 'unknown' | 'failed' | 'refused' | 'cancelled';

export type ActionResult = {
	readonly outcome: Outcome;
	readonly detail: string;
	/** What one may do next, in order; the first line of each is what to press or wait for. */
	readonly next: readonly string[];
	readonly undo: Plan | undefined;
};

export type DialogState = {
	readonly request: ConfirmRequest;
	readonly openedAtMs: number;
	readonly phase: 'asking' | 'running' | 'ended';
	readonly typed: string;
	/** Rows of the content scrolled away, on a screen too low for all of it. */
	readonly offset: number;
	readonly result: ActionResult | undefined;
};

/** Keys in the first moments belong to whatever was on the screen before. */
export const dialogDeafMs = 400;
