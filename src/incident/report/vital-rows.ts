import type {VitalName} from '../../store/history.ts';
import type {Course} from './course.ts';
import {iso, type VitalRow, type VitalTable} from './incident-report.ts';
import type {Observed, Sample} from './observe.ts';

const names: readonly (readonly [name: VitalName, worse: VitalRow['worse']])[] = [
	['opsPerSecond', 'low'],
	['cpuPercent', 'high'],
	['connectedClients', 'high'],
	['blockedClients', 'high'],
	['usedMemoryBytes', 'high'],
	['hitRate', 'low'],
	['evictedPerSecond', 'high'],
	['networkBytesPerSecond', 'high'],
	['replicationLagSeconds', 'high'],
];

/** So long before the start, and at the end of the record, is what it is compared with. */
const besideMs = 300_000;
/** As many marks fit beside five columns on a page. */
const mostMarks = 48;

type Window = {readonly fromMs: number; readonly toMs: number};

/** Vitals before, during and after, with a small chart of each; those that were never told have no row. */
export function vitalTable({samples, source}: Pick<Observed, 'samples' | 'source'>, course: Course | undefined): VitalTable {
	const window = chartWindow(source, course);
	const marks = Math.min(mostMarks, Math.max(1, Math.floor((window.toMs - window.fromMs) / 1000)));
	const markMs = Math.max(1, (window.toMs - window.fromMs) / marks);
	const markAt = (atMs: number) => Math.min(marks - 1, Math.max(0, Math.floor((atMs - window.fromMs) / markMs)));
	const charted = samplesIn(samples, window);
	const rows = names.flatMap(([name, worse]): VitalRow | readonly VitalRow[] => {
		const values = valuesOf(charted, name);
		if (values.length === 0) return [];
		const chart = Array.from({length: marks}, (): number | null => null);
		for (const {atMs, [name]: value} of charted) if (value !== undefined) chart[markAt(atMs)] = worseOf(worse, chart[markAt(atMs)] ?? value, value);
		return {name, worse, ...compared({name, worse}, {samples, source, course}), min: least(values), max: most(values), chart};
	});
	return {
		from: iso(window.fromMs),
		to: iso(window.toMs),
		secondsPerMark: Math.round(markMs / 100) / 10,
		incident: course ? {first: markAt(course.fromMs), last: markAt(course.toMs ?? source.toMs)} : null,
		rows,
	};
}

function chartWindow({fromMs, toMs}: Window, course: Course | undefined): Window {
	if (!course) return {fromMs, toMs};
	return {fromMs: Math.min(Math.max(fromMs, course.fromMs - besideMs), toMs), toMs: Math.min(toMs, (course.toMs ?? toMs) + besideMs)};
}

type Compared = Pick<Observed, 'samples' | 'source'> & {readonly course: Course | undefined};

function compared({name, worse}: Pick<VitalRow, 'name' | 'worse'>, {samples, source, course}: Compared): Pick<VitalRow, 'before' | 'during' | 'after'> {
	if (!course) return {before: null, during: null, after: null};
	const {fromMs, toMs} = course;
	const before = course.isBeginKnown ? valuesOf(samplesIn(samples, {fromMs: fromMs - besideMs, toMs: fromMs - 1}), name) : [];
	const during = valuesOf(samplesIn(samples, {fromMs, toMs: toMs ?? source.toMs}), name);
	const after = toMs === undefined ? [] : valuesOf(samplesIn(samples, {fromMs: Math.max(toMs + 1, source.toMs - besideMs), toMs: source.toMs}), name);
	return {before: median(before), during: during.length === 0 ? null : worse === 'low' ? least(during) : most(during), after: median(after)};
}

const samplesIn = (samples: readonly Sample[], {fromMs, toMs}: Window): readonly Sample[] => samples.filter(({atMs}) => atMs >= fromMs && atMs <= toMs);

const valuesOf = (samples: readonly Sample[], name: VitalName): readonly number[] =>
	samples.flatMap(({[name]: value}) => (value === undefined || !Number.isFinite(value) ? [] : [value]));

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const worseOf = (worse: VitalRow['worse'], a: number, b: number): number => (worse === 'low' ? Math.min(a, b) : Math.max(a, b));

function median(values: readonly number[]): number | null {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
	return low === undefined || high === undefined ? null : (low + high) / 2;
}
