import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openActionTest, phases} from '../../helpers/action-server.ts';
import {infoField} from '../../helpers/finding-watch.ts';
import {until} from '../../helpers/until.ts';

it('a snapshot is taken, and its end is seen', async () => {
	const {run, redis, sent, audit} = await openActionTest();
	await redis.call('SET', 'a', '1');
	const {request, result} = await run('persistence.bgsave');
	expect(request).toMatchObject({plan: [['BGSAVE']], danger: 'disruptive', cost: expect.stringMatching(/stands still for the fork/)});
	expect(request?.facts).toEqual([
		['last', expect.stringMatching(/^none since the start, 1 changes since$/)],
		['to write', '1 key'],
	]);
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^a snapshot was written at \d\d:\d\d:\d\dZ, in \d+s$/)});
	expect(await infoField(redis, 'rdb_changes_since_last_save')).toBe('0');
	expect(sent()).toEqual([['BGSAVE']]);
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
});

it('a snapshot that fails is not called done; one under way is not joined by another', async () => {
	const {run, redis, sent, session} = await openActionTest({confLines: ['dbfilename in-the-way', 'rdb-key-save-delay 0']});
	mkdirSync(join(redis.dir, 'in-the-way', 'folder'), {recursive: true});
	expect((await run('persistence.bgsave')).result).toMatchObject({outcome: 'failed', detail: expect.stringContaining('has failed')});
	rmSync(join(redis.dir, 'in-the-way'), {recursive: true});

	await redis.call('CONFIG', 'SET', 'rdb-key-save-delay', '20000');
	for (let index = 0; index < 20; index++) await redis.call('SET', `key:${index}`, 'x'.repeat(3000));
	const slow = run('persistence.bgsave');
	await session.until('it is under way', ({snapshot}) => snapshot.info.data?.saveInProgress);
	expect((await run('persistence.bgsave')).result).toMatchObject({outcome: 'refused', detail: expect.stringMatching(/^A snapshot is under way/)});
	expect((await slow).result.outcome).toBe('done');
	expect(sent()).toEqual([['BGSAVE'], ['BGSAVE']]);
});

it('a snapshot is left, and unknown when the reply is lost', async () => {
	const {run, proxy, sent} = await openActionTest();
	expect((await run('persistence.bgsave', {confirm: () => false})).result.outcome).toBe('cancelled');
	const lost = proxy.loseReplyTo(([command]) => command === 'BGSAVE');
	expect((await run('persistence.bgsave')).result.outcome).toBe('unknown');
	await lost;
	expect(sent()).toEqual([['BGSAVE']]);
});

it('the append-only file is rewritten, and its end is seen', async () => {
	const {run, redis, sent, audit} = await openActionTest({conf: {appendonly: 'yes'}});
	for (let index = 0; index < 50; index++) await redis.call('SET', 'a', String(index));
	const {request, result} = await run('persistence.aof-rewrite');
	expect(request).toMatchObject({plan: [['BGREWRITEAOF']], danger: 'disruptive'});
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringMatching(/^the append-only file was rewritten in \d+s$/)});
	await until('the server has counted it', async () => (await infoField(redis, 'aof_rewrites')) === '1');
	expect(sent()).toEqual([['BGREWRITEAOF']]);
	expect(phases(await audit())).toEqual(['intent', 'outcome done']);
});

it('a rewrite is refused where there is no file, left, and unknown when the reply is lost', async () => {
	const off = await openActionTest();
	expect((await off.run('persistence.aof-rewrite')).result).toMatchObject({outcome: 'refused', detail: expect.stringContaining('appendonly no')});

	const {run, proxy, sent} = await openActionTest({conf: {appendonly: 'yes'}});
	expect((await run('persistence.aof-rewrite', {confirm: () => false})).result.outcome).toBe('cancelled');
	const lost = proxy.loseReplyTo(([command]) => command === 'BGREWRITEAOF');
	expect((await run('persistence.aof-rewrite')).result.outcome).toBe('unknown');
	await lost;
	expect(sent()).toEqual([['BGREWRITEAOF']]);
	expect(off.sent()).toEqual([]);
});

it('free memory is given back, or there was none: data and figures stay', async () => {
	const {run, redis, proxy, sent, audit} = await openActionTest();
	await redis.call('SET', 'a', '1');
	const {request, result} = await run('memory.purge');
	expect(request).toMatchObject({plan: [['MEMORY', 'PURGE']], danger: 'disruptive'});
	expect(request?.facts).toContainEqual(['allocator', expect.stringMatching(/^jemalloc/)]);
	expect(result).toMatchObject({outcome: 'done', detail: expect.stringContaining('resident memory is')});
	expect(await redis.call('GET', 'a')).toBe('1');
	expect((await run('memory.purge', {confirm: () => false})).result.outcome).toBe('cancelled');
	const lost = proxy.loseReplyTo(([command]) => command === 'MEMORY');
	expect((await run('memory.purge')).result.outcome).toBe('unknown');
	await lost;
	expect(sent()).toEqual([
		['MEMORY', 'PURGE'],
		['MEMORY', 'PURGE'],
	]);
	expect(phases(await audit())).toEqual(['intent', 'outcome done', 'outcome cancelled', 'intent', 'outcome unknown']);
});
