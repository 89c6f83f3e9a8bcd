import {returnsText, type TimelineEvent} from '../../store/timeline.ts';
import {formatTook, plural} from '../../text/format.ts';
import {type AuditRun, beganAtMs} from './audit-runs.ts';
import {iso, type TimelineRow} from './incident-report.ts';

export type TimelineTable = {readonly rows: readonly TimelineRow[]; readonly leftOut: number};

type Row = Omit<TimelineRow, 'at' | 'lastAt'> & {readonly atMs: number; readonly lastAtMs: number | undefined; readonly subject: string | undefined};

/** More nobody reads; then what is only at risk, and connections that come and go, are left out. */
const mostRows = 300;
/** Seen more often than this it is told once, with the last time. */
const mostRepeats = 3;

/** What happened, in order: the events of the console, and of the audit log every action of every console on these servers. */
export function timelineTable(events: readonly TimelineEvent[], runs: readonly AuditRun[]): TimelineTable {
	const known = new Set(runs.map(({id}) => id));
	// The log tells an action with its outcome in one row, and knows those of other consoles too.
	const others = events.filter(({kind, subject}) => kind !== 'action' || subject === undefined || !known.has(subject));
	const rows = collapsed([...others.map(eventRow), ...runs.map(runRow)].toSorted((a, b) => a.atMs - b.atMs));
	const kept = rows.length > mostRows ? rows.filter(isWeighty) : rows;
	return {
		rows: kept.map(({atMs, lastAtMs, subject: _, ...row}) => ({at: iso(atMs), ...row, lastAt: lastAtMs === undefined ? null : iso(lastAtMs)})),
		leftOut: rows.length - kept.length,
	};
}

const isWeighty = ({kind, severity}: Row): boolean => kind !== 'link' && !((kind === 'found' || kind === 'over') && severity === 'P2');

function eventRow(event: TimelineEvent): Row {
	const {atMs, kind, severity = null, text, details, subject, returns} = event;
	return {
		atMs,
		kind,
		severity,
		who: details.map(detail => /^(?:noted )?by (.+)$/s.exec(detail)?.[1]).find(name => name !== undefined) ?? null,
		text: [text, returnsText(event)].filter(part => part !== undefined).join('; '),
		detail: (kind === 'found' || kind === 'state' || kind === 'server' ? details[0] : undefined) ?? null,
		times: 1 + (returns?.count ?? 0),
		lastAtMs: returns?.lastAtMs,
		subject,
	};
}

function runRow(run: AuditRun): Row {
	const {action, outcome, detail, operator, sentAtMs, endedAtMs, rounds} = run;
	const took = sentAtMs === undefined || endedAtMs === undefined ? '' : ` (${formatTook(endedAtMs - sentAtMs)} after it was sent)`;
	const before = sentAtMs === undefined ? 'nothing was sent, ' : '';
	return {
		atMs: beganAtMs(run),
		kind: 'action',
		severity: null,
		who: operator,
		text: `${action}: ${before}${outcome === undefined ? 'outcome not known' : `${outcome}${took}`}`,
		detail: detail ?? (rounds > 0 ? `${plural(rounds, 'round')} in the audit log` : null),
		times: 1,
		lastAtMs: undefined,
		subject: undefined,
	};
}

const repeating: ReadonlySet<string> = new Set(['found', 'over', 'state', 'link']);

/** What comes and goes all the time is told when it first did and when it last did. */
function collapsed(rows: readonly Row[]): readonly Row[] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) if (row.subject !== undefined && repeating.has(row.kind)) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
	return rows.flatMap(row => {
		const group = groups.get(keyOf(row)) ?? [];
		const last = group.at(-1);
		if (!last || group.length <= mostRepeats) return [row];
		if (row === group[0]) return [{...row, times: group.reduce((sum, {times}) => sum + times, 0), lastAtMs: last.lastAtMs ?? last.atMs}];
		return row === last ? [row] : [];
	});
}

const keyOf = ({kind, subject}: Row): string => `${kind} ${subject}`;
