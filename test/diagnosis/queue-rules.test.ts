import {describe, expect, it} from 'vitest';
import {diagnose} from '../../src/diagnosis/diagnose.ts';
import type {QueueLines} from '../../src/diagnosis/queue-lines.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {QueueStatus} from '../../src/queues/types.ts';
import type {Finding} from '../../src/store/finding.ts';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {find, healthyState, standing} from './healthy.ts';
import {looks, steady} from './queue-looks.ts';

type Queue = Partial<QueueStatus>;

const named = (id: string, ...labels: readonly string[]): Pick<StateParts, 'findings'> => ({
	findings: standing(id).findings?.map(finding => ({...finding, components: labels})) ?? [],
});

const seen = (id: string, queue: Queue, parts: StateParts = {}, count = 2): Finding | undefined => find(id, {...parts, snapshot: steady([queue], count)});
const isFound = (...args: Parameters<typeof seen>): boolean => seen(...args) !== undefined;

const noLines: QueueLines = {isIgnored: false, depthCount: undefined, stuckSeconds: undefined, overdueSeconds: undefined, failingRatio: undefined};

const findWith = (id: string, parts: StateParts, lines: Partial<QueueLines>) =>
	diagnose(healthyState(parts), defaultThresholds, {queueLinesOf: ({name}) => (name === 'orders' ? {...noLines, ...lines} : undefined)}).find(
		finding => finding.id === id,
	);

describe('queue.depth', () => {
	it.each([
		[{waiting: 999}, [], false],
		[{waiting: 1000}, [], true],
		[{waiting: 700, prioritized: 300}, [], true],
		[{waiting: 1000, paused: true}, [], true],
		[{waiting: undefined}, [], false],
		[{waiting: 950}, ['orders'], true],
		[{waiting: 949}, ['orders'], false],
		[{waiting: 950}, ['other'], false],
	])('%j, found before in %j: %s', (queue, before, expected) => expect(isFound('queue.depth', queue, named('queue.depth', ...before))).toBe(expected));

	it('names the worst queues, and how many more', () => {
		const queues = [1000, 5000, 1200, 9000, 1100].map((waiting, index) => ({id: `bull:q${index}`, waiting, drainSeconds: 100}));
		const pace = {drainSeconds: 'never', addedPerSecond: 31, processedPerSecond: 0.5, nextJobAgeMs: 2_820_000} as const;
		const finding = find('queue.depth', {snapshot: looks([[{...pace, id: 'shop:mail', waiting: 12_041}, ...queues]])});
		expect(finding).toMatchObject({
			severity: 'P1',
			title: '29,341 jobs wait in 6 queues',
			evidence:
				'shop:mail: 12,041 waiting, at this pace it never drains (31 in and 0.5 out per second), the next job is 47m00s old; q3: 9,000 waiting, drains in about 2 min at this pace; q1: 5,000 waiting, drains in about 2 min at this pace; +3 more',
			components: ['shop:mail', 'q3', 'q1', 'q2', 'q4', 'q0'],
		});
	});

	it('keeps the list of names short', () => {
		const many = Array.from({length: 25}, (_, index) => ({id: `bull:q${index}`, waiting: 1000 + index}));
		expect(find('queue.depth', {snapshot: looks([many])})?.components.slice(19)).toEqual(['q5', '+5 more']);
	});
});

describe('queue.stuck', () => {
	const idle: Queue = {waiting: 900, processedPerSecond: 0};

	it.each([
		[12, false],
		[13, true],
	])('none has been taken in %i looks: %s', (count, expected) => expect(isFound('queue.stuck', idle, {}, count)).toBe(expected));

	it.each([
		['paused', {paused: true}],
		['rate limited', {rateLimitedMs: 60_000}],
		['limited by its workers, who alone know the limit', {rateLimitedMs: undefined}],
		['going on', {processedPerSecond: 0.01}],
		['empty', {waiting: 0}],
	])('not where it is %s', (_what, change) => expect(isFound('queue.stuck', {...idle, ...change}, {}, 20)).toBe(false));

	it.each<[Queue, Partial<Finding>]>([
		[{}, {severity: 'P1', evidence: 'orders: none taken for 1m00s, 900 waiting, none active, 1 worker'}],
		[
			{active: 2, activeWithoutLock: 2, workers: undefined},
			{severity: 'P1', evidence: 'orders: none taken for 1m00s, 900 waiting, 2 active, no worker visible'},
		],
		[{active: 4}, {severity: 'P2', evidence: 'orders: none taken for 1m00s, 900 waiting, 4 active, 1 worker'}],
		[
			{active: 4, concurrency: 4},
			{severity: 'P2', evidence: expect.stringContaining('4 active, which is the limit of the whole queue')},
		],
	])('with %j', (change, expected) => expect(seen('queue.stuck', {...idle, ...change}, {}, 13)).toMatchObject(expected));

	it('says that long jobs look like hanging ones', () => {
		expect(seen('queue.stuck', {...idle, active: 4}, {}, 13)?.meaning[0]).toContain('cannot tell one from the other');
	});
});

