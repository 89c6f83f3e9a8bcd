import {describe, expect, it} from 'vitest';
import {lookAtBull} from '../../src/queues/bull.ts';
import {toStatus} from '../../src/queues/status.ts';
import type {LookContext, QueueStatus} from '../../src/queues/types.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {type Answers, context, InTurn, memory, play, queue} from './answers.ts';

const minute = 60_000;
const key = (suffix: string) => `bull:orders:${suffix}`;
const meta = (version: string | null, {events = '10000', paused = null, concurrency = null, max = null}: Record<string, string | null> = {}): Answers => ({
	[`HMGET ${key('meta')} version opts.maxLenEvents paused concurrency max`]: [version, events, paused, concurrency, max],
	[`HEXISTS ${key('meta')} paused`]: paused === null ? 0 : 1,
});
const v5 = meta('bullmq:5.81.5');
/** An id has been given out, so it is no ghost. */
const used: Answers = {[`GET ${key('id')}`]: '7'};
const list = (name: 'wait' | 'paused', ids: readonly string[]): Answers => ({
	[`LLEN ${key(name)}`]: ids.length,
	[`LRANGE ${key(name)} -3 -1`]: ids.slice(-3),
	[`LINDEX ${key(name)} 0`]: ids[0] ?? null,
});
const job = (id: string, {ageMs = minute, opts = '{}', delay = '0', attempts = null as string | null} = {}): Answers => ({
	[`HMGET ${key(id)} timestamp opts delay atm attemptsMade`]: [String(noonMs - ageMs), opts, delay, attempts, null],
});
const dueScore = (dueMs: number, sequence = 0) => String(dueMs * 4096 + sequence);

function read(answers: Answers, change: Partial<LookContext> = {}): QueueStatus {
	const asked = context(change);
	return toStatus(queue(), play(lookAtBull(queue(), asked), {...used, ...answers}).result, asked).status;
}

describe('who works here', () => {
	const bullJob = job('1', {opts: '{"attempts":1,"delay":0,"timestamp":1767000000000}'});
	it.each<[string, Answers, Partial<QueueStatus>]>([
		['BullMQ 6', meta('bullmq:6.7.0'), {system: 'bullmq', version: '6.7.0', major: 6}],
		['BullMQ 4', meta('bullmq:4.18.3'), {system: 'bullmq', version: '4.18.3', major: 4}],
		['BullMQ Pro: its numbers are its own', meta('bullmq-pro:7.1.0'), {system: 'bullmq', version: 'pro 7.1.0', major: undefined}],
		['BullMQ 2 and older', meta(null), {system: 'bullmq', version: undefined, major: undefined}],
		['a flow’s children of BullMQ 3', {...meta(null, {events: null}), [`XLEN ${key('events')}`]: 1}, {system: 'bullmq', major: undefined}],
		['Bull', meta(null, {events: null}), {system: 'bull', version: undefined, major: 'bull'}],
		['Bull, touched by a tool of BullMQ’s', {...meta(null), ...list('wait', ['1']), ...bullJob}, {system: 'bull', version: undefined, major: 'bull'}],
		[
			'an iteration of a scheduler does not look like Bull',
			{...meta(null), ...list('wait', ['1']), ...job('1', {opts: '{"attempts":1,"delay":0,"timestamp":1,"repeat":{}}'})},
			{system: 'bullmq', major: undefined},
		],
		['a foreign version', meta('3'), {system: 'bullmq', version: '3', major: undefined}],
	])('%s', (_who, answers, expected) => expect(read(answers)).toMatchObject(expected));

	it('tells Bull’s jobs in a queue that BullMQ has opened, with nothing lost yet', () => {
		const {mixedMajors, major} = read({...v5, ...list('wait', ['1']), ...bullJob});
		expect({major, mixedMajors}).toEqual({major: 5, mixedMajors: {jobsAtRisk: 0, evidence: ['job 1 was written by Bull, in a queue that BullMQ has opened']}});
	});
});

