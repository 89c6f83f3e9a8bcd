import {describe, expect, it} from 'vitest';
import {KnownQueues} from '../../../src/actions/keys/known-queues.ts';
import {keyBytes} from '../../../src/text/key-text.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const queues = new KnownQueues([
	queueStatus({id: 'bull:orders'}),
	queueStatus({id: 'bull:größe', name: 'größe'}),
	queueStatus({id: 'clicks/counters', family: 'streams', prefix: 'clicks', name: 'counters'}),
	queueStatus({id: 'rq:queue:mail', family: 'rq', prefix: 'rq', name: 'mail'}),
	queueStatus({id: 'queue:default', family: 'sidekiq', prefix: '', name: 'default'}),
	queueStatus({id: 'emails', family: 'celery', prefix: '', name: 'emails'}),
	queueStatus({id: 'app_queues:mail', family: 'laravel', prefix: 'app_', name: 'mail'}),
]);

describe('the owner of a key', () => {
	it.each([
		['bull:orders:wait', 'orders'],
		['bull:orders:12', 'orders'],
		['bull:orders:12:lock', 'orders'],
		['bull:orders', 'orders'],
		['bull:größe:1', 'größe'],
		['clicks', 'clicks:counters'],
		['rq:job:4711', 'rq:mail'],
		['queue:low', 'default'],
		['retry', 'default'],
		['emails', 'emails'],
		['emails\u0006\u00163', 'emails'],
		['_kombu.binding.celery', 'emails'],
		['app_queues:mail:reserved', 'app_:mail'],
	])('%s is %s', (key, owner) => expect(queues.ownerOf(keyBytes(key))).toBe(owner));

	it.each(['bull:ordersarchive:1', 'bull:other:1', 'bull', 'rl:1', 'clicks:1', 'emails:1', 'retry:1', 'rqs:1', ''])('%s is nobody’s', key =>
		expect(queues.ownerOf(key)).toBeUndefined(),
	);
});

describe('the owner of what a pattern may match', () => {
	it.each([
		['b*', 'orders'],
		['bull:*', 'orders'],
		['bull:o*:wait', 'orders'],
		['bull:orders:[0-9]*', 'orders'],
		['bull:orders:4711', 'orders'],
		['bull:orders:gone:*', 'orders'],
		['[b]ull:??ders:*', 'orders'],
		['bull:größ*', 'größe'],
		['cl?cks', 'clicks:counters'],
		['re[st]ry', 'default'],
	])('%s is %s', (pattern, owner) => expect(queues.ownerOfPattern(keyBytes(pattern))).toBe(owner));

	it.each(['rl:*', 'cache:*', 'bull-board:*', 'sess:*:meta', 'bull:orders2:*'])('%s is nobody’s', pattern =>
		expect(queues.ownerOfPattern(pattern)).toBeUndefined(),
	);
});
