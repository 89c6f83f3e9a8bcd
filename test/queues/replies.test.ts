import {expect, it} from 'vitest';
import {Replies, scoredOf, sumOf, toObject} from '../../src/queues/replies.ts';

const replies = (reply: unknown) => new Replies([{name: 'it', argv: ['GET', 'a'], reply}]);

it('reads members with scores as RESP2 and as RESP3 have them', () => {
	const expected = [
		{member: 'a', score: 1},
		{member: 'b', score: 2.5},
	];
	expect(scoredOf(['a', '1', 'b', '2.5'])).toEqual(expected);
	expect(
		scoredOf([
			['a', 1],
			['b', 2.5],
		]),
	).toEqual(expected);
	expect(scoredOf(['a', 'x'])).toEqual([]);
	expect(scoredOf(null)).toEqual([]);
});

it('reads pages of SSCAN and HSCAN', () => {
	expect(replies(['0', ['a', 'b', null]]).scanned('it')).toEqual(['a', 'b']);
	expect([...replies(['0', ['f', 'v']]).scannedPairs('it')]).toEqual([['f', 'v']]);
	expect(replies(new Error('NOPERM no')).scanned('it')).toEqual([]);
});

it('keeps nil elements where places matter, and leaves them out of ids', () => {
	expect(replies(['a', null, 'c']).texts('it')).toEqual(['a', undefined, 'c']);
	expect(replies(['a', null, 'c']).ids('it')).toEqual(['a', 'c']);
	expect(replies('text').texts('it')).toEqual([]);
});

it('does not take a missing stream for a refusal', () => {
	expect(replies(new Error('ERR no such key')).unknown).toEqual([]);
	expect(replies(new Error('NOPERM x')).unknown).toEqual([{command: 'GET a', reason: 'NOPERM x'}]);
});

it.each([
	['{"a":1}', {a: 1}],
	['[1]', undefined],
	['{"a":', undefined],
	['null', undefined],
	[undefined, undefined],
])('reads foreign JSON %j', (text, expected) => expect(toObject(text)).toEqual(expected));

it.each([
	[[1, 2], 3],
	[[1, undefined], undefined],
	[[], 0],
])('sums %j only if every part is known', (parts, expected) => expect(sumOf(...parts)).toBe(expected));
