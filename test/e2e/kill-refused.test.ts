import {expect, it} from 'vitest';
import {endlessFcall, endlessWriter, loadEndlessFunction, startEndless} from '../helpers/stuck-script.ts';
import {isCalm, isUp, listens, startTriage} from '../helpers/triage.ts';
import {startWatched} from '../helpers/watched-server.ts';

const quick = {conf: {'busy-reply-threshold': 500}};

it.each([
	[120, 40],
	[80, 24],
])('a loop that has written: UNKILLABLE, with what is left to choose, and nothing else is sent, at %ix%i', async (cols, rows) => {
	const {redis, proxy, orders} = await startWatched(quick);
	const triage = await startTriage([proxy.url], {cols, rows});
	await triage.waitFor(isUp);
	await startEndless(redis, endlessWriter);
	await triage.waitFor(/BUSY \d/);
	await triage.press('K');
	await triage.waitFor(listens);
	await triage.press('y');

	const failed = await triage.waitFor('FAILED');
	expect(words(failed)).toContain('UNKILLABLE: the script has already written, so the server will not stop it half-way. Nothing was changed.');
	expect(words(failed)).toContain('now Wait: it ends when its own work is done Or end the server without saving');
	await triage.waitFor(/P0 UNKILLABLE: a script that has written blocks the server for /);

	await triage.press('Escape');
	await triage.waitFor(/written\? +YES: UNKILLABLE/);
	await triage.press('F');
	const finding = words(await triage.waitFor('Choice 2'));
	expect(finding).toContain('evidence UNKILLABLE at ');
	expect(finding).toContain('Choice 1: wait. It ends when its own work is done');
	expect(finding).toMatch(
		/Choice 2: end the server without saving, with server\.shutdown-nosave or from a redis-cli: SHUTDOWN NOSAVE NOW .*Whatever changed since the last save is lost \(\d+ changes when last seen\)/,
	);

	await triage.press('Escape');
	await triage.waitFor('written?');
	await triage.press('K');
	await triage.waitFor(/refused.*It has written: the server refuses to kill i/);
	expect(orders()).toEqual([['SCRIPT', 'KILL']]);
	expect(await triage.auditLog()).toMatchObject([
		{phase: 'intent', action: 'script.kill', plan: [['SCRIPT', 'KILL']]},
		{phase: 'outcome', outcome: 'failed', detail: expect.stringContaining('UNKILLABLE')},
		{phase: 'outcome', outcome: 'refused', detail: expect.stringContaining('It has written')},
	]);
});

it('a function: its name, arguments and time are told, and FUNCTION KILL is the command', async () => {
	const {redis, proxy, orders, executed} = await startWatched(quick);
	await loadEndlessFunction(redis);
	const triage = await startTriage([proxy.url]);
	await triage.waitFor(isUp);
	const begunAtMs = Date.now();
	const {ended} = await startEndless(redis, endlessFcall);

	await triage.waitFor(/P0 Function spin has blocked the server for /);
	const screen = await triage.waitFor(/RUNNING function spin +[2-9]\.\ds/);
	expect(Date.now() - begunAtMs).toBeGreaterThanOrEqual(2000);
	expect(screen).toMatch(/command +FCALL spin 0 \*\*\*/);

	await triage.press('K');
	const dialog = await triage.waitFor(listens);
	expect(dialog).toMatch(/running +function spin for/);
	expect(dialog).toMatch(/sends +FUNCTION KILL +║/);
	await triage.press('y');
	await triage.waitFor(/DONE +the script has ended/);
	expect(await ended).toMatch(/killed by user/);
	expect(orders()).toEqual([['FUNCTION', 'KILL']]);
	expect([await executed('function|kill'), await executed('script|kill')]).toEqual([1, 0]);

	await triage.press('Escape');
	await triage.waitFor(isCalm);
	expect(await triage.auditLog()).toMatchObject([
		{phase: 'intent', plan: [['FUNCTION', 'KILL']]},
		{phase: 'outcome', plan: [['FUNCTION', 'KILL']], outcome: 'done'},
	]);
});

/** The text of a screen without its frames and line breaks. */
const words = (screen: string): string => screen.replace(/[\s║│]+/g, ' ');
