import type {FailureSample} from '../queues/failure-groups.ts';
import type {JobDetail, JobPage, JobState} from '../queues/job-types.ts';
import type {QueueFamily, QueueStatus} from '../queues/types.ts';
import {emptyResource, type Resource, received} from './resource.ts';
import type {ConsoleState} from './store.ts';
import type {UiState} from './ui.ts';

/** A queue that is open, and what of it is looked at. */
export type QueueView = {
	readonly id: string;
	readonly family: QueueFamily;
	readonly state: JobState;
	/** Jobs before the first one of the page. */
	readonly from: number;
	/** Of the failed jobs their reasons instead of the jobs. */
	readonly showsReasons: boolean;
	/** The row under the cursor: a job, or a reason. */
	readonly selectedId: string | undefined;
	/** The job that is open. `offset`: lines above the first one shown; below zero it counts from the end, -1 being the last screenful. */
	readonly job: {readonly id: string; readonly offset: number} | undefined;
};

/** What can be read of the jobs of a system. */
export type JobOffers = {
	/** None where only figures are read. */
	readonly states: readonly JobState[];
	readonly canOpenJobs: boolean;
	readonly canGroupFailures: boolean;
	readonly pageSize: number;
};

/** A job as it was read; `detail` is undefined where it has gone. */
export type ReadJob = {readonly id: string; readonly detail: JobDetail | undefined};

/** What has been read of the queue that is open. */
export type OpenedQueue = {
	readonly queueId: string;
	readonly offers: JobOffers;
	/** What was asked for last, as `wantedKey` has it. */
	readonly asked: string;
	readonly page: Resource<JobPage>;
	readonly reasons: Resource<FailureSample>;
	readonly job: Resource<ReadJob>;
};

/** What the screen shows of a queue, and so what is to be read. */
export type Wanted = {readonly queueId: string; readonly family: QueueFamily} & (
	| {readonly kind: 'page'; readonly state: JobState; readonly from: number}
	| {readonly kind: 'reasons'}
	| {readonly kind: 'job'; readonly jobId: string}
);

/** What has been read, for one of the parts of an opened queue. */
export type Reading =
	| {readonly kind: 'page'; readonly data: JobPage}
	| {readonly kind: 'reasons'; readonly data: FailureSample}
	| {readonly kind: 'job'; readonly data: ReadJob};

/** The open queue while it is on the screen. */
export const shownQueue = ({view, queue}: UiState): QueueView | undefined => (view === 'queues' ? queue : undefined);

/** Where a look at a queue begins: with what would run next, which a pause moves to a list of its own (not in BullMQ 6). */
export const firstLook = ({id, family, paused, major, waiting}: QueueStatus): QueueView => ({
	id,
	family,
	state: family === 'bull' && paused === true && major !== 6 && waiting !== 0 ? 'paused' : 'waiting',
	from: 0,
	showsReasons: false,
	selectedId: undefined,
	job: undefined,
});

/** Undefined: no queue is open on the screen. */
export function wantedOf({ui}: Pick<ConsoleState, 'ui'>): Wanted | undefined {
	const asked = reasonsAskedFor(ui);
	if (asked) return {queueId: asked.id, family: asked.family, kind: 'reasons'};
	const view = shownQueue(ui);
	if (!view) return undefined;
	const {id: queueId, family, state, from, job, showsReasons} = view;
	if (job) return {queueId, family, kind: 'job', jobId: job.id};
	return showsReasons ? {queueId, family, kind: 'reasons'} : {queueId, family, kind: 'page', state, from};
}

/** A form that offers reasons shows those of its queue. */
function reasonsAskedFor({overlay}: UiState): Pick<QueueView, 'id' | 'family'> | undefined {
	return overlay?.kind === 'form' && overlay.fields.some(({choices}) => choices === 'reasons') ? overlay.queue : undefined;
}

/** The same for equal wishes. */
export const wantedKey = (wanted: Wanted | undefined): string => (wanted ? JSON.stringify(wanted) : '');

/** Before it is asked for: of another queue, page or job nothing may be left in the place of this one. */
export function askingFor(opened: OpenedQueue | undefined, wanted: Wanted, offers: JobOffers): OpenedQueue {
	const asked = wantedKey(wanted);
	if (opened?.queueId !== wanted.queueId) return {queueId: wanted.queueId, offers, asked, page: emptyResource, reasons: emptyResource, job: emptyResource};
	if (opened.asked === asked) return opened;
	const next = {...opened, asked};
	if (wanted.kind === 'reasons') return next;
	return isOf(opened, wanted) ? next : {...next, [wanted.kind]: emptyResource};
}

