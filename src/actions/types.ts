import type {ServerRefusedError} from '../errors.ts';
import type {Pace} from '../pace.ts';
import type {Check, ConfirmRequest, Danger, Plan} from '../store/dialog.ts';
import type {ConsoleState, ParamStatus} from '../store/store.ts';
import type {PaneName} from '../store/ui.ts';
import type {Tally} from './tally.ts';
import type {Reading} from './trips.ts';

/** Why an action cannot run now. Shown to the operator verbatim. */
export type Refusal = {
	readonly refused: string;
	/** It only wants a row to be chosen first. */
	readonly needsChoice?: boolean;
	/** It only wants a field to be filled in. */
	readonly needsInput?: boolean;
};

/** What an operator says beside the action's name: `--on` and `--set`, or on the screen the cursor and the fields of a form. */
export type Choice = {
	/** What it acts on; empty: what is marked or under the cursor. */
	readonly on: readonly string[];
	/** By name of the param. */
	readonly set: Readonly<Record<string, string>>;
};

export const noChoice: Choice = {on: [], set: {}};

/** Something that can be set: a new value, an age, a pattern. Text, as typed; the action reads it, and refuses what it cannot read. */
export type Param = {
	/** As in `--set name=value`, and the field of the form. */
	readonly name: string;
	/** Other names that people may type for it. */
	readonly aliases?: readonly string[];
	/** What would be right, for field, help and refusals: `seconds, 1 or more`. */
	readonly hint: string;
	/** `do` wants it said: what the form proposes is for somebody who sees it. */
	readonly mustBeSaid?: boolean;
	/** What is known to be there to choose from: the reasons for which jobs of the queue have failed. */
	readonly choices?: 'reasons';
	/** For `do` and for undoing: the screen does not ask for it. */
	readonly isQuiet?: boolean;
	/** What counts when nothing is typed, and what the form begins with. */
	readonly initial: (state: ConsoleState) => string;
};

/** `isFinal`: looking again will not change it; `false` with `ok`: good so far, and worth looking on for as long as one looks at all. */
/** `hasFailed`: it is known not to have worked, which is more than not having been seen to work. */
export type Verdict = {readonly ok: boolean; readonly detail: string; readonly isFinal?: boolean; readonly hasFailed?: boolean};

/** What the documentation tables say of an action, without a target at hand. */
type ActionDoc = {
	readonly sends: string;
	readonly does: string;
	readonly cost: string;
	readonly verify: string;
	readonly undo: string;
};

/** What a read must bring before `verify` can judge. */
export type Evidence = 'info' | 'clients' | 'settings' | 'slowlog';

/** The way back is an action with a choice; `plan` is what it would send, in full. */
type WayBack = {
	readonly plan: Plan;
	readonly action: string;
	readonly choice: Choice;
	/** It ends by itself then: after that there is nothing to take back. */
	readonly forMs?: number;
};
export type Undo = WayBack | {readonly none: string};

/** Many commands of one kind, in rounds: what the next round is to be, until there is none. */
export type Batch = {
	/** `keys`, `jobs`, `clients`: what is counted. */
	readonly unit: string;
	/** How many there are to do, as far as is known. */
	readonly total: number | undefined;
	/** Key names are bytes, not always text. */
	readonly encoding?: 'bytes';
	/** Yields rounds and is handed their replies, an error reply as a ServerRefusedError in its place; returns the account. */
	readonly rounds: (pace: Pace) => Rounds;
};

/** `units`: how many of what is counted this round tries; `tally`: the account before it. */
export type Round = {readonly argvs: Plan; readonly units: number; readonly micros: number; readonly tally: Tally};
export type Rounds = Generator<Round, Tally, readonly unknown[]>;

/** A program on this machine instead of commands: the plan is its argv. `env` is added to the console's own. */
export type Program = {readonly env: Readonly<Record<string, string>>; readonly timeoutMs: number};

/** MONITOR on a connection of its own, ended by time or bytes. */
export type Sampling = {readonly durationMs: number; readonly maxBytes: number};

/** How it is carried out, where it is not simply the plan, one command after the other. */
export type Work =
	| ({readonly kind: 'batch'} & Batch)
	| ({readonly kind: 'program'} & Program)
	| ({readonly kind: 'sampling'} & Sampling)
	/** Each command of the plan goes to the Sentinel of the same place in this list (`host:port`). */
	| {readonly kind: 'sentinels'; readonly nodes: readonly string[]};

/** What was done, for the verdict: the replies in order (one of a program or a sampling: its result), and of a batch its account. */
export type Done = {readonly replies: readonly unknown[]; readonly tally: Tally | undefined};

