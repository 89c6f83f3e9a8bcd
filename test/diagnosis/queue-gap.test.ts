import {expect, it} from 'vitest';
import type {QueueStatus} from '../../src/queues/types.ts';
import {type QueueHistory, withQueueLook} from '../../src/store/queue-history.ts';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';
import {find, standing} from './healthy.ts';

type Queue = Partial<QueueStatus>;

const named = (id: string, ...labels: readonly string[]): Pick<StateParts, 'findings'> => ({
	findings: standing(id).findings?.map(finding => ({...finding, components: labels})) ?? [],
});

/** Watched for so long, 65 seconds in which the server was blocked, and one look at noon. */
const resumed = (watched: Queue, now: Queue, seconds = 70) => {
	let queueHistory: QueueHistory = new Map();
	const look = (queue: Queue, agoMs: number) => {
		const queues = [queueStatus({workers: 1, rateLimitedMs: 0, ...queue})];
		queueHistory = withQueueLook(queueHistory, {queues, atMs: noonMs - agoMs, knowsClients: true, pauseMs: 5000}, noonMs - agoMs);
		return {queues: received(queues, noonMs - agoMs), queueHistory};
	};
	for (let ago = seconds; ago >= 0; ago -= 5) look(watched, 65_000 + ago * 1000);
	return {snapshot: look(now, 0)};
};
const foundAfter = (id: string, watched: Queue, now: Queue, seconds?: number) =>
	find(id, {...named(id, 'orders'), ...resumed(watched, {...watched, ...now}, seconds)}) !== undefined;
const idle: Queue = {waiting: 5, workers: undefined, processedPerSecond: 0};

it.each<[string, string, Queue, boolean]>([
	['queue.stuck', 'as before', {}, true],
	['queue.stuck', 'more wait', {waiting: 50}, true],
	['queue.stuck', 'a job was taken', {waiting: 4}, false],
	['queue.stuck', 'none waits', {waiting: 0}, false],
	['queue.no-workers', 'as before', {}, true],
	['queue.no-workers', 'a worker is visible', {workers: 1}, false],
	['queue.no-workers', 'none waits', {waiting: 0}, false],
])('%s ends only on evidence: %s', (id, _what, now, expected) => expect(foundAfter(id, idle, now)).toBe(expected));

it('nothing is found that was not watched for long enough', () => {
	expect(find('queue.stuck', resumed(idle, idle, 30))).toBeUndefined();
});

const failing: Queue = {failedPerSecond: 2, processedPerSecond: 4};
it.each<[string, Queue, boolean]>([
	['none has ended', {failedPerSecond: 0, processedPerSecond: 0}, true],
	['enough have ended well', {failedPerSecond: 0, processedPerSecond: 4}, false],
])('queue.failing: %s', (_what, now, expected) => expect(foundAfter('queue.failing', failing, now)).toBe(expected));
