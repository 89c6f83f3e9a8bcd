import {describe, expect, it} from 'vitest';
import {fleetHappenings} from '../../../src/store/fleet-moments.ts';
import {auditLine} from '../../helpers/audit-log.ts';
import {clusterOf, fleetNode} from '../../helpers/fleet.ts';
import {at, finding, played, type Second} from '../../helpers/played-recording.ts';
import {reportFrom, reportTarget} from '../../helpers/report.ts';

const line = (second: number, id: string, phase: 'intent' | 'outcome', more: object) =>
	auditLine(id, phase, {at: new Date(at(second)).toISOString(), target: reportTarget, ...more});
const ran = (action: string, outcome: string, detail: string, plan: readonly (readonly string[])[] = [['X']]) => [
	line(50, 'run', 'intent', {action, plan}),
	line(51, 'run', 'outcome', {action, plan, outcome, detail}),
];

describe('data loss', () => {
	const lossOf = (seconds: number, secondAt: (second: number) => Second, lines: readonly string[] = [], events = {}) =>
		reportFrom(played({seconds, at: secondAt, events}), lines).dataLoss;

	it('says that nothing says so, with what could not be seen', () => {
		const {seen, notSeen} = lossOf(60, () => ({info: {evictedKeys: 5}}));
		expect(seen).toEqual([]);
		expect(notSeen).toEqual([
			'What other clients deleted or overwrote themselves, and what was lost before 12:00:00Z',
			'What happened between two looks of the console (1s)',
		]);
	});

	it.each([
		['done', ''],
		['unknown', ' (unknown)'],
	])('tells of a shutdown without saving that was %s, with what was not saved', (outcome, sign) => {
		const unkillable = (second: number): Second => ({
			info: {changesSinceSave: 17, aofEnabled: false},
			findings: second >= 20 && second < 55 ? [finding('script.unkillable', 'P0')] : [],
		});
		expect(lossOf(60, unkillable, ran('server.shutdown-nosave', outcome, '')).seen).toEqual([
			`alice ended the server without saving at 12:00:50Z${sign}: 17 changes since the last save, when it was last asked; what the script had written was among it (it was UNKILLABLE)`,
		]);
	});

	it.each([
		[{changesSinceSave: 0, aofEnabled: false}, 'no change was unsaved when it was last asked'],
		[{changesSinceSave: 9, aofEnabled: true}, 'the append-only file was on and has what was written to it'],
		[{}, 'how many changes were not saved is not known'],
	])('of a shutdown with %j says: %s', (info, words) => {
		expect(lossOf(60, () => ({info}), ran('server.shutdown-nosave', 'done', '')).seen).toEqual([
			`alice ended the server without saving at 12:00:50Z: ${words}`,
		]);
	});

	it('tells nothing of a shutdown that failed or was refused', () => {
		expect(lossOf(60, () => ({}), ran('server.shutdown-nosave', 'failed', '')).seen).toEqual([]);
		expect(lossOf(60, () => ({}), [line(50, 'run', 'outcome', {action: 'server.shutdown-nosave', outcome: 'refused'})]).seen).toEqual([]);
	});

	it('tells of a restart with the changes before it', () => {
		const restarted = (second: number): Second => ({
			info: second < 30 ? {runId: 'a', changesSinceSave: 1, aofEnabled: false} : {runId: 'b', changesSinceSave: 0},
		});
		expect(lossOf(60, restarted).seen).toEqual([
			'The server at 10.0.0.9:6379 was started anew before 12:00:30Z: 1 change since the last save, when it was last asked',
		]);
	});

	it('tells of a failover, and of what the console said was lost', () => {
		const events = {
			30: [
				{
					kind: 'console',
					severity: undefined,
					text: 'Sentinel moved the master from 10.0.0.9:6379 to 10.0.0.8:6379: now looking at 10.0.0.8:6379',
					details: [],
				},
				{
					kind: 'server',
					severity: undefined,
					text: 'What the script on 10.0.0.9:6379 has written is lost, also where its caller is told of success',
					details: [],
				},
			],
		} as const;
		const {seen} = lossOf(60, second => ({findings: second >= 20 && second < 30 ? [finding('replication.lost-writes-risk', 'P1')] : []}), [], events);
		expect(seen).toEqual([
			'At 12:00:30Z the console said: What the script on 10.0.0.9:6379 has written is lost, also where its caller is told of success',
			'The master changed at 12:00:30Z: writes that the new one had not received are lost; how many was not seen. A script ran while the failover was near: what it wrote on the old master is lost',
		]);
	});

	it('knows a change of roles by the words that the console has for it', () => {
		const demoted = (second: number): Second => ({info: {role: second < 30 ? 'master' : 'replica'}});
		expect(lossOf(60, demoted).seen).toEqual([expect.stringMatching(/^The master changed at 12:00:30Z: writes that the new one had not received are lost/)]);
		const node = fleetNode({port: 6381, role: 'replica'});
		const told = fleetHappenings(clusterOf([node]), clusterOf([{...node, role: 'master'}]), at(40));
		expect(lossOf(60, () => ({}), [], {40: told}).seen).toEqual([expect.stringMatching(/^The master changed at 12:00:40Z/)]);
	});

	it('counts what was evicted during the incident, not before it and not over a restart', () => {
		const evicting = (second: number): Second => ({
			info: {runId: second < 45 ? 'a' : 'b', evictedKeys: second < 45 ? second * 10 : second},
			findings: second >= 20 && second < 50 ? [finding('memory.evicting', 'P1')] : [],
		});
		// 20 to 44 in the one process, 46 to 50 in the other.
		expect(lossOf(100, evicting).seen).toContain('255 keys were evicted to make room during the incident');
	});

	it.each(['keys.unlink', 'queue.clean'])('tells what %s has removed', action => {
		expect(lossOf(60, () => ({}), ran(action, 'done', '1,234 keys were deleted')).seen).toEqual([
			`alice ran ${action} on purpose at 12:00:50Z: 1,234 keys were deleted`,
		]);
		expect(lossOf(60, () => ({}), [line(50, 'a', 'intent', {action}), line(51, 'a', 'intent', {action, round: 1, detail: '200 done'})]).seen).toEqual([
			`alice ran ${action} on purpose at 12:00:50Z (outcome not known): 200 done before the last round that is in the log`,
		]);
	});

	it('says how long writes were refused, and how long nobody could see', () => {
		const kindAt = (second: number) => (second < 20 ? 'OK' : second < 30 ? 'OOM' : second < 40 ? 'SILENT' : 'OK');
		const troubled = (second: number): Second => ({server: {kind: kindAt(second), sinceMs: at(second < 30 ? 20 : 30)}});
		const {notSeen} = lossOf(60, troubled);
		expect(notSeen[0]).toMatch(/^Writes were refused while the server was OOM for 10s/);
		expect(notSeen[1]).toMatch(/^What was in flight while the server was SILENT for 10s/);
	});
});
