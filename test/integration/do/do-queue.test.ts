import {describe, expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../../src/clock.ts';
import {openSession} from '../../../src/commands/console/session.ts';
import {QueueKeyspace} from '../../helpers/queue-keyspace.ts';
import {startForTest, targetOf} from '../../helpers/server-session.ts';
import {until} from '../../helpers/until.ts';

describe('a queue that is named', () => {
	it('is found at once, however many keys there are, and not made up from a key that looks like it', async () => {
		const redis = await startForTest({debugCommand: true});
		await redis.call('DEBUG', 'POPULATE', '1500000', 'user', '8');
		await redis.call('SET', 'order:5:id', '17');
		const keyspace = new QueueKeyspace(redis.port);
		onTestFinished(() => keyspace.close());
		await keyspace.everyState(5, 'orders');
		const target = {...(await targetOf([redis.url])), db: 0};
		const session = openSession({
			target,
			clock: systemClock,
			isReadOnly: true,
			intervalMs: 1000,
			queuesFirst: ['bull:orders', 'order:5', 'bull:nobody'],
			label: 'tester@test',
			operator: 'tester',
			host: 'test',
			auditFile: '/nowhere/audit.jsonl',
		});
		onTestFinished(session.close);
		const seen = await until('it is there', () => session.store.getState().snapshot.queues.data, 5000);
		expect(seen.map(({id}) => id)).toEqual(['bull:orders']);
		expect(session.store.getState().snapshot.queueSearch).toMatchObject({phase: 'running', endedAtMs: undefined});
	});
});
