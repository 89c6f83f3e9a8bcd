import type {JobPage, JobState} from '../../queues/job-types.ts';
import type {QueueStatus} from '../../queues/types.ts';
import {jobCount} from '../../store/job-counts.ts';
import type {JobOffers, QueueView} from '../../store/opened-queue.ts';
import {formatCount, formatRate, formatSeconds} from '../../text/format.ts';
import {flow} from '../kit/flow.ts';
import {type Line, line, type Span, spread} from '../kit/line.ts';
import {queueNotes} from './queue-notes.ts';
import {compact, drainText, isReadOnly} from './queue-words.ts';

export type OpenedInput = {readonly queue: QueueStatus | undefined; readonly view: QueueView; readonly width: number; readonly ascii: boolean};

/** What the tabs do not say of the queue, and what is worth a line; at most so many rows of each. */
export function factLinesOf({queue, width, ascii}: OpenedInput, factRows: number, noteRows: number): readonly Line[] {
	if (!queue) return [line(' ', {text: 'It is not among the queues that were found: its keys may be gone', tone: 'warn'})];
	return [...flow(pieces(queue, ascii), '   ', width).slice(0, factRows), ...noteLines(queue, width, noteRows, ascii)];
}

/** The last of them says how many more there are. */
function noteLines(queue: QueueStatus, width: number, rows: number, ascii: boolean): readonly Line[] {
	const notes = queueNotes(queue, ascii);
	const hidden = notes.length - rows;
	return notes.slice(0, rows).map((note, index) => {
		const isLast = hidden > 0 && index === rows - 1;
		return isLast ? spread(line(' ', note), line({text: `+${hidden} more: i `, tone: 'dim'}), width, {ascii}) : line(' ', note);
	});
}

function pieces(queue: QueueStatus, ascii: boolean): readonly Line[] {
	const {nextJobAgeMs, workers, activeWithoutLock, overdue, concurrency} = queue;
	const rate = (value: number | undefined) => formatRate(value, {ascii});
	const fact = (name: string, value: string, tone?: Span['tone']): Line => line({text: `${name} `, tone: 'dim'}, tone ? {text: value, tone} : value);
	return [
		fact('next job', ageText(nextJobAgeMs, ascii)),
		fact('in', rate(queue.addedPerSecond)),
		fact('out', rate(queue.processedPerSecond)),
		fact('failing', rate(queue.failedPerSecond)),
		fact('empty in', drainText(queue, ascii), queue.drainSeconds === 'never' || queue.paused === true ? 'warn' : undefined),
		fact('workers', workers === undefined ? 'none visible' : formatCount(workers)),
		fact('without lock', formatCount(activeWithoutLock, {ascii}), (activeWithoutLock ?? 0) > 0 ? 'bad' : undefined),
		fact('overdue', formatCount(overdue, {ascii}), (overdue ?? 0) > 0 ? 'warn' : undefined),
		...(concurrency === undefined ? [] : [fact('at once', formatCount(concurrency))]),
		...(isReadOnly(queue) ? [line({text: 'read-only', tone: 'dim'})] : []),
	];
}

/** How old it is, not when it comes. */
function ageText(ms: number | undefined, ascii: boolean): string {
	const age = formatSeconds(ms === undefined ? undefined : Math.floor(ms / 1000), {ascii});
	return ms === undefined ? age : `${age} old`;
}

/** The states as tabs with their counts, in at most `rows` rows: where they need more, those around the chosen one. */
export function tabLines({queue, view, width}: OpenedInput, offers: JobOffers, page: JobPage | undefined, rows: number): readonly Line[] {
	const tabs = offers.states.map(state => tab(state, jobCount(state, queue, view, page), state === view.state));
	const all = flow(tabs, ' ', width);
	const chosen = all.findIndex(row => row.some(({inverse}) => inverse === true));
	const from = Math.max(0, Math.min(chosen, all.length - rows));
	return all.slice(from, from + rows);
}

/** The brackets say it without inverse video too. */
function tab(state: JobState, count: number | undefined, isChosen: boolean): Line {
	const text = count === undefined ? titles[state] : `${titles[state]} ${compact(count, true)}`;
	return line(isChosen ? {text: `[${text}]`, tone: 'strong', inverse: true} : {text: ` ${text} `, tone: count === 0 ? 'dim' : 'plain'});
}

const titles: Readonly<Record<JobState, string>> = {
	waiting: 'waiting',
	paused: 'paused',
	active: 'active',
	delayed: 'delayed',
	prioritized: 'prioritized',
	'waiting-children': 'for children',
	failed: 'failed',
	completed: 'completed',
};

/** Which jobs the table below shows, of how many. */
export function pageText({state, total, from, rows, isSample, unknown}: JobPage, ascii: boolean): string {
	const all = formatCount(total, {ascii});
	if (rows.length === 0 && unknown.length > 0) return 'the jobs could not be read:';
	if (isSample) return `${formatCount(rows.length)} of ${all} jobs, in no order: the library keeps them in a set`;
	if (rows.length === 0) return from === 0 ? 'no jobs' : `no jobs from ${formatCount(from + 1)} on any more: PgUp goes back`;
	return `jobs ${formatCount(from + 1)}-${formatCount(from + rows.length)} of ${all}, ${orders[state]}`;
}

const orders: Readonly<Record<JobState, string>> = {
	waiting: 'the next one to run first',
	paused: 'the next one to run first',
	active: 'the first one taken first',
	delayed: 'the next one due first',
	prioritized: 'the next one to run first',
	'waiting-children': 'the oldest first',
	failed: 'the last one to fail first',
	completed: 'the last one to end first',
};
