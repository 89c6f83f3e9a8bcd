/** P0: the service has stopped. P1: degraded. P2: at risk. */
export type Severity = 'P0' | 'P1' | 'P2';

/** What is wrong, as data: pure rules make it, the strip and the findings overlay show it. */
export type Finding = {
	readonly id: string;
	readonly severity: Severity;
	readonly title: string;
	/** The figures behind it, one line. */
	readonly evidence: string;
	/** What it means for those who use this server; says of a guess that it is one. */
	readonly meaning: readonly string[];
	readonly components: readonly string[];
	/** Ids of actions, the one to try first in front. */
	readonly remedies: readonly string[];
	/** What helps and is not the console's to do: on a host, in another tool. In order. */
	readonly steps?: readonly string[];
	/** The server it is about, if that is not the one that is looked at. */
	readonly node?: string;
	/** How to see that it is over. */
	readonly over: string;
};
