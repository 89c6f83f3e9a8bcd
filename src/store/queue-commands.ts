import type {JobState} from '../queues/job-types.ts';
import type {QueueItem} from './lists/queue-list.ts';
import {firstLook, offersOf, type QueueView, shownPage, shownQueue, shownRowIds} from './opened-queue.ts';
import type {ConsoleState} from './store.ts';
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

const stepState = (step: number): UiChange =>
	inQueue((view, {opened}) => {
		const states = offersOf(opened, view)?.states ?? [];
		const next = states[(states.indexOf(view.state) + step + states.length) % states.length];
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

const openJob: UiChange = state => {
	const view = shownQueue(state.ui);
	const id = view?.selectedId;
	if (!view || view.showsReasons || id === undefined || !shownRowIds(state).includes(id)) return {};
	if (!offersOf(state.opened, view)?.canOpenJobs)
		return {notice: {text: `Of ${view.family} only the list is read, not the jobs`, tone: 'info', atMs: state.nowMs}};
	return {queue: {...view, job: {id, offset: 0}}};
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

/** The job before or after this one on its page. */
const stepJob = (step: number): UiChange =>
	inQueue(({job}, state) => {
		const ids = shownRowIds(state);
		const at = job ? ids.indexOf(job.id) : -1;
		const id = at < 0 ? undefined : ids[at + step];
		return id === undefined ? {} : {selectedId: id, job: {id, offset: 0}};
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