/** What was read takes its place, unless another queue is open by now. */
export function withReading(opened: OpenedQueue | undefined, queueId: string, {kind, data}: Reading, atMs: number): OpenedQueue | undefined {
	return opened?.queueId === queueId ? {...opened, [kind]: received(data, atMs)} : opened;
}

/** It could not be read: `change` says so in its place. */
export function withTrouble(
	opened: OpenedQueue | undefined,
	{queueId, kind}: Wanted,
	change: (resource: Resource<unknown>) => Resource<unknown>,
): OpenedQueue | undefined {
	return opened?.queueId === queueId ? {...opened, [kind]: change(opened[kind])} : opened;
}

/** The page on the screen, or nothing where another one was read last. */
export function shownPage(opened: OpenedQueue | undefined, view: QueueView): Resource<JobPage> {
	const {id: queueId, family, state, from} = view;
	return part(opened, {queueId, family, kind: 'page', state, from})?.page ?? emptyResource;
}

export function shownReasons(opened: OpenedQueue | undefined, {id: queueId, family}: Pick<QueueView, 'id' | 'family'>): Resource<FailureSample> {
	return part(opened, {queueId, family, kind: 'reasons'})?.reasons ?? emptyResource;
}

export function shownJob(opened: OpenedQueue | undefined, {id: queueId, family}: QueueView, jobId: string): Resource<ReadJob> {
	return part(opened, {queueId, family, kind: 'job', jobId})?.job ?? emptyResource;
}

/** What the system of the open queue offers; undefined before the reader has said. */
export const offersOf = (opened: OpenedQueue | undefined, {id}: QueueView): JobOffers | undefined => (opened?.queueId === id ? opened.offers : undefined);

/** Commands that would do nothing in this queue, with blanks between them. */
export function uselessInQueue(opened: OpenedQueue | undefined, view: QueueView): string {
	const offers = offersOf(opened, view);
	if (!offers) return '';
	const {data} = shownPage(opened, view);
	const hasPages = !view.showsReasons && data?.isSample === false && (data.total ?? 0) > offers.pageSize;
	return [
		offers.canOpenJobs ? '' : 'queue.open',
		offers.states.length > 1 ? '' : 'queue.next-state',
		offers.canGroupFailures ? '' : 'queue.reasons',
		hasPages ? '' : 'queue.page-down',
		offers.states.length > 0 ? '' : 'queue.facts',
	].join(' ');
}

/** The ids of the rows on the screen, in their order. */
export function shownRowIds({ui, opened}: ConsoleState): readonly string[] {
	const view = shownQueue(ui);
	if (!view) return [];
	if (view.showsReasons) return shownReasons(opened, view).data?.groups.map(({shape}) => shape) ?? [];
	return shownPage(opened, view).data?.rows.map(({id}) => id) ?? [];
}

/** The jobs that can be opened one after the other: those of the page, or of the reason under the cursor; without a cursor of the first one. */
export function shownJobIds(state: ConsoleState): readonly string[] {
	const view = shownQueue(state.ui);
	if (!view?.showsReasons) return shownRowIds(state);
	const groups = shownReasons(state.opened, view).data?.groups ?? [];
	return (view.selectedId === undefined ? groups[0] : groups.find(({shape}) => shape === view.selectedId))?.jobIds ?? [];
}

/** With data it is known of what they are; without, of what was asked for last. */
function part(opened: OpenedQueue | undefined, wanted: Wanted): OpenedQueue | undefined {
	if (opened?.queueId !== wanted.queueId) return undefined;
	return isOf(opened, wanted) || (opened[wanted.kind].data === undefined && opened.asked === wantedKey(wanted)) ? opened : undefined;
}

function isOf({page, reasons, job}: OpenedQueue, wanted: Wanted): boolean {
	switch (wanted.kind) {
		case 'page':
			// A sample has no pages.
			return page.data?.state === wanted.state && (page.data.from === wanted.from || page.data.isSample);
		case 'reasons':
			return reasons.data !== undefined;
		case 'job':
			return job.data?.id === wanted.jobId;
	}
}
