import {describe, expect, it} from 'vitest';
import {adapters} from '../../src/queues/adapters.ts';
import {toStatus} from '../../src/queues/status.ts';
import type {FoundQueue, LookContext, QueueFamily} from '../../src/queues/types.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {type Answers, context, memory, play, queue} from './answers.ts';

function read(family: Exclude<QueueFamily, 'bull'>, change: Partial<FoundQueue>, answers: Answers, asked: Partial<LookContext> = {}) {
	const found = queue({family, system: family, isAlone: false, ...change});
	const look = context(asked);
	return toStatus(found, play(adapters[family](found, look), answers).result, look).status;
}

const mail = {id: 'queue:mail', prefix: '', name: 'mail'};
const entry = (queueName: string, index: number) => JSON.stringify({queue: queueName, jid: `j${index}`});
const many = (count: number) => Array.from({length: count}, (_, index) => [entry(index % 2 === 0 ? 'mail' : 'other', index), '1']).flat();

describe('sets that queues share', () => {
	it('are counted entry by entry where they are small', () =>
		expect(read('sidekiq', mail, {'ZCARD dead': 100, 'ZRANGE dead 0 99 WITHSCORES': many(100)})).toMatchObject({failed: 50, delayed: 0, unknown: []}));

	it('are not guessed at where they are large', () =>
		expect(read('sidekiq', mail, {'ZCARD dead': 101})).toMatchObject({
			failed: undefined,
			unknown: [{command: 'ZCARD dead', reason: '101 entries of all queues together'}],
		}));

	it('belong to the one queue that there is', () =>
		expect(
			read('sidekiq', {...mail, isAlone: true}, {'ZCARD dead': 9000, 'ZCARD retry': 9, 'ZCARD schedule': 500, [`ZCOUNT schedule -inf ${noonMs / 1000}`]: 20}),
		).toMatchObject({
			failed: 9009,
			delayed: 500,
			overdue: 20,
		}));

	it('give rates only to a queue that is alone', () => {
		const before = memory({counters: {finished: 100, failed: 0}});
		const answers = {'GET stat:processed': '200', 'GET stat:failed': '10'};
		expect(read('sidekiq', {...mail, isAlone: true}, answers, {before})).toMatchObject({processedPerSecond: 10, failedPerSecond: 1});
		expect(read('sidekiq', mail, answers, {before})).toMatchObject({processedPerSecond: undefined});
	});
});

it.each([
	['seconds, as Sidekiq 7 writes them', (noonMs - 60_000) / 1000],
	['milliseconds, as Sidekiq 8 does', noonMs - 60_000],
])('reads the age of the next job from %s', (_unit, enqueued) =>
	expect(read('sidekiq', mail, {'LINDEX queue:mail -1': JSON.stringify({enqueued_at: enqueued})}).nextJobAgeMs).toBeCloseTo(60_000),
);

it('does not count the workers of Sidekiq where there are more than it asks', () => {
	const names = Array.from({length: 21}, (_, index) => `host:${index}:x`);
	const {workers, active, unknown} = read('sidekiq', mail, {'SSCAN processes 0 COUNT 100': ['0', names]});
	expect({workers, active, unknown}).toEqual({
		workers: undefined,
		active: undefined,
		unknown: [{command: 'SSCAN processes', reason: 'more than 20 processes'}],
	});
});

describe('Celery', () => {
	const celery = {id: 'celery', prefix: '', name: 'celery'};
	it('does not split what workers hold where it is much', () => {
		expect(read('celery', celery, {'HLEN unacked': 101})).toMatchObject({active: undefined, delayed: undefined, unknown: [{command: 'HLEN unacked'}]});
		expect(read('celery', {...celery, isAlone: true}, {'HLEN unacked': 101})).toMatchObject({active: 101, delayed: undefined});
	});
	it('knows of nothing held', () => expect(read('celery', celery, {})).toMatchObject({waiting: 0, active: 0, delayed: 0, overdue: 0, unknown: []}));
});

it('does not tell the overdue jobs of one type of Kue from those of another', () => {
	const kue = {id: 'q:jobs:mail', prefix: 'q', name: 'mail'};
	const overdue: Answers = {[`ZCOUNT q:jobs:delayed -inf ${noonMs}`]: 3};
	expect(read('kue', kue, overdue)).toMatchObject({delayed: 0, overdue: 0});
	expect(read('kue', kue, {...overdue, 'ZCARD q:jobs:mail:delayed': 5})).toMatchObject({
		delayed: 5,
		overdue: undefined,
		unknown: [{command: 'ZCOUNT q:jobs:delayed'}],
	});
	expect(read('kue', {...kue, isAlone: true}, {...overdue, 'ZCARD q:jobs:mail:delayed': 5}).overdue).toBe(3);
});

describe('a group of a stream', () => {
	const ledger = {id: 'log/ledger', prefix: 'log', name: 'ledger'};
	const group = (lag: number | null) => ({
		'XINFO GROUPS log': [['name', 'ledger', 'consumers', 2, 'pending', 3, 'last-delivered-id', '1000-5', 'entries-read', null, 'lag', lag]],
	});
	it('has no lag after an XDEL, and says so', () =>
		expect(read('streams', ledger, {...group(null), 'XLEN log': 40, 'XRANGE log 1000-6 + COUNT 1': [['2000-0', ['a', '1']]]})).toMatchObject({
			waiting: undefined,
			active: 3,
			workers: 2,
			nextJobAgeMs: noonMs - 2000,
			unknown: [{command: 'XINFO GROUPS log', reason: 'no lag is told; at most 40 entries'}],
		}));
	it('has nothing waiting when nothing is behind what was delivered', () =>
		expect(read('streams', ledger, group(null))).toMatchObject({waiting: 0, unknown: []}));
	it('of large entries is not asked what stands in them', () => {
		const {asked} = play(adapters.streams(queue({...ledger, family: 'streams', system: 'streams'}), context()), {
			...group(4),
			'XLEN log': 40,
			'MEMORY USAGE log SAMPLES 5': 30_000_000,
		});
		expect(asked.flat().map(String).join('|')).not.toMatch(/XINFO STREAM|XRANGE/);
	});
	it('is gone with its group', () => {
		const found = queue({...ledger, family: 'streams', system: 'streams'});
		expect(play(adapters.streams(found, context()), {'XINFO GROUPS log': []}).result.isGone).toBe(true);
		expect(play(adapters.streams(found, context()), {'XINFO GROUPS log': new Error('NOPERM no')}).result.isGone).toBe(false);
	});
});

it('does not take a registry that may not be read for one without workers', () => {
	const refused = new Error('NOPERM no');
	expect(read('resque', {id: 'resque:queue:files', prefix: 'resque', name: 'files'}, {'SSCAN resque:workers 0 COUNT 200': refused})).toMatchObject({
		workers: undefined,
		active: undefined,
	});
	expect(read('sidekiq', mail, {'SSCAN processes 0 COUNT 100': refused})).toMatchObject({workers: undefined, active: undefined});
});
