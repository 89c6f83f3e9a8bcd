import {expect, it} from 'vitest';
import {watchFindings} from '../helpers/finding-watch.ts';
import {startForTest} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

it('a policy that finds nothing to evict: refusals alone tell that writes fail, and room ends it', async () => {
	const redis = await startForTest({confLines: ['save ""', 'maxmemory-policy volatile-lru']});
	await redis.call('SET', 'filler', 'x'.repeat(3_000_000));
	const {session, found, over} = await watchFindings(redis);
	await session.until('OK', ({snapshot}) => snapshot.server.kind === 'OK' && snapshot.info.data !== undefined);
	await redis.call('CONFIG', 'SET', 'maxmemory', '2mb');
	await session.until('the limit is seen', ({snapshot}) => (snapshot.info.data?.maxMemoryBytes ?? 0) > 0);
	expect(session.state().snapshot.server.kind).toBe('OK');
	await expect(redis.call('SET', 'more', 'value')).rejects.toThrow(/^OOM/);
	await session.until('OOM', ({snapshot}) => snapshot.server.kind === 'OOM');
	expect((await found('server.oom')).meaning[1]).toBe('The policy volatile-lru finds too little to evict.');

	await redis.call('DEL', 'filler');
	await session.until('OK again', ({snapshot}) => snapshot.server.kind === 'OK', 5000);
	await over('server.oom');
});

it('a replica takes what its master sends, over its own maxmemory: that is no OOM', async () => {
	const master = await startForTest();
	const replica = await startForTest();
	await replica.call('REPLICAOF', '127.0.0.1', String(master.port));
	await replica.call('CONFIG', 'SET', 'maxmemory', '2mb');
	const {session, course} = await watchFindings(replica);
	await master.call('SET', 'filler', 'x'.repeat(4_000_000));
	await until('it has arrived', async () => (await replica.call('STRLEN', 'filler')) === 4_000_000);
	await session.until('the console sees it', ({snapshot}) => (snapshot.info.data?.usedMemoryBytes ?? 0) > 4_000_000);
	await master.call('SET', 'more', 'value');
	expect(await until('the replica goes on taking', async () => replica.call('GET', 'more'))).toBe('value');
	expect(session.state().snapshot.server.kind).toBe('READONLY');
	expect(session.states.map(({kind}) => kind)).not.toContain('OOM');
	expect(course('server.oom')).toEqual([]);
});
