import {describe, expect, it} from 'vitest';
import {countWorkers, queueConnection, queuesOfClients} from '../../src/queues/worker-names.ts';
import {client} from '../helpers/fixtures.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the name of a connection', () => {
	it.each([
		['bull:b3JkZXJzNg==:w:w-host-1', 'bull:orders6', 'worker'],
		['bull:b3JkZXJzdjQ=', 'bull:ordersv4', 'worker'],
		[`{shop}:${base64('webhooks')}:qe`, '{shop}:webhooks', 'events'],
		[`app:prod:${base64('q')}:qs`, 'app:prod:q', 'scheduler'],
		[`bull:${base64('a:b')}`, 'bull:a:b', 'worker'],
		[`bull:${base64('orders')}:w:abcd`, 'bull:orders', 'worker'],
		[`bull:${base64('orders')}:w:pod:${base64('x')}`, 'bull:orders', 'worker'],
		[`bull:${base64('größe 漢字')}`, 'bull:größe 漢字', 'worker'],
	])('%s → %s, %s', (name, base, role) => expect(queueConnection(name)).toEqual({base, role}));

	it.each(['', 'api', 'api:prod', 'user:test', 'redis-triage:ada@host:observe', 'bull:b3JkZXJz=', 'bull:AAAA', 'x:', ':'])('%j is nobody of ours', name =>
		expect(queueConnection(name)).toBeUndefined(),
	);
});

const worker = (queue: string, change = {}) => client({name: `bull:${base64(queue)}:w:pod`, ...change});

it('counts the workers of a queue in the database that is looked at', () => {
	const clients = [worker('orders'), worker('orders'), worker('mail'), worker('orders', {db: 3}), client({name: `bull:${base64('orders')}:qe`}), client()];
	expect([...countWorkers(clients, 0)]).toEqual([
		['bull:orders', 2],
		['bull:mail', 1],
	]);
	expect([...countWorkers(clients, 3)]).toEqual([['bull:orders', 1]]);
});

it('tells of queues before any scan', () => {
	const clients = [worker('orders'), worker('orders'), client({name: `app:prod:${base64('mail')}:qe`})];
	expect(queuesOfClients(clients, 0)).toEqual([
		{id: 'app:prod:mail', family: 'bull', system: 'bullmq', prefix: 'app:prod', name: 'mail', isAlone: false},
		{id: 'bull:orders', family: 'bull', system: 'bullmq', prefix: 'bull', name: 'orders', isAlone: false},
	]);
});
