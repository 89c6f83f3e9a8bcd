import {describe, expect, it} from 'vitest';
import {reportMarkdown} from '../../../src/incident/report/markdown.ts';
import {reportOf} from '../../../src/incident/report/report.ts';
import type {ReportSource} from '../../../src/incident/report/source.ts';
import {writeReport} from '../../../src/incident/report/write-report.ts';
import {received, refused} from '../../../src/store/resource.ts';
import {emptySnapshot} from '../../../src/store/snapshot.ts';
import {auditLine, writeLog} from '../../helpers/audit-log.ts';
import {noonMs} from '../../helpers/fixtures.ts';
import {outageLog, outageRecording} from '../../helpers/outage-recording.ts';
import {at, finding, played, type Second} from '../../helpers/played-recording.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {auditOf, observed, reportFrom, reportTarget} from '../../helpers/report.ts';

const line = (second: number, id: string, phase: 'intent' | 'outcome', more: object) =>
	auditLine(id, phase, {at: new Date(at(second)).toISOString(), target: reportTarget, ...more});
const ran = (action: string, outcome: string, detail: string, plan: readonly (readonly string[])[] = [['X']]) => [
	line(50, 'run', 'intent', {action, plan}),
	line(51, 'run', 'outcome', {action, plan, outcome, detail}),
];

describe('gaps', () => {
	const gapsOf = (secondAt: (second: number) => Second | undefined, change: Partial<ReportSource> = {}, seconds = 100) =>
		reportFrom(played({seconds, at: secondAt, change}), []).gaps;

	it('are none where everything was seen', () => {
		expect(gapsOf(() => ({}))).toEqual([]);
	});

	it.each<[string, (second: number) => Second | undefined, Partial<ReportSource>, RegExp]>([
		['an incident that stood at the first look', () => ({findings: [finding('a', 'P0')]}), {}, /^It may have begun before 12:00:00Z/],
		[
			'damage',
			() => ({}),
			{damage: {atByte: 10, ofBytes: 2058, afterMs: at(90), reason: 'a sum is wrong'}},
			/^The recording is damaged at byte 10 of 2058 \(2.0K unread\): a sum is wrong. What came after 12:01:30Z/,
		],
		['a cut end', () => ({}), {isCut: true}, /ends in the middle of a moment, after 12:01:40Z/],
		['redaction', () => ({}), {isRedacted: true}, /was redacted/],
		[
			'silence',
			second => ({server: second < 20 || second > 29 ? {} : {kind: 'SILENT', sinceMs: at(19)}}),
			{},
			/^No figures while .*: SILENT from 12:00:19Z to 12:00:30Z \(11s\)$/,
		],
		['a pause', second => (second > 20 && second < 60 ? undefined : {}), {}, /^Nothing was recorded from 12:00:20Z to 12:01:00Z \(40s\)$/],
		[
			'a refused command',
			() => ({snapshot: {slowlog: refused(emptySnapshot(noonMs).slowlog, 'SLOWLOG', 'NOPERM no permission')}}),
			{},
			/^The console was refused SLOWLOG, .*: NOPERM no permission$/,
		],
		[
			'another server',
			second => (second < 50 ? {findings: [finding('a', 'P1')]} : {session: {target: {name: 'b', address: 'b:1', environment: undefined, db: 0}}}),
			{},
			/^From 12:00:50Z on the console looked at b:1 instead of 10.0.0.9:6379; what became of a there was not seen$/,
		],
	])('tell of %s', (_what, secondAt, change, expected) => {
		expect(gapsOf(secondAt, change)).toContainEqual(expect.stringMatching(expected));
	});

	it('do not call fifteen seconds without a frame a pause', () => {
		expect(gapsOf(second => (second > 20 && second < 35 ? undefined : {}))).toEqual([]);
	});

	it('tell of the audit log', () => {
		const source = played({seconds: 10, at: () => ({})});
		const audit = auditOf(source, ['{"cut', line(5, 'a', 'intent', {})]);
		expect(reportFrom(source, ['{"cut']).gaps).toEqual([
			'1 line of the audit log (audit.jsonl) could not be read: what was done may be more than is told here',
		]);
		expect(audit.runs).toHaveLength(1);
	});
});

describe('impact', () => {
	const components = [
		{name: 'Orders', keys: ['bull:orders:*'], impact: 'no confirmation', isClearable: false},
		{name: 'Mails', keys: ['bull:mails*'], impact: undefined, isClearable: false},
	];
	const impactOf = (findings: (second: number) => Second['findings']) =>
		reportFrom(
			played({
				seconds: 60,
				at: second => ({
					session: {components},
					findings: findings(second) ?? [],
					snapshot: {queues: received([queueStatus({id: 'bull:orders'}), queueStatus({id: 'bull:mails'})], at(second))},
				}),
			}),
		).impact;

	it('of a queue is on the component whose keys it is in', () => {
		const {components: touched, affected} = impactOf(second => (second >= 20 && second < 50 ? [finding('queue.stuck', 'P1', {components: ['mails']})] : []));
		expect(touched).toEqual([
			{
				name: 'Mails',
				impact: null,
				severity: 'P1',
				from: new Date(at(20)).toISOString(),
				to: new Date(at(50)).toISOString(),
				seconds: 30,
				findings: [{id: 'queue.stuck', severity: 'P1', seconds: 30}],
			},
		]);
		expect(affected).toEqual(['mails']);
	});

	it('of the whole server is on all of them, counted once where findings overlap', () => {
		const {components: touched} = impactOf(second => [
			...(second >= 20 && second < 40 ? [finding('server.silent', 'P0')] : []),
			...(second >= 30 && second < 50 ? [finding('clients.maxed', 'P0')] : []),
		]);
		expect(touched.map(({name, seconds}) => [name, seconds])).toEqual([
			['Orders', 30],
			['Mails', 30],
		]);
	});

	it('of what is only at risk is none', () => {
		expect(impactOf(() => [finding('ha.none', 'P2')])).toEqual({components: [], configured: 2, affected: []});
	});
});

