import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {JobPage, JobRow, JobState} from '../../../src/queues/job-types.ts';
import type {OpenedQueue, QueueView} from '../../../src/store/opened-queue.ts';
import {emptyResource, failed, received, refused} from '../../../src/store/resource.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {OpenedQueueView} from '../../../src/views/queues/opened-queue.tsx';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {fullOffers, jobDetail, jobPage, jobRow, openedAt, openedQueue, queueView} from '../../helpers/opened-queue.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

type Shown = {
	readonly view?: QueueView;
	readonly opened?: OpenedQueue | undefined;
	readonly queues?: readonly ReturnType<typeof queueStatus>[];
	readonly ascii?: boolean;
	readonly colour?: boolean;
	readonly size?: readonly [columns: number, rows: number];
};

const orders = queueStatus({waiting: 12_041, active: 40, activeWithoutLock: 12, failed: 3214, nextJobAgeMs: 47 * 60_000, workers: 2});

async function show({view = queueView(), queues = [orders], ascii = false, colour = true, size: [columns, rows] = [80, 17], ...rest}: Shown) {
	const opened = 'opened' in rest ? rest.opened : openedAt(view, jobPage());
	const store = storeWith({snapshot: {queues: received(queues, noonMs)}, opened, ui: {view: 'queues', focus: 'queues', queue: view}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour, ascii}}>
				<OpenedQueueView width={columns} height={rows} isFramed={false} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return {frame: terminal.frame(), terminal, store};
}

const jobView = (offset = 0) => queueView({state: 'failed', selectedId: '1', job: {id: '1', offset}});
const openedJob = (detail = jobDetail()) => openedQueue(jobView(), {job: received({id: '1', detail}, noonMs)});
const reasonsView = queueView({state: 'failed', showsReasons: true, selectedId: 'connect ECONNREFUSED #'});
const group = {
	shape: 'connect ECONNREFUSED #',
	example: 'connect ECONNREFUSED 10.0.3.17:5432',
	count: 60,
	jobIds: ['9', '8'],
	jobNames: ['charge', 'refund'],
	newestMs: noonMs - 5000,
	oldestMs: noonMs - 600_000,
};
const openedReasons = openedQueue(reasonsView, {
	reasons: received({groups: [group, {...group, shape: 'timeout after #', count: 40}], lookedAt: 100, total: 3214}, noonMs),
});

