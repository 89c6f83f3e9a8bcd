import {describe, expect, it} from 'vitest';
import type {JobState} from '../../src/queues/job-types.ts';
import type {QueueStatus} from '../../src/queues/types.ts';
import {askingFor, firstLook, type QueueView, shownJob, shownPage, shownReasons, wantedOf, withReading, withTrouble} from '../../src/store/opened-queue.ts';
import {failed, received} from '../../src/store/resource.ts';
import {changeUi, uiCommands} from '../../src/store/ui-commands.ts';
import {noonMs, stateWith, storeWith} from '../helpers/fixtures.ts';
import {fullOffers, jobDetail, jobPage, openedAt, openedQueue, queueView} from '../helpers/opened-queue.ts';
import {queueStatus} from '../helpers/queue-status.ts';

const parts = (view: QueueView, opened = openedAt(view, jobPage())) => ({opened, ui: {view: 'queues', focus: 'queues', queue: view}}) as const;

function run(state: Parameters<typeof storeWith>[0], ...commands: readonly string[]) {
	const store = storeWith(state);
	for (const command of commands) {
		const change = uiCommands[command];
		if (!change) throw new Error(`there is no ${command}`);
		changeUi(store, change);
	}
	return store.getState().ui;
}

describe('opening', () => {
	const queues = received([queueStatus({waiting: 5}), queueStatus({id: 'bull:emails', name: 'emails', paused: true, waiting: 5})], noonMs);
	const at = (selectedId: string, view: 'overview' | 'queues') => ({snapshot: {queues}, ui: {view, focus: 'queues'}, panes: {queues: {selectedId}}}) as const;

	it.each(['overview', 'queues'] as const)('Enter on a queue opens it in place of the pane, from %s', view => {
		expect(run(at('bull:orders', view), 'open')).toMatchObject({view: 'queues', focus: 'queues', queue: queueView(), overlay: undefined});
	});

	it('Esc goes back to the list, with the cursor where it was', () => {
		const ui = run(at('bull:orders', 'queues'), 'open', 'queue.back');
		expect(ui).toMatchObject({view: 'queues', queue: undefined, panes: {queues: {selectedId: 'bull:orders'}}});
	});

	it.each([
		['view.queues', undefined],
		['view.scripts', queueView()],
		['view.overview', queueView()],
	] as const)('%s leaves %o open', (command, queue) => expect(run(at('bull:orders', 'queues'), 'open', command).queue).toEqual(queue));

	it.each([
		['a paused queue of BullMQ 5', {paused: true, waiting: 5}, 'paused'],
		['one of Bull', {paused: true, waiting: 5, major: 'bull'}, 'paused'],
		['one of BullMQ 6, which leaves the jobs where they are', {paused: true, waiting: 5, major: 6}, 'waiting'],
		['an empty one', {paused: true}, 'waiting'],
		['one of another system', {paused: true, waiting: 5, family: 'asynq'}, 'waiting'],
		['one that runs', {waiting: 5}, 'waiting'],
	] as const)('%s begins with the jobs that come next', (_what, change, state) => expect(firstLook(queueStatus(change)).state).toBe(state));

	it('nothing is wanted while it is not on the screen', () => {
		expect(wantedOf(stateWith({ui: {view: 'scripts', queue: queueView()}}))).toBeUndefined();
	});
});

const reasonsOf = (shape: string, ...jobIds: readonly string[]) => ({shape, example: '', count: 1, jobIds, jobNames: [], newestMs: 0, oldestMs: 0});
const reasonsView = queueView({state: 'failed', showsReasons: true});
const ofReasons = openedQueue(reasonsView, {
	reasons: received({groups: [reasonsOf('connect #', '9', '8'), reasonsOf('timeout #', '7')], lookedAt: 3, total: 3}, noonMs),
});

describe('the rows', () => {
	it.each([
		[['queue.down'], '1'],
		[['queue.down', 'queue.down'], '2'],
		[['queue.down', 'queue.down', 'queue.up'], '1'],
		[['queue.last'], '50'],
		[['queue.last', 'queue.down'], '50'],
		[['queue.last', 'queue.first'], '1'],
	])('%j leads to job %s', (commands, id) => expect(run(parts(queueView()), ...commands).queue?.selectedId).toBe(id));

	it('of reasons are walked through too', () => {
		const view = reasonsView;
		expect(run(parts(view, ofReasons), 'queue.down').queue?.selectedId).toBe('connect #');
		expect(run(parts(view, ofReasons), 'queue.last').queue?.selectedId).toBe('timeout #');
	});

	it.each(['filter', 'sort.next', 'sort.reverse', 'group'])('%s leaves the list of queues behind them alone, and says so', command => {
		const before = stateWith(parts(queueView())).ui;
		const ui = run(parts(queueView()), command);
		expect(ui.panes).toEqual(before.panes);
		expect(ui.overlay).toBeUndefined();
		expect(ui.notice?.text).toMatch(/Esc goes back/);
	});
});

