import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import type {Fleet} from '../../../src/store/fleet.ts';
import {emptyResource, failed, type Resource, received, refused} from '../../../src/store/resource.ts';
import {type QueueSearch, queuesAtMaster} from '../../../src/store/snapshot.ts';
import type {PaneUi} from '../../../src/store/ui.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {QueuesPane} from '../../../src/views/queues/queues-pane.tsx';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../../helpers/fleet.ts';
import {hostilePieces} from '../../helpers/foreign-text.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

type Shown = {
	readonly fleet?: Fleet;
	readonly queues?: Resource<readonly QueueStatus[]>;
	readonly search?: Partial<QueueSearch>;
	readonly pane?: Partial<PaneUi>;
	readonly nowMs?: number;
	readonly ascii?: boolean;
	readonly colour?: boolean;
	readonly isFramed?: boolean;
	readonly size?: readonly [columns: number, rows: number];
};

const scanned: QueueSearch = {phase: 'ended', keys: 120_551, endedAtMs: noonMs - 40_000, isComplete: true, unknown: []};

const publishing = queueStatus({
	id: 'bull:publishing',
	name: 'publishing',
	waiting: 12_041,
	active: 40,
	activeWithoutLock: 12,
	delayed: 1500,
	overdue: 800,
	oldestOverdueMs: 25 * 60_000,
	prioritized: 300,
	failed: 3214,
	completed: 200_000,
	nextJobAgeMs: 47 * 60_000,
	addedPerSecond: 31,
	processedPerSecond: 0,
	failedPerSecond: 0,
	drainSeconds: 'never',
	workers: 2,
});
const emails = queueStatus({id: 'bull:emails', name: 'emails', major: 6, version: '6.7.0', paused: true, waiting: 5000, failed: 80});
const webhooks = queueStatus({
	id: '{shop}:webhooks',
	prefix: '{shop}',
	name: 'webhooks',
	waiting: 3,
	addedPerSecond: 88,
	processedPerSecond: 88,
	drainSeconds: 0,
});
const jobs = queueStatus({
	id: 'queue:mail',
	family: 'sidekiq',
	system: 'sidekiq',
	version: undefined,
	major: undefined,
	prefix: '',
	name: 'mail',
	waiting: 900,
	active: undefined,
	completed: undefined,
	activeWithoutLock: undefined,
	drainSeconds: undefined,
});
const all = [publishing, emails, webhooks, jobs];

async function show({
	fleet,
	queues = received(all, noonMs),
	search,
	pane,
	nowMs = noonMs,
	ascii = false,
	colour = true,
	isFramed = false,
	size = [80, 18],
}: Shown) {
	const [columns, rows] = size;
	const store = storeWith({nowMs, ...(fleet ? {fleet} : {}), snapshot: {queues, queueSearch: {...scanned, ...search}}, panes: {queues: {...pane}}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour, ascii}}>
				<QueuesPane width={columns} height={rows} isFramed={isFramed} isFocused />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	return {frame: terminal.frame(), terminal};
}

