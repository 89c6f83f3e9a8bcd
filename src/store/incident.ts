/** A queue in which more waited than its line allows, and how that went on. */
export type CrowdedQueue = {
	readonly label: string;
	readonly line: number;
	/** Of the last minute, oldest first. */
	readonly looks: readonly {readonly atMs: number; readonly backlog: number}[];
};

/** The trouble that stands or that stood last: what a recovery is measured by. */
export type Incident = {
	/** When the first finding of P0 or P1 came; undefined: there has been none since the console was opened. */
	readonly beganAtMs: number | undefined;
	/** Commands a second before it; undefined: it had begun before this console had looked for long enough. */
	readonly opsBefore: {readonly median: number; readonly seconds: number} | undefined;
	/** Since when there has been no P0 and no P1; undefined: there is one. */
	readonly calmSinceMs: number | undefined;
	/** By queue id. */
	readonly crowded: ReadonlyMap<string, CrowdedQueue>;
};

/** So long without P0 and P1, and an incident is over: what comes then is another one. */
export const calmForMs = 300_000;