describe('pages', () => {
	const at = (from: number, change = {}) => parts(queueView({from}), openedAt(queueView({from}), jobPage({from, ...change})));

	it.each([
		['the next', at(0), 'queue.page-down', 50],
		['none before the first', at(0), 'queue.page-up', 0],
		['the one before', at(100), 'queue.page-up', 50],
		['the first, from a page that begins in its middle', at(20), 'queue.page-up', 0],
		['none after the last', at(3200), 'queue.page-down', 3200],
		['none of a sample', at(0, {isSample: true}), 'queue.page-down', 0],
		['none where the total is not known', at(0, {total: undefined}), 'queue.page-down', 0],
	])('%s', (_what, state, command, from) => expect(run(state, command).queue?.from).toBe(from));

	it('a new page has no cursor yet', () => expect(run(at(0), 'queue.down', 'queue.page-down').queue?.selectedId).toBeUndefined());
});

describe('states', () => {
	it.each([
		['queue.next-state', 'waiting', 'paused'],
		['queue.next-state', 'completed', 'waiting'],
		['queue.previous-state', 'waiting', 'completed'],
		['queue.previous-state', 'failed', 'waiting-children'],
	] as const)('%s leads from %s to %s, and to its first page', (command, from, to) => {
		const view = queueView({state: from, from: 50, selectedId: '60'});
		expect(run(parts(view), command).queue).toEqual(queueView({state: to}));
	});

	const counted = {waiting: 5, active: 0, delayed: 0, prioritized: 0, waitingChildren: 0, failed: 3, completed: undefined};
	const walk = (state: JobState, command: string, change: Partial<QueueStatus> = {}) => {
		const view = queueView({state});
		const queues = received([queueStatus({...counted, ...change})], noonMs);
		return run({...parts(view, openedQueue(view)), snapshot: {queues}}, command).queue?.state;
	};

	it.each([
		['waiting', 'queue.next-state', {}, 'failed'],
		['failed', 'queue.previous-state', {}, 'waiting'],
		['failed', 'queue.next-state', {}, 'completed'],
		['completed', 'queue.next-state', {}, 'waiting'],
		['failed', 'queue.next-state', {completed: 0}, 'waiting'],
		['waiting', 'queue.next-state', {paused: true}, 'paused'],
		['waiting', 'queue.next-state', {failed: 0, completed: 0}, 'paused'],
	] as const)('from %s %s skips those known to be empty (%o): %s', (from, command, change, to) => expect(walk(from, command, change)).toBe(to));

	it('stay as they are before it is known which there are', () => {
		expect(run({...parts(queueView()), opened: undefined}, 'queue.next-state').queue).toEqual(queueView());
	});

	it('a shows the reasons of failed jobs from wherever one is, and a again the jobs', () => {
		expect(run(parts(queueView({from: 50})), 'queue.reasons').queue).toEqual(queueView({state: 'failed', showsReasons: true}));
		expect(run(parts(queueView()), 'queue.reasons', 'queue.reasons').queue).toEqual(queueView({state: 'failed'}));
		expect(run(parts(queueView()), 'queue.reasons', 'queue.back').queue).toEqual(queueView({state: 'failed'}));
	});

	it('a says where reasons are not grouped', () => {
		const view = queueView();
		const ui = run(parts(view, openedQueue(view, {offers: {...fullOffers, canGroupFailures: false}})), 'queue.reasons');
		expect([ui.queue, ui.notice?.text]).toEqual([view, 'Reasons are grouped for BullMQ and Bull only']);
	});
});

