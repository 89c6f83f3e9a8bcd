import type {SlowlogEntry} from '../../redis/parse/slowlog.ts';
import {severityRank} from '../../store/fleet.ts';
import {formatMicros, formatMoment, formatSeconds, plural} from '../../text/format.ts';
import type {AuditFile} from './audit-file.ts';
import type {AuditRun} from './audit-runs.ts';
import type {Course} from './course.ts';
import type {Observed} from './observe.ts';
import type {Span} from './spans.ts';
import {listed, type StateSpan, whileIt} from './states.ts';

type Facts = {
	readonly observed: Pick<Observed, 'source' | 'looks' | 'last'>;
	readonly course: Course | undefined;
	readonly spans: readonly Span[];
	readonly states: readonly StateSpan[];
	readonly audit: AuditFile;
	readonly runs: readonly AuditRun[];
};

/** Three parts: what was seen, and who may have called the script behind it; what was done; how it ended. */
export const summaryOf = (facts: Facts): readonly string[] => [[seen(facts), ...callers(facts)].join(' '), done(facts), ended(facts)];

const troubled: ReadonlySet<string> = new Set([
	'SILENT',
	'BUSY',
	'DOWN',
	'UNREACHABLE',
	'LOADING',
	'OOM',
	'MISCONF',
	'MAXCLIENTS',
	'NOREPLICAS',
	'CLUSTERDOWN',
	'MASTERDOWN',
]);
/** More findings are told by their number. */
const named = 3;

function seen({observed: {source}, course, spans, states}: Facts): string {
	const moment = (ms: number) => formatMoment(ms, source.fromMs);
	if (!course) {
		const risks = new Set(spans.map(({id}) => id)).size;
		const more = risks === 0 ? 'and nothing at risk' : `and ${plural(risks, 'finding')} of P2 (at risk)`;
		return `From ${moment(source.fromMs)} to ${moment(source.toMs)} no P0 or P1 was seen, ${more}.`;
	}
	const bad = spans.filter(({trouble}) => trouble !== undefined).toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity] || a.fromMs - b.fromMs);
	const distinct = bad.filter(({id}, index) => bad.findIndex(other => other.id === id) === index);
	const words = distinct.slice(0, named).map(({id, severity, title}) => `${severity} ${id} (${sentencePart(title)})`);
	const more = distinct.length > named ? [`${distinct.length - named} more`] : [];
	const begin = course.isBeginKnown ? `From ${moment(course.fromMs)} on` : `At the first look, ${moment(course.fromMs)},`;
	const inState = whileIt(states, kind => troubled.has(kind), source.toMs);
	return `${begin} the console found ${listed([...words, ...more])}${inState === undefined ? '' : `; the server was ${inState}`}.`;
}

/** A title that ends like a sentence would end the one it is told in. */
const sentencePart = (title: string): string => title.replace(/[.!?]+(?=\s|$)/g, ';').replace(/[;\s]+$/, '');

/** As the slowlog tells once the script has ended; until then a guess, and told as one. Several scripts have several. */
function callers({observed: {looks, source, last}, course}: Facts): readonly string[] {
	if (!course) return [];
	const guesses = looks.flatMap(({caller}) => caller ?? []);
	const distinct = guesses.filter(({words}, index) => guesses.findIndex(other => other.words === words) === index);
	return distinct.slice(0, named).map(({of, words, seenAtMs}) => {
		const entry = seenAtMs === undefined ? undefined : loggedAfter(last.snapshot.slowlog.data?.entries ?? [], seenAtMs);
		if (entry)
			return `The caller of the ${of} was ${`${entry.clientAddress} ${entry.clientName}`.trimEnd()}, by the slowlog (${formatMicros(entry.durationMicros)}).`;
		const seenAt = seenAtMs === undefined ? '' : `, by the list of clients of ${formatMoment(seenAtMs, source.fromMs)}`;
		return `The caller of the ${of} is ${words}${seenAt}.`;
	});
}

/** What blocks a server begins between the last list of clients and the next one. The slowlog has the server's own clock, and whole seconds. */
const loggedAfter = (entries: readonly SlowlogEntry[], seenAtMs: number): SlowlogEntry | undefined =>
	entries.find(({isScript, clientAddress, durationMicros, atMs}) => {
		const beganAtMs = atMs - durationMicros / 1000;
		return isScript && clientAddress !== '' && durationMicros >= longMicros && Math.abs(beganAtMs - seenAtMs) <= besideListMs;
	});

const longMicros = 1e6;
const besideListMs = 10_000;

function done({audit, runs}: Facts): string {
	const isWhole = audit.problem === undefined;
	if (runs.length === 0)
		return isWhole
			? 'Nothing was done to the server by way of this program.'
			: 'The console that recorded has sent nothing; without the audit log no other one is known of.';
	const sent = runs.filter(({sentAtMs}) => sentAtMs !== undefined);
	const operators = [...new Set(sent.map(({operator}) => operator))];
	const unsent = runs.length - sent.length;
	const rest = unsent === 0 ? '' : `; ${unsent} more ${unsent === 1 ? 'was' : 'were'} refused or left without sending anything`;
	if (sent.length === 0) return `No action was sent${rest}.`;
	return `${listed(operators)} ran ${plural(sent.length, 'action')}: ${listed(outcomesOf(sent))}${rest}.`;
}

function outcomesOf(runs: readonly AuditRun[]): readonly string[] {
	const counts = new Map<string, number>();
	for (const {action, outcome} of runs) {
		const text = `${action} (${outcome ?? 'outcome not known'})`;
		counts.set(text, (counts.get(text) ?? 0) + 1);
	}
	return [...counts].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`));
}

function ended({observed: {source}, course, spans}: Facts): string {
	const moment = (ms: number) => formatMoment(ms, source.fromMs);
	const lasted = (ms: number) => formatSeconds(Math.max(0, ms) / 1000);
	if (!course) return `So the record of ${lasted(source.toMs - source.fromMs)} has no incident in it.`;
	if (course.toMs === undefined) {
		const standing = [...new Set(spans.filter(({trouble}) => trouble && trouble.toMs === undefined).map(({id, severity}) => `${severity} ${id}`))];
		const until = source.damage ? 'where the recording can be read no further' : 'at the end of the recording';
		return `It had not ended ${until}, ${moment(source.toMs)}, ${lasted(source.toMs - course.fromMs)} after the start: ${listed(standing)} ${standing.length === 1 ? 'stood' : 'were standing'} then.`;
	}
	const since = lasted(source.toMs - course.toMs);
	const times = course.stretches.length > 1 ? `, in ${course.stretches.length} stretches with calm in between` : '';
	const monitoring = course.status === 'monitoring' ? ', which is too short to call it over' : '';
	return `The last P0 or P1 was over at ${moment(course.toMs)}, ${lasted(course.toMs - course.fromMs)} after the start${times}; none came back in the ${since} until the end of the recording${monitoring}.`;
}
