import type {Unknown} from './types.ts';

export type JobState = 'waiting' | 'paused' | 'active' | 'delayed' | 'prioritized' | 'waiting-children' | 'failed' | 'completed';

/** One job in a list. Undefined: the system does not say, or it does not apply. */
export type JobRow = {
	readonly id: string;
	readonly name: string | undefined;
	readonly createdMs: number | undefined;
	/** When a delayed job is to run. */
	readonly dueMs: number | undefined;
	readonly startedMs: number | undefined;
	readonly finishedMs: number | undefined;
	/** Runs so far, and runs allowed. */
	readonly attemptsMade: number | undefined;
	readonly attempts: number | undefined;
	readonly priority: number | undefined;
	/** How often a worker was lost while it ran. */
	readonly stalledCount: number | undefined;
	readonly workerName: string | undefined;
	readonly failedReason: SizedText;
	/** Active jobs: whether somebody holds the lock at this moment. */
	readonly hasLock: boolean | undefined;
	/** The id is still listed, and the job is gone. */
	readonly isGone: boolean;
};

/** A text of any size: only its size where it is too large to be had. Undefined text and no bytes: there is none. */
export type SizedText = {readonly text: string | undefined; readonly bytes: number};

export const noText: SizedText = {text: undefined, bytes: 0};

export type JobPage = {
	readonly state: JobState;
	readonly total: number | undefined;
	/** Jobs before the first of these, in the order in which they will run, or ended: the last to end comes first. */
	readonly from: number;
	readonly rows: readonly JobRow[];
	/** The jobs are in an unsorted set: these are some of them, and there is no next page. */
	readonly isSample: boolean;
	readonly unknown: readonly Unknown[];
};

export type JobDetail = JobRow & {
	/** Where it is now. Undefined: it cannot be told. */
	readonly state: JobState | undefined;
	readonly data: SizedText;
	readonly options: SizedText;
	readonly returnValue: SizedText;
	readonly progress: SizedText;
	/** A stack for each attempt, the last one last. */
	readonly stacks: readonly string[];
	readonly stackBytes: number;
	/** Lines in the job's own log. */
	readonly logCount: number | undefined;
	/** Until the lock runs out. */
	readonly lockMs: number | undefined;
	/** The parent's job key, in a flow. */
	readonly parentKey: string | undefined;
};

export type PageOptions = {readonly from: number; readonly count: number};

export const emptyRow: Omit<JobRow, 'id'> = {
	name: undefined,
	createdMs: undefined,
	dueMs: undefined,
	startedMs: undefined,
	finishedMs: undefined,
	attemptsMade: undefined,
	attempts: undefined,
	priority: undefined,
	stalledCount: undefined,
	workerName: undefined,
	failedReason: noText,
	hasLock: undefined,
	isGone: false,
};