type State = readonly [name: string, shown: Shown, texts: readonly (string | RegExp)[]];
const view = queueView();
const states: readonly State[] = [
	['loading', {opened: undefined}, ['4 Queues > orders', 'Not read yet']],
	['a page on its way', {opened: openedQueue(view)}, ['[waiting 12,041]', 'Not read yet']],
	['an empty page', {opened: openedAt(view, jobPage({total: 0}, 0))}, ['[waiting 0]', 'no jobs']],
	['a page', {}, ['4 Queues > orders', '[waiting 3,214]', 'jobs 1-50 of 3,214', 'the next one to run', /ID +NAME +AGE/, /1 +charge +1m/]],
	[
		'a page that got old',
		{opened: {...openedAt(view, jobPage()), page: failed(received(jobPage(), noonMs - 20_000), 'timeout')}},
		['! stale: 20s old', /1 +charge/],
	],
	['a page that never came', {opened: openedQueue(view, {page: failed(emptyResource, 'timeout')})}, ['Not read yet: timeout']],
	['refused', {opened: openedQueue(view, {page: refused(emptyResource, 'reading jobs', 'NOPERM')})}, ['reading jobs is refused to this user: NOPERM']],
	[
		'partly refused',
		{opened: openedAt(view, jobPage({total: undefined, unknown: [{command: 'LLEN', reason: 'NOPERM'}]}))},
		['LLEN: NOPERM', /jobs 1-50 of [–-]/],
	],
	[
		'a list refused',
		{opened: openedAt(view, jobPage({unknown: [{command: 'LRANGE', reason: 'NOPERM'}]}, 0))},
		['the jobs could not be read', 'LRANGE: NOPERM'],
	],
	[
		'reasons refused',
		{view: reasonsView, opened: openedQueue(reasonsView, {reasons: received({groups: [], lookedAt: 0, total: 161}, noonMs)})},
		['the failed jobs could not be read'],
	],
	['a queue that has gone', {queues: []}, ['4 Queues > bull:orders', 'not among the queues']],
	['reasons', {view: reasonsView, opened: openedReasons}, ['2 reasons in the newest 100 of 3,214', /60 .*connect ECONNREFUSED #/, /40 .*timeout/]],
	['reasons on their way', {view: reasonsView, opened: openedQueue(reasonsView)}, ['Not read yet']],
	['no reasons', {view: reasonsView, opened: openedQueue(reasonsView, {reasons: received({groups: [], lookedAt: 0, total: 0}, noonMs)})}, ['no failed jobs']],
	['a job', {view: jobView(), opened: openedJob()}, ['4 Queues > orders > job 1', /name +charge/, /attempts +3 of 3/]],
	['a job on its way', {view: jobView(), opened: openedQueue(jobView())}, ['Not read yet', 'loading']],
	['a job that has gone', {view: jobView(), opened: openedQueue(jobView(), {job: received({id: '1', detail: undefined}, noonMs)})}, ['The job is gone']],
	[
		'a system without jobs',
		{
			view: queueView({id: 'rq:queue:mail', family: 'rq'}),
			queues: [queueStatus({id: 'rq:queue:mail', family: 'rq', system: 'rq', version: undefined, major: undefined, prefix: '', name: 'mail', waiting: 900})],
			opened: openedQueue(queueView({id: 'rq:queue:mail', family: 'rq'}), {offers: {states: [], canOpenJobs: false, canGroupFailures: false, pageSize: 20}}),
		},
		['4 Queues > mail', 'Of rq only figures are read', /actions +read-only/, /waiting +900/],
	],
];

const sizes = [
	[60, 9],
	[80, 17],
	[120, 33],
	[200, 53],
] as const;

describe.each(states)('%s', (_name, options, texts) => {
	it.each(sizes)('at %ix%i', async (...size) => {
		const {frame} = await show({...options, size});
		const rows = frame.split('\n');
		expect(rows.length).toBeLessThanOrEqual(size[1]);
		expect(rows.filter(row => stringWidth(row) > size[0])).toEqual([]);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(sizes)('in ASCII and without colour at %ix%i', async (...size) => {
		const {frame, terminal} = await show({...options, size, ascii: true, colour: false});
		expect(frame).toMatch(/^[ -~\n]*$/);
		for (const text of texts) expect(frame).toMatch(text);
		expect(
			Array.from({length: size[1]}, (_, row) => terminal.cells(row))
				.flat()
				.every(cell => cell.foreground === undefined),
		).toBe(true);
	});
});

describe('the jobs', () => {
	const page = (state: JobState, row: Partial<JobRow>, change: Partial<JobPage> = {}) => {
		const at = queueView({state});
		return {view: at, opened: openedAt(at, {...jobPage({state, total: 1}, 0), rows: [jobRow(row)], ...change}), size: [120, 33]} as const;
	};

	it.each<[string, Shown, string | RegExp]>([
		['a lock that is held', page('active', {startedMs: noonMs - 8000, hasLock: true, workerName: 'pod-1'}), /charge +8s held +0\/3 +pod-1/],
		['one that nobody holds', page('active', {startedMs: noonMs - 720_000, hasLock: false, stalledCount: 1}), /charge +12m none ! +0\/3 +1/],
		['when a delayed job is due', page('delayed', {dueMs: noonMs + 300_000}), /charge +in 5m/],
		['that it is late', page('delayed', {dueMs: noonMs - 720_000}), /charge +12m late !/],
		[
			'why a job failed',
			page('failed', {finishedMs: noonMs - 60_000, attemptsMade: 3, failedReason: {text: 'no route\nsecond line', bytes: 20}}),
			/charge +1m +3\/3 no route$/m,
		],
		['how long a reason is that was not read', page('failed', {failedReason: {text: undefined, bytes: 9000}}), /\(9,000 bytes\)/],
		['that none was kept', page('failed', {}), /\(none kept\)/],
		['how long a job took', page('completed', {startedMs: noonMs - 70_000, finishedMs: noonMs - 60_000}), /charge +1m +10s/],
		['a priority', page('prioritized', {priority: 7}), /charge +1m +0\/3 +7/],
		['an id whose job is gone', page('waiting', {isGone: true, name: undefined}), /\(the job is gone\)/],
		['a sample', page('completed', {}, {isSample: true, total: 900}), '1 of 900 jobs, in no order'],
	])('show %s', async (_what, options, text) => expect((await show(options)).frame).toMatch(text));

	it('say so where the list has become too short for the page', async () => {
		const at = queueView({from: 50});
		expect((await show({view: at, opened: openedAt(at, jobPage({from: 50, total: 12}, 0))})).frame).toContain('no jobs from 51 on any more: PgUp goes back');
	});

	it('mark the row under the cursor by a sign too, and scroll to it', async () => {
		expect((await show({view: queueView({selectedId: '44'})})).frame).toMatch(/^▸ 44 +charge/m);
	});

	it('stand under the tab of their state, also where the tabs need more rows than there are', async () => {
		const at = queueView({state: 'completed'});
		const {frame} = await show({view: at, opened: openedAt(at, jobPage({state: 'completed', total: 5}, 5)), size: [60, 9]});
		expect(frame).toContain('[completed 5]');
	});

	it.each([
		['a paused queue of BullMQ 5', {paused: true, major: 5}, /\[waiting 0\] +paused 7/],
		['one of BullMQ 6', {paused: true, major: 6}, /\[waiting 7\] +paused 0/],
		['mixed majors', {mixedMajors: {jobsAtRisk: 1, evidence: []}}, /\[waiting\] +paused +active/],
	] as const)('%s: what waits is counted where it lies', async (_what, change, text) => {
		expect((await show({queues: [queueStatus({waiting: 7, ...change})], opened: openedQueue(view)})).frame).toMatch(text);
	});
});

it.each([undefined, group.shape])('shows the newest of the first reason in full, or of the one under the cursor: %s', async selectedId => {
	const at = queueView({...reasonsView, selectedId});
	const {frame} = await show({view: at, opened: {...openedReasons, asked: openedQueue(at).asked}});
	expect(frame).toContain('the newest of the 60 jobs in full (Enter opens it):\n  connect ECONNREFUSED 10.0.3.17:5432');
});

it('says of the next job how old it is, not when it comes', async () => expect((await show({})).frame).toContain('next job 47m00s old'));

describe('one job', () => {
	it.each([
		['waiting', 'waiting'],
		['active', 'active'],
		['completed', 'finished'],
		['waiting-children', 'waiting for its children'],
		[undefined, 'not to be told'],
	] as const)('begins with its state: %s', async (state, text) => {
		const {frame} = await show({view: jobView(), opened: openedJob(jobDetail({state}))});
		expect(frame.split('\n')[1]).toBe(` state           ${text}`);
	});

	it('is all there, its data with every digit', async () => {
		const {frame} = await show({view: jobView(), opened: openedJob(), size: [80, 60]});
		expect(frame).toMatchInlineSnapshot(`
			" 4 Queues > orders > job 1                                               0s old
			 state           failed
			 name            charge
			 attempts        3 of 3
			 created         2025-01-01 11:59:00Z, 1m00s ago
			 started         2025-01-01 11:59:30Z, 30s ago
			 finished        2025-01-01 11:59:35Z, 25s ago, after 5s
			 worker          pod-1
			 log             2 lines

			 why it failed
			  connect ECONNREFUSED

			 stack 2 of 2, the newest
			  Error: connect ECONNREFUSED
			      at b.js:2

			 stack 1 of 2
			  Error: first
			      at a.js:1

			 data
			  {
			    "orderId": 12345678901234567890,
			    "lines": []
			  }

			 options
			  {
			    "attempts": 3
			  }"
		`);
	});

	it('scrolls, and says where one is', async () => {
		const size = [80, 12] as const;
		expect((await show({view: jobView(3), opened: openedJob(), size})).frame).toMatch(/lines 4-13 of \d+/);
		const last = await show({view: jobView(-1), opened: openedJob(), size});
		expect(last.frame).toMatch(/lines (\d+)-(\d+) of \2$/m);
		expect((await show({view: jobView(9999), opened: openedJob(), size})).frame).toBe(last.frame);
		expect((await show({view: jobView(-9999), opened: openedJob(), size})).frame).toMatch(/lines 1-10 of/);
	});

	it('says how large a text is that is not fetched', async () => {
		const detail = jobDetail({data: {text: undefined, bytes: 5_000_000}, stacks: [], stackBytes: 70_000});
		const {frame} = await show({view: jobView(), opened: openedJob(detail), size: [80, 60]});
		expect(frame).toMatch(/stacks\n +68\.4K: too large/);
		expect(frame).toMatch(/data\n +4\.8M: too large to be fetched here, y copies/);
	});

	it('says of a job that runs whether anybody holds its lock', async () => {
		const running = {finishedMs: undefined, failedReason: {text: undefined, bytes: 0}};
		expect((await show({view: jobView(), opened: openedJob(jobDetail({...running, hasLock: false}))})).frame).toMatch(/lock +nobody holds it/);
		expect((await show({view: jobView(), opened: openedJob(jobDetail({...running, hasLock: true, lockMs: 27_000}))})).frame).toMatch(
			/lock +held, for another 27s/,
		);
		expect((await show({view: jobView(), opened: openedJob(jobDetail({hasLock: false}))})).frame).not.toMatch(/nobody holds/);
	});
});

it('shows foreign texts as text', async () => {
	const text = hostilePieces.join('');
	const sized = {text, bytes: text.length};
	const detail = jobDetail({
		name: text,
		data: sized,
		options: sized,
		returnValue: sized,
		progress: sized,
		failedReason: sized,
		stacks: [text],
		workerName: text,
		parentKey: text,
	});
	const page = {...jobPage({state: 'failed'}, 0), rows: [jobRow({id: text, name: text, failedReason: sized})], unknown: [{command: text, reason: text}]};
	const failedView = queueView({state: 'failed', id: text});
	for (const shown of [
		{view: jobView(), opened: openedJob(detail)},
		{view: failedView, opened: openedAt(failedView, page)},
		{
			view: reasonsView,
			opened: openedQueue(reasonsView, {
				reasons: received({groups: [{...group, shape: text, example: text, jobNames: [text]}], lookedAt: 1, total: 1}, noonMs),
			}),
		},
	]) {
		const {terminal} = await show({...shown, size: [200, 60]});
		expect(terminal.rawOutput()).not.toContain('\u001b]0;owned');
		expect(terminal.rawOutput()).not.toContain('\u009b');
	}
});

it('has a screen for offers that it does not know yet', async () => {
	expect((await show({opened: openedQueue(view, {offers: {...fullOffers, states: ['waiting']}})})).frame).toContain('[waiting 12,041]');
});