describe('waiting', () => {
	it.each<[string, Answers, number, boolean]>([
		['in wait', {...v5, ...list('wait', ['3', '2', '1'])}, 3, false],
		['paused by 5: all in paused', {...meta('bullmq:5.81.5', {paused: '1'}), ...list('paused', ['2', '1'])}, 2, true],
		['paused by 6: all in wait', {...meta('bullmq:6.7.0', {paused: '1'}), ...list('wait', ['2', '1'])}, 2, true],
		['4: nothing but a marker', {...meta('bullmq:4.18.3'), ...list('wait', ['0:1767000000000'])}, 0, false],
		['4: a marker behind the jobs', {...meta('bullmq:4.18.3'), ...list('wait', ['3', '2', '0:0'])}, 2, false],
		['4: a marker before a lifo job', {...meta('bullmq:4.18.3'), ...list('wait', ['3', '0:0', '2'])}, 2, false],
		['Bull: paused by its own key', {...meta(null, {events: null, paused: '1'}), [`EXISTS ${key('meta-paused')}`]: 1, ...list('paused', ['1'])}, 1, true],
		['Bull: not paused by the field that only BullMQ obeys', {...meta(null, {events: null, paused: '1'}), ...list('wait', ['1'])}, 1, false],
	])('%s', (_where, answers, waiting, paused) => expect(read(answers)).toMatchObject({waiting, paused}));
});

describe('delayed', () => {
	it('compares with scores of due·4096, to the millisecond', () => {
		const {asked} = play(lookAtBull(queue(), context()), {...v5, [`ZCARD ${key('delayed')}`]: 1});
		expect(asked).toContain(`ZCOUNT ${key('delayed')} -inf ${(noonMs + 1) * 4096 - 1}`);
	});

	it.each([
		['due a minute ago', noonMs - minute, 4095, minute],
		['due this very millisecond', noonMs, 4095, 0],
		['due in a millisecond', noonMs + 1, 0, undefined],
	])('the oldest: %s', (_when, dueMs, sequence, expected) => {
		const answers = {...v5, [`ZCARD ${key('delayed')}`]: 1, [`ZRANGE ${key('delayed')} 0 0 WITHSCORES`]: ['1', dueScore(dueMs, sequence)]};
		expect(read(answers).oldestOverdueMs).toBe(expected);
	});
});

describe('age of the next job', () => {
	it.each<[string, Answers, number | undefined]>([
		['the tail comes next', {...list('wait', ['2', '1']), ...job('1', {ageMs: 5 * minute}), ...job('2')}, 5 * minute],
		['a lifo job comes next', {...list('wait', ['1', '2']), ...job('1', {ageMs: 5 * minute}), ...job('2')}, minute],
		['a retried job at the end of the line is older', {...list('wait', ['9', '1']), ...job('1'), ...job('9', {ageMs: 9 * minute, attempts: '3'})}, 9 * minute],
		['the marker is no job', {...list('wait', ['1', '0:0']), ...job('1', {ageMs: 5 * minute})}, 5 * minute],
		['it was delayed first', {...list('wait', ['1']), ...job('1', {ageMs: 5 * minute, opts: `{"delay":${3 * minute}}`})}, 2 * minute],
		['its clock is ahead', {...list('wait', ['1']), ...job('1', {ageMs: -5000})}, 0],
		['it is in paused', {...list('paused', ['2', '1']), ...job('1', {ageMs: 5 * minute}), ...job('2')}, 5 * minute],
		[
			'a prioritized one comes when wait is empty',
			{[`ZCARD ${key('prioritized')}`]: 1, [`ZRANGE ${key('prioritized')} 0 0`]: ['4'], ...job('4', {ageMs: 7 * minute})},
			7 * minute,
		],
		['the job is gone', list('wait', ['1']), undefined],
		['nothing waits', {}, undefined],
		['opts is no JSON', {...list('wait', ['1']), ...job('1', {ageMs: minute, opts: 'oops'})}, minute],
	])('%s', (_which, answers, expected) => expect(read({...v5, ...answers}).nextJobAgeMs).toBe(expected));
});

describe('rate limit', () => {
	const limiter = (taken: string, ms: number): Answers => ({[`GET ${key('limiter')}`]: taken, [`PTTL ${key('limiter')}`]: ms});
	it.each<[string, Answers, number | undefined]>([
		['nobody counts', v5, 0],
		['used up', {...meta('bullmq:5.81.5', {max: '10'}), ...limiter('10', 800)}, 800],
		['not used up', {...meta('bullmq:5.81.5', {max: '10'}), ...limiter('9', 800)}, 0],
		['only workers know how many', {...v5, ...limiter('10', 800)}, undefined],
		['a worker holds everybody off', {...v5, ...limiter('9007199254740991', 5000)}, 5000],
		['of 4, which counts to 999999 for that', {...v5, ...limiter('999999', 5000)}, 5000],
	])('%s', (_how, answers, expected) => expect(read(answers).rateLimitedMs).toBe(expected));
});

