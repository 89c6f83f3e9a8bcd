import {useConsole, useShown} from '../../hooks/use-console.ts';
import {type OpenedQueue, offersOf, type QueueView, shownJob, shownPage, shownQueue, shownReasons} from '../../store/opened-queue.ts';
import {queueLabel} from '../../store/queue-label.ts';
import type {Resource} from '../../store/resource.ts';
import {serverClockMs} from '../../store/snapshot.ts';
import {contentSize, PaneBox, type PaneProps} from '../frame/pane-box.tsx';
import {ageSpan, emptyText} from '../kit/age.ts';
import {type Line, line} from '../kit/line.ts';
import {useTheme} from '../kit/theme.tsx';
import {factLines, jobLines} from './job-lines.ts';
import {JobRows} from './job-rows.tsx';
import {factLinesOf, type OpenedInput, tabLines} from './opened-lines.ts';
import {queueFacts} from './queue-detail.ts';
import {systemLabel} from './queue-words.ts';
import {ReasonRows} from './reason-rows.tsx';

/** A queue in place of the pane: its figures, its jobs by state or the reasons of its failures, or one of its jobs. */
export function OpenedQueueView(props: PaneProps) {
	const view = useConsole(state => shownQueue(state.ui));
	const opened = useConsole(state => state.opened);
	if (!view) return null;
	return view.job ? (
		<JobText props={props} view={view} opened={opened} jobId={view.job.id} offset={view.job.offset} />
	) : (
		<Jobs props={props} view={view} opened={opened} />
	);
}

type PartProps = {readonly props: PaneProps; readonly view: QueueView; readonly opened: OpenedQueue | undefined};

/** How much stands above the jobs, by the rows there are. */
function headRows(height: number): {readonly facts: number; readonly notes: number; readonly tabs: number} {
	if (height < 12) return {facts: 1, notes: 0, tabs: 1};
	return height < 24 ? {facts: 2, notes: 1, tabs: 2} : {facts: 3, notes: 4, tabs: 2};
}

function Jobs({props, view, opened}: PartProps) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const queue = useShown(({queues}) => queues.data?.find(({id}) => id === view.id));
	const nowMs = useConsole(state => state.nowMs);
	const resource = useShown(shown => shown.queues);
	const offers = offersOf(opened, view);
	const input: OpenedInput = {queue, view, width, ascii};
	const rows = headRows(height);
	const page = shownPage(opened, view);
	const title = titleOf(view, queue);
	const right = line(queue && systemLabel(queue), '  ', ageSpan(resource, nowMs, ascii));
	if (offers?.states.length === 0) {
		const lines = [
			line(' ', {text: `Of ${view.family} only figures are read: there are no jobs to show`, tone: 'info'}),
			...(queue ? queueFacts(queue, ascii).flatMap(([name, value]) => factLines(name, value, width, ascii)) : []),
		];
		return <PaneBox content={{title, right, lines}} props={props} />;
	}
	const head = [...factLinesOf(input, rows.facts, rows.notes), ...(offers ? tabLines(input, offers, page.data, rows.tabs) : [])];
	const part = {props, view, head, title, right};
	return view.showsReasons ? <ReasonRows {...part} resource={shownReasons(opened, view)} /> : <JobRows {...part} resource={page} />;
}

const titleOf = (view: QueueView, queue: Parameters<typeof queueLabel>[0] | undefined): string => `4 Queues > ${queue ? queueLabel(queue) : view.id}`;

function JobText({props, view, opened, jobId, offset}: PartProps & {readonly jobId: string; readonly offset: number}) {
	const {ascii} = useTheme();
	const {width, height} = contentSize(props);
	const snapshot = useShown(shown => shown);
	const nowMs = useConsole(state => state.nowMs);
	const resource = shownJob(opened, view, jobId);
	const queue = snapshot.queues.data?.find(({id}) => id === view.id);
	const detail = resource.data?.detail;
	const all = detail ? jobLines(detail, {width, nowMs: serverClockMs(snapshot, nowMs), ascii}) : [line(' ', missing(resource))];
	const room = Math.max(1, height - 1);
	const last = Math.max(0, all.length - room);
	const from = Math.min(Math.max(0, offset < 0 ? last + offset + 1 : offset), last);
	const shown: readonly Line[] = all.slice(from, from + room);
	const place = all.length > room ? `lines ${from + 1}-${from + shown.length} of ${all.length}` : '';
	const filled = Array.from({length: room}, (_, row) => shown[row] ?? []);
	const content = {
		title: `${titleOf(view, queue)} > job ${jobId}`,
		right: ageSpan(resource, nowMs, ascii),
		lines: [...filled, line(' ', {text: place, tone: 'dim'})],
	};
	return <PaneBox content={content} props={props} />;
}

/** A job that is not there was there a moment ago: that is an answer, not a failure. */
function missing(resource: Resource<unknown>) {
	if (resource.data !== undefined) return {text: 'The job is gone: removed, or cleaned up after it ended', tone: 'warn'} as const;
	return emptyText(resource, '');
}
