import type {ConsoleState} from '../../store/store.ts';
import type {TimelineEvent} from '../../store/timeline.ts';

/** What a recording holds of one moment. */
export type Recorded = Pick<ConsoleState, 'nowMs' | 'session' | 'snapshot' | 'findings' | 'fleet' | 'incident' | 'recovery' | 'survey' | 'opened' | 'timeline'>;

type Mark = Pick<TimelineEvent, 'atMs' | 'kind' | 'severity' | 'text' | 'subject'>;

/** What a report is made from: a recording, or what a live console has kept of its session. */
export type ReportSource = {
	/** Its path; the report names only the last part. */
	readonly file: string;
	readonly fromMs: number;
	readonly toMs: number;
	/** Names of keys, addresses of clients and arguments were hashed when it was written. */
	readonly isRedacted: boolean;
	/** Oldest first: also what the timeline, which is bounded, has let go. */
	readonly marks: readonly Mark[];
	/** Where it can be read no further. */
	readonly damage: {readonly atByte: number; readonly ofBytes: number; readonly afterMs: number; readonly reason: string} | undefined;
	/** The last frame at or before that moment; the first one where there is none. */
	readonly at: (ms: number) => Recorded;
};