describe('queue.stalled', () => {
	it.each([
		[{activeWithoutLock: 0}, false],
		[{activeWithoutLock: undefined}, false],
		[{activeWithoutLock: 1}, true],
	])('%j: %s', (queue, expected) => expect(isFound('queue.stalled', {active: 4, ...queue}, {}, 1)).toBe(expected));

	it.each([
		[1, false],
		[2, true],
	])('where the system takes them up itself it must last: %i looks: %s', (count, expected) =>
		expect(isFound('queue.stalled', {family: 'laravel', system: 'laravel', active: 1, activeWithoutLock: 1}, {}, count)).toBe(expected),
	);

	it('gives their ids, and never says that they do not run', () => {
		const queue = {active: 40, activeWithoutLock: 12, activeWithoutLockIds: ['7', '8', '9', '10'], stalledCheckMs: 0};
		expect(seen('queue.stalled', queue)).toMatchObject({
			severity: 'P1',
			title: '12 jobs of orders are active and held by nobody',
			evidence: 'orders: 12 of 40 active jobs held by nobody (7, 8, 9 …), and no worker has looked for such jobs within its interval',
			meaning: [expect.anything(), expect.stringContaining('the job may still be running')],
			remedies: ['queue.recover-stalled'],
			steps: [expect.anything(), expect.anything(), "Look by hand: redis-cli LRANGE 'bull:orders:active' -10 -1"],
		});
	});

	it('gives no command for a key that a shell would take apart', () => {
		expect(seen('queue.stalled', {id: "bull:it's", name: "it's", active: 1, activeWithoutLock: 1})?.steps).toHaveLength(2);
	});
});

describe('queue.overdue', () => {
	it.each([
		[59_999, false, false],
		[60_000, false, true],
		[57_000, true, true],
		[56_999, true, false],
	])('the oldest is %i ms late, standing %s: %s', (oldestOverdueMs, isStanding, expected) => {
		const parts = isStanding ? named('queue.overdue', 'orders') : {};
		expect(isFound('queue.overdue', {delayed: 9, overdue: 2, oldestOverdueMs}, parts)).toBe(expected);
	});

	it.each([{paused: true}, {overdue: 0}, {oldestOverdueMs: undefined}])('not with %j', change =>
		expect(isFound('queue.overdue', {delayed: 9, overdue: 2, oldestOverdueMs: 900_000, ...change})).toBe(false),
	);

	it('gives the figures', () => {
		expect(seen('queue.overdue', {delayed: 1500, overdue: 800, oldestOverdueMs: 1_500_000})).toMatchObject({
			severity: 'P1',
			title: '800 delayed jobs of orders should have run by now',
			evidence: 'orders: 800 of 1,500 delayed jobs are due, the oldest for 25m00s',
		});
	});
});

describe('queue.failing', () => {
	const rates = (failedPerSecond: number, processedPerSecond: number): Queue => ({failedPerSecond, processedPerSecond, failed: 3214});

	it.each([
		['ten of a hundred', rates(2, 20), [], true],
		['nine, however many that is of all', rates(1.8, 1.8), [], false],
		['ten of more than a hundred', rates(2, 20.1), [], false],
		['once found: five of a hundred', rates(1, 20), ['orders'], true],
		['once found: four', rates(0.9, 1), ['orders'], false],
		['once found: five of more than a hundred', rates(1, 20.1), ['orders'], false],
		['rates are not known', {failedPerSecond: undefined}, [], false],
	])('in five seconds %s', (_what, queue, before, expected) => expect(isFound('queue.failing', queue, named('queue.failing', ...before))).toBe(expected));

	it('gives the figures', () => {
		expect(seen('queue.failing', rates(1.4, 4), {}, 10)).toMatchObject({
			severity: 'P1',
			title: 'Jobs of orders fail',
			evidence: 'orders: 63 of 180 jobs failed (35%), 3,214 kept as failed',
			remedies: ['queue.pause', 'queue.retry-failed'],
		});
	});
});

