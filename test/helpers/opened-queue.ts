import {emptyRow, type JobDetail, type JobPage, type JobRow, noText} from '../../src/queues/job-types.ts';
import {type JobOffers, type OpenedQueue, type QueueView, wantedKey, wantedOf} from '../../src/store/opened-queue.ts';
import {emptyResource, received} from '../../src/store/resource.ts';
import {initialUi} from '../../src/store/ui.ts';
import {noonMs} from './fixtures.ts';

/** `bull:orders`, open at its waiting jobs. */
export function queueView(change: Partial<QueueView> = {}): QueueView {
	return {id: 'bull:orders', family: 'bull', state: 'waiting', from: 0, showsReasons: false, selectedId: undefined, job: undefined, ...change};
}

/** Everything, as BullMQ and Bull have it. */
export const fullOffers: JobOffers = {
	states: ['waiting', 'paused', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed', 'completed'],
	canOpenJobs: true,
	canGroupFailures: true,
	pageSize: 50,
};

export function jobRow(change: Partial<JobRow> = {}): JobRow {
	return {...emptyRow, id: '1', name: 'charge', createdMs: noonMs - 60_000, attemptsMade: 0, attempts: 3, priority: 0, stalledCount: 0, ...change};
}

/** Job 1 has failed in all of its three attempts. */
export function jobDetail(change: Partial<JobDetail> = {}): JobDetail {
	const sized = (text: string) => ({text, bytes: text.length});
	return {
		...jobRow({startedMs: noonMs - 30_000, finishedMs: noonMs - 25_000, attemptsMade: 3, workerName: 'pod-1', failedReason: sized('connect ECONNREFUSED')}),
		state: 'failed',
		data: sized('{"orderId":12345678901234567890,"lines":[]}'),
		options: sized('{"attempts":3}'),
		returnValue: noText,
		progress: noText,
		stacks: ['Error: first\n    at a.js:1', 'Error: connect ECONNREFUSED\n    at b.js:2'],
		stackBytes: 80,
		logCount: 2,
		lockMs: undefined,
		parentKey: undefined,
		...change,
	};
}

/** A page of so many jobs, the first of them with the number after `from`. */
export function jobPage(change: Partial<JobPage> = {}, count = 50): JobPage {
	const {from = 0} = change;
	const rows = Array.from({length: count}, (_, index) => jobRow({id: String(from + index + 1)}));
	return {state: 'waiting', total: 3214, from, rows, isSample: false, unknown: [], ...change};
}

/** What the reader has put into the store for that view. */
export function openedQueue(view: QueueView, change: Partial<OpenedQueue> = {}): OpenedQueue {
	const asked = wantedKey(wantedOf({ui: {...initialUi, view: 'queues', queue: view}}));
	return {queueId: view.id, offers: fullOffers, asked, page: emptyResource, reasons: emptyResource, job: emptyResource, ...change};
}

/** The same with its page read a moment ago. */
export const openedAt = (view: QueueView, page: JobPage): OpenedQueue => openedQueue(view, {page: received(page, noonMs)});
