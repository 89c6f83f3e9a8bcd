import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {startForTest} from '../../helpers/server-session.ts';

const id = 'bull:orders';
const choice = {on: [id]};

/** A queue of BullMQ `major` without a library: jobs newest first, as they stand in the list. */
async function withLists(
	major: number,
	{wait = [], paused = [], db = 0}: {readonly wait?: readonly string[]; readonly paused?: readonly string[]; readonly db?: number},
) {
	const redis = await startForTest();
	const client = await redis.connect();
	const isPaused = paused.length > 0;
	await client.pipeline([
		['SELECT', String(db)],
		['HSET', `${id}:meta`, 'version', `bullmq:${major}.1.0`, ...(isPaused ? ['paused', '1'] : [])],
		['SET', `${id}:id`, '9'],
		['HSET', `${id}:1`, 'name', 'work', 'timestamp', '1'],
		...push('wait', wait),
		...push('paused', paused),
	]);
	const test = await openActionTest({redis, db});
	await test.session.until('the queue is found', ({snapshot}) => snapshot.queues.data?.some(queue => queue.id === id));
	const list = (name: string) => client.call('LRANGE', `${id}:${name}`, '0', '-1');
	const calls = () => test.sent().filter(([command]) => command === 'EVALSHA').length;
	// The console as it is now: whenever it looks next, it would see what somebody else has done and refuse.
	const seen = test.session.state();
	const unaware = {store: {...test.session.store, getState: () => seen}};
	return {...test, client, list, calls, unaware};
}

const push = (list: string, ids: readonly string[]) => (ids.length > 0 ? [['RPUSH', `${id}:${list}`, ...ids]] : []);
const ids = (letter: string, count: number) => Array.from({length: count}, (_, index) => `${letter}${count - index}`);

it.each([
	['many before many: in rounds', 5001, 3001, 3],
	['many before few: in one call', 5001, 1500, 1],
	['few before many: in one call', 300, 5001, 1],
])('joins two lists in order and without a loss, %s', async (_what, waiting, held, expectedCalls) => {
	const [wait, paused] = [ids('w', waiting), ids('p', held)];
	const {run, client, list, calls, sent, unaware} = await withLists(4, {wait});
	// Somebody else's pause and resume, while the dialog is open.
	const confirm = async () => {
		await client.pipeline(push('paused', [...paused, '0:0']));
		return true;
	};
	const {result} = await run('queue.pause', {choice, confirm, deps: unaware});
	expect(result).toMatchObject({outcome: 'done', detail: `paused: ${(waiting + held).toLocaleString('en')} waiting, 0 active`});
	expect(calls()).toBe(expectedCalls);
	expect(sent()[0]?.slice(0, 2)).toEqual(['SCRIPT', 'LOAD']);
	const all = await list('paused');
	// A marker at the end of a list, as 4 puts it there, may stay; in the middle it would be taken for a job.
	expect((all as readonly string[]).filter(job => job !== '0:0')).toEqual([...wait, ...paused]);
	expect([undefined, '0:0']).toContain((all as readonly string[])[waiting + held]);
	expect(await client.call('HGET', `${id}:meta`, 'paused')).toBe('1');

	await client.pipeline(push('wait', ids('x', 10)));
	expect((await run('queue.resume', {choice, deps: unaware})).result.outcome).toBe('done');
	expect(((await list('wait')) as readonly string[]).filter(job => job !== '0:0')).toEqual([...ids('x', 10), ...wait, ...paused]);
});

it('resumes as many lists into one, the flag last', async () => {
	const [wait, paused] = [ids('w', 4100), ids('p', 4000)];
	const {run, client, list, calls, unaware} = await withLists(5, {paused});
	const confirm = async () => {
		await client.pipeline(push('wait', wait));
		return true;
	};
	const {result} = await run('queue.resume', {choice, confirm, deps: unaware});
	expect(result).toMatchObject({outcome: 'done', detail: 'resumed: 8,100 waiting, 0 active'});
	expect(calls()).toBe(3);
	expect(await list('wait')).toEqual([...wait, ...paused]);
	expect(await list('paused')).toEqual([]);
	expect(await client.call('HEXISTS', `${id}:meta`, 'paused')).toBe(0);
	expect(await client.call('ZRANGE', `${id}:marker`, '0', '-1', 'WITHSCORES')).toEqual(['0', '0']);
});

it.each([
	[
		'another version has opened it',
		['HSET', `${id}:meta`, 'version', 'bullmq:6.0.0'],
		'nothing was changed: another version of the library has opened it meanwhile',
	],
	['somebody has paused it', ['HSET', `${id}:meta`, 'paused', '1'], 'nothing was changed: somebody else had paused it a moment before'],
])('changes nothing when %s while the dialog was open', async (_what, command, detail) => {
	const {run, client, list, unaware} = await withLists(5, {wait: ['1']});
	const confirm = async () => {
		await client.call(...(command as [string]));
		return true;
	};
	expect((await run('queue.pause', {choice, confirm, deps: unaware})).result).toMatchObject({outcome: 'unverified', detail});
	expect(await list('wait')).toEqual(['1']);
});

it('works in the database of the queue, and its undo there too', async () => {
	const {run, list, sent, session, client} = await withLists(5, {wait: ['1'], db: 3});
	const pause = await run('queue.pause', {choice});
	expect(pause.result.outcome).toBe('done');
	expect(sent()).toEqual(pause.request?.plan);
	expect(sent()[0]).toEqual(['SELECT', '3']);
	expect(await list('paused')).toEqual(['1']);
	expect(pause.result.undo?.at(-1)?.at(-5)).toBe('resumed');
	// At once: before the next look at all queues.
	expect((await run('queue.resume', {choice})).result.outcome).toBe('done');
	expect(await list('wait')).toEqual(['1']);
	expect(await client.call('XRANGE', `${id}:events`, '-', '+')).toMatchObject([
		[expect.anything(), ['event', 'paused']],
		[expect.anything(), ['event', 'resumed']],
	]);
	expect(session.state().session.target.db).toBe(3);
});

it('sends nothing when it is left, or when the queue is another library’s', async () => {
	const {run, sent, audit, client, session} = await withLists(5, {wait: ['1']});
	expect((await run('queue.pause', {choice, confirm: () => false})).result.outcome).toBe('cancelled');
	expect((await run('queue.resume', {choice})).result).toMatchObject({outcome: 'refused', detail: 'It is not paused'});
	await client.call('HSET', `${id}:meta`, 'version', 'bullmq:7.0.0');
	await session.until('that is seen', ({snapshot}) => snapshot.queues.data?.some(({major}) => major === 7), 15_000);
	expect((await run('queue.pause', {choice})).result).toMatchObject({outcome: 'refused', detail: 'BullMQ 7 is newer than what this program knows (6)'});
	expect(sent()).toEqual([]);
	expect(phases(await audit())).toEqual(['outcome cancelled', 'outcome refused', 'outcome refused']);
});

it('calls it unknown when the reply is lost, and sends it once', async () => {
	const {run, proxy, calls, list} = await withLists(5, {wait: ['1']});
	const lost = proxy.loseReplyTo(([command]) => command === 'EVALSHA');
	const {result} = await run('queue.pause', {choice});
	await lost;
	expect(result).toMatchObject({outcome: 'unknown', detail: expect.stringContaining('It was sent once and is not sent again')});
	expect(calls()).toBe(1);
	expect(await list('paused')).toEqual(['1']);
});
