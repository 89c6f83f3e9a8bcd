import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {startForTest} from '../../helpers/server-session.ts';
import {until} from '../../helpers/until.ts';

const noOne = [['REPLICAOF', 'NO', 'ONE']];

async function withMaster() {
	const master = await startForTest();
	await master.call('SET', 'a', '1');
	return {master, ...(await openActionTest({replicaOf: master.port}))};
}

it('a replica becomes a master that takes writes, while the old one goes on', async () => {
	const {run, redis, master, session, sent, audit} = await withMaster();
	const old = `127.0.0.1:${master.port}`;
	const {request, result} = await run('replica.promote');
	expect(request).toMatchObject({
		plan: noOne,
		danger: 'destructive',
		word: session.state().session.target.name,
		undo: `cannot be undone: REPLICAOF 127.0.0.1 ${master.port} attaches it again, and throws away all that was written here since`,
	});
	expect(request?.facts).toEqual([
		['follows', expect.stringMatching(new RegExp(`^${old}, the link is up, last heard \\d+s ago$`))],
		['behind', expect.stringMatching(/^0B received and not yet carried out; what the master has taken in the last \d+s cannot be seen from here$/)],
	]);
	expect(request?.effect.join('\n')).toContain(`${old}, if it lives, goes on as a second master`);
	expect(result).toMatchObject({outcome: 'done', detail: 'it is a master now', undo: undefined});
	expect(await redis.call('SET', 'b', '2')).toBe('OK');
	expect(await redis.call('GET', 'a')).toBe('1');
	expect(await master.call('SET', 'a', 'other')).toBe('OK');
	await until('the old master has lost its replica', async () => String(await master.call('INFO', 'replication')).includes('connected_slaves:0'));
	expect(sent()).toEqual(noOne);
	const entries = await audit();
	expect(phases(entries)).toEqual(['intent', 'outcome done']);
	expect(entries[1]).toMatchObject({before: {values: {role: 'replica', master: old}}, after: {values: {role: 'master'}}});
	expect((await run('replica.promote')).result).toMatchObject({outcome: 'refused', detail: 'This is a master already: only a replica can be made one'});
});

it('its master is dead: the link is told to be down, and it can be promoted all the same', async () => {
	const {run, redis, master, session} = await withMaster();
	await master.kill();
	await session.until('the link is down', ({snapshot}) => snapshot.info.data?.masterLinkUp === false);
	const {request, result} = await run('replica.promote');
	expect(request?.facts[0]?.[1]).toMatch(/the link is down/);
	expect(result.outcome).toBe('done');
	expect(await redis.call('SET', 'b', '2')).toBe('OK');
});

it('is left, and unknown when the reply is lost', async () => {
	const {run, proxy, sent} = await withMaster();
	expect((await run('replica.promote', {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	const lost = proxy.loseReplyTo(([command]) => command === 'REPLICAOF');
	expect((await run('replica.promote')).result.outcome).toBe('unknown');
	await lost;
	expect(sent()).toEqual(noOne);
});
