import {expect, it, onTestFinished} from 'vitest';
import {QueueKeyspace} from '../helpers/queue-keyspace.ts';
import {openTestSession, startForTest} from '../helpers/server-session.ts';
import {seedMany} from '../queues/many-queues.ts';

const queueNames = ({snapshot}: {readonly snapshot: {readonly queues: {readonly data: readonly {readonly name: string}[] | undefined}}}) =>
	(snapshot.queues.data ?? []).map(({name}) => name).sort();

it('finds queues by itself, looks at them twice, and sees new ones when it is told to look', async () => {
	const redis = await startForTest();
	const keyspace = new QueueKeyspace(redis.port);
	onTestFinished(() => keyspace.close());
	await keyspace.everyState(5, 'orders');
	const session = await openTestSession(redis.url);
	await session.until('the search has ended', ({snapshot}) => snapshot.queueSearch.phase === 'ended');
	await session.until('the queues are there', state => queueNames(state).length === 2);
	expect(queueNames(session.state())).toEqual(['orders', 'orders-children']);
	await session.until('a second look', ({snapshot}) => snapshot.queues.data?.every(({activeWithoutLock}) => activeWithoutLock !== undefined));

	await keyspace.everyState(6, 'late');
	session.rescanQueues();
	await session.until('the new ones are there', state => queueNames(state).length === 4);
	expect(session.state().snapshot.queues.failures).toBe(0);
});

it('names the queues of connected workers before the search has seen a key of them', async () => {
	const redis = await startForTest({debugCommand: true});
	// So many keys that the search of the whole database takes minutes.
	await redis.call('DEBUG', 'POPULATE', '400000', 'user', '8');
	const keyspace = new QueueKeyspace(redis.port);
	onTestFinished(() => keyspace.close());
	await keyspace.live(5, 'mails');
	const session = await openTestSession(redis.url);
	const found = await session.until('the queue of a worker', ({snapshot}) => snapshot.queues.data?.find(({name}) => name === 'mails'));
	expect(found.workers).toBe(1);
	expect(session.state().snapshot.queueSearch).toMatchObject({phase: 'running', endedAtMs: undefined});

	await keyspace.close();
	const left = await session.until(
		'the queue without its worker',
		({snapshot}) => snapshot.queues.data?.find(({name, workers}) => name === 'mails' && workers === undefined),
		15_000,
	);
	expect(left.version).toBe('5.81.5');
});

it('says who refused, and goes on with the rest', async () => {
	const redis = await startForTest();
	await redis.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '+@all', '-scan');
	const session = await openTestSession(`redis://limited:secret@127.0.0.1:${redis.port}`);
	await session.until('the search was refused', ({snapshot}) => snapshot.queueSearch.phase === 'ended');
	const {queueSearch, server} = session.state().snapshot;
	expect(queueSearch).toMatchObject({isComplete: false, unknown: [{command: 'SCAN', reason: expect.stringMatching(/^NOPERM .*scan/)}]});
	expect(server.kind).toBe('OK');
});

it('asks a frozen server nothing, and goes on when it is back', async () => {
	const redis = await startForTest();
	await seedMany(redis, 20);
	const session = await openTestSession(redis.url);
	await session.until('the queues are there', state => queueNames(state).length === 20);
	redis.signal('SIGSTOP');
	await session.until('SILENT', ({snapshot}) => snapshot.server.kind === 'SILENT');
	const sentInSilence = session.state().snapshot.queues.updatedAtMs;
	redis.signal('SIGCONT');
	await session.until('the next look', ({snapshot}) => snapshot.queues.updatedAtMs !== sentInSilence, 15_000);
	expect(session.state().snapshot.queues.failures).toBe(0);
});

it('reads the database it was told to, and no other', async () => {
	const redis = await startForTest();
	const client = await redis.connect();
	onTestFinished(() => client.close());
	await client.pipeline([
		['SELECT', '3'],
		['HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5'],
		['SET', 'bull:orders:id', '2'],
		['LPUSH', 'bull:orders:wait', '1', '2'],
	]);
	const session = await openTestSession(`${redis.url}/3`);
	await session.until('the queues of db3', state => queueNames(state).length === 1);
	const other = await openTestSession(`${redis.url}/0`);
	await other.until('the search has ended', ({snapshot}) => snapshot.queueSearch.phase === 'ended');
	expect(queueNames(other.state())).toEqual([]);
});
