import {saysTheSame} from '../../store/recovery.ts';
import {stillChanged} from '../../store/ways-back.ts';
import {formatMoment} from '../../text/format.ts';
import {type AuditRead, type AuditRun, beganAtMs} from './audit-runs.ts';
import type {FollowUp, RecoveryList} from './incident-report.ts';
import {iso} from './incident-report.ts';
import type {Observed} from './observe.ts';
import type {Span} from './spans.ts';

type Facts = {
	readonly observed: Pick<Observed, 'events' | 'looks' | 'last' | 'source' | 'targets'>;
	readonly spans: readonly Span[];
	readonly audit: AuditRead;
	readonly runs: readonly AuditRun[];
};

/** What remains to be done: what stands still, what nobody knows the outcome of, what was changed and is still so, what is at risk. */
export function followUpsOf(facts: Facts): readonly FollowUp[] {
	const standing = facts.spans.filter(({toMs, isLeft}) => toMs === undefined && !isLeft);
	const trouble = standing.filter(span => isStillTrouble(span));
	const risks = standing.filter(span => !isStillTrouble(span));
	const own = [
		...trouble.map((span): FollowUp => ({kind: 'stands', text: `${span.severity} ${span.id} stands: ${span.title}`, how: stepsOf(span, facts)})),
		...facts.runs.filter(isOpen).map(run => outcomeOf(run, facts)),
		...leftOpen(facts),
		...changesOf(facts),
		...risks.map((span): FollowUp => ({kind: 'risk', text: `P2 ${span.id}: ${span.title}`, how: stepsOf(span, facts)})),
	];
	return [...own, ...notedOf(facts, own)];
}

const isStillTrouble = ({trouble}: Span): boolean => trouble !== undefined && trouble.toMs === undefined;

const isOpen = ({outcome}: AuditRun): boolean => outcome === undefined || outcome === 'unknown' || outcome === 'unverified';

/** What helps and is not the console's to do. */
const stepsOf = ({id}: Span, {observed: {looks}}: Facts): readonly string[] =>
	looks.findLast(({findings}) => findings.some(finding => finding.id === id))?.findings.find(finding => finding.id === id)?.steps ?? [];

const outcomeOf = (run: AuditRun, {observed: {source}}: Facts): FollowUp => ({
	kind: 'outcome',
	text: `${run.action} by ${run.operator} at ${formatMoment(beganAtMs(run), source.fromMs)}: ${run.outcome ?? 'outcome not known'}`,
	how: ['look at the server what became of it'],
});

/** What an earlier console had left without an outcome, as this one was told at its start. */
const leftOpen = ({observed: {events}, runs}: Facts): readonly FollowUp[] =>
	events
		.filter(({kind, outcome, subject}) => kind === 'action' && outcome === 'unknown' && runs.every(({id}) => id !== subject))
		.map(({text}) => ({kind: 'outcome', text, how: ['look at the server what became of it']}));

/** What the last frame shows to be as it was before has been taken back; of several servers it shows one. */
const changesOf = ({audit: {standing}, observed: {source, last, targets}}: Facts): readonly FollowUp[] =>
	stillChanged(standing, targets.length === 1 ? last.snapshot.settings.data : undefined).map(({done, atMs, operator, title}) => ({
		kind: 'change',
		text: `${done} was changed at ${formatMoment(atMs, source.fromMs)} by ${operator} and is not taken back`,
		how: [title],
	}));

const notedSign = 'still to do: ';

/** What the console listed when the recovery was noted last, as far as nothing above says it. */
function notedOf({observed: {events}}: Facts, own: readonly FollowUp[]): readonly FollowUp[] {
	const last = events.findLast(isRecovery);
	const noted = (last?.details ?? []).filter(detail => detail.startsWith(notedSign)).map(detail => detail.slice(notedSign.length));
	const isKnown = (text: string) => own.some(each => each.text === text || (each.kind === 'risk' && text.startsWith(each.text.split(': ', 1)[0] ?? text)));
	return noted.filter(text => !isKnown(text)).map(text => ({kind: 'noted', text, how: []}));
}

const isRecovery = ({kind, subject}: Observed['events'][number]): boolean => kind === 'note' && subject === 'recovery';

const ticks: ReadonlyMap<string, boolean | null> = new Map([
	['✓', true],
	['✗', false],
	['?', null],
]);

/** The lists that were noted, as they were then; without any, the one of the last frame, as of when it became that: while nobody looks at it, it is not judged. */
export function recoveryListsOf({events, looks, last, source}: Pick<Observed, 'events' | 'looks' | 'last' | 'source'>): readonly RecoveryList[] {
	const noted = events.filter(isRecovery).map(
		({atMs, text, details}): RecoveryList => ({
			at: iso(atMs),
			by: details.map(detail => /^noted by (.+)$/s.exec(detail)?.[1]).find(name => name !== undefined) ?? null,
			summary: text.replace(/^Recovery: /, ''),
			items: details.flatMap(detail => {
				const [sign = '', ...rest] = detail.split(' ');
				const ok = ticks.get(sign);
				return ok === undefined ? [] : [{ok, text: rest.join(' ')}];
			}),
		}),
	);
	const {items} = last.recovery;
	if (noted.length > 0 || items.length === 0) return noted;
	const verified = items.filter(({ok}) => ok === true).length;
	const list = items.map(({label, ok, detail}) => ({ok: ok ?? null, text: `${label}: ${detail}`}));
	const judged = looks[looks.findLastIndex(({recovery}) => !saysTheSame(items, recovery)) + 1];
	return [{at: iso(judged?.atMs ?? source.toMs), by: null, summary: `${verified} of ${items.length} verified`, items: list}];
}
