/** The programs whose queues are recognised; the words of `check --json`. */
export type QueueSystem = 'bullmq' | 'bull' | 'bee-queue' | 'kue' | 'sidekiq' | 'resque' | 'celery' | 'rq' | 'dramatiq' | 'asynq' | 'laravel' | 'streams';

/** Whose rules a queue is read by. BullMQ and Bull share their keys, and only the reading tells which of the two it is. */
export type QueueFamily = Exclude<QueueSystem, 'bullmq'>;

/** A queue as discovery found it: enough to read it. */
export type FoundQueue = {
	/** Names the queue on this server and database: the key, or the part its keys begin with (`bull:orders`, `queue:default`, `rq:queue:mail`). */
	readonly id: string;
	readonly family: QueueFamily;
	/** What it looked like when it was found; the reading corrects it between `bull` and `bullmq`. */
	readonly system: QueueSystem;
	/** What stands before the name: `bull`, `{shop}`, the namespace of Sidekiq, the key of a stream; may be empty. */
	readonly prefix: string;
	readonly name: string;
	/** No other queue shares its namespace, so sets kept per namespace (retry, dead, unacked …) are its own. */
	readonly isAlone: boolean;
};

/** A figure that could not be read, or only in part: the command and the server's words, or our own. */
export type Unknown = {readonly command: string; readonly reason: string};

/** Jobs a second, between two looks. */
export type Rates = {
	/** Additions asked for: an addition that the library turned down as a duplicate counts too. */
	readonly addedPerSecond: number | undefined;
	/** Finished for good, well or badly. */
	readonly processedPerSecond: number | undefined;
	readonly failedPerSecond: number | undefined;
};

/** More than one major of BullMQ (or Bull beside BullMQ) works on one queue: the next pause or resume can lose jobs. */
export type MixedMajors = {
	/** Jobs in the list that the next pause or resume of BullMQ 5 or older, or Bull, overwrites. */
	readonly jobsAtRisk: number;
	/** What gave it away, a sentence each. */
	readonly evidence: readonly string[];
};

/**
 * What a queue holds at one moment. Undefined: not known, and `unknown` says why where somebody could do something about it;
 * a kind of job that the system does not have is 0.
 */
export type Figures = {
	readonly paused: boolean | undefined;
	/** Jobs that would run now, or on resume, whatever key they sit in; without v4 markers and without prioritized ones. */
	readonly waiting: number | undefined;
	readonly active: number | undefined;
	readonly delayed: number | undefined;
	/** Of the delayed: due already. */
	readonly overdue: number | undefined;
	readonly oldestOverdueMs: number | undefined;
	/** Only where they have a place of their own: BullMQ 4 and newer. */
	readonly prioritized: number | undefined;
	/** Parents that wait for their children, or jobs for what they depend on. */
	readonly waitingChildren: number | undefined;
	readonly failed: number | undefined;
	readonly completed: number | undefined;
	/** Undefined: none visible, which is not the same as none. */
	readonly workers: number | undefined;
	/** Active with nobody holding their lock, in two looks at least a second apart. Undefined: seen once so far, or cannot be told. */
	readonly activeWithoutLock: number | undefined;
	/** Their ids, of BullMQ and Bull; up to 100. */
	readonly activeWithoutLockIds: readonly string[];
	/** Age of the job that comes next, from the moment at which it could have run. */
	readonly nextJobAgeMs: number | undefined;
	/** Repeatable jobs and schedulers whose next run is over a minute late. */
	readonly missedSchedulers: number | undefined;
	/** Until a worker looks for stalled jobs again; 0: no worker has looked within its interval. */
	readonly stalledCheckMs: number | undefined;
	/** For so long no worker takes a job, as the limit for this period is used up; 0: not limited. Undefined where only workers know the limit. */
	readonly rateLimitedMs: number | undefined;
	/** Active jobs allowed in the whole queue (BullMQ's global concurrency); undefined: no limit. */
	readonly concurrency: number | undefined;
	readonly mixedMajors: MixedMajors | undefined;
	/** Ids seen in two looks at the ends of the lists and sets whose job is gone; what was not looked at may hold more. */
	readonly orphans: number | undefined;
	/** Nothing but the settings that a library writes when a queue is opened: mostly a misspelt name. */
	readonly isGhost: boolean;
};

export type QueueStatus = Figures &
	Rates & {
		readonly id: string;
		readonly family: QueueFamily;
		readonly system: QueueSystem;
		/** Of the library that opened the queue last, without its name (`5.81.5`); undefined where the system writes none. */
		readonly version: string | undefined;
		/** Undefined: not BullMQ, or not to be told; then nothing may be written to the queue. */
		readonly major: number | 'bull' | undefined;
		readonly prefix: string;
		readonly name: string;
		/** Until everything that waits has been worked off, if it goes on like this. Undefined before there are rates. */
		readonly drainSeconds: number | 'never' | undefined;
		readonly unknown: readonly Unknown[];
	};

/** Counters that only grow, from which rates are made. */
export type Counters = {readonly added?: number | undefined; readonly finished?: number | undefined; readonly failed?: number | undefined};

/** What one look leaves behind for the next. */
export type QueueMemory = {
	/** The first look of all, and the sample that rates are counted from. */
	readonly firstLookMs: number;
	readonly sampledMs: number;
	readonly counters: Counters;
	readonly rates: Rates;
	/** Active jobs without a lock. */
	readonly lockless: ReadonlyMap<string, LocklessSince>;
	/** Ids without a job in the last look. */
	readonly orphanIds: ReadonlySet<string>;
	/** The newest entry of the event stream at the time of the sample. */
	readonly lastEventId: string | undefined;
	/** The server's own counters at the time of the sample, as far as the adapter needs them. */
	readonly marks: Marks;
};

/** Since when a job has been seen without a lock in every look, in the run that began then. */
export type LocklessSince = {readonly sinceMs: number; readonly processedOn: string};

export type Marks = Readonly<Record<string, number | undefined>>;

/** With what a queue is looked at. */
export type LookContext = {
	/** The server's clock. */
	readonly nowMs: number;
	readonly before: QueueMemory | undefined;
	/** Connections named as workers of this queue; undefined: none, or the list of clients is not known. */
	readonly workers: number | undefined;
};

/** What an adapter makes of its replies. */
export type Look = {
	readonly figures: Partial<Figures>;
	readonly identity?: {
		readonly system: QueueSystem;
		readonly version: string | undefined;
		readonly major: QueueStatus['major'];
	};
	readonly counters?: Counters;
	readonly memory?: Partial<Pick<QueueMemory, 'lockless' | 'orphanIds' | 'lastEventId' | 'marks'>>;
	/** None of its keys is left. */
	readonly isGone?: boolean;
	readonly unknown: readonly Unknown[];
};
