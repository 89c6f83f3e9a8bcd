import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import type {FailureGroup, FailureSample} from '../../queues/failure-groups.ts';
import type {Resource} from '../../store/resource.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import {formatCount, formatPercent, plural} from '../../text/format.ts';
import {contentSize, PaneBox} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type Line, line, spread} from '../kit/line.ts';
import {type Cell, type Column, tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import type {RowsPart} from './job-rows.tsx';
import {breakText} from './job-text.ts';
import {coarseAge} from './queue-words.ts';

const columns: readonly Column[] = [
	{title: 'COUNT', width: 6, align: 'right'},
	{title: 'SHARE', width: 5, align: 'right', priority: 2},
	{title: 'NEWEST', width: 6, align: 'right'},
	{title: 'OLDEST', width: 6, align: 'right', priority: 3},
	{title: 'REASON', width: 24, grow: true},
	{title: 'JOBS', width: 20, priority: 1},
];

/** Why jobs fail, the commonest reason first; below it the newest of the chosen one in full. */
export function ReasonRows({props, view, head, title, right, resource}: RowsPart & {readonly resource: Resource<FailureSample>}) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const snapshot = useShown(shown => shown);
	const nowMs = useConsole(state => state.nowMs);
	const sample = resource.data;
	const groups = sample?.groups ?? [];
	const selected = groups.findIndex(({shape}) => shape === view.selectedId);
	// Without a cursor the first one is meant, as with Enter.
	const below = exampleLines(groups[view.selectedId === undefined ? 0 : selected], width, Math.floor((height - head.length) / 3), ascii);
	const room = Math.max(0, height - head.length - 2 - below.length);
	const visible = useVisibleWindow(groups.length, room, selected);
	const atMs = serverClockMs(snapshot, nowMs);
	const rows = groups.slice(visible.from, visible.to).map(group => reasonCells(group, sample?.lookedAt ?? 0, atMs, ascii));
	const what = sample ? {text: sampleText(sample, ascii), tone: 'dim' as const} : emptyText(resource, '');
	const lines = [
		...head,
		spread(line(' ', what), line(resource.data !== undefined && ageSpan(resource, nowMs, ascii), ' '), width, {ascii}),
		...(groups.length === 0 ? [] : tableLines({columns, rows, width, ascii, selectedIndex: selected < 0 ? -1 : selected - visible.from})),
		...below,
	];
	return <PaneBox content={{title, right, lines}} props={props} />;
}

function sampleText({groups, lookedAt, total}: FailureSample, ascii: boolean): string {
	if (lookedAt === 0) return total === 0 ? 'no failed jobs' : 'the failed jobs could not be read: the list of them says why';
	const isAll = total !== undefined && lookedAt >= total;
	const of = isAll ? `all ${plural(lookedAt, 'failed job')}` : `the newest ${formatCount(lookedAt)} of ${formatCount(total, {ascii})} failed jobs`;
	return `${plural(groups.length, 'reason')} in ${of}; a shows the jobs`;
}

function reasonCells({count, newestMs, oldestMs, shape, jobNames}: FailureGroup, lookedAt: number, atMs: number, ascii: boolean): readonly Cell[] {
	return [
		{text: formatCount(count), tone: 'strong'},
		formatPercent(lookedAt === 0 ? undefined : count / lookedAt, {ascii}),
		coarseAge(atMs - newestMs, ascii),
		coarseAge(atMs - oldestMs, ascii),
		{text: shape, tone: 'bad'},
		jobNames.join(', '),
	];
}

function exampleLines(group: FailureGroup | undefined, width: number, rows: number, ascii: boolean): readonly Line[] {
	if (!group || rows < 2) return [];
	const text = breakText(group.example, width - 3, ascii).slice(0, rows - 1);
	return [line(' ', {text: `the newest of the ${plural(group.count, 'job')} in full (Enter opens it):`, tone: 'dim'}), ...text.map(row => line('  ', row))];
}
