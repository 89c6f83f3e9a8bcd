import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it, onTestFinished} from 'vitest';
import {isRunning} from '../helpers/processes.ts';
import {startRedis} from '../helpers/redis-server.ts';
import {listens, startTriage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** A console with a config file that has one hook, which runs this script. */
async function startWithHook(script: string) {
	const redis = await startRedis();
	onTestFinished(redis.stop);
	const dir = await mkdtemp(join(tmpdir(), 'redis-triage-hooks-'));
	onTestFinished(() => rm(dir, {recursive: true}));
	const file = join(dir, 'config.yaml');
	await writeFile(file, JSON.stringify({hooks: [{name: 'restart', command: ['sh', '-c', script], danger: 'disruptive'}]}));
	const triage = await startTriage(['-p', String(redis.port), '--config', file]);
	// A hook runs whatever the server is like: no need to wait for it.
	await triage.waitFor(/: commands/);
	return triage;
}

it('asks, shows what the program says while it runs, and leaves none of it behind when the console is ended', async () => {
	const triage = await startWithHook('echo "for $REDIS_TRIAGE_STATE"; printf "\\033[2Jgo\\n"; sleep 60 & echo "child $!"; wait');
	await triage.press(':');
	await triage.type('hook.restart');
	await triage.waitFor(/Run the hook restart/);
	await triage.press('Enter');
	const dialog = await triage.waitFor(listens);
	for (const shown of ['runs     sh -c', 'this machine', 'REDIS_TRIAGE_TARGET=', 'after 30 s', 'REDISCLI_AUTH']) expect(dialog).toContain(shown);
	await triage.press('y');

	const running = await triage.waitFor(/child \d+/);
	expect(running).toMatch(/for [A-Z]+/);
	// What would clear the screen is shown as what it is.
	expect(running).toContain('␛[2Jgo');
	const pid = Number(/child (\d+)/.exec(running)?.[1]);
	expect(isRunning(pid)).toBe(true);
	process.kill(await triage.pid(), 'SIGTERM');
	await triage.backAtShell();
	await until('nothing of it is left', () => !isRunning(pid));
	expect(await triage.auditLog()).toMatchObject([
		{phase: 'intent', action: 'hook.restart'},
		{phase: 'outcome', outcome: 'cancelled', output: [expect.stringMatching(/^for [A-Z]+$/), '\u001b[2Jgo', `child ${pid}`]},
	]);
});

it.each([
	['a window that is closed right behind SIGTERM', ['SIGTERM', 'SIGHUP']],
	['an impatient second Ctrl-C', ['SIGINT', 'SIGINT']],
] as const)('ends a program that does not hear SIGTERM, and writes that down, also with %s', async (_what, signals) => {
	const triage = await startWithHook('trap "" TERM; echo "child $$"; while :; do sleep 0.1; done');
	await triage.press(':');
	await triage.type('hook.restart');
	await triage.waitFor(/Run the hook restart/);
	await triage.press('Enter');
	await triage.waitFor(listens);
	await triage.press('y');
	const child = Number(/child (\d+)/.exec(await triage.waitFor(/child \d+/))?.[1]);
	const pid = await triage.pid();
	for (const signal of signals) {
		process.kill(pid, signal);
		await sleep(10);
	}
	await triage.backAtShell();
	await until('nothing of it is left', () => !isRunning(child));
	expect(await triage.auditLog()).toMatchObject([
		{phase: 'intent', action: 'hook.restart'},
		{phase: 'outcome', outcome: 'cancelled'},
	]);
});
