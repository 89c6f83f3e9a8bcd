import type {QueuePlan} from './queue-process.ts';

/** Knobs of an incident; tests turn them to be quick. */
export type Timing = {
	/** Healthy traffic before the incident begins. */
	readonly incidentAfterMs: number;
	/** From one trouble of `outage` to the next. */
	readonly stageMs: number;
	/** How long the script of `unkillable` runs. */
	readonly unkillableSeconds: number;
	/** How long the script of `failover` runs, and how long its Sentinels wait. */
	readonly outlivingSeconds: number;
	readonly downAfterMs: number;
	/** By then they know each other, and the console has looked around. */
	readonly sentinelsMeetMs: number;
	/** Extra lines for redis.conf. */
	readonly config: readonly string[];
};

export const defaultTiming: Timing = {
	incidentAfterMs: 3000,
	stageMs: 15_000,
	unkillableSeconds: 60,
	outlivingSeconds: 40,
	downAfterMs: 15_000,
	sentinelsMeetMs: 4000,
	config: [],
};

/** So long the console beside us starts; it has two cores at best, and must not wait for what we load or seed. */
export const consoleStartMs = 1200;

/** What a scenario plays on: the server that is up, and who can be called upon to act besides the host. */
export type Stage = {
	readonly port: number;
	/** The demo's folder. */
	readonly dir: string;
	readonly timing: Timing;
	/** Ports of the Sentinels; empty where the scenario has none. */
	readonly sentinels: readonly number[];
	/** Start a process with BullMQ's workers and producers. It ends with the server and with the host. */
	readonly startQueueProcess: (plan: QueuePlan) => QueueProcess;
	/** Attach a replica; resolves when it runs. It ends with the server and with the host. */
	readonly startReplica: () => Promise<void>;
};

export type QueueProcess = {
	/** End it as the kernel would: without a word to anybody. */
	readonly killHard: () => void;
};
