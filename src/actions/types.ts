import type {ServerRefusedError} from '../errors.ts';
import type {Check, ConfirmRequest, Danger, Plan} from '../store/dialog.ts';
import type {ConsoleState} from '../store/store.ts';
import type {PaneName} from '../store/ui.ts';

/** Why an action cannot run now. Shown to the operator verbatim. */
export type Refusal = {
	readonly refused: string;
	/** It only wants a row to be chosen first. */
	readonly needsChoice?: boolean;
};

/** `isFinal`: looking again will not change it. */
type Verdict = {readonly ok: boolean; readonly detail: string; readonly isFinal?: boolean};

/** What the documentation tables say of an action, without a target at hand. */
type ActionDoc = {
	readonly sends: string;
	readonly does: string;
	readonly cost: string;
	readonly verify: string;
	readonly undo: string;
};

/** What a read must bring before `verify` can judge. */
export type Evidence = 'info' | 'clients' | 'settings';

type Undo = {readonly plan: Plan} | {readonly none: string};

/** A remediation as data. `Target` is frozen by identity when the dialog opens. */
export type Action<Target> = {
	readonly id: string;
	readonly title: string;
	readonly danger: Danger;
	/** The pane whose selection it acts on. */
	readonly pane: PaneName;
	readonly doc: ActionDoc;
	readonly target: (state: ConsoleState) => Target | Refusal;
	/** What it acts on, for the eye: label and value, one a line. */
	readonly facts: (target: Target, state: ConsoleState) => ConfirmRequest['facts'];
	/** Everything that must hold, asked again while the dialog is open and right before sending: the world may have moved. */
	readonly checks: (target: Target, now: ConsoleState) => readonly Check[];
	readonly plan: (target: Target) => Plan;
	readonly effect: (target: Target) => readonly string[];
	readonly cost: (target: Target, state: ConsoleState) => string;
	/** How long a reply may take before the outcome is `unknown`. */
	readonly deadlineMs: (target: Target, state: ConsoleState) => number;
	readonly evidence: readonly Evidence[];
	readonly verify: (target: Target, replies: readonly unknown[], after: ConsoleState) => Verdict;
	readonly undo: (target: Target) => Undo;
	/** What an error reply means here and what can be done now; undefined: its own text says enough. */
	readonly explain?: (error: ServerRefusedError, target: Target, now: ConsoleState) => {readonly detail: string; readonly next: readonly string[]} | undefined;
};

export const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null && 'refused' in value;

/** An action whose target type is its own affair: the registry and the runner treat all of them alike. */
export type AnyAction = {readonly [Key in 'id' | 'title' | 'danger' | 'pane' | 'doc']: Action<unknown>[Key]} & {
	/** Why it cannot run now, or undefined. Cheap: asked on every change for footer and palette. */
	readonly refusal: (state: ConsoleState) => Refusal | undefined;
	/** Fix the target and everything that depends on it. */
	readonly bind: (state: ConsoleState) => BoundAction | Refusal;
};

/** An action with its frozen target. */
export type BoundAction = {readonly [Key in 'id' | 'title' | 'danger' | 'evidence']: Action<unknown>[Key]} & {
	readonly plan: Plan;
	readonly request: ConfirmRequest;
	readonly undo: Undo;
	readonly deadlineMs: (state: ConsoleState) => number;
	readonly checks: (now: ConsoleState) => readonly Check[];
	readonly verify: (replies: readonly unknown[], after: ConsoleState) => Verdict;
	readonly explain: (error: ServerRefusedError, now: ConsoleState) => {readonly detail: string; readonly next: readonly string[]} | undefined;
};
