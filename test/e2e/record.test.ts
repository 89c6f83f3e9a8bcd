import {spawnSync} from 'node:child_process';
import {readdir, readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {expect, it} from 'vitest';
import type {AuditEntry} from '../../src/incident/audit.ts';
import type {IncidentReport} from '../../src/incident/report/incident-report.ts';
import {startForTest} from '../helpers/server-session.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';
import {isUp, listens, program, startTriage, type Triage} from '../helpers/triage.ts';

const filesIn = async (triage: Triage, folder: string) => {
	const path = join(dirname(triage.auditFile), folder);
	return (await readdir(path)).toSorted().map(name => join(path, name));
};

async function onlyFileIn(triage: Triage, folder: string): Promise<string> {
	const [file, ...others] = await filesIn(triage, folder);
	if (file === undefined || others.length > 0) throw new Error(`not one file in ${folder}`);
	return file;
}

function printed(...args: readonly string[]): string {
	const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {encoding: 'utf8', timeout: 30_000});
	expect(stderr).toBe('');
	expect(status).toBe(0);
	return stdout;
}

const reportOf = (recording: string): IncidentReport => JSON.parse(printed('report', recording, '--json'));

const seconds = (iso: string | null | undefined): number => Math.floor(Date.parse(iso ?? '') / 1000);

/** The run of an action, as the audit log has it. */
function runIn(log: readonly AuditEntry[], action: string) {
	const [intent, outcome] = log.filter(entry => entry.action === action && (entry.phase === 'outcome' || entry.detail === undefined));
	if (intent?.phase !== 'intent' || outcome?.phase !== 'outcome') throw new Error(`no whole run of ${action} in ${JSON.stringify(log)}`);
	return {intent, outcome};
}

/** From finding to finding, until the screen shows it. */
async function stepTo(replay: Triage, wanted: RegExp): Promise<void> {
	for (let steps = 0; steps < 40 && !wanted.test(await replay.screen()); steps++) {
		const before = await replay.screen();
		await replay.press('f');
		await replay.waitFor(screen => screen !== before);
	}
	await replay.waitFor(wanted);
}

it('an incident from its start to its report: the demo, what was done, replay and report of the recording', {timeout: 240_000}, async () => {
	const triage = await startTriage(['demo']);
	// BUSY begins at five seconds; two more, so that it stands in a frame of the recording, of which there is one a second.
	await triage.waitFor(/ BUSY (?:[7-9]|\d\d)\.\d/, 150_000);
	await triage.press('K');
	await triage.waitFor(listens);
	await triage.press('y');
	await triage.waitFor(/DONE {2}the script has ended/, 30_000);
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes('DONE'));
	await triage.press('n');
	await triage.waitFor('Enter puts it into the timeline');
	await triage.type('the reports were rolled back');
	await triage.waitFor('note the reports were rolled back');
	await triage.press('Enter');
	await triage.waitFor('Noted in the timeline');
	await triage.press('R');
	await triage.waitFor(/Written: .*reports\/.*\.md/, 20_000);
	await triage.press('q');
	expect(await triage.backAtShell()).toBe(0);

	const {intent, outcome} = runIn(await triage.auditLog(), 'script.kill');
	const recording = await onlyFileIn(triage, 'recordings');
	const report = reportOf(recording);
	expect(report.target).toMatchObject({name: 'demo-outage', product: 'Redis'});
	expect(report.severity).toBe('P0');
	const [action, ...others] = report.actions;
	expect(others).toEqual([]);
	expect(action).toMatchObject({
		id: intent.id,
		action: 'script.kill',
		operator: intent.operator,
		outcome: outcome.outcome,
		detail: outcome.detail,
		commands: ['SCRIPT KILL'],
	});
	expect([seconds(action?.sentAt), seconds(action?.endedAt)]).toEqual([seconds(intent.at), seconds(outcome.at)]);
	const busy = report.findings.find(({id}) => id === 'script.busy');
	// It was found before the kill was sent, and was over when the outcome was known, give or take a look at the server.
	expect(seconds(busy?.from)).toBeLessThanOrEqual(seconds(intent.at));
	expect(Math.abs(seconds(busy?.to) - seconds(outcome.at))).toBeLessThanOrEqual(2);
	expect(report.timeline).toContainEqual(expect.objectContaining({kind: 'note', text: 'the reports were rolled back'}));
	const clients = report.vitals.rows.find(({name}) => name === 'connectedClients');
	expect(clients?.during ?? 0).toBeGreaterThan(390);
	expect(clients?.during ?? 0).toBeLessThanOrEqual(500);

	const written = await readFile(await onlyFileIn(triage, 'reports'), 'utf8');
	expect(written).toContain('SCRIPT KILL');
	expect(printed('report', recording)).toBe(printed('report', recording));

	const replay = await startTriage(['replay', recording]);
	await replay.waitFor(screen => screen.includes('demo-outage DEMO') && screen.includes(' REPLAY '));
	await stepTo(replay, / BUSY \d/);
	await replay.press('6');
	await replay.waitFor('script.busy');
	await replay.press('q');
	expect(await replay.backAtShell()).toBe(0);
});

