import type {Clock} from '../clock.ts';
import type {SentinelAnswer} from '../redis/parse/sentinel.ts';
import type {ConfirmRequest, Outcome, Plan, Progress} from '../store/dialog.ts';
import type {ConsoleStore} from '../store/store.ts';
import type {Choice, Evidence, Program, Sampling} from './types.ts';

/** What an action leaves in the audit log. */
export type AuditNote = {
	readonly phase: 'intent' | 'outcome';
	/** The same for all notes of one run. */
	readonly id: string;
	readonly action: string;
	readonly danger: string;
	readonly plan: Plan;
	/** Of a batch: an intent of its own for each round, with what is about to be sent in it; `detail` is the account before it. */
	readonly round?: number;
	readonly outcome?: Outcome;
	readonly detail?: string;
	readonly before?: Facts;
	readonly after?: Facts;
	/** What would take it back: an action, and what to choose. */
	readonly undo?: {readonly action: string; readonly forMs?: number} & Choice;
	/** The run that this one takes back. */
	readonly undoes?: string;
	/** What a program has said, or what a sample has shown. */
	readonly output?: readonly string[];
};

/** The state of the server around an action, for the record. */
export type Facts = {
	readonly state: string;
	readonly connectedClients: number | undefined;
	/** What it changes, as it is then. */
	readonly values?: Readonly<Record<string, string | undefined>>;
	/** What it destroys: the slowlog before it is reset. */
	readonly evidence?: readonly string[];
};

/** Commands over one connection that must not become another one in between: a new one is in database 0. */
export type RoundSender = {
	/** Every command once, in one write; an error reply as a ServerRefusedError in its place. Rejects as Link.sendAll does. */
	readonly send: (argvs: Plan, deadlineMs: number) => Promise<readonly unknown[]>;
};

export type ProgramEnding = {
	/** Undefined when a signal ended it. */
	readonly exitCode: number | undefined;
	readonly signal: string | undefined;
	readonly isTimedOut: boolean;
	/** It was still running when the operator, or the end of the console, had it ended. */
	readonly isStopped: boolean;
	readonly output: readonly string[];
};

export type SamplingEnding = {
	/** Why it ended: time, bytes, the server's output buffer, the operator, or the connection. */
	readonly because: 'time' | 'bytes' | 'buffer' | 'stopped' | 'lost';
	readonly commands: number;
	readonly bytes: number;
	readonly durationMs: number;
	/** What is on top, for the eye; secrets are masked. */
	readonly lines: readonly string[];
};

/** Everything an action does to the world goes through these. */
export type Deps = {
	readonly store: ConsoleStore;
	readonly clock: Clock;
	/** One command to the server, once. With the next three the only functions in the program that can change anything. */
	readonly send: (argv: readonly string[], deadlineMs: number) => Promise<unknown>;
	readonly openRounds: (encoding: 'utf8' | 'bytes') => RoundSender;
	/** One command to the Sentinel at `host:port`, once; rejects with NotSentError when `stop` is aborted before it has left. */
	readonly sendToSentinel: (node: string, argv: readonly string[], deadlineMs: number, stop: AbortSignal) => Promise<unknown>;
	/** Run a program without a shell, in a process group of its own; rejects with NotSentError when it cannot be started. */
	readonly runProgram: (argv: readonly string[], program: Program, onOutput: (lines: readonly string[]) => void, signal: AbortSignal) => Promise<ProgramEnding>;
	/** MONITOR on a connection of its own, which is closed then. Rejects as Link.send does, when it has not begun. */
	readonly sample: (sampling: Sampling, onSeen: (lines: readonly string[]) => void, signal: AbortSignal) => Promise<SamplingEnding>;
	/** Plain reads in the target's database, error replies as Errors in their places; rejects as Link.sendAll does. */
	readonly look: (argvs: Plan, encoding: 'utf8' | 'bytes' | 'buffer') => Promise<readonly unknown[]>;
	/** The same plain reads to every Sentinel of the group. Never rejects: one that says nothing has its reason in its place. */
	readonly lookAtSentinels: (argvs: Plan) => Promise<readonly SentinelAnswer[]>;
	/** Resolves false on Esc and on No. Never rejects. */
	readonly confirm: (request: ConfirmRequest) => Promise<boolean>;
	/** What is being read before there is a dialog; undefined when that is over. */
	readonly preparing: (told: string | undefined) => void;
	readonly progress: (progress: Progress) => void;
	/** Read these now, so that `verify` judges fresh facts. */
	readonly refresh: (evidence: readonly Evidence[]) => Promise<void>;
	/** Resolves when the note is on the disk. Rejects when it cannot be written: then nothing is sent. */
	readonly audit: (note: AuditNote) => Promise<void>;
	/** Keep what is about to be destroyed in the timeline. */
	readonly keep: (evidence: {readonly title: string; readonly lines: readonly string[]}) => void;
	readonly newId: () => string;
};

/** What belongs to a server and its console; the rest is for whoever asks and shows. */
export type ServerDeps = Omit<Deps, 'confirm' | 'preparing' | 'progress'>;