describe('one job', () => {
	it('Enter opens the one under the cursor, Esc goes back to its row', () => {
		expect(run(parts(queueView()), 'queue.down', 'queue.open').queue?.job).toEqual({id: '1', offset: 0});
		expect(run(parts(queueView()), 'queue.down', 'queue.open', 'queue.back').queue).toEqual(queueView({selectedId: '1'}));
	});

	it('without a cursor Enter opens the first, and nothing when its row has gone', () => {
		expect(run(parts(queueView()), 'queue.open').queue).toMatchObject({selectedId: '1', job: {id: '1', offset: 0}});
		expect(run(parts(queueView({selectedId: '77'})), 'queue.open').queue?.job).toBeUndefined();
	});

	it.each([
		['the first reason without a cursor', ['queue.open'], 'connect #', '9'],
		['the reason under the cursor', ['queue.last', 'queue.open'], 'timeout #', '7'],
		['the next of its reason', ['queue.open', 'job.next'], 'connect #', '8'],
		['none of another reason', ['queue.open', 'job.next', 'job.next'], 'connect #', '8'],
	])('of a reason Enter opens the newest job: %s', (_what, commands, selectedId, id) => {
		expect(run(parts(reasonsView, ofReasons), ...commands).queue).toEqual({...reasonsView, selectedId, job: {id, offset: 0}});
		expect(run(parts(reasonsView, ofReasons), ...commands, 'queue.back').queue).toEqual({...reasonsView, selectedId});
	});

	it('says where jobs cannot be opened', () => {
		const view = queueView({family: 'sidekiq', selectedId: '1'});
		const opened = {...openedAt(view, jobPage()), offers: {...fullOffers, canOpenJobs: false}};
		expect(run(parts(view, opened), 'queue.open').notice?.text).toBe('Of sidekiq only the list is read, not the jobs');
	});

	it.each([
		[['job.next'], '3', 0],
		[['job.previous'], '1', 0],
		[['job.previous', 'job.previous'], '1', 0],
		[['job.down', 'job.down', 'job.up'], '2', 1],
		[['job.up'], '2', 0],
		[['job.page-down'], '2', 12],
		[['job.page-down', 'job.page-up'], '2', 0],
		[['job.last'], '2', -1],
		[['job.last', 'job.up', 'job.up', 'job.down'], '2', -2],
		[['job.last', 'job.down'], '2', -1],
		[['job.last', 'job.first'], '2', 0],
	])('%j leads to job %s at line %i', (commands, id, offset) => {
		const view = queueView({selectedId: '2', job: {id: '2', offset: 0}});
		expect(run(parts(view), ...commands).queue?.job).toEqual({id, offset});
	});
});

describe('what was read', () => {
	const wanted = {queueId: 'bull:orders', family: 'bull', kind: 'page', state: 'waiting', from: 0} as const;

	it('is shown as long as it is what is wanted', () => {
		const view = queueView();
		const opened = openedAt(view, jobPage());
		expect(shownPage(opened, view).data?.rows).toHaveLength(50);
		expect(shownPage(opened, queueView({from: 50})).data).toBeUndefined();
		expect(shownPage(opened, queueView({state: 'failed'})).data).toBeUndefined();
		expect(shownPage(opened, queueView({id: 'bull:emails'})).data).toBeUndefined();
		expect(shownReasons(opened, view).data).toBeUndefined();
	});

	it('stays in the place of a page while a job is looked at', () => {
		const opened = askingFor(openedAt(queueView(), jobPage()), {queueId: 'bull:orders', family: 'bull', kind: 'job', jobId: '7'}, fullOffers);
		expect(shownPage(opened, queueView()).data?.rows).toHaveLength(50);
		const read = withReading(opened, 'bull:orders', {kind: 'job', data: {id: '7', detail: jobDetail()}}, noonMs);
		expect(shownJob(read, queueView(), '7').data?.detail?.attempts).toBe(3);
		expect(shownJob(read, queueView(), '8').data).toBeUndefined();
	});

	it('of another page or job does not stand in for this one', () => {
		expect(askingFor(openedAt(queueView(), jobPage()), {...wanted, from: 50}, fullOffers).page.data).toBeUndefined();
		expect(askingFor(openedAt(queueView(), jobPage()), {...wanted, queueId: 'bull:emails'}, fullOffers)).toMatchObject({
			queueId: 'bull:emails',
			page: {data: undefined},
		});
	});

	it('is dropped when another queue has been opened meanwhile', () => {
		const opened = openedAt(queueView({id: 'bull:emails'}), jobPage());
		expect(withReading(opened, 'bull:orders', {kind: 'page', data: jobPage()}, noonMs)).toBe(opened);
		expect(withTrouble(opened, wanted, resource => failed(resource, 'timeout'))).toBe(opened);
	});

	it('a failure is told where there is nothing to show, and the last good page stays where there is', () => {
		const asking = askingFor(undefined, wanted, fullOffers);
		expect(
			shownPage(
				withTrouble(asking, wanted, resource => failed(resource, 'timeout')),
				queueView(),
			),
		).toMatchObject({data: undefined, error: 'timeout'});
		const read = withTrouble(openedAt(queueView(), jobPage()), wanted, resource => failed(resource, 'timeout'));
		expect(shownPage(read, queueView())).toMatchObject({error: 'timeout', failures: 1});
		expect(shownPage(read, queueView()).data?.rows).toHaveLength(50);
		expect(shownPage(askingFor(read, {...wanted, from: 50}, fullOffers), queueView({from: 50})).error).toBeUndefined();
	});
});
