import {expect, it} from 'vitest';
import {failureGroups, groupFailures, reasonShape} from '../../src/queues/failure-groups.ts';
import {play, queue} from './answers.ts';

it.each([
	['connect ECONNREFUSED 10.0.3.17:5432', 'connect ECONNREFUSED #'],
	['Connection timeout after 5000ms (stripe.com)', 'Connection timeout after # (stripe.com)'],
	["Cannot read properties of undefined (reading 'id')", "Cannot read properties of undefined (reading 'id')"],
	['user 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed not found', 'user # not found'],
	['job bull:orders:417 gone', 'job # gone'],
	['first\nsecond 2', 'first'],
	['', ''],
])('%j says %j', (reason, shape) => expect(reasonShape(reason)).toBe(shape));

it('stays quick with a long reason', () => expect(reasonShape(`${'a'.repeat(100_000)}1`)).toHaveLength(200));

it('groups what says the same, the commonest first', () => {
	const failures = [
		{id: '5', reason: 'timeout after 5000ms', name: 'charge', atMs: 90},
		{id: '4', reason: 'no such order 417', name: 'refund', atMs: 80},
		{id: '3', reason: 'timeout after 7000ms', name: 'charge', atMs: 70},
		{id: '2', reason: 'timeout after 1ms', name: 'refund', atMs: 60},
		{id: '1', reason: 'no such order 9', name: undefined, atMs: 50},
	];
	expect(groupFailures(failures)).toEqual([
		{shape: 'timeout after #', example: 'timeout after 5000ms', count: 3, jobIds: ['5', '3', '2'], jobNames: ['charge', 'refund'], newestMs: 90, oldestMs: 60},
		{shape: 'no such order #', example: 'no such order 417', count: 2, jobIds: ['4', '1'], jobNames: ['refund'], newestMs: 80, oldestMs: 50},
	]);
});

it('looks at the newest failures, and tells how many there are', () => {
	const answers = {
		'ZCARD bull:orders:failed': 900,
		'ZREVRANGE bull:orders:failed 0 2 WITHSCORES': ['3', '30', '2', '20', '1', '10'],
		'HSTRLEN bull:orders:3 failedReason': 2,
		'HGET bull:orders:3 failedReason': 'no',
		'HGET bull:orders:3 name': 'charge',
		'HSTRLEN bull:orders:2 failedReason': 50_000,
	};
	const {result} = play(failureGroups(queue(), 3), answers);
	expect({lookedAt: result.lookedAt, total: result.total}).toEqual({lookedAt: 3, total: 900});
	expect(result.groups.map(({example, count}) => [example, count])).toEqual([
		['(a reason of 49 KB)', 1],
		['(no reason kept)', 1],
		['no', 1],
	]);
});
