import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {infoField} from '../../helpers/finding-watch.ts';
import {until} from '../../helpers/until.ts';

it('a write waits, a read does not, and UNPAUSE lets it go on', async () => {
	const {run, redis, session, sent, audit} = await openActionTest();
	const {request, result} = await run('client.pause-writes', {choice: {set: {ms: '30000'}}});
	expect(request).toMatchObject({plan: [['CLIENT', 'PAUSE', '30000', 'WRITE']], danger: 'disruptive', undo: 'CLIENT UNPAUSE'});
	expect(result).toMatchObject({outcome: 'done', undo: [['CLIENT', 'UNPAUSE']]});

	const writer = await redis.connect();
	let isWritten = false;
	const written = writer.call('SET', 'a', '1').then(reply => {
		isWritten = true;
		return reply;
	});
	await session.until('one client waits', ({snapshot}) => snapshot.info.data?.blockedClients === 1);
	expect(await redis.call('GET', 'a')).toBeNull();
	expect(isWritten).toBe(false);

	const {undo} = (await audit()).at(-1) as unknown as {
		readonly undo: {readonly action: string; readonly set: Readonly<Record<string, string>>; readonly forMs: number};
	};
	expect(undo.forMs).toBe(30_000);
	expect((await run(undo.action, {choice: {set: undo.set}})).result).toMatchObject({outcome: 'done', undo: undefined});
	expect(await written).toBe('OK');
	expect(sent()).toEqual([
		['CLIENT', 'PAUSE', '30000', 'WRITE'],
		['CLIENT', 'UNPAUSE'],
	]);
	expect(phases(await audit())).toEqual(['intent', 'outcome done', 'intent', 'outcome done']);
});

it('ends by itself', async () => {
	const {run, redis, sent} = await openActionTest();
	const writer = await redis.connect();
	const paused = run('client.pause-writes', {choice: {set: {milliseconds: '3000'}}});
	await until('it is sent', () => sent().length === 1);
	const written = writer.call('SET', 'a', '1');
	await until('the write waits', async () => (await infoField(redis, 'blocked_clients')) === '1');
	expect(await written).toBe('OK');
	expect((await paused).result.outcome).toBe('done');
	expect(sent()).toEqual([['CLIENT', 'PAUSE', '3000', 'WRITE']]);
});

it('is bounded, left, and unknown when the reply is lost', async () => {
	const {run, proxy, sent} = await openActionTest();
	for (const ms of ['60001', '-1', '5s', ''])
		expect((await run('client.pause-writes', {choice: {set: {ms}}})).result).toMatchObject({
			outcome: 'refused',
			detail: 'ms must be a whole number, 0 to 60000',
		});
	expect((await run('client.pause-writes', {confirm: () => false})).result.outcome).toBe('cancelled');
	expect(sent()).toEqual([]);
	const lost = proxy.loseReplyTo(([command, subcommand]) => command === 'CLIENT' && subcommand === 'PAUSE');
	const {request, result} = await run('client.pause-writes');
	await lost;
	expect(request?.plan).toEqual([['CLIENT', 'PAUSE', '5000', 'WRITE']]);
	expect(result.outcome).toBe('unknown');
	expect(sent()).toEqual([['CLIENT', 'PAUSE', '5000', 'WRITE']]);
});
