import {formatMoment, formatSeconds, plural} from '../../text/format.ts';
import {type AuditRun, beganAtMs} from './audit-runs.ts';
import type {Course} from './course.ts';
import type {IncidentReport} from './incident-report.ts';
import type {Look, Observed} from './observe.ts';
import type {Span} from './spans.ts';
import {type StateSpan, whileIt} from './states.ts';

type Facts = {
	readonly observed: Pick<Observed, 'looks' | 'events' | 'source'>;
	readonly spans: readonly Span[];
	readonly states: readonly StateSpan[];
	readonly runs: readonly AuditRun[];
	readonly course: Course | undefined;
};

/** What says that data were lost, as far as it was seen, and what nobody could see from here. */
export function dataLossOf(facts: Facts): IncidentReport['dataLoss'] {
	return {
		seen: [...shutdowns(facts), ...restarts(facts), ...told(facts), ...failovers(facts), ...evictions(facts), ...deletions(facts), ...mixedMajors(facts)],
		notSeen: [...refusedWrites(facts), ...unseen(facts)],
	};
}

const momentIn =
	({source}: Pick<Observed, 'source'>) =>
	(ms: number): string =>
		formatMoment(ms, source.fromMs);

/** What may have been done counts as done here. */
const mayHaveRun = ({outcome}: AuditRun): boolean => outcome === undefined || ['done', 'unverified', 'unknown', 'cancelled', 'failed'].includes(outcome);
const perhaps = ({outcome}: AuditRun): string => (outcome === 'done' ? '' : ` (${outcome ?? 'outcome not known'})`);

function shutdowns({observed, spans, runs}: Facts): readonly string[] {
	const moment = momentIn(observed);
	return runs.flatMap(run => {
		const {action, sentAtMs, operator, outcome} = run;
		if (action !== 'server.shutdown-nosave' || sentAtMs === undefined || outcome === 'failed' || !mayHaveRun(run)) return [];
		const hasWritten = spans.some(({id, fromMs, toMs = sentAtMs}) => id.startsWith('script.unkillable') && fromMs <= sentAtMs && toMs >= sentAtMs - 60_000);
		const script = hasWritten ? '; what the script had written was among it (it was UNKILLABLE)' : '';
		return [`${operator} ended the server without saving at ${moment(sentAtMs)}${perhaps(run)}: ${unsaved(infoAt(observed, sentAtMs))}${script}`];
	});
}

/** While a server is silent its figures stay as they were. */
const infoAt = ({source}: Facts['observed'], atMs: number): Saved | undefined => source.at(atMs - 1).snapshot.info.data;

type Saved = Pick<Look, 'changesSinceSave' | 'aofEnabled'>;

function unsaved(look: Saved | undefined): string {
	const {changesSinceSave, aofEnabled} = look ?? {};
	if (aofEnabled === true) return 'the append-only file was on and has what was written to it';
	if (changesSinceSave === undefined) return 'how many changes were not saved is not known';
	return changesSinceSave === 0
		? 'no change was unsaved when it was last asked'
		: `${plural(changesSinceSave, 'change')} since the last save, when it was last asked`;
}

function restarts({observed}: Facts): readonly string[] {
	const known = observed.looks.filter(({runId}) => runId !== undefined);
	return known.flatMap((look, index) => {
		const before = known[index - 1];
		if (!before || before.runId === look.runId || before.address !== look.address) return [];
		return [`The server at ${look.address} was started anew before ${momentIn(observed)(look.atMs)}: ${unsaved(before)}`];
	});
}

/** In the console's own words at that moment. */
const told = ({observed: {events, source}}: Facts): readonly string[] =>
	events.filter(({kind, text}) => kind === 'server' && /\blost\b/.test(text)).map(({atMs, text}) => `At ${momentIn({source})(atMs)} the console said: ${text}`);

const movedMaster = /^(?:Failover:|Sentinel moved the master)|^The server is a (?:master|replica) now/;

