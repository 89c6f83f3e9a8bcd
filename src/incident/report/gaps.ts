import type {Snapshot} from '../../store/snapshot.ts';
import {formatBytes, formatMoment, formatSeconds, plural} from '../../text/format.ts';
import type {AuditFile} from './audit-file.ts';
import type {Course} from './course.ts';
import type {Observed} from './observe.ts';
import type {Span} from './spans.ts';
import {listed, type StateSpan} from './states.ts';

type Facts = {
	readonly observed: Pick<Observed, 'looks' | 'source' | 'last' | 'isTimelineCut'>;
	readonly course: Course | undefined;
	readonly spans: readonly Span[];
	readonly states: readonly StateSpan[];
	readonly audit: AuditFile;
};

/** Where this record has holes: what is missing in it was not nothing. */
export function gapsOf(facts: Facts): readonly string[] {
	const {observed, audit, course} = facts;
	const {source} = observed;
	const moment = (ms: number) => formatMoment(ms, source.fromMs);
	return [
		...(course && !course.isBeginKnown ? [`It may have begun before ${moment(course.fromMs)}: it stood when the console had its first look`] : []),
		...(course?.isNearFirstLook ? [`It may have begun before ${moment(course.fromMs)}: it was found within seconds of the first look`] : []),
		...earlierPart(source, moment),
		...damageOf(facts, moment),
		...(source.isCut ? [`The recording ends in the middle of a moment, after ${moment(source.toMs)}: the console was still at it, or was killed`] : []),
		...silences(facts, moment),
		...pauses(facts, moment),
		...movesOf(facts, moment),
		...refusedOf(observed.last.snapshot),
		...(observed.isTimelineCut ? ['The timeline of the console is bounded: of its first events only the titles are left'] : []),
		...(source.isRedacted ? ['The recording was redacted: names, addresses and arguments are hashes in it'] : []),
		...auditGaps(audit),
	];
}

type Moment = (ms: number) => string;

/** A long session is recorded in several files, from the second one on `NAME.2.rec`. */
function earlierPart({file, fromMs}: Observed['source'], moment: Moment): readonly string[] {
	const [, number = 1] = /\.(\d+)\.[^./]*$/.exec(file) ?? [];
	return Number(number) > 1 ? [`What came before ${moment(fromMs)} is in an earlier file of the same recording, and not in this report`] : [];
}

function damageOf({observed: {source}}: Facts, moment: Moment): readonly string[] {
	const {damage} = source;
	if (!damage) return [];
	const where = `at byte ${damage.atByte} of ${damage.ofBytes} (${formatBytes(damage.ofBytes - damage.atByte)} unread)`;
	return [`The recording is damaged ${where}: ${damage.reason}. What came after ${moment(damage.afterMs)} is not in this report`];
}

/** In these nothing is answered, so nothing was seen. BUSY is an answer, and figures are none. */
const mute: ReadonlySet<string> = new Set(['SILENT', 'DOWN', 'UNREACHABLE', 'LOADING', 'BUSY', 'NOAUTH', 'WRONGPASS']);
/** More are told by their number. */
const namedSilences = 8;

function silences({states, observed: {source}}: Facts, moment: Moment): readonly string[] {
	const mutes = states.filter(({kind}) => mute.has(kind)).map(span => ({...span, toMs: Math.min(span.toMs ?? source.toMs, source.toMs)}));
	const told = mutes
		.slice(0, namedSilences)
		.map(({kind, fromMs, toMs}) => `${kind} from ${moment(fromMs)} to ${moment(toMs)} (${formatSeconds((toMs - fromMs) / 1000)})`);
	const more = mutes.length > told.length ? `, and ${mutes.length - told.length} more times` : '';
	return told.length === 0 ? [] : [`No figures while the server answered none: ${listed(told)}${more}`];
}

/** So long without a frame, and the console itself did not run or could not write. */
const pauseMs = 15_000;
const namedPauses = 8;

function pauses({observed: {source}}: Facts, moment: Moment): readonly string[] {
	const gaps: string[] = [];
	let before = source.momentAt(source.fromMs);
	for (let next = source.momentAfter(before); next !== undefined; next = source.momentAfter(next)) {
		if (next - before > pauseMs) gaps.push(`Nothing was recorded from ${moment(before)} to ${moment(next)} (${formatSeconds((next - before) / 1000)})`);
		before = next;
	}
	const more = gaps.length > namedPauses ? [`Nothing was recorded ${gaps.length - namedPauses} more times`] : [];
	return [...gaps.slice(0, namedPauses), ...more];
}

function movesOf({observed: {looks}, spans}: Facts, moment: Moment): readonly string[] {
	return looks.flatMap((look, index) => {
		const before = looks[index - 1];
		if (!before || before.address === look.address) return [];
		const left = spans.filter(({isLeft, toMs}) => isLeft && toMs !== undefined && toMs > before.atMs && toMs <= look.atMs);
		const what = left.length === 0 ? '' : `; what became of ${listed(left.map(({id}) => id))} there was not seen`;
		return [`From ${moment(look.atMs)} on the console looked at ${look.address} instead of ${before.address}${what}`];
	});
}

/** Commands that this user may not run, or that the server has not got. */
function refusedOf(snapshot: Snapshot): readonly string[] {
	const {info, clients, slowlog, settings, commandStats, cluster, queues} = snapshot;
	const refused = [info, clients, slowlog, settings, commandStats, cluster, queues].flatMap(resource => resource.refused ?? []);
	const names = [...new Set(refused.map(({command}) => command))];
	const reasons = [...new Set(refused.map(({reason}) => reason))];
	return names.length === 0 ? [] : [`The console was refused ${listed(names)}, and what they tell is missing: ${reasons.join('; ')}`];
}

function auditGaps({problem, file, unreadable}: AuditFile): readonly string[] {
	const damaged =
		unreadable === 0
			? []
			: [`${plural(unreadable, 'line')} of the audit log (${file ?? 'audit.jsonl'}) could not be read: what was done may be more than is told here`];
	return [...(problem === undefined ? [] : [problem]), ...damaged];
}
