import {execFileSync} from 'node:child_process';
import {expect, it, onTestFinished} from 'vitest';
import {openIdleConnections} from '../helpers/idle-connections.ts';
import {startProxy} from '../helpers/proxy.ts';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isUp, listens, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/**
 * As many as the issue wants, or as the machine lets one process hold: Node and Redis both raise their soft limit of open files to the hard one,
 * and both need some for themselves (Redis 32).
 */
const hardLimit = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], {encoding: 'utf8'}).replace('unlimited', '1000000'));
const maxClients = Math.min(10_000, hardLimit - 200);
const shown = maxClients.toLocaleString('en');

const batch = 40;
const name = (index: number) => (index < batch ? 'old-batch' : `api-${index}`);

async function idsNamed(redis: TestRedis, wanted: string): Promise<readonly string[]> {
	const rows = String(await redis.call('CLIENT', 'LIST')).split('\n');
	return rows.filter(row => row.includes(` name=${wanted} `)).map(row => /^id=(\d+)/.exec(row)?.[1] ?? '');
}

/** Start the console, then fill the server behind it. */
async function fillBehind(redis: TestRedis) {
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	await redis.call('PING');
	// Ours and the console's three are connected already.
	await until('the console is whole', async () => String(await redis.call('CLIENT', 'LIST')).includes(':queues '));
	const count = maxClients - 4;
	const idle = await openIdleConnections(redis.port, count, {name});
	expect(idle).toMatchObject({accepted: count, refused: 0});
	return {triage, proxy, idle, count};
}

/** Held down, a key comes about thirty times a second; here all of it comes at once. */
async function scroll(triage: Triage): Promise<number> {
	const repeats = 300;
	await triage.press('g');
	await triage.waitFor(/▸/);
	const before = performance.now();
	await triage.command('send-keys', '-N', String(repeats), 'j');
	await triage.press('?');
	await triage.waitFor('Words', 30_000);
	const took = performance.now() - before;
	await triage.press('Escape');
	await triage.waitFor(/▸/);
	return took / repeats;
}

it(`among ${shown} idle connections at maxclients it scrolls, sorts, marks and kills by id; a console started then gets in when one is free`, async () => {
	const redis = await startForTest({conf: {maxclients: maxClients}});
	const {triage, proxy, idle, count} = await fillBehind(redis);
	const full = await triage.waitFor(/ MAXCLIENTS +GUARDED/);
	expect(full).toMatch(new RegExp(`P0 All ${shown} connections are taken: new ones are refused`));

	await triage.press('2');
	await triage.waitFor(` ${shown} clients`, 30_000);
	expect(await scroll(triage)).toBeLessThan(33);
	await triage.press('G');
	await triage.press('s');
	await triage.waitFor(/by age {2}/);
	await triage.press('s', 's', 's', 's', 's', 's', 's');
	await triage.waitFor(/by address {2}/);
	await triage.press('s');
	await triage.waitFor(/by idle {2}/);

	await triage.type(`/api-${maxClients - 10}\n`);
	await triage.waitFor(new RegExp(`by idle /api-${maxClients - 10}: 1 `));
	await triage.press('g', 'm');
	await triage.waitFor('1 marked');
	await triage.type('/');
	await triage.press('C-u');
	await triage.type('old-batch\n');
	await triage.waitFor(`by idle /old-batch: ${batch}`);
	await triage.press('a');
	await triage.waitFor(/by name \/old-batch: 1/);
	await triage.press('g', 'm');
	await triage.waitFor(`${batch + 1} marked`);
	const marked = [...(await idsNamed(redis, 'old-batch')), ...(await idsNamed(redis, `api-${maxClients - 10}`))];
	expect(marked).toHaveLength(batch + 1);

	const late = await startTriage([redis.url], {cols: 80, rows: 24});
	const outside = await late.waitFor(/ MAXCLIENTS +OPENING/);
	expect(outside).toMatch(/P0 No connection is free: the server/);
	await late.press('F');
	await late.waitFor('that becomes free');
	await late.press('Escape');
	await late.waitFor('WHEN');
	await late.press('2');
	expect(await late.screen()).not.toContain('api-');

	await triage.press('K');
	await triage.waitFor(`clients  ${batch + 1}: normal ${batch + 1}`);
	await triage.waitFor(listens);
	await triage.press('y');
	await triage.waitFor(`DONE  ${batch + 1} clients are disconnected`);
	const kills = proxy.commands.filter(([command, subcommand]) => command?.toUpperCase() === 'CLIENT' && subcommand?.toUpperCase() === 'KILL');
	expect(kills.toSorted()).toEqual(marked.map(id => ['CLIENT', 'KILL', 'ID', id]).toSorted());
	expect(idle.openCount()).toBe(count - marked.length);
	const [intent, ...rounds] = await triage.auditLog();
	expect(intent?.plan).toEqual(kills);
	expect(rounds.pop()).toMatchObject({phase: 'outcome', outcome: 'done'});
	expect(rounds.flatMap(({plan}) => plan)).toEqual(kills);
	await triage.press('Escape');
	await triage.waitFor(/ OK +GUARDED/);
	await late.waitFor(screen => / OK +GUARDED/.test(screen) && screen.includes('all connections are taken'), 4000);
	await late.waitFor(/ api-\d/);
	idle.close();
});