describe('queue.no-workers', () => {
	const alone: Queue = {waiting: 5, workers: undefined, processedPerSecond: 0};

	it.each<[string, Queue, number, boolean]>([
		['seen once', alone, 1, false],
		['seen twice', alone, 2, true],
		['none waits', {...alone, waiting: 0}, 2, false],
		['a worker is visible', {...alone, workers: 1}, 2, false],
		['paused', {...alone, paused: true}, 2, false],
		['a list that is empty', {...alone, family: 'rq', system: 'rq', workers: 0}, 2, true],
		['a system that keeps no list', {...alone, family: 'celery', system: 'celery'}, 2, false],
	])('%s', (_what, queue, count, expected) => expect(isFound('queue.no-workers', queue, {}, count)).toBe(expected));

	it('is no finding where the list of clients cannot be had', () => {
		expect(find('queue.no-workers', {snapshot: looks([[alone], [alone]], {knowsClients: false})})).toBeUndefined();
	});

	it('says that none visible is not none', () => {
		expect(seen('queue.no-workers', {...alone, nextJobAgeMs: 61_000})).toMatchObject({
			severity: 'P2',
			title: 'Jobs wait in orders and no worker is visible',
			evidence: 'orders: 5 waiting, the next for 1m01s, no worker visible',
			meaning: [expect.stringContaining('None visible is not the same as none'), expect.anything()],
		});
	});
});

describe('queue.paused', () => {
	it.each([
		[{paused: true, waiting: 1}, true],
		[{paused: true, waiting: 0, prioritized: 1}, true],
		[{paused: true, waiting: 0, overdue: 1}, true],
		[{paused: true, waiting: 0}, false],
		[{paused: false, waiting: 1}, false],
		[{paused: undefined, waiting: 1}, false],
	])('%j: %s', (queue, expected) => expect(isFound('queue.paused', queue)).toBe(expected));

	it('gives the figures', () => {
		expect(seen('queue.paused', {paused: true, waiting: 5000, overdue: 3})).toMatchObject({
			severity: 'P2',
			title: 'orders is paused with jobs waiting',
			evidence: 'orders: 5,003 waiting, 3 of them delayed and due',
			remedies: ['queue.resume'],
		});
	});
});

describe('queue.mixed-majors', () => {
	it.each([
		[0, false],
		[1, true],
	])('%i jobs at risk: %s', (jobsAtRisk, expected) => {
		expect(isFound('queue.mixed-majors', {mixedMajors: {jobsAtRisk, evidence: ['why']}})).toBe(expected);
	});

	it('says how many jobs are at risk, and why', () => {
		const evidence = ['5 jobs in wait and 3 jobs in paused: a resume by BullMQ 5 or older overwrites wait'];
		expect(seen('queue.mixed-majors', {mixedMajors: {jobsAtRisk: 5, evidence}})).toMatchObject({
			severity: 'P1',
			title: 'Two majors of the library seem to work on orders: 5 jobs can be lost',
			evidence: `orders: 5 jobs at risk: ${evidence[0]}`,
			components: ['orders'],
			remedies: [],
		});
	});
});

describe('lines of a queue’s own', () => {
	it.each([
		['queue.depth', {waiting: 500}, {depthCount: 500}, true],
		['queue.depth', {waiting: 1000}, {depthCount: 20_000}, false],
		['queue.depth', {waiting: 1000}, {isIgnored: true}, false],
		['queue.stuck', {waiting: 5, processedPerSecond: 0}, {stuckSeconds: 5}, true],
		['queue.stuck', {waiting: 5, processedPerSecond: 0}, {stuckSeconds: 6}, false],
		['queue.overdue', {overdue: 1, oldestOverdueMs: 5000}, {overdueSeconds: 5}, true],
		['queue.overdue', {overdue: 1, oldestOverdueMs: 90_000}, {overdueSeconds: 900}, false],
		['queue.failing', {failedPerSecond: 2, processedPerSecond: 4}, {failingRatio: 0.5}, true],
		['queue.failing', {failedPerSecond: 2, processedPerSecond: 4}, {failingRatio: 0.51}, false],
	])('%s with %j and %j: %s', (id, queue, lines, expected) => expect(findWith(id, {snapshot: steady([queue])}, lines) !== undefined).toBe(expected));

	it('leave the others as they are', () => {
		const queues = [{waiting: 1000}, {id: 'bull:mails', waiting: 1000}];
		expect(findWith('queue.depth', {snapshot: steady(queues)}, {isIgnored: true})?.components).toEqual(['mails']);
	});
});

describe('how old the figures may be', () => {
	const deep = steady([{waiting: 5000}]);

	it.each<[string, number, StateParts, boolean]>([
		['three looks', 15_000, {}, true],
		['more', 15_001, {}, false],
		['more, but the server answers again only now: it stays as it was', 15_001, {server: {sinceMs: noonMs + 1}}, true],
		['from before this connection: it stays as it was until the first look', 15_001, {contact: {linkSinceMs: noonMs + 1}}, true],
		['from before this connection, and no look has come', 15_002, {contact: {linkSinceMs: noonMs + 1}}, false],
	])('%s: %s', (_what, afterMs, parts, expected) => {
		const found = find('queue.depth', {...parts, ...standing('queue.depth'), nowMs: noonMs + afterMs, snapshot: deep});
		expect(found !== undefined).toBe(expected);
	});
});
