import type {JobState} from '../queues/job-types.ts';
import {jobCount} from './job-counts.ts';
import type {QueueItem} from './lists/queue-list.ts';
import {firstLook, offersOf, type QueueView, shownJobIds, shownPage, shownQueue, shownRowIds} from './opened-queue.ts';
import {type ConsoleState, shownSnapshot} from './store.ts';
import {page, type UiChange} from './ui-lists.ts';

/** Open a queue: it takes the place of the pane. */
export const openQueue = ({queue}: QueueItem): ReturnType<UiChange> => ({view: 'queues', focus: 'queues', overlay: undefined, queue: firstLook(queue)});

/** What does not work on the rows of a queue that is open, and would move the list behind it. */
export const unlessQueueOpen =
	(change: UiChange): UiChange =>
	state =>
		shownQueue(state.ui) ? {notice: {text: 'This works on the list of queues: Esc goes back to it', tone: 'info', atMs: state.nowMs}} : change(state);

type ViewChange = (view: QueueView, state: ConsoleState) => Partial<QueueView>;

const inQueue =
	(change: ViewChange): UiChange =>
	state => {
		const view = shownQueue(state.ui);
		return view ? {queue: {...view, ...change(view, state)}} : {};
	};

const moveRow = (rowsOf: (state: ConsoleState) => number): UiChange =>
	inQueue((view, state) => {
		const ids = shownRowIds(state);
		const at = view.selectedId === undefined ? -1 : ids.indexOf(view.selectedId);
		const rows = rowsOf(state);
		const next = at < 0 ? (rows === Number.POSITIVE_INFINITY ? ids.length - 1 : 0) : Math.min(Math.max(0, at + rows), ids.length - 1);
		return {selectedId: ids[next]};
	});

/** Another state of jobs, and its first page. */
const toState = (state: JobState): Partial<QueueView> => ({state, from: 0, showsReasons: false, selectedId: undefined});

/** The next state that may have jobs, round and round. */
const stepState = (step: number): UiChange =>
	inQueue((view, state) => {
		const states = offersOf(state.opened, view)?.states ?? [];
		const at = states.indexOf(view.state);
		const others = states.slice(1).flatMap((_, index) => states[(at + step * (index + 1) + states.length) % states.length] ?? []);
		const queue = shownSnapshot(state).queues.data?.find(({id}) => id === view.id);
		const {data} = shownPage(state.opened, view);
		// Where all are empty each of them can still be looked at.
		const next = others.find(other => jobCount(other, queue, view, data) !== 0) ?? others[0];
		return next ? toState(next) : {};
	});

const stepPage = (step: number): UiChange =>
	inQueue((view, state) => {
		if (view.showsReasons) return {};
		const size = offersOf(state.opened, view)?.pageSize ?? 0;
		const {data} = shownPage(state.opened, view);
		const from = Math.max(0, view.from + step * size);
		const isBeyond = step > 0 && (data === undefined || data.isSample || from >= (data.total ?? 0));
		return isBeyond || from === view.from ? {} : {from, selectedId: undefined};
	});

/** From wherever one is to the reasons of failed jobs, and back to those jobs. */
const toggleReasons: UiChange = state => {
	const view = shownQueue(state.ui);
	if (!view) return {};
	if (!offersOf(state.opened, view)?.canGroupFailures) return {notice: {text: 'Reasons are grouped for BullMQ and Bull only', tone: 'info', atMs: state.nowMs}};
	return {queue: {...view, ...toState('failed'), showsReasons: !view.showsReasons}};
};

/** The job under the cursor; of a reason the newest job that failed by it. */
const openJob: UiChange = state => {
	const view = shownQueue(state.ui);
	if (!view) return {};
	const rows = shownRowIds(state);
	// Without a cursor the first row is meant: to look at it does no harm.
	const selectedId = view.selectedId ?? rows[0];
	const id = view.showsReasons ? shownJobIds(state)[0] : selectedId;
	if (selectedId === undefined || id === undefined || !rows.includes(selectedId)) return {};
	if (!offersOf(state.opened, view)?.canOpenJobs)
		return {notice: {text: `Of ${view.family} only the list is read, not the jobs`, tone: 'info', atMs: state.nowMs}};
	return {queue: {...view, selectedId, job: {id, offset: 0}}};
};

/** One step out: the job, the reasons, the queue. */
const stepBack: UiChange = ({ui}) => {
	const {queue} = ui;
	if (queue?.job) return {queue: {...queue, job: undefined}};
	if (queue?.showsReasons) return {queue: {...queue, showsReasons: false, selectedId: undefined}};
	return {queue: undefined};
};

const scrollJob = (rowsOf: (state: ConsoleState) => number): UiChange =>
	inQueue(({job}, state) => {
		if (!job) return {};
		const rows = rowsOf(state);
		// Below zero it counts from the end, which only the view knows.
		const offset = job.offset < 0 ? Math.min(-1, job.offset + rows) : Math.max(0, job.offset + rows);
		return {job: {...job, offset}};
	});

const scrollTo = (offset: number): UiChange => inQueue(({job}) => (job ? {job: {...job, offset}} : {}));

/** The job before or after this one on its page, or of its reason. */
const stepJob = (step: number): UiChange =>
	inQueue(({job, showsReasons}, state) => {
		const ids = shownJobIds(state);
		const at = job ? ids.indexOf(job.id) : -1;
		const id = at < 0 ? undefined : ids[at + step];
		return id === undefined ? {} : {...(showsReasons ? {} : {selectedId: id}), job: {id, offset: 0}};
	});

/** The commands of a queue that is open. */
export const queueCommands: Readonly<Record<string, UiChange>> = {
	'queue.down': moveRow(() => 1),
	'queue.up': moveRow(() => -1),
	'queue.first': moveRow(() => Number.NEGATIVE_INFINITY),
	'queue.last': moveRow(() => Number.POSITIVE_INFINITY),
	'queue.half-down': moveRow(page(0.5)),
	'queue.half-up': moveRow(page(-0.5)),
	'queue.page-down': stepPage(1),
	'queue.page-up': stepPage(-1),
	'queue.next-state': stepState(1),
	'queue.previous-state': stepState(-1),
	'queue.reasons': toggleReasons,
	'queue.facts': () => ({overlay: {kind: 'detail', pane: 'queues', offset: 0}}),
	'queue.open': openJob,
	'queue.back': stepBack,
	'job.down': scrollJob(() => 1),
	'job.up': scrollJob(() => -1),
	'job.page-down': scrollJob(page(1)),
	'job.page-up': scrollJob(page(-1)),
	'job.first': scrollTo(0),
	'job.last': scrollTo(-1),
	'job.next': stepJob(1),
	'job.previous': stepJob(-1),
};
