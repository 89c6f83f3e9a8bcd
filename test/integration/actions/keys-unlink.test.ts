import {describe, expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {fill} from '../../helpers/survey-run.ts';

type Test = Awaited<ReturnType<typeof openActionTest>>;
type Options = Parameters<typeof openActionTest>[0] & {readonly limits?: number; readonly others?: number};

/** `rl:*` keys among others, a quarter of them without TTL; ten of their names are no UTF-8. */
async function withKeys({limits = 2000, others = 1000, ...options}: Options = {}) {
	const test = await openActionTest(options);
	if (options.db !== undefined) await test.redis.call('SELECT', String(options.db));
	const select = ['SELECT', String(options.db ?? 0)];
	const inDb = (index: number, command: readonly string[]) => (index === 0 ? select : command);
	// The first of each thousand connections' commands is the SELECT, so one more is written.
	await fill(test.redis, limits - 10 + 1, index => inDb(index, ['SET', `rl:ip:${index}`, 'x'.repeat(index % 50), ...(index % 4 === 0 ? [] : ['EX', '36000'])]));
	await fill(test.redis, others + 1, index => inDb(index, ['SET', `cache:${index}`, 'x']));
	await test.redis.call('EVAL', "for i = 1, 10 do redis.call('SET', 'rl:\\172\\237' .. i, 'x') end", '0');
	await test.session.until('the queues are known', ({snapshot: {queueSearch}}) => queueSearch.endedAtMs !== undefined);
	return {...test, unlink: (pattern: string, answer: Parameters<Test['run']>[1] = {}) => test.run('keys.unlink', {choice: {on: [pattern]}, ...answer})};
}

const size = async ({redis}: Pick<Test, 'redis'>) => Number(await redis.call('DBSIZE'));
const unlinked = (sent: readonly (readonly string[])[]) => sent.filter(([command]) => command === 'UNLINK').flatMap(argv => argv.slice(1));
const commandsOf = (sent: readonly (readonly string[])[]) => [...new Set(sent.map(([command]) => command))];

it('deletes what the pattern names, bytes that are no text included, in rounds: counted before, and after', async () => {
	const test = await withKeys({limits: 20_000, others: 5000, components: [{name: 'rate-limits', keys: ['rl:*'], impact: 'no limits', isClearable: true}]});
	const {request, result, told} = await test.unlink('rl:*');
	expect(request).toMatchObject({
		// 500, or fewer where the server has been slow to count.
		plan: [['SCAN', '0', 'MATCH', 'rl:*', 'COUNT', expect.stringMatching(/^\d{2,3}$/)]],
		danger: 'destructive',
		word: expect.any(String),
		stops: 'batch',
		undo: 'cannot be undone: deleted keys are gone',
		effect: ['20,000 keys are deleted, and what comes to match meanwhile', 'rate-limits (20,000 keys): no limits'],
		affects: 'rate-limits',
	});
	expect(request?.facts[0]?.[1]).toMatch(/^rl:\* {3}20,000 keys, about 1\.\dM, (1\d|2\d|3\d)% without TTL$/);
	expect(request?.facts[2]?.[1]).toMatch(/^80% of 25,000 keys in db 0; string 100%; the largest of the sample has \d+B$/);

	const sent = test.sent();
	expect(sent[0]).toEqual(request?.plan[0]);
	expect(commandsOf(sent)).toEqual(['SCAN', 'UNLINK']);
	expect(Math.max(...sent.map(argv => argv.length))).toBeLessThanOrEqual(201);
	expect(unlinked(sent)).toHaveLength(20_000);
	expect(await size(test)).toBe(5000);
	expect(await test.redis.call('EXISTS', 'cache:1', 'cache:5000')).toBe(2);
	expect(result).toMatchObject({outcome: 'done', detail: '20,000 keys deleted, none that matches is left', undo: undefined});
	expect(told.at(-1)).toMatchObject({batch: {unit: 'keys', total: 20_000, done: 20_000, skipped: 0, failed: 0}});

	const audit = await test.audit();
	expect(phases(audit)).toEqual(['intent', 'outcome done']);
	expect(unlinked(audit.filter(entry => 'round' in entry).flatMap(({plan}) => plan))).toHaveLength(20_000);
	expect(audit.flatMap(({plan}) => plan.flat())).toContain('rl:\\xac\\xed7');
	expect(audit.at(-1)).toMatchObject({before: {values: {used_memory: expect.any(String)}}, after: {values: {used_memory: expect.any(String)}}});
});

it('works in the database of the target, and in no other', async () => {
	const test = await withKeys({db: 3});
	const other = await test.redis.connect();
	await other.pipeline(Array.from({length: 50}, (_, index) => ['SET', `rl:${index}`, 'x']));
	const {request, result} = await test.unlink('rl:*');
	expect(request?.plan[0]).toEqual(['SELECT', '3']);
	expect(test.sent().slice(0, 2)).toEqual(request?.plan);
	expect(result).toMatchObject({outcome: 'done', detail: '2,000 keys deleted, none that matches is left'});
	expect([await size(test), await other.call('DBSIZE')]).toEqual([1000, 50]);
});

it('counts what is really there: keys vanish and come while the dialog is open, and come while it is verified', async () => {
	const test = await withKeys();
	const confirm = async () => {
		await test.redis.call('UNLINK', ...Array.from({length: 100}, (_, index) => `rl:ip:${index + 1}`));
		await test.redis.call('MSET', ...Array.from({length: 30}, (_, index) => [`rl:new:${index}`, 'x']).flat());
		return true;
	};
	const refresh: Test['session']['actionDeps']['refresh'] = async evidence => {
		await test.redis.call('MSET', 'rl:late:1', 'x', 'rl:late:2', 'x');
		await test.session.actionDeps.refresh(evidence);
	};
	const {result} = await test.unlink('rl:*', {confirm, deps: {refresh}});
	expect(result).toMatchObject({outcome: 'done', detail: '1,930 keys deleted; 2 that match now have come since'});
	expect(await size(test)).toBe(1002);
});

describe('keys of queues', () => {
	const bull = [
		['HSET', 'bull:orders:meta', 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000'],
		['SET', 'bull:orders:id', '12'],
		['LPUSH', 'bull:orders:wait', '11', '12'],
		['HSET', 'bull:orders:11', 'name', 'work', 'data', '{}'],
		['HSET', 'bull:orders:12', 'name', 'work', 'data', '{}'],
		['SET', 'bull:orders:11:lock', 'token'],
		['SET', 'old:jobs:id', '3'],
		['ZADD', 'old:jobs:completed', '1', '3'],
		['HSET', 'old:jobs:3', 'name', 'work', 'data', '{}'],
		['XADD', 'clicks', '*', 'a', 'b'],
		['XGROUP', 'CREATE', 'clicks', 'counters', '0'],
	];

	it.each(['not known yet', 'known'])('are refused, whatever part of them the pattern names: %s', async known => {
		const test = await withKeys();
		for (const command of bull) await test.redis.call(...command);
		if (known === 'known') {
			test.session.rescanQueues();
			await test.session.until('the queues are read', ({snapshot: {queues}}) => (queues.data?.length ?? 0) >= 3, 15_000);
		}
		for (const [pattern, queue] of [
			['bull:*', 'orders'],
			['b*', 'orders'],
			['bull:orders:1*', 'orders'],
			['bull:orders:12', 'orders'],
			['bull:orders:*:lock', 'orders'],
			['bull:orders:wait', 'orders'],
			['old:jobs:[0-9]', 'old:jobs'],
			['cli*', 'clicks:counters'],
		] as const) {
			const {request, result} = await test.unlink(pattern);
			expect(result, pattern).toMatchObject({outcome: 'refused', detail: expect.stringContaining(`keys of the queue ${queue}`)});
			expect(request).toBeUndefined();
		}
		expect(test.sent()).toEqual([]);
		expect(await size(test)).toBe(3010);
	});

	it('are told from what only looks like them', async () => {
		const test = await withKeys();
		for (const command of [
			['HSET', 'user:1:meta', 'name', 'Ada', 'version', '3'],
			['SET', 'user:1:id', '4'],
			['SET', 'user:1:completed', 'yes'],
			['RPUSH', 'user:todo:wait', 'milk'],
			['XADD', 'user:events', '*', 'a', 'b'],
		])
			await test.redis.call(...command);
		expect((await test.unlink('user:*')).result).toMatchObject({outcome: 'done', detail: '5 keys deleted, none that matches is left'});
	});
});

it('is refused before anything is sent: no pattern, everything, nearly everything, nothing, the wrong form', async () => {
	const test = await withKeys({limits: 950, others: 50});
	for (const [pattern, reason] of [
		['', 'Type a key pattern, as in rl:*'],
		['*', '* may match every key'],
		['?l:*', '?l:* may match every key'],
		['r*', 'r* matches nearly everything here (950 of 1,000 keys)'],
		['no:such:*', 'No key matches no:such:*'],
	] as const) {
		expect((await test.unlink(pattern)).result, pattern).toMatchObject({outcome: 'refused', detail: expect.stringContaining(reason)});
	}
	expect(test.sent()).toEqual([]);
	expect(await size(test)).toBe(1000);
});

it('takes the word of the config file for what may be cleared, and proposes it', async () => {
	const test = await withKeys({limits: 950, others: 50, components: [{name: 'limits', keys: ['rl:*'], impact: undefined, isClearable: true}]});
	const {request, result} = await test.run('keys.unlink');
	expect(request?.effect[1]).toBe('every rate limit starts again from zero: expect a burst');
	expect(result).toMatchObject({outcome: 'done', detail: '950 keys deleted, none that matches is left'});
});

it('deletes nothing when it is left: in the dialog, and while it counts', async () => {
	const test = await withKeys();
	expect((await test.unlink('rl:*', {confirm: () => false})).result.outcome).toBe('cancelled');
	let stop = () => {};
	const preparing = (told: string | undefined) => {
		if (told?.includes('Esc leaves')) stop();
	};
	const onStart = (abort: () => void) => {
		stop = abort;
	};
	const {request, result} = await test.unlink('rl:*', {deps: {preparing}, onStart});
	expect([request, result.outcome]).toEqual([undefined, 'cancelled']);
	expect(test.sent()).toEqual([]);
	expect(await size(test)).toBe(3000);
	expect(phases(await test.audit())).toEqual(['outcome cancelled', 'outcome cancelled']);
});

it('stops between two rounds with an exact account', async () => {
	const test = await withKeys({limits: 5000});
	const {result} = await test.unlink('rl:*', {onProgress: ({batch}, stop) => (batch?.done ?? 0) > 0 && stop()});
	const left = await size(test);
	const done = 6000 - left;
	expect(done).toBeGreaterThan(0);
	expect(done).toBeLessThan(5000);
	const text = (count: number) => count.toLocaleString('en');
	expect(result).toMatchObject({outcome: 'cancelled', detail: expect.stringContaining(`${text(done)} done, ${text(5000 - done)} not tried`)});
	expect(unlinked(test.sent())).toHaveLength(done);
});

it('calls the round whose reply is lost unknown, the rest by its numbers, and sends nothing twice', async () => {
	const test = await withKeys();
	let rounds = 0;
	const lost = test.proxy.loseReplyTo(([command]) => command === 'UNLINK' && ++rounds === 4);
	const {result} = await test.unlink('rl:*');
	const argv = await lost;
	const keys = unlinked(test.sent());
	const inFlight = argv.length - 1;
	expect(result.outcome).toBe('unknown');
	expect(result.detail).toContain(
		`round 4 with ${inFlight} keys is unknown; before it: ${keys.length - inFlight} done, ${(2000 - keys.length).toLocaleString('en')} not tried`,
	);
	expect(new Set(keys).size).toBe(keys.length);
	expect(await size(test)).toBe(3000 - keys.length);
});

it('is refused where it cannot be told whether a queue is among them', async () => {
	const test = await withKeys({acl: ['limited on >secret ~cache:* &* +@all'], login: 'limited:secret'});
	const {request, result} = await test.unlink('rl:*');
	expect(request).toBeUndefined();
	expect(result).toMatchObject({
		outcome: 'refused',
		detail: expect.stringMatching(/^Whether rl:\* matches keys of a queue cannot be told: EXISTS rl:id was answered by NOPERM/),
	});
	expect([test.sent(), await size(test)]).toEqual([[], 3000]);
});

it('leaves a queue alone that comes into being while the dialog is open', async () => {
	const test = await withKeys();
	const confirm = async () => {
		await test.redis.call('HSET', 'rl:q:meta', 'opts.maxLenEvents', '10000');
		await test.redis.call('LPUSH', 'rl:q:wait', '1');
		return true;
	};
	const {result} = await test.unlink('rl:*', {confirm});
	expect(result.detail).toContain('2,000 keys deleted');
	expect(await test.redis.call('EXISTS', 'rl:q:meta', 'rl:q:wait')).toBe(2);
	expect(await size(test)).toBe(1002);
});

it('is refused to a user who may see the names and not touch the keys', async () => {
	const test = await withKeys({acl: ['limited on >secret ~cache:* %R~* &* +@all'], login: 'limited:secret'});
	const {request, result} = await test.unlink('rl:*');
	expect(request).toBeUndefined();
	expect(result).toMatchObject({outcome: 'refused', detail: expect.stringMatching(/^This user may not run UNLINK rl:.*permissions/)});
	expect(test.sent()).toEqual([]);
});

it('ends at the first refusal, where the server will not tell beforehand', async () => {
	const test = await withKeys({acl: ['limited on >secret ~cache:* %R~* &* +@all -acl'], login: 'limited:secret'});
	const {request, result} = await test.unlink('rl:*');
	expect(request?.facts[0]?.[1]).toMatch(/^rl:\* {3}2,000 keys, /);
	expect(result.outcome).toBe('failed');
	expect(result.detail).toMatch(/^NOPERM .*\. 0 done, \d+ failed \(\d+ NOPERM .*\), [\d,]+ not tried, in 1 round$/);
	expect(test.sent().filter(([command]) => command === 'UNLINK')).toHaveLength(1);
	expect(await size(test)).toBe(3000);
});

it('sends one UNLINK a key in a cluster, whose keys are of many slots, and says that it is one node', async () => {
	const test = await openActionTest({conf: {'cluster-enabled': 'yes'}});
	await test.redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
	const {redis, session} = test;
	await session.until('it takes writes', async () => !((await redis.call('SET', 'cache:1', 'x').catch(error => error)) instanceof Error));
	await redis.call('SET', 'cache:2', 'x');
	for (let index = 0; index < 5; index += 1) await redis.call('SET', `rl:${index}`, 'x');
	await session.until('the queues are known', ({snapshot: {queueSearch, server}}) => queueSearch.endedAtMs !== undefined && server.kind === 'OK', 15_000);
	const {request, result} = await test.run('keys.unlink', {choice: {set: {pattern: 'rl:*'}}});
	expect(request?.facts.at(-1)).toEqual(['cluster', 'of this node only: the others keep theirs']);
	expect(result).toMatchObject({outcome: 'done', detail: '5 keys deleted, none that matches is left'});
	expect(test.sent().filter(([command]) => command === 'UNLINK')).toHaveLength(5);
	expect(await size(test)).toBe(2);
});

it('is refused in a read-only console, and on a replica', async () => {
	const test = await withKeys({isReadOnly: true});
	expect((await test.unlink('rl:*')).result).toMatchObject({outcome: 'refused', detail: 'This console is read-only'});
	const replica = await openActionTest({replicaOf: test.redis.port});
	expect((await replica.run('keys.unlink', {choice: {on: ['rl:*']}})).result).toMatchObject({
		outcome: 'refused',
		detail: 'It is a replica and takes no writes: act on its master',
	});
	expect([...test.sent(), ...replica.sent()]).toEqual([]);
	expect(await size(test)).toBe(3000);
});
