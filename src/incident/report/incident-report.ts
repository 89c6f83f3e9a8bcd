import type {Severity} from '../../store/finding.ts';
import type {VitalName} from '../../store/history.ts';
import type {Status} from './course.ts';

/** A report as plain data: what `--json` prints and what the document is made of. Times are ISO 8601 in UTC; what is not known is null. Texts of others are as they were. */
export type IncidentReport = {
	readonly schema: 1;
	readonly program: string;
	readonly recording: {
		readonly file: string;
		readonly from: string;
		readonly to: string;
		readonly redacted: boolean;
		readonly damage: {readonly atByte: number; readonly ofBytes: number; readonly readableTo: string; readonly reason: string} | null;
	};
	readonly target: {
		readonly name: string;
		readonly address: string;
		readonly environment: string | null;
		readonly product: string | null;
		readonly version: string | null;
		readonly role: string | null;
	};
	readonly status: Status;
	readonly severity: Severity | null;
	readonly start: string | null;
	/** False: it may have begun before that. */
	readonly startKnown: boolean;
	/** Null: it had not ended when the record did. */
	readonly end: string | null;
	/** From start to end, or to the end of the record. */
	readonly durationSeconds: number | null;
	/** Several where it was calm for minutes in between. */
	readonly stretches: readonly {readonly from: string; readonly to: string | null}[];
	/** What was seen, what was done, how it ended. */
	readonly summary: readonly string[];
	readonly impact: Impact;
	readonly findings: readonly ReportedFinding[];
	readonly timeline: readonly TimelineRow[];
	/** Events of little weight that are not in the timeline, as it would be too long. */
	readonly timelineLeftOut: number;
	readonly vitals: VitalTable;
	/** The name of the audit log; null: none could be read, and `gaps` says why. */
	readonly auditLog: string | null;
	readonly actions: readonly ReportedAction[];
	readonly dataLoss: {readonly seen: readonly string[]; readonly notSeen: readonly string[]};
	readonly recovery: readonly RecoveryList[];
	readonly followUps: readonly FollowUp[];
	readonly gaps: readonly string[];
	/** For a status page: nothing of the inside is in it. */
	readonly communication: readonly string[];
};

export type Impact = {
	/** Of the config file that the console had; those that nothing has touched are not here. */
	readonly components: readonly ComponentImpact[];
	/** How many the config file has. */
	readonly configured: number;
	/** Who is affected in the words of the findings: queues, clients of a kind. */
	readonly affected: readonly string[];
};

export type ComponentImpact = {
	readonly name: string;
	readonly impact: string | null;
	readonly severity: Severity;
	readonly from: string;
	readonly to: string | null;
	/** Counted once where findings overlap. */
	readonly seconds: number;
	readonly findings: readonly {readonly id: string; readonly severity: Severity; readonly seconds: number}[];
};

export type ReportedFinding = {
	readonly id: string;
	readonly severity: Severity;
	readonly title: string;
	readonly evidence: string;
	readonly from: string;
	readonly startKnown: boolean;
	readonly to: string | null;
	readonly seconds: number;
	/** How often it was back within seconds. */
	readonly returns: number;
};

export type TimelineRow = {
	readonly at: string;
	readonly kind: 'found' | 'over' | 'state' | 'action' | 'note' | 'server' | 'link' | 'console';
	readonly severity: Severity | null;
	/** Who did it, or wrote it. */
	readonly who: string | null;
	readonly text: string;
	/** The figures behind it. */
	readonly detail: string | null;
	/** It happened so often, the last time then. */
	readonly times: number;
	readonly lastAt: string | null;
};

export type VitalTable = {
	/** What the charts show. */
	readonly from: string;
	readonly to: string;
	readonly secondsPerMark: number;
	/** The marks that the incident covers, the last one among them; null without an incident. */
	readonly incident: {readonly first: number; readonly last: number} | null;
	readonly rows: readonly VitalRow[];
};

export type VitalRow = {
	readonly name: VitalName;
	/** Which way is worse. */
	readonly worse: 'high' | 'low';
	/** The median of up to five minutes before the start. */
	readonly before: number | null;
	/** The worst between start and end. */
	readonly during: number | null;
	/** The median of the last five minutes of the record, after the end. */
	readonly after: number | null;
	readonly min: number;
	readonly max: number;
	/** The worst of each mark; null: nothing was heard. */
	readonly chart: readonly (number | null)[];
};

export type ReportedAction = {
	/** The id in the audit log. */
	readonly id: string;
	readonly action: string;
	readonly danger: string;
	readonly operator: string;
	readonly host: string;
	readonly target: string;
	/** Null: nothing was about to be sent. */
	readonly sentAt: string | null;
	readonly endedAt: string | null;
	/** Null: not known, the log has no outcome. */
	readonly outcome: string | null;
	readonly detail: string | null;
	/** As they were sent, a script of several lines by its name. */
	readonly commands: readonly string[];
	/** More are in the audit log. */
	readonly moreCommands: number;
	readonly rounds: number;
	/** Of a batch without an outcome: the account before its last round. */
	readonly account: string | null;
	readonly before: string | null;
	readonly after: string | null;
	/** The action that takes it back. */
	readonly undo: string | null;
	/** The run that has taken it back. */
	readonly undoneBy: string | null;
	readonly undoes: string | null;
	readonly output: readonly string[];
};

/** The list of signs that it is over, as somebody noted it; `by` null: as it was judged last in the record, at that time, and nobody has noted it. */
export type RecoveryList = {
	readonly at: string;
	readonly by: string | null;
	readonly summary: string;
	/** `ok` null: it could not be told. */
	readonly items: readonly {readonly ok: boolean | null; readonly text: string}[];
};

export type FollowUp = {readonly kind: 'stands' | 'outcome' | 'change' | 'risk' | 'noted'; readonly text: string; readonly how: readonly string[]};

export const iso = (ms: number): string => new Date(ms).toISOString();