function failovers({observed: {events, source}, spans, runs}: Facts): readonly string[] {
	const moment = momentIn({source});
	const moves = events.filter(({text, kind}) => (kind === 'server' || kind === 'console') && movedMaster.test(text));
	const risk = spans.some(({id}) => id.startsWith('replication.lost-writes-risk'));
	const written = risk ? ' A script ran while the failover was near: what it wrote on the old master is lost' : '';
	const [move] = moves;
	const promoted = runs.filter(
		run => ['replica.promote', 'sentinel.failover'].includes(run.action) && run.sentAtMs !== undefined && run.outcome !== 'failed' && mayHaveRun(run),
	);
	return [
		...(move ? [`The master changed at ${moment(move.atMs)}: writes that the new one had not received are lost; how many was not seen.${written}`] : []),
		...promoted.map(
			run => `${run.operator} ran ${run.action} at ${moment(beganAtMs(run))}${perhaps(run)}: what the old master had not sent on is not on the new one`,
		),
	];
}

/** What was evicted before the end may be read a moment after it. */
const besideMs = 5000;

/** The counter of one process only grows; another process begins anew. */
function evictions({observed: {looks, source}, course}: Facts): readonly string[] {
	const {fromMs, toMs = source.toMs} = course ?? source;
	const told = looks.flatMap(({atMs, runId, evictedKeys}) => (runId === undefined || evictedKeys === undefined ? [] : [{atMs, runId, evictedKeys}]));
	const evicted = told.reduce((sum, {atMs, runId, evictedKeys}, index) => {
		const before = told[index - 1];
		const isCounted = before?.runId === runId && atMs >= fromMs && atMs <= toMs + besideMs;
		return isCounted ? sum + Math.max(0, evictedKeys - before.evictedKeys) : sum;
	}, 0);
	const when = course ? 'the incident' : 'the recording';
	return evicted === 0 ? [] : [`${plural(evicted, 'key')} ${evicted === 1 ? 'was' : 'were'} evicted to make room during ${when}`];
}

const deleting: ReadonlySet<string> = new Set(['keys.unlink', 'queue.clean']);

function deletions({observed, runs}: Facts): readonly string[] {
	return runs
		.filter(run => deleting.has(run.action) && run.sentAtMs !== undefined && mayHaveRun(run))
		.map(run => {
			const what = run.detail ?? (run.account === undefined ? 'how much is not known' : `${run.account} before the last round that is in the log`);
			return `${run.operator} ran ${run.action} on purpose at ${momentIn(observed)(beganAtMs(run))}${perhaps(run)}: ${what}`;
		});
}

function mixedMajors({spans}: Facts): readonly string[] {
	const span = spans.find(({id}) => id.startsWith('queue.mixed-majors'));
	return span ? [`Jobs were at risk, and may be gone: ${span.title}`] : [];
}

const refusingWrites: ReadonlySet<string> = new Set(['OOM', 'MISCONF', 'NOREPLICAS', 'CLUSTERDOWN', 'BUSY', 'LOADING', 'MASTERDOWN']);

function refusedWrites({states, observed}: Facts): readonly string[] {
	const words = whileIt(states, kind => refusingWrites.has(kind), observed.source.toMs);
	return words === undefined ? [] : [`Writes were refused while the server was ${words}: the callers were told so, and what they made of it was not seen`];
}

function unseen({states, observed, runs}: Facts): readonly string[] {
	const silent = whileIt(states, kind => ['SILENT', 'DOWN', 'UNREACHABLE'].includes(kind), observed.source.toMs);
	const hooks = runs.filter(({action, sentAtMs}) => action.startsWith('hook.') && sentAtMs !== undefined);
	return [
		...(silent === undefined
			? []
			: [`What was in flight while the server was ${silent}: commands that it had taken and not answered may have been carried out or not`]),
		...(hooks.length === 0 ? [] : [`What ${plural(hooks.length, 'program')} started from the console did outside of the server`]),
		`What other clients deleted or overwrote themselves, and what was lost before ${momentIn(observed)(observed.source.fromMs)}`,
		`What happened between two looks of the console (${formatSeconds(observed.source.at(observed.source.toMs).session.intervalMs / 1000)})`,
	];
}
