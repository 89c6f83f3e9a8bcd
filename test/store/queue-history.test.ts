import {describe, expect, it} from 'vitest';
import type {QueueStatus} from '../../src/queues/types.ts';
import {endedLately, type QueueHistory, queueLookPauseMs, withQueueLook} from '../../src/store/queue-history.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';

type Look = Partial<QueueStatus> & {readonly atMs?: number; readonly knowsClients?: boolean};

/** A worker is in sight, jobs wait, none is at work, nothing has been done since the look before. */
const waiting: Partial<QueueStatus> = {waiting: 5, workers: 1, rateLimitedMs: 0, processedPerSecond: 0, failedPerSecond: 0};

/** Looks at one queue, five seconds apart from noon on if nothing else is said. */
function follow(...looks: readonly Look[]) {
	let history: QueueHistory = new Map();
	for (const [index, {atMs = index * 5000, knowsClients = true, ...queue}] of looks.entries())
		history = withQueueLook(history, {queues: [queueStatus({...waiting, ...queue})], atMs: noonMs + atMs, knowsClients, pauseMs: 5000}, noonMs + atMs);
	return history.get('bull:orders');
}

const idleSeconds = (...looks: readonly Look[]) => {
	const since = follow(...looks)?.idleSinceMs;
	return since === undefined ? undefined : (since - noonMs) / 1000;
};

describe('since when no job has been taken', () => {
	it.each<[string, readonly Look[], number | undefined]>([
		['from the first look on', [{}, {}, {}], 0],
		['more come, none goes', [{}, {waiting: 6}, {waiting: 700}], 0],
		['none waits', [{}, {waiting: 0}], undefined],
		[
			'only prioritized ones wait',
			[
				{waiting: 0, prioritized: 1},
				{waiting: 0, prioritized: 1},
			],
			0,
		],
		['a job has ended', [{}, {processedPerSecond: 0.2}, {}], 5],
		['fewer wait', [{}, {}, {waiting: 4}], 10],
		['one more is at work', [{}, {active: 1, waiting: 6}], 5],
		['one fewer is at work', [{active: 2}, {active: 1}], 0],
		['the next job is the same', [{nextJobAgeMs: 1000}, {nextJobAgeMs: 6000}], 0],
		['the next job is a younger one', [{nextJobAgeMs: 1000}, {nextJobAgeMs: 5000}], 5],
		['an older one has been put before it', [{nextJobAgeMs: 1000}, {nextJobAgeMs: 90_000}], 0],
		['it is paused', [{}, {paused: true}], undefined],
		['it has just been resumed', [{}, {paused: true}, {}], 10],
		['it is rate limited', [{}, {rateLimitedMs: 900}], undefined],
		['only the workers know the limit', [{}, {rateLimitedMs: undefined}], undefined],
		[
			'other systems have no limit',
			[
				{family: 'rq', rateLimitedMs: undefined},
				{family: 'rq', rateLimitedMs: undefined},
			],
			0,
		],
		['nothing tells whether one was taken', [{processedPerSecond: undefined}, {processedPerSecond: undefined}], undefined],
		['how many wait is not known', [{waiting: undefined}], undefined],
	])('%s: %s', (_what, looks, expected) => expect(idleSeconds(...looks)).toBe(expected));

	it.each([
		['none', 15_000, 0],
		['as long as nobody looked', 15_001, 15.001],
		['as long as the server was blocked', 65_000, 65],
	])('adds what was watched, and of a gap %s: %i ms', (_what, gapMs, expected) => expect(idleSeconds({}, {atMs: gapMs})).toBe(expected));

	it.each<[string, Look, number | undefined]>([
		['nothing', {}, 65],
		['more that wait', {waiting: 90}, 65],
		['the same job next', {nextJobAgeMs: 76_000}, 65],
		['no figure that tells', {processedPerSecond: undefined}, 65],
		['fewer that wait', {waiting: 4}, 75],
		['one more at work', {active: 1}, 75],
		['a younger job next', {nextJobAgeMs: 3000}, 75],
		['an end', {processedPerSecond: 0.01}, 75],
		['none that waits', {waiting: 0}, undefined],
	])('watched for ten seconds, a gap of 65, and then %s', (_what, look, expected) => {
		const before: Look = {nextJobAgeMs: 1000};
		expect(idleSeconds(before, {nextJobAgeMs: 6000}, {nextJobAgeMs: 11_000}, {...look, atMs: 75_000})).toBe(expected);
	});

	it('forgets a queue that is gone', () => {
		const before = withQueueLook(new Map(), {queues: [queueStatus(waiting)], atMs: noonMs, knowsClients: true, pauseMs: 5000}, noonMs);
		expect(withQueueLook(before, {queues: [], atMs: noonMs, knowsClients: true, pauseMs: 5000}, noonMs).size).toBe(0);
	});
});

