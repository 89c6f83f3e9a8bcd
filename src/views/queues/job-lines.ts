import type {JobDetail, JobState, SizedText} from '../../queues/job-types.ts';
import {memoizeLatest} from '../../store/memoize.ts';
import {formatBytes, formatCount, formatSeconds} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import type {Facts} from '../kit/facts.ts';
import {type Line, line} from '../kit/line.ts';
import {breakText, indentJson} from './job-text.ts';

type LineOptions = {readonly width: number; readonly nowMs: number; readonly ascii: boolean};

/** Everything about a job, from what it is to its stacks. `nowMs` is the server's clock. */
export function jobLines(job: JobDetail, {width, nowMs, ascii}: LineOptions): readonly Line[] {
	return [...jobFacts(job, nowMs, ascii).flatMap(([name, value]) => factLines(name, value, width, ascii)), ...textLines(job, width, ascii)];
}

const nameWidth = 15;

/** A fact over as many lines as it needs, its name before the first. */
export function factLines(name: string, value: string, width: number, ascii: boolean): readonly Line[] {
	return breakText(value, width - nameWidth - 2, ascii).map((text, index) =>
		line({text: ` ${(index === 0 ? name : '').padEnd(nameWidth)} `, tone: 'dim'}, text),
	);
}

const stateWords: Readonly<Record<JobState | 'unknown', string>> = {
	waiting: 'waiting',
	paused: 'waiting, paused',
	active: 'active',
	delayed: 'delayed',
	prioritized: 'waiting, by priority',
	'waiting-children': 'waiting for its children',
	failed: 'failed',
	completed: 'finished',
	unknown: 'not to be told',
};

function jobFacts(job: JobDetail, nowMs: number, ascii: boolean): Facts {
	const {none} = glyphsFor(ascii);
	const {stalledCount, workerName, priority, parentKey, logCount, startedMs, finishedMs} = job;
	const took = startedMs === undefined || finishedMs === undefined ? '' : `, after ${formatSeconds((finishedMs - startedMs) / 1000, {ascii})}`;
	const facts: readonly (readonly [string, string | undefined])[] = [
		['state', stateWords[job.state ?? 'unknown']],
		['name', job.name],
		['attempts', `${job.attemptsMade ?? none} of ${job.attempts ?? none}`],
		['created', moment(job.createdMs, nowMs, ascii)],
		['due', moment(job.dueMs, nowMs, ascii)],
		['started', moment(startedMs, nowMs, ascii)],
		['finished', finishedMs === undefined ? undefined : `${moment(finishedMs, nowMs, ascii)}${took}`],
		['priority', priority ? formatCount(priority) : undefined],
		['worker', workerName],
		['workers lost', stalledCount ? `${formatCount(stalledCount)} while they ran it` : undefined],
		['lock', lockText(job, ascii)],
		['log', logCount ? `${formatCount(logCount)} lines` : undefined],
		['parent', parentKey],
	];
	return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Only a job that runs has one. */
function lockText({hasLock, lockMs, startedMs, finishedMs}: JobDetail, ascii: boolean): string | undefined {
	if (hasLock === undefined || startedMs === undefined || finishedMs !== undefined) return undefined;
	return hasLock ? `held, for another ${formatSeconds((lockMs ?? 0) / 1000, {ascii})} unless it is renewed` : 'nobody holds it';
}

/** `2026-07-30 12:03:22Z, 47m12s ago`. */
function moment(ms: number | undefined, nowMs: number, ascii: boolean): string | undefined {
	if (ms === undefined) return undefined;
	const date = new Date(ms);
	if (Number.isNaN(date.getTime())) return formatCount(ms);
	const away = formatSeconds(Math.floor(Math.abs(nowMs - ms) / 1000), {ascii});
	return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z, ${ms > nowMs ? `in ${away}` : `${away} ago`}`;
}

/** A megabyte of stacks is not broken into lines anew for every second that passes. */
const textLines = memoizeLatest((job: JobDetail, width: number, ascii: boolean): readonly Line[] => {
	const {failedReason, stacks, stackBytes, data, options, progress, returnValue} = job;
	const newestFirst = stacks.toReversed();
	return [
		...section('why it failed', failedReason, width, ascii),
		...newestFirst.flatMap((stack, index) => [
			...heading(`stack ${formatCount(stacks.length - index)} of ${formatCount(stacks.length)}${index === 0 && stacks.length > 1 ? ', the newest' : ''}`),
			...indentedText(stack, width, ascii),
		]),
		...(stacks.length === 0 && stackBytes > 0 ? section('stacks', {text: undefined, bytes: stackBytes}, width, ascii) : []),
		...section('data', json(data), width, ascii),
		...section('options', json(options), width, ascii),
		...section('progress', json(progress), width, ascii),
		...section('return value', json(returnValue), width, ascii),
	];
});

const json = ({text, bytes}: SizedText): SizedText => ({text: text === undefined ? undefined : indentJson(text), bytes});

const heading = (title: string): readonly Line[] => [[], line(' ', {text: title, tone: 'strong'})];

function section(title: string, {text, bytes}: SizedText, width: number, ascii: boolean): readonly Line[] {
	if (text !== undefined) return [...heading(title), ...indentedText(text, width, ascii)];
	if (bytes === 0) return [];
	return [...heading(title), line('  ', {text: `${formatBytes(bytes)}: too large to be fetched here, y copies the command that does`, tone: 'warn'})];
}

const indentedText = (text: string, width: number, ascii: boolean): readonly Line[] => breakText(text, width - 3, ascii).map(row => line('  ', row));