describe('mixed majors', () => {
	const flagged = (version: string) => meta(version, {paused: '1'});
	it.each<[string, Answers, number, RegExp]>([
		[
			'paused by 6, then 5 added: resume by 5 loses wait',
			{...flagged('bullmq:5.81.5'), ...list('wait', ['5', '4']), ...list('paused', ['6'])},
			2,
			/2 jobs in wait and 1 job in paused/,
		],
		['not paused, and both are filled: pause by 5 loses paused', {...v5, ...list('wait', ['5']), ...list('paused', ['7', '6'])}, 2, /2 jobs left in paused/],
		['not paused, and all sit in paused', {...v5, ...list('paused', ['7', '6'])}, 2, /nobody runs them before a resume/],
		['paused by 6 in a queue of 5’s', {...flagged('bullmq:5.81.5'), ...list('wait', ['2', '1'])}, 2, /paused by BullMQ 6/],
		['paused by 5 in a queue of 6’s', {...flagged('bullmq:6.7.0'), ...list('paused', ['2', '1'])}, 0, /paused by BullMQ 5 or older/],
	])('%s', (_what, answers, jobsAtRisk, evidence) => expect(read(answers).mixedMajors).toEqual({jobsAtRisk, evidence: [expect.stringMatching(evidence)]}));

	it.each<[string, Answers]>([
		['5 at work', {...v5, ...list('wait', ['1'])}],
		['5 paused', {...flagged('bullmq:5.81.5'), ...list('paused', ['1'])}],
		['6 paused', {...flagged('bullmq:6.7.0'), ...list('wait', ['1'])}],
		['4 paused, with a marker alone', {...flagged('bullmq:4.18.3'), ...list('wait', ['0:0']), ...list('paused', ['1'])}],
		['resumed by 5 between our two commands', {...v5, ...list('wait', ['1']), ...list('paused', ['1']), [`LLEN ${key('paused')}`]: new InTurn(1, 0)}],
		['resumed by 6 while we read', {...flagged('bullmq:5.81.5'), ...list('wait', ['1']), [`HEXISTS ${key('meta')} paused`]: 0}],
	])('not: %s', (_what, answers) => expect(read(answers).mixedMajors).toBeUndefined());
});

describe('what is left of a queue', () => {
	const untouched = {[`GET ${key('id')}`]: null};
	it.each<[string, Answers, Partial<LookContext>, boolean]>([
		['settings only', {...v5, ...untouched}, {}, true],
		['a worker is there', {...v5, ...untouched}, {workers: 1}, false],
		['a worker without a name has looked for stalled jobs', {...v5, ...untouched, [`PTTL ${key('stalled-check')}`]: 12_000}, {}, false],
		['jobs have come and gone', v5, {}, false],
		['a job is there', {...v5, ...untouched, ...list('wait', ['1'])}, {}, false],
	])('ghost: %s', (_what, answers, change, isGhost) => expect(read(answers, change).isGhost).toBe(isGhost));

	it('is gone when no key is left, and only then', () => {
		expect(play(lookAtBull(queue(), context()), {}).result.isGone).toBe(true);
		expect(play(lookAtBull(queue(), context()), v5).result.isGone).toBe(false);
		expect(play(lookAtBull(queue(), context()), {[`LLEN ${key('wait')}`]: new Error('NOPERM no')}).result.isGone).toBe(false);
	});

	it('counts ids without a job when they were so in the last look too', () => {
		const answers = {...v5, ...list('wait', ['2', '1']), ...job('2'), [`ZCARD ${key('completed')}`]: 1, [`ZRANGE ${key('completed')} 0 0`]: ['9000000']};
		expect(read(answers).orphans).toBeUndefined();
		expect(read(answers, {before: memory()}).orphans).toBe(0);
		expect(read(answers, {before: memory({orphanIds: new Set(['1', '9000000', '3'])})}).orphans).toBe(2);
		expect(read({...v5, ...list('wait', ['2']), ...job('2')}).orphans).toBe(0);
	});
});

it('tells why a figure is missing, once for each reason', () => {
	const refused = new Error('NOPERM this user has no permissions to access one of the keys used as arguments');
	const {waiting, failed, completed, unknown} = read({
		...v5,
		[`LLEN ${key('wait')}`]: refused,
		[`ZCARD ${key('failed')}`]: refused,
		[`ZCARD ${key('completed')}`]: new Error('WRONGTYPE no'),
	});
	expect({waiting, failed, completed}).toEqual({waiting: undefined, failed: undefined, completed: undefined});
	expect(unknown).toEqual([
		{command: `LLEN ${key('wait')}`, reason: refused.message},
		{command: `ZCARD ${key('completed')}`, reason: 'WRONGTYPE no'},
	]);
});
