import {expect, it, onTestFinished} from 'vitest';
import type {TestRedis} from '../helpers/redis-server.ts';
import {startForTest} from '../helpers/server-session.ts';
import {isCalm, isUp, startTriage} from '../helpers/triage.ts';

/** Calls that the server has counted so far, by command. */
async function callCounts(redis: TestRedis): Promise<Readonly<Record<string, number>>> {
	const text = String(await redis.call('INFO', 'commandstats'));
	return Object.fromEntries(Array.from(text.matchAll(/cmdstat_(\S+?):calls=(\d+)/g), ([, name = '', calls]) => [name, Number(calls)]));
}

/** The keys of this many ms at the longest: a person calls that at once. */
const atOnceMs = 500;

it('stays quick while the server is stopped, and owes it nothing when it goes on', async () => {
	const redis = await startForTest();
	const bystander = await redis.connect();
	await bystander.call('CLIENT', 'SETNAME', 'bystander');
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('2');
	await triage.waitFor('bystander');
	const before = await callCounts(redis);

	redis.signal('SIGSTOP');
	onTestFinished(() => void redis.signal('SIGCONT'));
	const silent = await triage.waitFor(/ SILENT \d/, 1500);
	expect(silent).toMatch(/P0 The server has not answered for/);
	expect(silent).toContain('bystander');

	await triage.press('?');
	await triage.waitFor('Words on the screen', atOnceMs);
	await triage.press('Escape');
	await triage.waitFor('ADDRESS', atOnceMs);
	await triage.type('/bystander');
	await triage.waitFor('by idle /bystander: 1', atOnceMs);
	await triage.press('Enter', 'g');
	await triage.waitFor(/▸.*bystander/, atOnceMs);
	// A kill that cannot be carried out now is refused now, not kept for later.
	await triage.press('K');
	await triage.waitFor(/Close client connections: refused/, atOnceMs);
	await triage.press('1');
	await triage.waitFor(/SILENT.*no answer for [\d.]+s +last reply/, atOnceMs);
	await triage.press('F');
	await triage.waitFor('server.silent', atOnceMs);
	await triage.press('Escape');
	await triage.waitFor(/ SILENT 6\.\d/);

	redis.signal('SIGCONT');
	await triage.waitFor(isUp, 2000);
	const after = await callCounts(redis);
	const sent = Object.fromEntries(Object.entries(after).map(([name, calls]) => [name, calls - (before[name] ?? 0)]));
	// The one command that met the stop, and what one look takes afterwards: six seconds of polling would be twelve of each.
	expect(sent.ping).toBeLessThanOrEqual(4);
	for (const name of ['slowlog|get', 'client|list']) expect(sent[name] ?? 0, name).toBeLessThanOrEqual(3);
	expect(Object.keys(after).filter(name => /kill|config\|set|unblock/.test(name))).toEqual([]);
	await expect(bystander.call('PING')).resolves.toBe('PONG');
});

it('says DOWN when the server is killed, finds it again, and keeps the history', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url, '--interval', '0.5'], {cols: 200});
	await triage.waitFor(isUp);
	// Enough of a course to know it again.
	await triage.waitFor(/clients \d+\/\S+ +[▁-█]{3}/);

	await redis.kill();
	const down = await triage.waitFor(/ DOWN +(GUARDED|OPENING)/, 2000);
	expect(down).toMatch(/P0 The server is down for .*connection refused: nothing listens there/);
	await triage.press('2');
	await triage.waitFor(/ID +ADDRESS/, atOnceMs);
	// The last list stays, with its age.
	await triage.waitFor(/redis-triage:/);
	await triage.waitFor(/3s old/);

	await redis.restart();
	const up = await triage.waitFor(screen => isUp(screen) && /clients \d+\/\S+ +[▁-█]{3,} +[▁-█]{2}/.test(screen), 4000);
	expect(isCalm(up)).toBe(true);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
});