describe('the timeline', () => {
	it('has the actions of every console with operator and outcome, each once', () => {
		const own = {kind: 'action', severity: undefined, text: 'script.kill sent by alice: SCRIPT KILL', details: [], subject: 'run'} as const;
		const kept = {kind: 'action', severity: undefined, text: 'slowlog before its reset', details: ['GET a']} as const;
		const source = played({seconds: 60, at: () => ({}), events: {50: [own, {...own, text: 'script.kill done: gone', outcome: 'done'}, kept]}});
		const actions = reportFrom(source, [
			...ran('script.kill', 'done', 'gone'),
			line(40, 'other', 'intent', {action: 'memory.purge', operator: 'bob'}),
		]).timeline.filter(({kind}) => kind === 'action');
		expect(actions.map(({text, who, detail}) => [text, who, detail])).toEqual([
			['memory.purge: outcome not known', 'bob', null],
			['slowlog before its reset', null, null],
			['script.kill: done (1.00 s after it was sent)', 'alice', 'gone'],
		]);
		// Without the log the console's own account stands.
		expect(reportFrom(source).timeline.filter(({kind}) => kind === 'action')).toHaveLength(3);
	});

	it('tells what comes and goes all the time once, with the last time', () => {
		const flapping = played({seconds: 200, at: second => ({findings: second % 30 >= 15 ? [finding('a', 'P1')] : []})});
		const rows = reportFrom(flapping).timeline.filter(({kind}) => kind === 'found' || kind === 'over');
		expect(rows.map(({kind, at: when, times, lastAt}) => [kind, when.slice(14, 19), times, lastAt?.slice(14, 19)])).toEqual([
			['found', '00:15', 7, '03:15'],
			['over', '00:30', 6, '03:00'],
			['over', '03:00', 1, undefined],
			['found', '03:15', 1, undefined],
		]);
	});

	it('leaves out what weighs little where it would be too long, and says how much', () => {
		const many = Array.from({length: 301}, (_, index) => ({kind: 'link', severity: undefined, text: `link ${index}`, details: []}) as const);
		const {timeline, timelineLeftOut} = reportFrom(played({seconds: 10, at: () => ({}), events: {5: many}}));
		expect([timeline.length, timelineLeftOut]).toEqual([1, 301]);
	});
});

describe('follow-ups', () => {
	it('are what stands, what nobody knows the outcome of, what was changed, what is at risk, and what was noted', () => {
		const {followUps} = reportFrom(outageRecording(), outageLog);
		expect(followUps.map(({kind, text}) => [kind, text])).toEqual([
			['outcome', 'memory.purge by alice at 12:08:40Z: outcome not known'],
			['risk', 'P2 ha.none: No replica: if this server is lost, nobody takes over'],
			['noted', 'queue mails was paused at 12:04:00Z by bob'],
		]);
		expect(followUps[1]?.how).toEqual(['Add a replica']);
		const undone = reportFrom(outageRecording(), outageLog.slice(0, -3)).followUps;
		expect(undone).toContainEqual({
			kind: 'change',
			text: 'script.raise-limit was changed at 12:06:41Z by alice and is not taken back',
			how: ['back to busy-reply-threshold 5000'],
		});
		const putBack = played({seconds: 600, at: () => ({settings: {'busy-reply-threshold': '5000'}})});
		expect(reportFrom(putBack, outageLog.slice(0, -3)).followUps.filter(({kind}) => kind === 'change')).toEqual([]);
		const setOtherwise = played({seconds: 600, at: () => ({settings: {'busy-reply-threshold': '60000'}})});
		expect(reportFrom(setOtherwise, outageLog.slice(0, -3)).followUps).toContainEqual(expect.objectContaining({kind: 'change'}));
		const standing = reportFrom(played({seconds: 60, at: second => ({findings: second < 30 ? [] : [finding('a', 'P0')]})})).followUps;
		expect(standing).toEqual([{kind: 'stands', text: 'P0 a stands: title of a', how: []}]);
	});
});