type State = readonly [name: string, shown: Shown, texts: readonly (string | RegExp)[]];
const noScan = {command: 'SCAN', reason: 'NOPERM no SCAN for you'};
const states: readonly State[] = [
	['loading', {queues: emptyResource, search: {phase: 'running', keys: 120_000, endedAtMs: undefined}}, [/scanning: 120,000 keys/, 'Not read yet', 'loading']],
	['not begun', {queues: emptyResource, search: {phase: 'none', endedAtMs: undefined}}, ['the search for queues has not begun', 'Not read yet']],
	['empty', {queues: received([], noonMs)}, ['0 found', 'scanned 40s ago: 120,551 keys', 'No queues found']],
	['empty so far', {queues: received([], noonMs), search: {isComplete: false}}, [/at its bound of 120,551/, 'No queues found yet']],
	[
		'of a replica of a cluster',
		{queues: received([], noonMs), search: {isComplete: false, unknown: [{command: 'SCAN', reason: queuesAtMaster}]}},
		['a replica of a cluster: its queues are read at its master', 'No queues are looked for at a replica of a cluster'],
	],
	['empty for want of permissions', {queues: received([], noonMs), search: {unknown: [noScan]}}, ['No queues found with what this user may ask']],
	['data', {}, ['4 found', /12,041 +40! +1,500!? +.*47m +31\/0 never !/, /publishing: .*12 active without lock, workers visible: 2/]],
	['scanning again', {search: {phase: 'running', keys: 5}}, [/scanning: 5 keys .*the last scan ended 40s ago/, '12,041']],
	['stale', {queues: failed(received(all, noonMs - 20_000), 'timeout')}, ['! stale: 20s old', '12,041']],
	['old', {nowMs: noonMs + 60_000}, ['1m00s old', '12,041']],
	['refused', {queues: received([publishing], noonMs), search: {isComplete: false, unknown: [noScan]}}, ['SCAN is refused', '12,041']],
	['all refused', {queues: refused(emptyResource, 'reading queues', 'NOPERM')}, ['reading queues is refused']],
	[
		'not complete elsewhere',
		{fleet: clusterOf([fleetNode({isQueueSearchComplete: false}), fleetNode({port: 7002})])},
		['not complete on 1 other master:', '4 found'],
	],
	['broken off', {search: {phase: 'none'}}, ['the search was broken off', '12,041']],
];

const fullSizes = [
	[60, 9],
	[80, 17],
	[120, 33],
	[200, 53],
] as const;
const framedSizes = [
	[60, 15],
	[100, 26],
] as const;

