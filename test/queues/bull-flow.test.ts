import {describe, expect, it} from 'vitest';
import {lookAtFlow} from '../../src/queues/bull-flow.ts';
import {type BullReplies, type DetailRead, detailReads, type SizeRead, sizeReads} from '../../src/queues/bull-reads.ts';
import {Replies} from '../../src/queues/replies.ts';
import type {QueueMemory} from '../../src/queues/types.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {answer, context, memory, play, queue} from './answers.ts';

type Told = Partial<Record<SizeRead | DetailRead, unknown>>;

/** What the first pipelines have told. */
function first(told: Told, before?: QueueMemory): BullReplies {
	const toReplies = <Name extends SizeRead | DetailRead>(reads: Partial<Record<Name, readonly string[]>>) =>
		new Replies((Object.entries(reads) as [Name, readonly string[]][]).map(([name, argv]) => ({name, argv, reply: told[name] ?? answer(argv, {})})));
	const sizes = toReplies<SizeRead>(sizeReads(queue(), context({before})));
	return sizes.and(toReplies<DetailRead>(detailReads(queue(), sizes, context({before}))));
}

function flow(given: Told, before?: QueueMemory, answers = {}) {
	const told = {eventCount: given.events ? 50 : 0, failed: given.failedSince ? 1 : 0, ...given};
	return play(lookAtFlow('bull:orders', first(told, before), context({before})), answers);
}

const stream = (added: number | undefined, lastId = '1000-7') => [
	'length',
	50,
	'last-generated-id',
	lastId,
	...(added === undefined ? [] : ['entries-added', added]),
];
const entry = (kind: string, atMs = noonMs) => [`${atMs}-0`, ['event', kind, 'jobId', '1']];
const range = (id: string, count = 100) => `XREVRANGE bull:orders:events + ${id} COUNT ${count}`;

describe('what came', () => {
	it('is what `id` says', () => expect(flow({counter: '417'}).result.counters.added).toBe(417));
	it('is nothing so far without `id`', () => expect(flow({}).result.counters.added).toBe(0));
	it('is not known where it may not be read', () => expect(flow({counter: new Error('NOPERM no')}).result.counters.added).toBeUndefined());
});

describe('what went', () => {
	it('begins with the first look', () => expect(flow({completedMetric: '900', failedMetric: '90'}).result.counters).toMatchObject({finished: 0, failed: 0}));

	it('is what the workers count, where they do', () => {
		const before = memory({counters: {finished: 5, failed: 1}, marks: {metricCompleted: 900, metricFailed: undefined}});
		expect(flow({completedMetric: '930', failedMetric: '4', events: stream(70)}, before).result.counters).toMatchObject({finished: 39, failed: 5});
	});

	it('is what the events tell, one by one where they are few', () => {
		const before = memory({lastEventId: '1000-3', marks: {events: 60}});
		const answers = {[range('1000-4')]: ['completed', 'added', 'failed', 'completed', 'waiting'].map(kind => entry(kind))};
		const {result} = flow({events: stream(65)}, before, answers);
		expect(result).toMatchObject({counters: {finished: 3, failed: 1}, lastEventId: '1000-7', marks: {events: 65}});
	});

	it('is a sample of the events where they are many', () => {
		const before = memory({lastEventId: '1000-3', marks: {events: 0}});
		const entries = Array.from({length: 100}, (_, index) => entry(index % 4 === 0 ? 'completed' : index % 20 === 1 ? 'failed' : 'active'));
		expect(flow({events: stream(1000)}, before, {[range('1000-4')]: entries}).result.counters).toMatchObject({finished: 300, failed: 50});
	});

	it('is exact all the same where the jobs are kept', () => {
		const before = memory({lastEventId: '1000-3', marks: {events: 0}});
		const entries = Array.from({length: 100}, (_, index) => entry(index % 4 === 0 ? 'completed' : 'active'));
		expect(flow({events: stream(1000), completed: 500, completedSince: 237}, before, {[range('1000-4')]: entries}).result.counters.finished).toBe(237);
	});

	it('is told by the time that a page covers, before Redis 7', () => {
		const before = memory({lastEventId: '1000-3'});
		const entries = Array.from({length: 100}, (_, index) => entry(index % 2 === 0 ? 'completed' : 'active', noonMs - index * 10));
		const {finished} = flow({events: stream(undefined)}, before, {[range('1000-4')]: entries}).result.counters;
		expect(finished).toBeCloseTo(505, 0);
		expect(flow({events: stream(undefined)}, before, {[range('1000-4')]: entries.slice(0, 99)}).result.counters.finished).toBe(50);
	});

	it.each([
		[16_384 + 50 * 512, true],
		[16_385 + 50 * 512, false],
		[null, false],
	])('does not ask a stream of %j bytes in 50 entries what stands in it: %j', (eventBytes, isAsked) => {
		const sizes = new Replies(
			(Object.entries(sizeReads(queue(), context())) as [SizeRead, readonly string[]][]).map(([name, argv]) => ({
				name,
				argv,
				reply: name === 'eventCount' ? 50 : name === 'eventBytes' ? eventBytes : answer(argv, {}),
			})),
		);
		expect(detailReads(queue(), sizes, context()).events !== undefined).toBe(isAsked);
	});

	it('asks for no events where there are no new ones', () => {
		const {result, asked} = flow({events: stream(60)}, memory({lastEventId: '1000-7', marks: {events: 60}}));
		expect(asked).toEqual([]);
		expect(result.counters).toMatchObject({finished: 0, failed: 0});
	});

	it('asks for fewer events where they are large', () => {
		const large = ['1000-7', ['event', 'completed', 'returnvalue', 'x'.repeat(20_000)]];
		const events = [...stream(90), 'first-entry', null, 'last-entry', large];
		expect(flow({events}, memory({lastEventId: '1000-3', marks: {events: 60}})).asked).toEqual([range('1000-4', 9)]);
	});

	it('is not known when the stream has been begun anew', () => {
		const before = memory({lastEventId: undefined, marks: {events: 600}});
		expect(flow({events: stream(3)}, before).result.counters.finished).toBeUndefined();
	});

	it.each<[string, Told, number | undefined]>([
		['the finished sets, where jobs are kept', {completed: 500, completedSince: 30, failedSince: 4, counter: '999', wait: 1}, 34],
		['the additions that are not there any more, where they are removed', {failedSince: 4, counter: '150', wait: 20, active: 5}, 35],
		['no less than what failed', {failedSince: 4, counter: '100', wait: 20, active: 5}, 4],
	])('of Bull is told by %s', (_what, told, finished) => {
		const before = memory({marks: {added: 100, unfinished: 10}});
		expect(flow(told, before).result.counters.finished).toBe(finished);
	});
});
