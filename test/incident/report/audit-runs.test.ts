import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {readAudit} from '../../../src/incident/report/audit-file.ts';
import {AuditRuns} from '../../../src/incident/report/audit-runs.ts';
import {reportedActions} from '../../../src/incident/report/reported-actions.ts';
import {auditLine, auditTarget, writeLog} from '../../helpers/audit-log.ts';
import {at} from '../../helpers/played-recording.ts';

const window = {targets: [auditTarget], fromMs: at(0), toMs: at(100)};
const line = (second: number, id: string, phase: 'intent' | 'outcome', more: object = {}) =>
	auditLine(id, phase, {at: new Date(at(second)).toISOString(), ...more});

function told(lines: readonly string[]) {
	const runs = new AuditRuns(window);
	for (const each of lines) runs.add(each);
	return runs.told();
}

describe('AuditRuns', () => {
	it.each<[string, readonly string[], readonly string[]]>([
		['sent and ended inside', [line(10, 'a', 'intent'), line(11, 'a', 'outcome', {outcome: 'done'})], ['a']],
		['sent at the very beginning and at the very end', [line(0, 'a', 'intent'), line(100, 'b', 'intent')], ['a', 'b']],
		['sent inside, ended after the end', [line(90, 'a', 'intent'), line(500, 'a', 'outcome', {outcome: 'failed'})], ['a']],
		['sent before, ended inside', [line(-5, 'a', 'intent'), line(3, 'a', 'outcome', {outcome: 'done'})], ['a']],
		['refused inside', [line(10, 'a', 'outcome', {outcome: 'refused'})], ['a']],
		['ended before', [line(-9, 'a', 'intent'), line(-0.001, 'a', 'outcome', {outcome: 'done'})], []],
		['sent before and never ended', [line(-9, 'a', 'intent')], []],
		['sent after', [line(100.001, 'a', 'intent'), line(101, 'a', 'outcome', {outcome: 'done'})], []],
		['of another server', [line(10, 'a', 'intent', {target: '127.0.0.1:6380'})], []],
		['of another server whose name begins alike', [line(10, 'a', 'intent', {target: `${auditTarget}0`, detail: auditTarget})], []],
	])('%s', (_what, lines, ids) => {
		expect(told(lines).runs.map(({id}) => id)).toEqual(ids);
	});

	it('has the outcome that came later, and none where the log has none', () => {
		const {runs} = told([line(90, 'a', 'intent'), line(95, 'b', 'intent'), line(500, 'a', 'outcome', {outcome: 'failed', detail: 'ERR'})]);
		expect(runs).toMatchObject([
			{id: 'a', sentAtMs: at(90), endedAtMs: at(500), outcome: 'failed', detail: 'ERR'},
			{id: 'b', sentAtMs: at(95), endedAtMs: undefined, outcome: undefined},
		]);
	});

	it('puts the rounds of a batch together', () => {
		const plan = [['SCAN', '0']];
		const [run] = told([
			line(10, 'a', 'intent', {plan}),
			line(11, 'a', 'intent', {plan: [['UNLINK', 'x']], round: 1, detail: 'nothing done'}),
			line(12, 'a', 'intent', {plan: [['UNLINK', 'y']], round: 2, detail: '200 done'}),
		]).runs;
		expect(run).toMatchObject({plan, rounds: 2, firstRound: [['UNLINK', 'x']], account: '200 done', outcome: undefined, sentAtMs: at(10)});
	});

	it('counts lines that are cut, of this server and of others', () => {
		const whole = line(10, 'a', 'intent');
		const {runs, unreadable} = told([
			whole,
			whole.slice(0, -9),
			'{"at":"2025',
			'',
			'  ',
			line(11, 'b', 'intent', {target: 'other:1'}),
			'{"target":"127.0.0.1:6379"}',
		]);
		expect([runs.length, unreadable]).toEqual([1, 3]);
	});

	it('knows what was changed and not taken back', () => {
		const change = (second: number, id: string, from: string, to: string, more = {}) =>
			line(second, id, 'outcome', {
				action: 'config.timeout',
				outcome: 'done',
				before: {state: 'OK', values: {timeout: from}},
				after: {state: 'OK', values: {timeout: to}},
				undo: {action: 'config.timeout', on: [], set: {value: from}},
				...more,
			});
		expect(told([change(10, 'a', '0', '60')]).standing).toMatchObject([{auditId: 'a', done: 'config.timeout', title: 'back to 0'}]);
		// Also where it was taken back after the end of the recording.
		expect(told([change(10, 'a', '0', '60'), change(5000, 'b', '60', '0', {undoes: 'a'})]).standing).toEqual([]);
		expect(told([change(-10, 'a', '0', '60')]).standing).toEqual([]);
	});
});

describe('readAudit', () => {
	it('reads the first file that is there, also what is split over pieces', async () => {
		const padding = line(5, 'x', 'intent', {target: 'other:1', detail: 'ü'.repeat(400_000)});
		const file = writeLog(`${padding}\n${padding}\n${line(10, 'a', 'intent')}\n${padding}\n${line(11, 'a', 'outcome', {outcome: 'done'}).slice(0, 40)}`);
		const audit = await readAudit(['/nowhere/audit.jsonl', file, '/nowhere/2'], window);
		expect(audit).toMatchObject({file: 'audit.jsonl', problem: undefined, runs: [{id: 'a', outcome: undefined}], unreadable: 1});
	});

	it('says that there is none, and that one cannot be read, without the path', async () => {
		expect(await readAudit(['/nowhere/audit.jsonl'], window)).toMatchObject({
			file: undefined,
			runs: [],
			problem: expect.stringMatching(/^There is no audit log/),
		});
		const folder = join(writeLog(''), '..');
		const {problem} = await readAudit([folder], window);
		expect(problem).toMatch(/cannot be read.*EISDIR/);
		expect(problem).not.toContain(folder);
	});
});

describe('reportedActions', () => {
	const {runs} = told([
		line(10, 'a', 'intent', {action: 'keys.unlink', plan: [['UNLINK', 'user:1'], ['PING']]}),
		line(11, 'a', 'outcome', {action: 'keys.unlink', plan: [['UNLINK', 'user:1'], ['PING']], outcome: 'done', detail: 'user:1 is gone', output: ['user:1']}),
		line(12, 'b', 'outcome', {outcome: 'done', undoes: 'a'}),
	]);

	it('has the commands as they were sent, and who has taken it back', () => {
		expect(reportedActions(runs)).toMatchObject([{id: 'a', commands: ['UNLINK user:1', 'PING'], detail: 'user:1 is gone', undoneBy: 'b'}, {undoes: 'a'}]);
	});

	it('shows thirty commands, and counts the rest', () => {
		const many = told([line(10, 'a', 'intent', {plan: Array.from({length: 31}, (_, index) => ['GET', 'x'.repeat(index === 0 ? 1001 : 1)])})]);
		const [action] = reportedActions(many.runs);
		expect([action?.commands.length, action?.moreCommands]).toEqual([30, 1]);
		expect(action?.commands[0]).toMatch(/x… \(5 characters more\)$/);
	});
});
