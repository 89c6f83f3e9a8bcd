import {expect, it} from 'vitest';
import {lookAtLocks} from '../../src/queues/bull-locks.ts';
import type {LocklessSince} from '../../src/queues/types.ts';
import {noonMs} from '../helpers/fixtures.ts';
import {type Answers, context, memory, play} from './answers.ts';

const base = 'bull:orders';

/** Look at jobs 1 to 3 (and a marker) of which some are locked; a job's run began at `processedOn`. */
function look(
	locked: readonly string[],
	{
		before,
		nowMs = noonMs,
		processedOn = '100',
		gone = [],
	}: Partial<{before: ReturnType<typeof memory>; nowMs: number; processedOn: string; gone: readonly string[]}> = {},
) {
	const ids = ['3', '2', '1'];
	const answers: Answers = {
		[`MGET ${ids.map(id => `${base}:${id}:lock`).join(' ')}`]: ids.map(id => (locked.includes(id) ? 'token' : null)),
		...Object.fromEntries(ids.map(id => [`HMGET ${base}:${id} processedOn timestamp`, gone.includes(id) ? [null, null] : [processedOn, '1']])),
	};
	return play(lookAtLocks(base, ['0:1767000000000', ...ids], context({nowMs, before})), answers).result;
}

const seen = (sinceMs: number, processedOn = '100'): ReadonlyMap<string, LocklessSince> => new Map([['1', {sinceMs, processedOn}]]);

it('finds nothing where every job is locked', () => expect(look(['1', '2', '3'])).toMatchObject({confirmed: [], lockless: new Map()}));

it('says nothing after one look: a job is moved first and locked later', () => {
	const {confirmed, lockless} = look(['2', '3']);
	expect(confirmed).toBeUndefined();
	expect(lockless).toEqual(seen(noonMs));
});

it.each([
	['a second later', 1000, ['1']],
	['a moment too early', 999, []],
])('confirms what it sees again: %s', (_when, agoMs, expected) => {
	const before = memory({lockless: seen(noonMs - agoMs)});
	expect(look(['2', '3'], {before}).confirmed).toEqual(expected);
	expect(look(['2', '3'], {before}).lockless).toEqual(seen(noonMs - agoMs));
});

it('begins anew when the job has been locked, or has left, in between', () => {
	const before = memory({lockless: look(['1', '2', '3'], {before: memory({lockless: seen(noonMs - 5000)})}).lockless});
	expect(look(['2', '3'], {before})).toMatchObject({confirmed: [], lockless: seen(noonMs)});
});

it('begins anew with another run of the same id', () => {
	const before = memory({lockless: seen(noonMs - 5000, '90')});
	expect(look(['2', '3'], {before})).toMatchObject({confirmed: [], lockless: seen(noonMs, '100')});
});

it('begins anew when the server’s clock has been set back', () => {
	const before = memory({firstLookMs: noonMs - 5000, lockless: seen(noonMs + 60_000)});
	expect(look(['2', '3'], {before})).toMatchObject({confirmed: [], lockless: seen(noonMs)});
});

it('does not confirm in a second look that comes at once', () => {
	const before = memory({firstLookMs: noonMs - 200, lockless: seen(noonMs - 200)});
	expect(look(['2', '3'], {before}).confirmed).toBeUndefined();
});

it('tells active ids whose job is gone', () => expect(look(['3'], {gone: ['1']}).orphanIds).toEqual(['1']));

it('asks nothing of an idle queue', () => expect(play(lookAtLocks(base, ['0:0'], context()), {})).toMatchObject({result: {confirmed: []}, asked: []}));

it('knows nothing where locks may not be read', () => {
	const command = `MGET ${base}:1:lock`;
	const {result} = play(lookAtLocks(base, ['1'], context()), {[command]: new Error('NOPERM no')});
	expect(result).toMatchObject({confirmed: undefined, unknown: [{command, reason: 'NOPERM no'}]});
});
