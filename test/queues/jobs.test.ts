import {describe, expect, it} from 'vitest';
import type {JobState} from '../../src/queues/job-types.ts';
import {hasJobDetail, jobDetail, jobPage, jobStates} from '../../src/queues/jobs.ts';
import {type Answers, play, queue} from './answers.ts';

const fields = 'name timestamp opts priority processedOn finishedOn atm attemptsMade stc stalledCounter pb parentKey';
const base = 'bull:orders';
/** A job's hash, as HMGET of the fields above has it. */
const job = (id: string, values: Readonly<Record<string, string>> = {name: 'charge', timestamp: '1000'}): Answers => ({
	[`HMGET ${base}:${id} ${fields}`]: fields.split(' ').map(field => values[field] ?? null),
});
const page = (state: JobState, answers: Answers, from = 0, count = 2) => play(jobPage(queue(), state, {from, count}), answers).result;

describe('a page of jobs', () => {
	it('lists what waits in the order in which it will run, from the tail on', () => {
		const answers = {[`LLEN ${base}:wait`]: 9, [`LRANGE ${base}:wait -4 -3`]: ['6', '7'], ...job('6'), ...job('7', {name: 'refund', timestamp: '2000'})};
		const {rows, total, from, isSample} = page('waiting', answers, 2);
		expect({total, from, isSample}).toEqual({total: 9, from: 2, isSample: false});
		expect(rows.map(({id, name, createdMs}) => [id, name, createdMs])).toEqual([
			['7', 'refund', 2000],
			['6', 'charge', 1000],
		]);
	});

	it('leaves markers out', () => expect(page('waiting', {[`LRANGE ${base}:wait -2 -1`]: ['1', '0:0'], ...job('1')}).rows.map(({id}) => id)).toEqual(['1']));

	it('tells when delayed jobs are due', () => {
		const answers = {[`ZCARD ${base}:delayed`]: 1, [`ZRANGE ${base}:delayed 0 1 WITHSCORES`]: ['1', String(5000 * 4096 + 17)], ...job('1')};
		expect(page('delayed', answers).rows).toMatchObject([{id: '1', dueMs: 5000}]);
	});

	it('tells who holds the lock of an active one', () => {
		const answers = {[`LRANGE ${base}:active -2 -1`]: ['2', '1'], [`MGET ${base}:1:lock ${base}:2:lock`]: [null, 'token'], ...job('1'), ...job('2')};
		expect(page('active', answers).rows.map(({id, hasLock}) => [id, hasLock])).toEqual([
			['1', false],
			['2', true],
		]);
	});

	it('tells why failed ones failed, the last first, and only the size of a long reason', () => {
		const answers = {
			[`ZREVRANGE ${base}:failed 0 1 WITHSCORES`]: ['2', '9000', '1', '8000'],
			...job('1', {name: 'a', atm: '3', opts: '{"attempts":3}', finishedOn: '8000'}),
			...job('2', {name: 'b', attemptsMade: '1', stalledCounter: '2'}),
			[`HSTRLEN ${base}:1 failedReason`]: 7,
			[`HGET ${base}:1 failedReason`]: 'timeout',
			[`HSTRLEN ${base}:2 failedReason`]: 90_000,
		};
		expect(page('failed', answers).rows).toMatchObject([
			{id: '2', attemptsMade: 1, attempts: 1, stalledCount: 2, failedReason: {text: undefined, bytes: 90_000}},
			{id: '1', attemptsMade: 3, attempts: 3, finishedMs: 8000, failedReason: {text: 'timeout', bytes: 7}},
		]);
	});

	it('marks an id whose job is gone', () =>
		expect(page('waiting', {[`LRANGE ${base}:wait -2 -1`]: ['1']}).rows).toMatchObject([{id: '1', isGone: true, name: undefined}]));

	it('says why it is empty', () => {
		const refused = {[`LRANGE ${base}:wait -2 -1`]: new Error('NOPERM no')};
		expect(page('waiting', refused)).toMatchObject({rows: [], unknown: [{reason: 'NOPERM no'}]});
	});
});

