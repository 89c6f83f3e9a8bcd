import {expect, it, onTestFinished} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {Fleet} from '../../src/poll/fleet.ts';
import {NodeWatch} from '../../src/poll/node-watch.ts';
import {startForTest, targetOf} from '../helpers/server-session.ts';
import {until} from '../helpers/until.ts';

it('asks once and not every round for what it is refused', async () => {
	const redis = await startForTest();
	await redis.call('ACL', 'SETUSER', 'few', 'on', '>few', '-@all', '+client|setname', '+client|id', '+client|no-evict');
	const target = await targetOf([`redis://few:few@127.0.0.1:${redis.port}`]);
	const watch = new NodeWatch({target, name: 'test', clock: systemClock, diagnose: () => []});
	onTestFinished(() => watch.close());
	const rejected = async () => {
		const text = String(await redis.call('INFO', 'commandstats'));
		const of = (name: string) => Number(new RegExp(`^cmdstat_${name}:.*rejected_calls=(\\d+)`, 'm').exec(text)?.[1] ?? 0);
		return {info: of('info'), nodes: of('cluster\\|nodes'), about: of('cluster\\|info'), slots: of('cluster\\|slots')};
	};
	await watch.look(true);
	const first = await rejected();
	expect(first).toMatchObject({info: 1, nodes: 1, slots: 1});
	for (let round = 0; round < 3; round += 1) await watch.look(true);
	expect(await rejected()).toEqual(first);
	expect(watch.refusal).toMatch(/^NOPERM/);
	// A new connection may be that of a user who has been given more.
	watch.close();
	await watch.look(true);
	expect((await rejected()).info).toBe(first.info + 1);
});

it('a server that was only announced and refuses the login is not given it again', async () => {
	const redis = await startForTest();
	const refused = async () => Number(/^errorstat_WRONGPASS:count=(\d+)/m.exec(String(await redis.call('INFO', 'errorstats')))?.[1] ?? 0);
	const target = await targetOf([`redis://nobody:wrong@127.0.0.1:${redis.port}`]);
	const look = async (isAnnounced: boolean) => {
		const watch = new NodeWatch({target, name: 'test', clock: systemClock, diagnose: () => [], isAnnounced: () => isAnnounced});
		const before = await refused();
		for (let round = 0; round < 2; round += 1) {
			await watch.look(false);
			watch.close();
		}
		return {kind: watch.store.getState().snapshot.server.kind, times: (await refused()) - before};
	};
	const once = await look(true);
	const asked = await look(false);
	expect(once.kind).toBe('WRONGPASS');
	expect(asked.times).toBe(2 * once.times);
});

it('one that has become home is given the login again, though it refused it when it was only announced', async () => {
	const redis = await startForTest();
	const target = await targetOf([`redis://late:word@127.0.0.1:${redis.port}`]);
	let home = 'elsewhere';
	const fleet = new Fleet({
		login: () => (home === 'here' ? target : {...target, endpoint: {kind: 'tcp', host: '127.0.0.1', port: 1}}),
		name: 'test',
		clock: systemClock,
		diagnose: () => [],
		intervalMs: () => 1000,
		asksCluster: false,
		members: () => [{endpoint: target.endpoint}],
		publish: () => {},
	});
	const stop = new AbortController();
	const running = fleet.run(stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await running;
	});
	const kind = () => fleet.watches[0]?.store.getState().snapshot.server.kind;
	await until('it has refused', () => kind() === 'WRONGPASS');
	await redis.call('ACL', 'SETUSER', 'late', 'on', '>word', '+@all', '~*');
	home = 'here';
	await until('it lets us in', () => kind() === 'OK');
});