/** A remediation as data. `Target` is frozen by identity when the dialog opens. */
export type Action<Target> = {
	readonly id: string;
	readonly title: string;
	readonly danger: Danger;
	/** The pane whose selection it acts on. */
	readonly pane: PaneName;
	readonly doc: ActionDoc;
	/** What `--on` names, as in `a client id`; without it there is nothing to name. */
	readonly on?: string;
	readonly params?: readonly Param[];
	/** What one has to know to fill in the form, as it is now: label and value. */
	readonly present?: (state: ConsoleState) => ConfirmRequest['facts'];
	/** What is read anew before the target is frozen, so that what the dialog calls the present is not a poll old. */
	readonly rereads?: readonly Evidence[];
	readonly target: (state: ConsoleState, choice: Choice) => Target | Refusal;
	/** What must be read before the dialog can say what would happen; returns the target with it. Plain reads only. */
	readonly prepare?: (target: Target, state: ConsoleState, pace: Pace) => Reading<Target | Refusal>;
	/** What it acts on, for the eye: label and value, one a line. */
	readonly facts: (target: Target, state: ConsoleState) => ConfirmRequest['facts'];
	/** Everything that must hold, asked again while the dialog is open and right before sending: the world may have moved. */
	readonly checks: (target: Target, now: ConsoleState) => readonly Check[];
	/** What it is about is the role of the server: its own checks say what that must be. */
	readonly isAboutRole?: true;
	/** Facts, effect, who is affected and cost are told anew while the dialog is open: with what it would destroy they are the ground for the yes. */
	readonly followsServer?: true;
	readonly plan: (target: Target) => Plan;
	/** What is run beside the plan, by scripts of ours or in later rounds, one command of each kind: asked of the server whether this user may. */
	readonly needs?: (target: Target) => Plan;
	/** How the plan goes on, where it is only the beginning: `then the same with the next cursor, until …`. */
	readonly goesOn?: (target: Target) => string;
	readonly work?: (target: Target) => Work | undefined;
	readonly effect: (target: Target, state: ConsoleState) => readonly string[];
	/** Who notices. */
	readonly affects: (target: Target, state: ConsoleState) => string;
	/** Objects, bytes, server time. */
	readonly cost: (target: Target, state: ConsoleState) => string;
	/** Its good end is that the connection ends without a reply: a shutdown leaves nobody to give one. */
	readonly endsConnection?: true;
	/** How long a reply may take before the outcome is `unknown`; 5 s unless said. */
	readonly deadlineMs?: (target: Target, state: ConsoleState) => number;
	/** What is read again before `verify` judges. */
	readonly evidence: readonly Evidence[];
	readonly verify: (target: Target, done: Done, after: ConsoleState) => Verdict;
	/** Reads of its own, with which it judges instead of `verify`. */
	readonly review?: (target: Target, done: Done, pace: Pace) => Reading<Verdict>;
	/** How long verification looks again as long as it does not seem so; 3 s unless said. */
	readonly verifyForMs?: number;
	readonly undo: (target: Target) => Undo;
	/** Values that it changes, for the audit log: read before and after. */
	readonly values?: (target: Target, state: ConsoleState) => Readonly<Record<string, string | undefined>>;
	/** What it destroys and the post-mortem needs: it goes to timeline and audit log before anything is sent. */
	readonly exports?: (target: Target) => {readonly title: string; readonly lines: readonly string[]};
	/** What an error reply means here and what can be done now; undefined: its own text says enough. */
	readonly explain?: (error: ServerRefusedError, target: Target, now: ConsoleState) => Explained | undefined;
};

export type Explained = {readonly detail: string; readonly next: readonly string[]};

export const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null && 'refused' in value;

/** An action whose target type is its own affair: the registry and the runner treat all of them alike. */
export type AnyAction = Pick<Action<unknown>, 'id' | 'title' | 'danger' | 'pane' | 'doc' | 'on' | 'params' | 'rereads'> & {
	/** Why it cannot run now, or undefined. Cheap: asked on every change for footer and palette. */
	readonly refusal: (state: ConsoleState, choice?: Choice) => Refusal | undefined;
	/** What the form asks for, with what it begins with; empty: there is no form. */
	readonly fields: (state: ConsoleState) => readonly ParamStatus[];
	/** What one has to know to fill it in. */
	readonly present: (state: ConsoleState) => ConfirmRequest['facts'];
	/** What it would send now, for the clipboard; undefined where that has to be read first. */
	readonly literalPlan: (state: ConsoleState) => Plan | undefined;
	/** Freeze the target; what has to be read first is read by the steps that this returns. */
	readonly bind: (state: ConsoleState, choice: Choice, pace: Pace) => Refusal | Binding;
};

/** `done` at once where nothing has to be read. */
export type Binding = {readonly kind: 'bound'; readonly bound: BoundAction} | {readonly kind: 'reading'; readonly reading: Reading<BoundAction | Refusal>};

/** An action with its frozen target. */
export type BoundAction = Pick<Action<unknown>, 'id' | 'title' | 'danger' | 'evidence'> & {
	readonly verifyForMs: number;
	readonly choice: Choice;
	readonly plan: Plan;
	readonly work: Work | undefined;
	readonly request: ConfirmRequest;
	readonly undo: Undo;
	readonly exports: {readonly title: string; readonly lines: readonly string[]} | undefined;
	readonly endsConnection: boolean;
	readonly deadlineMs: (state: ConsoleState) => number;
	readonly checks: (now: ConsoleState) => readonly Check[];
	readonly verify: (done: Done, after: ConsoleState) => Verdict;
	readonly review: ((done: Done, pace: Pace) => Reading<Verdict>) | undefined;
	readonly values: (state: ConsoleState) => Readonly<Record<string, string | undefined>> | undefined;
	readonly explain: (error: ServerRefusedError, now: ConsoleState) => Explained | undefined;
};