describe('one job', () => {
	const sized = (values: Readonly<Record<string, string>>): Answers =>
		Object.fromEntries(
			Object.entries(values).flatMap(([field, text]) => [
				[`HSTRLEN ${base}:1 ${field}`, text.length],
				[`HGET ${base}:1 ${field}`, text],
			]),
		);

	it('has its data, options, stacks, lock and log', () => {
		const answers = {
			...job('1', {name: 'charge', timestamp: '1000', processedOn: '2000', pb: 'pod-1', atm: '2', opts: '{"attempts":5}'}),
			...sized({data: '{"a":1}', opts: '{"attempts":5}', failedReason: 'no', stacktrace: '["Error: no\\n at a","Error: no\\n at b"]'}),
			[`LLEN ${base}:1:logs`]: 3,
			[`PTTL ${base}:1:lock`]: 1234,
		};
		const {result} = play(jobDetail(queue(), '1'), answers);
		expect(result).toMatchObject({
			name: 'charge',
			startedMs: 2000,
			workerName: 'pod-1',
			attemptsMade: 2,
			attempts: 5,
			data: {text: '{"a":1}', bytes: 7},
			returnValue: {text: undefined, bytes: 0},
			stacks: ['Error: no\n at a', 'Error: no\n at b'],
			logCount: 3,
			lockMs: 1234,
			hasLock: true,
			dueMs: undefined,
		});
	});

	it('is not asked for what is too large', () => {
		const {result, asked} = play(jobDetail(queue(), '1'), {...job('1'), [`HSTRLEN ${base}:1 data`]: 5_000_000});
		expect(result?.data).toEqual({text: undefined, bytes: 5_000_000});
		expect(asked).not.toContain(`HGET ${base}:1 data`);
	});

	it('has no stacks where they are no JSON', () =>
		expect(play(jobDetail(queue(), '1'), {...job('1'), ...sized({stacktrace: 'oops'})}).result?.stacks).toEqual([]));

	it('is gone', () => expect(play(jobDetail(queue(), '1'), {}).result).toBeUndefined());
});

describe('bee-queue', () => {
	const bees = queue({id: 'bq:mail', family: 'bee-queue', system: 'bee-queue'});
	const text = JSON.stringify({data: {a: 1}, options: {timestamp: 1000, retries: 1, stacktraces: ['Error: no\n at a']}, status: 'retrying', progress: 40});
	const one: Answers = {'HSTRLEN bq:mail:jobs 7': text.length, 'HGET bq:mail:jobs 7': text};

	it('keeps its jobs in one hash', () => {
		const {result} = play(jobPage(bees, 'waiting', {from: 0, count: 2}), {'LLEN bq:mail:waiting': 1, 'LRANGE bq:mail:waiting -2 -1': ['7'], ...one});
		expect(result).toMatchObject({
			total: 1,
			isSample: false,
			rows: [{id: '7', createdMs: 1000, attemptsMade: 1, attempts: 3, failedReason: {text: 'Error: no'}}],
		});
	});

	it('has delayed ones by plain milliseconds', () => {
		const {result} = play(jobPage(bees, 'delayed', {from: 0, count: 2}), {'ZRANGE bq:mail:delayed 0 1 WITHSCORES': ['7', '5000'], ...one});
		expect(result.rows).toMatchObject([{id: '7', dueMs: 5000}]);
	});

	it('gives a sample of its unsorted failures', () => {
		const {result} = play(jobPage(bees, 'failed', {from: 40, count: 1}), {
			'SCARD bq:mail:failed': 90,
			'SSCAN bq:mail:failed 0 COUNT 1': ['3', ['7', '8']],
			...one,
		});
		expect(result).toMatchObject({total: 90, from: 0, isSample: true, rows: [{id: '7'}]});
	});

	it('opens one', () => {
		expect(play(jobDetail(bees, '7'), one).result).toMatchObject({
			id: '7',
			data: {text: '{"a":1}'},
			progress: {text: '40'},
			stacks: ['Error: no\n at a'],
			hasLock: undefined,
		});
		expect(play(jobDetail(bees, '8'), one).result).toBeUndefined();
	});
});

