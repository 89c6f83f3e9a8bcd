import type {JobRow, JobState} from '../../queues/job-types.ts';
import {formatCount} from '../../text/format.ts';
import {glyphsFor} from '../../text/glyphs.ts';
import type {Cell, Column} from '../kit/table.ts';
import {coarseAge} from './queue-words.ts';

type Told = {readonly nowMs: number; readonly ascii: boolean};
/** A column of jobs and what stands in it. `nowMs` is the server's clock: those of the workers are likelier to agree with it than ours. */
type JobColumn = Column & {readonly cell: (row: JobRow, told: Told) => Cell};

const ago = (ms: number | undefined, {nowMs, ascii}: Told): string => coarseAge(ms === undefined ? undefined : nowMs - ms, ascii);

const id: JobColumn = {title: 'ID', width: 12, cell: row => row.id};
const name: JobColumn = {
	title: 'NAME',
	width: 12,
	grow: true,
	cell: row => (row.isGone ? {text: '(the job is gone)', tone: 'warn'} : (row.name ?? '')),
};
const created: JobColumn = {title: 'AGE', width: 4, align: 'right', cell: (row, told) => ago(row.createdMs, told)};
const started: JobColumn = {title: 'RUNS', width: 4, align: 'right', cell: (row, told) => ago(row.startedMs, told)};
const tries: JobColumn = {title: 'TRIES', width: 5, align: 'right', priority: 1, cell: triesCell};
const priority: JobColumn = {
	title: 'PRIO',
	width: 6,
	align: 'right',
	priority: 2,
	cell: ({priority: value}, {ascii}) => (value === 0 ? '' : formatCount(value, {ascii})),
};
const worker: JobColumn = {title: 'WORKER', width: 16, priority: 3, cell: row => row.workerName ?? ''};
const stalls: JobColumn = {
	title: 'LOST',
	width: 4,
	align: 'right',
	priority: 2,
	cell: ({stalledCount}) => (stalledCount ? {text: String(stalledCount), tone: 'warn'} : ''),
};
const lock: JobColumn = {title: 'LOCK', width: 6, cell: ({hasLock}) => (hasLock === undefined ? '' : hasLock ? 'held' : {text: 'none !', tone: 'bad'})};
const due: JobColumn = {title: 'DUE', width: 10, cell: dueCell};
const ended = (title: string): JobColumn => ({title, width: 6, align: 'right', cell: (row, told) => ago(row.finishedMs, told)});
const took: JobColumn = {
	title: 'TOOK',
	width: 4,
	align: 'right',
	priority: 2,
	cell: ({startedMs, finishedMs}, {ascii}) => coarseAge(startedMs === undefined || finishedMs === undefined ? undefined : finishedMs - startedMs, ascii),
};
const reason: JobColumn = {title: 'REASON', width: 18, grow: true, cell: reasonCell};
/** Beside a reason, which says more. */
const shortName: JobColumn = {...name, width: 10, grow: false};

const queued: readonly JobColumn[] = [id, name, created, tries, priority];
const columnsOf: Readonly<Record<JobState, readonly JobColumn[]>> = {
	waiting: queued,
	paused: queued,
	prioritized: queued,
	'waiting-children': queued,
	active: [id, name, started, lock, tries, stalls, worker],
	delayed: [id, name, due, created, tries],
	failed: [id, shortName, ended('FAILED'), tries, reason],
	completed: [id, name, ended('DONE'), took, tries, worker],
};

/** The table of jobs in one state. */
export function jobTable(
	state: JobState,
	rows: readonly JobRow[],
	told: Told,
): {readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[]} {
	const columns = columnsOf[state];
	return {columns, rows: rows.map(row => columns.map(({cell}) => cell(row, told)))};
}

function triesCell({attemptsMade, attempts}: JobRow, {ascii}: Told): Cell {
	const {none} = glyphsFor(ascii);
	return attemptsMade === undefined && attempts === undefined ? '' : `${attemptsMade ?? none}/${attempts ?? none}`;
}

function dueCell({dueMs}: JobRow, {nowMs, ascii}: Told): Cell {
	if (dueMs === undefined) return glyphsFor(ascii).none;
	return dueMs <= nowMs ? {text: `${coarseAge(nowMs - dueMs, ascii)} late !`, tone: 'warn'} : `in ${coarseAge(dueMs - nowMs, ascii)}`;
}

function reasonCell({failedReason: {text, bytes}}: JobRow): Cell {
	if (text !== undefined) return {text: text.split('\n', 1)[0] ?? '', tone: 'bad'};
	return bytes === 0 ? {text: '(none kept)', tone: 'dim'} : {text: `(${formatCount(bytes)} bytes)`, tone: 'dim'};
}