it('looks back while it goes on: what was, how it is now, and that nothing can be done there', async () => {
	const redis = await startForTest({conf: {'busy-reply-threshold': 300}});
	const triage = await startTriage([redis.url]);
	await triage.waitFor(isUp);
	await triage.press('6');
	await triage.waitFor('This session is recorded');
	await triage.press('1');
	const healthy = Date.now();
	const {ended} = await startEndless(redis, endlessEval);
	await triage.waitFor(/ BUSY [3-9]\.\d/);

	await triage.press('{');
	const past = await triage.waitFor(screen => screen.includes(' PAST '));
	// A session that is younger than that is looked back to its beginning.
	expect(past).toMatch(/ (?:CONNECTING|OK) +PAST/);
	expect(past).toMatch(/‖ \d+s AGO, now BUSY \d/);
	expect(past).toContain('Esc back to now');
	await triage.press('K');
	await triage.waitFor('This is not now: Esc comes back to it');
	expect(await triage.screen()).not.toContain(listens);
	// Within reach of now it comes back to it.
	await triage.press(']', ']');
	await triage.waitFor(/ BUSY \d.* GUARDED/);
	await triage.press('{');
	await triage.waitFor(/This recording begins at/);
	await triage.press('Space');
	await triage.waitFor(/▶ \d+s AGO/);
	await triage.press('n');
	await triage.waitFor('Enter puts it into the timeline');
	await triage.type('seen before');
	await triage.waitFor('note seen before');
	await triage.press('Enter');
	await triage.waitFor('Noted, at the present moment');
	await triage.press('Escape');
	await triage.waitFor(/ BUSY \d.* GUARDED/);

	await triage.press('K');
	await triage.waitFor(listens);
	await triage.press('y');
	await triage.waitFor(/DONE/);
	await ended;
	expect(Date.now() - healthy).toBeGreaterThan(3000);
	await triage.press('Escape');
	await triage.waitFor(screen => !screen.includes('DONE'));
	await triage.press('q');
	await triage.backAtShell();

	const replay = await startTriage(['replay', await onlyFileIn(triage, 'recordings')]);
	await replay.waitFor(/ REPLAY /);
	await stepTo(replay, / (?:SILENT|BUSY) \d.*REPLAY/);
	await replay.press('K');
	await replay.waitFor('This is a recording: nothing can be sent');
	await replay.press('w');
	await replay.waitFor(/Written: .*\.json and \.txt/);
	const [json = ''] = await filesIn(replay, 'snapshots');
	expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({schema: 1, snapshot: {playedAt: expect.stringMatching(/^20/)}});
	await replay.press('6');
	await replay.press('}');
	await replay.waitFor('seen before');
	await replay.press('q');
	expect(await replay.backAtShell()).toBe(0);
});

it('without a recording it says so, and without an audit log too', async () => {
	const redis = await startForTest();
	const triage = await startTriage([redis.url, '--no-record', '--no-audit']);
	await triage.waitFor(isUp);
	await triage.press('[');
	await triage.waitFor('This session is not recorded (--no-record)');
	await triage.press('R');
	await triage.waitFor('This session is not recorded (--no-record)');
	expect(await triage.screen()).toMatch(/GUARDED NO AUDIT NO REC/);
	await triage.press('q');
	await triage.backAtShell();
	await expect(filesIn(triage, 'recordings')).rejects.toThrow('ENOENT');
});

it('does not record over a file, nor into a folder that is not there: it says so before there is a screen', async () => {
	for (const [file, reason] of [
		['/etc/hostname', '/etc/hostname is there already'],
		['/nowhere/incident.rec', '/nowhere cannot be written to: there is no such folder'],
	] as const) {
		const triage = await startTriage(['--record', file]);
		expect(await triage.backAtShell()).toBe(2);
		expect(await triage.screen()).toContain(`redis-triage: --record: ${reason}`);
	}
});

it.each([
	['nothing.rec', 'nothing.rec cannot be read: there is no such file'],
	['/etc/hostname', '/etc/hostname is not a recording of redis-triage'],
])('refuses to replay %s', async (file, message) => {
	const triage = await startTriage(['replay', file]);
	expect(await triage.backAtShell()).toBe(2);
	expect(await triage.screen()).toContain(`redis-triage: ${message}`);
});
