import {join} from 'node:path';
import {expect, it} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {keepTimeline} from '../../src/commands/console/keep-timeline.ts';
import {openRecording} from '../../src/incident/recording/read-recording.ts';
import {startRecorder} from '../../src/incident/recording/recorder.ts';
import {reportMarkdown} from '../../src/incident/report/markdown.ts';
import {readReport} from '../../src/incident/report/write-report.ts';
import {openActionTest} from '../helpers/action-server.ts';
import {scratchFolder} from '../helpers/recording.ts';
import {endlessEval, startEndless} from '../helpers/stuck-script.ts';

it('tells of a script that blocked a real server, and of its end, what the console and the audit log say', async () => {
	const {redis, session, run, audit} = await openActionTest({
		conf: {'busy-reply-threshold': 300},
		components: [{name: 'Checkout', keys: ['cart:*'], impact: 'carts are empty', isClearable: false}],
	});
	const {store, until} = session;
	const deps = keepTimeline(store, systemClock)(session.actionDeps);
	const stop = new AbortController();
	const folder = scratchFolder();
	const limits = {frameMs: 200, chunkMs: 1500};
	const options = {store, clock: systemClock, place: {file: join(folder, 'incident.rec')}, version: '1.2.3', isRedacted: false, signal: stop.signal, limits};
	const recorder = startRecorder({...options, onStatus: () => {}});

	const {ended} = await startEndless(redis, endlessEval);
	await until('it is BUSY', ({snapshot: {server}}) => server.kind === 'BUSY');
	await until('that is a finding', ({findings}) => findings.some(({id}) => id === 'script.busy'));
	expect((await run('script.kill', {deps})).result.outcome).toBe('done');
	await ended;
	await until('it is over', state => state.snapshot.server.kind === 'OK' && state.findings.every(({severity}) => severity === 'P2'));
	stop.abort();
	await recorder.settle();

	const {timeline} = session.state();
	const report = await readReport(await openRecording(join(folder, 'incident.rec')), {
		auditFiles: [session.state().session.auditFile],
		program: 'redis-triage',
	});
	const [intent, outcome] = await audit();
	expect(report.actions).toMatchObject([
		{id: intent?.id, action: 'script.kill', sentAt: intent?.at, endedAt: outcome?.at, outcome: 'done', commands: ['SCRIPT KILL']},
	]);
	const bad = timeline.filter(({severity}) => severity === 'P0' || severity === 'P1');
	const [found, over] = [bad.find(({kind}) => kind === 'found'), bad.findLast(({kind}) => kind === 'over')];
	expect(report).toMatchObject({
		status: 'monitoring',
		severity: 'P0',
		start: new Date(found?.atMs ?? 0).toISOString(),
		// It had answered at the first look.
		startKnown: true,
		end: new Date(over?.atMs ?? 0).toISOString(),
		impact: {components: [{name: 'Checkout', severity: 'P0'}]},
		dataLoss: {seen: []},
	});
	expect(report.summary[0]).toMatch(/^From .* on the console found P0 .*script\.busy.* the server was .*BUSY for /);
	expect(report.summary[1]).toBe('tester ran 1 action: script.kill (done).');
	// Without the log the timeline's own words tell the same.
	const unlogged = await readReport(await openRecording(join(folder, 'incident.rec')), {auditFiles: [], program: 'redis-triage'});
	expect([unlogged.summary[1], unlogged.actions]).toEqual([report.summary[1], []]);
	expect(report.gaps).toContainEqual(expect.stringMatching(/^No figures while the server answered none: .*BUSY from /));
	expect(report.vitals.rows.map(({name}) => name)).toContain('connectedClients');
	expect(reportMarkdown(report)).toContain(`| ${intent?.at.slice(11, 19)}Z | action | tester | script.kill: done`);
});
