import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {childrenOf, isRunning} from '../helpers/processes.ts';
import {listens, startTriage, type Triage} from '../helpers/triage.ts';
import {until} from '../helpers/until.ts';

/** A newcomer's patience. */
const incidentMs = 30_000;

/** A bare server never is without a finding: it has no limit, no persistence and no replica. What was urgent is over. */
const healed = / OK +GUARDED[\s\S]*\n P2 /;

/** The demo, with its temporary files where they can be counted. */
async function openDemo(...scenario: readonly string[]) {
	const folder = await mkdtemp(join(tmpdir(), 'redis-triage-e2e-'));
	onTestFinished(() => rm(folder, {recursive: true, force: true}));
	const triage = await startTriage(['demo', ...scenario], {env: {TMPDIR: folder}});
	await triage.waitFor(/GUARDED.*: commands {2}\? help {2}q quit/s, incidentMs);
	const startedAt = performance.now();
	const pid = await triage.pid();
	// The host of the server is the console's child, the server is the host's, as are replicas and workers, which come later.
	const processes = () => childrenOf(pid).flatMap(host => [host, ...childrenOf(host)]);
	const pids = processes();
	expect(pids.length).toBeGreaterThanOrEqual(2);
	expect(await readdir(folder)).toHaveLength(1);
	const expectNothingLeft = (more: readonly number[] = []) =>
		until('processes and folder are gone', async () => (await readdir(folder)).length === 0 && ![...pids, ...more].some(isRunning), 3000);
	return {triage, pid, processes, elapsedMs: () => performance.now() - startedAt, expectNothingLeft};
}

/** Say yes when the dialog listens. */
async function confirm(triage: Triage): Promise<void> {
	await triage.waitFor(listens);
	await triage.press('y');
}

it('script: who presses what strip and footer say has stopped the script within half a minute', async () => {
	const {triage, elapsedMs, expectNothingLeft} = await openDemo('script');
	await triage.pressHinted('F stop the running script');
	await triage.pressHinted('Enter choose remedy');
	await confirm(triage);
	await triage.waitFor(/DONE {2}the script has ended/, incidentMs);
	await triage.pressHinted('Esc back', 'Escape');
	await triage.waitFor(healed);
	expect(elapsedMs()).toBeLessThan(incidentMs);
	await triage.pressHinted('q quit');
	expect(await triage.backAtShell()).toBe(0);
	await expectNothingLeft();
});

it('outage, which needs no name: the workers of the built package are at work, beside a replica', async () => {
	const {triage, processes, expectNothingLeft} = await openDemo();
	const pids = await until('replica and workers run', () => (processes().length === 5 ? processes() : undefined));
	await triage.waitFor(/demo-outage DEMO .* master \+1 replica .*4 Queues.* orders +\d.* payments +\d/s);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);
	await expectNothingLeft(pids);
});

it('clients: who presses what strip and footer say has ended the crowd within half a minute', async () => {
	const {triage, elapsedMs, expectNothingLeft} = await openDemo('clients');
	await triage.waitFor(/ MAXCLIENTS +GUARDED/, incidentMs);
	await triage.pressHinted('F close client connections');
	await triage.pressHinted('Enter choose remedy');
	await triage.waitFor(/▸ +\d+ .*leaky-api/);
	await triage.pressHinted('m mark');
	await triage.waitFor(/\d+ marked/);
	await triage.pressHinted('K kill');
	await confirm(triage);
	await triage.waitFor(/DONE {2}\d+ clients are disconnected/, incidentMs);
	await triage.pressHinted('Esc back', 'Escape');
	await triage.waitFor(healed);
	expect(elapsedMs()).toBeLessThan(incidentMs);
	await triage.press('C-c');
	expect(await triage.backAtShell()).toBe(0);
	await expectNothingLeft();
});

it('unkillable: it explains why nothing more can be done, and what remains; kill -9 of the console leaves nothing', async () => {
	const {triage, pid, elapsedMs, expectNothingLeft} = await openDemo('unkillable');
	await triage.waitFor(/ (SILENT|BUSY) \d/);
	await triage.pressHinted('K stop script');
	await confirm(triage);
	const failed = await triage.waitFor(/ FAILED /, incidentMs);
	expect(failed).toMatch(/UNKILLABLE|has (already )?written/);
	expect(failed).toMatch(/wait/i);
	expect(failed).toMatch(/without saving|shutdown-nosave/i);
	expect(elapsedMs()).toBeLessThan(incidentMs);
	await triage.pressHinted('Esc back', 'Escape');
	await triage.waitFor(/P0 .*a script that has written blocks the server[\s\S]*╔ 1 Scripts/i);
	await triage.pressHinted('F what to do');
	await triage.waitFor(/Choice 1: wait[\s\S]*Choice 2: /);
	const kills = (await triage.auditLog()).filter(({phase}) => phase === 'intent');
	expect(kills.map(({plan}) => plan)).toEqual([[['SCRIPT', 'KILL']]]);
	process.kill(pid, 'SIGKILL');
	await expectNothingLeft();
});

it('leaves no server behind when the window is closed', async () => {
	const {triage, pid, expectNothingLeft} = await openDemo('script');
	await triage.close();
	await expectNothingLeft();
	await until('the console is gone', () => !isRunning(pid));
});