describe('what lasts', () => {
	it.each<[string, readonly Look[], number | undefined]>([
		['none in sight', [{workers: undefined}, {workers: undefined}], 0],
		['one came', [{workers: undefined}, {}], undefined],
		['it has just gone', [{}, {workers: undefined}], 5000],
		['the list of clients was not there', [{workers: undefined, knowsClients: false}, {workers: undefined}], 5000],
		[
			'a list of its own says none',
			[
				{workers: 0, family: 'rq'},
				{workers: 0, family: 'rq', knowsClients: false},
			],
			0,
		],
		['workers of this kind are in no list', [{family: 'celery', workers: undefined}], undefined],
		['nothing waits', [{workers: undefined, waiting: 0}], undefined],
	])('without a worker: %s', (_what, looks, expected) => {
		const since = follow(...looks)?.unmannedSinceMs;
		expect(since === undefined ? undefined : since - noonMs).toBe(expected);
	});

	it('lasts over a gap unless there is a sign of its end', () => {
		const gone = {workers: undefined, activeWithoutLock: 2};
		const afterGap = (look: Look) => follow(gone, gone, {...gone, ...look, atMs: 70_000});
		expect(afterGap({})).toMatchObject({unmannedSinceMs: noonMs + 65_000, strandedSinceMs: noonMs + 65_000, gapEndedMs: noonMs + 70_000});
		expect(afterGap({knowsClients: false})?.unmannedSinceMs).toBe(noonMs + 65_000);
		expect(afterGap({workers: 1})?.unmannedSinceMs).toBeUndefined();
		expect(afterGap({waiting: 0})?.unmannedSinceMs).toBeUndefined();
		expect(afterGap({activeWithoutLock: 0})?.strandedSinceMs).toBeUndefined();
		expect(follow(gone, gone)?.gapEndedMs).toBeUndefined();
	});

	it.each<[readonly Look[], number | undefined]>([
		[[{activeWithoutLock: 1}, {activeWithoutLock: 2}], 0],
		[[{activeWithoutLock: 1}, {activeWithoutLock: 0}, {activeWithoutLock: 1}], 10_000],
		[[{activeWithoutLock: 1}, {activeWithoutLock: undefined}], undefined],
	])('held by nobody: %#', (looks, expected) => {
		const since = follow(...looks)?.strandedSinceMs;
		expect(since === undefined ? undefined : since - noonMs).toBe(expected);
	});
});

describe('what ended in the last minute', () => {
	const busy = {processedPerSecond: 4, failedPerSecond: 1};
	const lately = (agoMs: number, ...looks: readonly Look[]) => endedLately(follow(...looks), noonMs + agoMs);

	it('is not known from one look', () => expect(lately(0, busy)).toBeUndefined());
	it('is counted from rate and time', () => expect(lately(10_000, {}, busy, busy)).toEqual({finished: 40, failed: 10}));
	it('counts a look that came too soon once', () =>
		expect(lately(5999, {}, busy, {...busy, atMs: 5999}, {...busy, atMs: 6000})).toEqual({finished: 24, failed: 6}));
	it('says nothing of what no rate is known of', () => expect(lately(5000, {}, {...busy, failedPerSecond: undefined})).toBeUndefined());
	it('forgets after a minute', () => {
		expect(lately(64_999, {}, busy)).toEqual({finished: 20, failed: 5});
		expect(lately(65_000, {}, busy)).toBeUndefined();
	});
	it('takes a minute at most from a look that came late', () => expect(lately(600_000, {}, {...busy, atMs: 600_000})).toEqual({finished: 240, failed: 60}));
	it('is bounded', () => {
		const looks = Array.from({length: 200}, (_, index) => ({...busy, atMs: index * 1000}));
		expect(follow(...looks)?.ended).toHaveLength(60);
	});
});

it.each([
	[1, 5000],
	[200, 5000],
	[1000, 25_000],
])('%i queues are looked at every %i ms', (queues, ms) => expect(queueLookPauseMs(queues, new Map())).toBe(ms));
