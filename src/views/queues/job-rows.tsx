import {useConsole, useShown} from '../../hooks/use-console.ts';
import {useVisibleWindow} from '../../hooks/use-visible-window.ts';
import type {JobPage} from '../../queues/job-types.ts';
import type {QueueView} from '../../store/opened-queue.ts';
import type {Resource} from '../../store/resource.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type Line, line, spread} from '../kit/line.ts';
import {tableLines} from '../kit/table.ts';
import {useTheme} from '../kit/theme.tsx';
import {jobTable} from './job-table.ts';
import {pageText} from './opened-lines.ts';

export type RowsPart = {
	readonly props: PaneProps;
	readonly view: QueueView;
	/** What stands above: figures and tabs. */
	readonly head: readonly Line[];
	readonly title: string;
	readonly right: Line;
};

/** A page of jobs in one state. */
export function JobRows({props, view, head, title, right, resource}: RowsPart & {readonly resource: Resource<JobPage>}) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const snapshot = useShown(shown => shown);
	const nowMs = useConsole(state => state.nowMs);
	const page = resource.data;
	const rows = page?.rows ?? [];
	const selected = rows.findIndex(({id}) => id === view.selectedId);
	const refusals = (page?.unknown ?? []).slice(0, 2).map(({command, reason}) => line(' ', {text: `${command}: ${reason}`, tone: 'warn'}));
	const room = Math.max(0, height - head.length - 2 - refusals.length);
	const visible = useVisibleWindow(rows.length, room, selected, `${view.state} ${view.from}`);
	const table = jobTable(view.state, rows.slice(visible.from, visible.to), {nowMs: serverClockMs(snapshot, nowMs), ascii});
	const what = page ? {text: pageText(page, ascii), tone: 'dim' as const} : emptyText(resource, '');
	const lines = [
		...head,
		spread(line(' ', what), line(resource.data !== undefined && ageSpan(resource, nowMs, ascii), ' '), width, {ascii}),
		...refusals,
		...(rows.length === 0 ? [] : tableLines({...table, width, ascii, selectedIndex: selected < 0 ? -1 : selected - visible.from})),
	];
	return <PaneBox content={{title, right, lines}} props={props} />;
}
