import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';

async function withVictims(count: number) {
	const test = await openActionTest();
	const victims = await Promise.all(Array.from({length: count}, () => test.redis.connect()));
	const ids = await Promise.all(victims.map(async victim => String(await victim.call('CLIENT', 'ID'))));
	await test.session.until('they are listed', ({snapshot: {clients}}) => ids.every(id => clients.data?.clients.some(row => row.id === id)));
	return {...test, victims, ids};
}

const kills = (ids: readonly string[]) => ids.map(id => ['CLIENT', 'KILL', 'ID', id]);

it('closes one client: what was shown is what is sent, and it is seen to be gone', async () => {
	const {run, sent, audit, victims, ids} = await withVictims(1);
	const {request, result} = await run('client.kill', {choice: {on: ids}});
	expect(request).toMatchObject({plan: kills(ids), danger: 'disruptive', word: undefined});
	expect(sent()).toEqual(kills(ids));
	expect(result).toMatchObject({outcome: 'done', detail: `client ${ids[0]} is disconnected`});
	await victims[0]?.closed;
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
	expect(await audit()).toMatchObject([{plan: kills(ids)}, {plan: kills(ids)}]);
});

it('closes many in rounds', async () => {
	const {run, sent, audit, ids} = await withVictims(30);
	const {result, told} = await run('client.kill', {choice: {on: ids}});
	expect(sent().toSorted()).toEqual(kills(ids).toSorted());
	expect(result).toMatchObject({outcome: 'done', detail: '30 clients are disconnected'});
	expect(told.at(-1)).toMatchObject({batch: {unit: 'clients', total: 30, done: 30}});
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
});

it('sends nothing when it is left, and nothing when the client has gone meanwhile', async () => {
	const {run, sent, audit, victims, ids, session} = await withVictims(1);
	expect((await run('client.kill', {choice: {on: ids}, confirm: () => false})).result.outcome).toBe('cancelled');
	const confirm = async () => {
		victims[0]?.close();
		await session.until('it is gone', ({snapshot: {clients}}) => !clients.data?.clients.some(row => row.id === ids[0]), 15_000);
		return true;
	};
	expect((await run('client.kill', {choice: {on: ids}, confirm})).result).toMatchObject({outcome: 'refused', detail: `Client ${ids[0]} has already gone`});
	expect(sent()).toEqual([]);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'outcome refused']);
});

it('calls it unknown when the reply is lost, and sends it once', async () => {
	const {run, sent, proxy, ids} = await withVictims(1);
	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'CLIENT' && subcommand === 'KILL');
	const {result} = await run('client.kill', {choice: {on: ids}});
	await lost;
	expect(result.outcome).toBe('unknown');
	expect(sent()).toEqual(kills(ids));
});