describe.each(states)('%s', (_name, options, texts) => {
	it.each(fullSizes)('at %ix%i', async (...size) => {
		const {frame} = await show({...options, size});
		const rows = frame.split('\n');
		expect(rows[0]).toMatch(/^ 4 Queues /);
		expect(rows.length).toBeLessThanOrEqual(size[1]);
		expect(rows.filter(row => stringWidth(row) > size[0])).toEqual([]);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(framedSizes)('in a frame of %ix%i', async (...size) => {
		const {frame} = await show({...options, size, isFramed: true});
		const rows = frame.split('\n');
		expect(rows).toHaveLength(size[1]);
		expect(rows.every(row => stringWidth(row) === size[0])).toBe(true);
		expect(rows.slice(1, -1).every(row => row.startsWith('║') && row.endsWith('║'))).toBe(true);
		for (const text of texts) expect(frame).toMatch(text);
	});

	it.each(fullSizes)('in ASCII and without colour at %ix%i', async (...size) => {
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

describe('the table', () => {
	it('has on half a screen of 120 what the sketch has', async () => {
		const {frame} = await show({size: [60, 15], isFramed: true});
		expect(frame).toMatchInlineSnapshot(`
			"╔ 4 Queues ══════════════════ 4 found, by waiting  0s old ═╗
			║ scanned 40s ago: 120,551 keys, r scans again             ║
			║  QUEUE       WAIT▾  ACT  DELAY  FAIL  AGE  IN/OUT   DRAIN║
			║  publishing 12,041  40! 1,500! 3,214  47m    31/0 never !║
			║  emails      5,000    0      0    80    –     –/–  paused║
			║  mail          900    –      0     0    –     –/–       –║
			║  {shop}:we…      3    0      0     0    –   88/88      0s║
			║                                                          ║
			║ publishing: 12 active without lock, workers visible: 2   ║
			║ publishing: it does not get shorter: 31 in, 0 out per se…║
			║                                                          ║
			║                                                          ║
			║                                                          ║
			║                                                          ║
			╚══════════════════════════════════════════════════════════╝"
		`);
	});

	it('has everything on 120 columns', async () => {
		const {frame} = await show({size: [120, 33]});
		expect(frame.split('\n').slice(2, 7).join('\n')).toMatchInlineSnapshot(`
			"  QUEUE                        SYSTEM          WAIT▾  ACT  DELAY  LATE  PRIO  FAIL  DONE  AGE  IN/OUT   DRAIN  WRK STALL
			  publishing                   bullmq 5.81.5  12,041  40! 1,500!   800   300 3,214  200k  47m    31/0 never !    2   12!
			  emails                       bullmq 6.7.0    5,000    0      0     0     0    80     0    –     –/–  paused    ?     0
			  mail                         sidekiq           900    –      0     0     0     0     –    –     –/–       –    ?     –
			  {shop}:webhooks              bullmq 5.81.5       3    0      0     0     0     0     0    –   88/88      0s    ?     0"
		`);
	});

	it.each(['system', 'delayed', 'in', 'active'])('keeps the column %s while it is sorted by it, however narrow', async column => {
		const {frame} = await show({size: [60, 15], isFramed: true, pane: {sort: {column, descending: true}}});
		expect(frame).toMatch(/[A-Z/]▾/);
	});

	it('shows a dash, never a nought, for what is not known', async () => {
		const {frame} = await show({size: [120, 20], queues: received([jobs], noonMs)});
		expect(frame).toMatch(/mail +sidekiq +900 +– +0 +0 +0 +0 +– +– +–\/– +– +\? +–/);
	});

	it('marks the row under the cursor by a sign too, and scrolls to it', async () => {
		const many = Array.from({length: 100}, (_, index) => queueStatus({id: `bull:q${index}`, name: `q${index}`, waiting: 100 - index}));
		expect((await show({queues: received(many, noonMs), pane: {selectedId: 'bull:q77'}})).frame).toMatch(/^▸ q77 /m);
	});
});

describe('what it says of one queue', () => {
	it('is of the one under the cursor', async () => {
		expect((await show({pane: {selectedId: 'bull:emails'}})).frame).toContain('emails: paused: 5,000 jobs will wait');
	});

	it('is of the worst while the cursor stands on none', async () => {
		expect((await show({})).frame).toContain('publishing: 12 active without lock');
	});

	it('is nothing where all is well', async () => {
		expect((await show({queues: received([webhooks], noonMs)})).frame).not.toContain('webhooks: ');
	});

	it.each<[string, Partial<QueueStatus>, string | RegExp]>([
		['two majors', {mixedMajors: {jobsAtRisk: 5, evidence: ['jobs in wait and in paused']}}, 'can lose 5 jobs; jobs in wait and in paused'],
		['a rate limit', {rateLimitedMs: 12_000}, 'no worker takes a job for another 12s'],
		['late schedulers', {missedSchedulers: 1}, '1 scheduler over a minute late'],
		['ids without jobs', {orphans: 7}, '7 ids without a job'],
		['a misspelt name', {isGhost: true}, 'mostly a misspelt name'],
		['a limit that is used up', {concurrency: 3, active: 3}, 'its limit for the whole queue allows: 3'],
		['nobody who looks for stalled jobs', {active: 1, stalledCheckMs: 0}, 'no worker has looked for stalled jobs'],
		['a refused command', {unknown: [{command: 'LRANGE', reason: 'NOPERM this user'}]}, 'LRANGE: NOPERM this user'],
		['overdue jobs', {overdue: 3, oldestOverdueMs: 90_000}, '3 of the delayed jobs are overdue, the oldest by 1m30s'],
	])('tells of %s', async (_what, change, text) => {
		expect((await show({size: [120, 20], queues: received([queueStatus(change)], noonMs)})).frame).toMatch(text);
	});
});

it('says of queues of other nodes where they are, and how old their figures are once that is more than it should be', async () => {
	const elsewhere = (port: number, ageMs: number) =>
		fleetNode({port, queues: [queueStatus({id: `bull:q${port}`, name: `q${port}`, waiting: 7})], queuesAtMs: noonMs - ageMs});
	const {frame} = await show({fleet: clusterOf([elsewhere(7001, 15_000), elsewhere(7002, 16_000)]), ascii: true, size: [200, 18]});
	expect(frame).toContain('q7001 @10.0.0.1:7001');
	expect(frame).toContain('q7002 (16s old) @10.0.0.1:7002');
});

it('shows foreign names as text', async () => {
	const name = hostilePieces.join('');
	const hostile = queueStatus({id: name, name, prefix: name, version: name, unknown: [{command: name, reason: name}]});
	const {terminal} = await show({queues: received([hostile], noonMs), search: {unknown: [{command: name, reason: name}]}, size: [200, 20]});
	expect(terminal.rawOutput()).not.toContain('\u001b]0;owned');
	expect(terminal.rawOutput()).not.toContain('\u009b');
});