describe('where a job is', () => {
	const place = (answers: Answers, change = {}) => play(jobDetail(queue(change), '1'), answers).result?.state;
	const bull = job('1');
	const bee = {[`HSTRLEN ${base}:jobs 1`]: 2, [`HGET ${base}:jobs 1`]: '{}'};
	const lpos = `LPOS ${base}:active 1 MAXLEN 1000`;

	it.each<[string, Answers, JobState | undefined]>([
		['failed', {[`ZSCORE ${base}:failed 1`]: '9000'}, 'failed'],
		['finished', {[`ZSCORE ${base}:completed 1`]: '9000'}, 'completed'],
		['delayed', {[`ZSCORE ${base}:delayed 1`]: '0'}, 'delayed'],
		['by priority', {[`ZSCORE ${base}:prioritized 1`]: '0'}, 'prioritized'],
		['active', {[lpos]: 0}, 'active'],
		['in none of them: it waits', {}, 'waiting'],
		['too many active ones to look through', {[`LLEN ${base}:active`]: 1001}, undefined],
		['a server without LPOS', {[lpos]: new Error('ERR unknown command')}, undefined],
		['a server without LPOS, and somebody holds the lock', {[lpos]: new Error('ERR unknown command'), [`PTTL ${base}:1:lock`]: 900}, 'active'],
	])('%s', (_what, answers, state) => expect(place({...bull, ...answers})).toBe(state));

	it.each<[string, Answers, JobState]>([
		['failed', {[`SISMEMBER ${base}:failed 1`]: 1}, 'failed'],
		['finished', {[`SISMEMBER ${base}:succeeded 1`]: 1}, 'completed'],
		['active', {[lpos]: 3}, 'active'],
		['waiting', {}, 'waiting'],
	])('of bee-queue: %s', (_what, answers, state) => expect(place({...bee, ...answers}, {family: 'bee-queue'})).toBe(state));
});

describe('payloads in a list', () => {
	it.each([
		[
			'sidekiq',
			'LRANGE queue:default -2 -1',
			JSON.stringify({jid: 'j1', class: 'HardJob', created_at: 2.5, retry_count: 1}),
			{id: 'j1', name: 'HardJob', createdMs: 2500, attemptsMade: 1},
		],
		['resque', 'LRANGE queue:default 0 1', JSON.stringify({class: 'Archive', args: []}), {id: '#1', name: 'Archive'}],
		['laravel', 'LRANGE queue:default 0 1', JSON.stringify({uuid: 'u1', displayName: 'Ship', createdAt: 3}), {id: 'u1', name: 'Ship', createdMs: 3000}],
		['celery', 'LRANGE queue:default -2 -1', JSON.stringify({headers: {id: 'c1', task: 'app.add', retries: 2}}), {id: 'c1', name: 'app.add', attemptsMade: 2}],
		['sidekiq', 'LRANGE queue:default -2 -1', 'not JSON', {id: '#1', name: undefined}],
	] as const)('of %s', (family, command, payload, expected) => {
		const found = queue({id: 'queue:default', family, system: family});
		expect(play(jobPage(found, 'waiting', {from: 0, count: 2}), {[command]: [payload]}).result.rows).toMatchObject([expected]);
	});

	it('come in small pages, whatever is asked for', () => {
		const found = queue({id: 'queue:default', family: 'sidekiq', system: 'sidekiq'});
		expect(play(jobPage(found, 'waiting', {from: 0, count: 500}), {}).asked).toContain('LRANGE queue:default -20 -1');
	});
});

it('says what can be opened', () => {
	expect(jobStates('bull')).toContain('waiting-children');
	expect(jobStates('sidekiq')).toEqual(['waiting']);
	expect(jobStates('streams')).toEqual([]);
	expect([hasJobDetail('bull'), hasJobDetail('bee-queue'), hasJobDetail('celery')]).toEqual([true, true, false]);
});