describe('without an audit log', () => {
	const action = (text: string, change = {}) => ({kind: 'action', severity: undefined, text, details: [], subject: 'run', ...change}) as const;
	const source = played({
		seconds: 60,
		at: () => ({}),
		events: {
			1: [action('client.kill by eve at 03:00:00Z has no outcome in the audit log: it may have run', {subject: 'old', outcome: 'unknown'})],
			10: [action('keys.unlink sent by alice from 10.0.0.1: SCAN 0')],
			12: [action('keys.unlink unknown: the reply was lost', {outcome: 'unknown', details: ['by alice from 10.0.0.1']})],
			20: [action('memory.purge refused: not now', {subject: 'other', outcome: 'refused', details: ['by bob']})],
		},
	});
	const none = {runs: [], standing: [], unreadable: 0, file: undefined, problem: 'There is none'};
	const report = reportOf({observed: observed(source), audit: none, program: 'x'});

	it('the console itself tells what it has done', () => {
		expect(report.summary[1]).toBe('alice from 10.0.0.1 ran 1 action: keys.unlink (unknown); 1 more was refused or left without sending anything.');
		expect(report.dataLoss.seen).toEqual(['alice from 10.0.0.1 ran keys.unlink on purpose at 12:00:10Z (unknown): the reply was lost']);
		expect(report.followUps.map(({text}) => text)).toEqual([
			'keys.unlink by alice from 10.0.0.1 at 12:00:10Z: unknown',
			'client.kill by eve at 03:00:00Z has no outcome in the audit log: it may have run',
		]);
		expect([report.actions, report.auditLog]).toEqual([[], null]);
		expect(report.gaps).toContain('There is none');
	});

	it('does not say that nothing was done', () => {
		expect(reportOf({observed: observed(played({seconds: 10, at: () => ({})})), audit: none, program: 'x'}).summary[1]).toBe(
			'The console that recorded has sent nothing; without the audit log no other one is known of.',
		);
	});

	it('is a redacted recording: the log would tell what the recording does not', async () => {
		const log = writeLog(`${line(10, 'run', 'intent', {plan: [['UNLINK', 'user:1']]})}\n`);
		const written = async (isRedacted: boolean) => writeReport({...source, isRedacted}, {auditFiles: [log], program: 'x'});
		expect(await written(false)).toContain('user:1');
		expect(await written(true)).not.toContain('user:1');
		expect(await written(true)).toContain('- The audit log is left out, as it is not redacted');
	});
});

describe('recovery', () => {
	const items = [
		{label: 'PING is answered', ok: true, detail: 'now'},
		{label: 'traffic is back', ok: undefined, detail: 'too early to tell'},
	];

	it('is the list as it was noted', () => {
		expect(reportFrom(outageRecording()).recovery).toMatchObject([
			{by: 'alice', items: [{ok: true}, {ok: true}, {ok: true}, {ok: false, text: 'shop answers 200: 503, not 200, in 41 ms, 2s ago'}]},
		]);
	});

	it('is that of the last frame where nobody noted it, and nothing where nobody asked', () => {
		expect(reportFrom(played({seconds: 10, at: () => ({recovery: {items, checks: []}})})).recovery).toMatchObject([
			{by: null, summary: '1 of 2 verified', items: [{ok: true}, {ok: null, text: 'traffic is back: too early to tell'}]},
		]);
		expect(reportFrom(played({seconds: 10, at: () => ({})})).recovery).toEqual([]);
	});

	it('says as of when it was judged, where nobody has looked at it since', () => {
		const judged = (second: number) => [{label: 'PING is answered', ok: true, detail: `for ${Math.min(second, 43)}s`}];
		const report = reportFrom(played({seconds: 300, at: second => (second < 30 ? {} : {recovery: {items: judged(second), checks: []}})}));
		expect(report.recovery).toMatchObject([{at: new Date(at(43)).toISOString(), by: null}]);
		expect(reportMarkdown(report)).toContain('As it stood at 12:00:43Z, noted by nobody: 1 of 1 verified.');
	});
});

describe('the summary', () => {
	const summary = (secondAt: (second: number) => Second, lines: readonly string[] = [], seconds = 100) =>
		reportFrom(played({seconds, at: secondAt}), lines).summary;

	it('is three sentences, also without an incident', () => {
		expect(summary(() => ({findings: [finding('ha.none', 'P2')]}))).toEqual([
			'From 12:00:00Z to 12:01:40Z no P0 or P1 was seen, and 1 finding of P2 (at risk).',
			'Nothing was done to the server by way of this program.',
			'So the record of 1m40s has no incident in it.',
		]);
	});

	it('says what still stands at the end', () => {
		expect(summary(second => ({findings: second < 50 ? [] : [finding('a', 'P0', {title: 'It is gone. Really!'})]}))).toEqual([
			'From 12:00:50Z on the console found P0 a (It is gone; Really).',
			'Nothing was done to the server by way of this program.',
			'It had not ended at the end of the recording, 12:01:40Z, 50s after the start: P0 a stood then.',
		]);
	});

	it('says that it is too early to call it over', () => {
		expect(summary(second => ({findings: second < 50 || second > 60 ? [] : [finding('a', 'P1')]}))[2]).toBe(
			'The last P0 or P1 was over at 12:01:01Z, 11s after the start; none came back in the 39s until the end of the recording, which is too short to call it over.',
		);
	});
});
