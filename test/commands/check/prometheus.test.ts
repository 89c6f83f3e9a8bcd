import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {newCourse} from '../../../src/commands/check/enough.ts';
import {exposition} from '../../../src/commands/check/exposition.ts';
import {type About, metricPrefix, notForOneLook, toPrometheus} from '../../../src/commands/check/prometheus.ts';
import {type Report, toReport} from '../../../src/commands/check/report.ts';
import {judgedIds, rules} from '../../../src/diagnosis/diagnose.ts';
import type {Finding, Severity} from '../../../src/store/finding.ts';
import {received} from '../../../src/store/resource.ts';
import {figureOf, foundIn, parseExposition, seriesOf} from '../../helpers/exposition.ts';
import {client, consoleClient, noonMs, type StateParts, stateWith} from '../../helpers/fixtures.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

const ended = {phase: 'ended', keys: 10, endedAtMs: noonMs, isComplete: true, unknown: []} as const;
const docs = readFileSync(new URL('../../../docs/check.md', import.meta.url), 'utf8');

const finding = (id: string, severity: Severity, node?: string): Finding => ({
	id: node === undefined ? id : `${id}@${node}`,
	severity,
	title: 't',
	evidence: 'e',
	meaning: [],
	components: [],
	remedies: [],
	over: '',
	...(node === undefined ? {} : {node}),
});

function about(parts: StateParts): {readonly report: Report; readonly about: About} {
	const state = stateWith(parts);
	const course = {...newCourse(noonMs - 1000), firstInfoAtMs: noonMs - 1000};
	const report = toReport({state, course, endedAtMs: noonMs}, 'cache 10.0.0.9:6379');
	return {report, about: {target: state.session.target, judged: judgedIds(state), tookMs: 1234}};
}

function metricsOf(parts: StateParts = {}) {
	const made = about(parts);
	return parseExposition(toPrometheus(made.report, made.about));
}

describe('the text', () => {
	it('is right whatever names others have given, and each of them can be told from the next', () => {
		const name = fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom('a"b', 'a\\b', 'a\nb', '\\', '\u001b[31m', '', '}', '",x="', '\ud800'));
		fc.assert(
			fc.property(fc.uniqueArray(name, {maxLength: 5}), name, (names, policy) => {
				const queues = received(
					names.map(each => queueStatus({id: each, prefix: each, name: each})),
					noonMs,
				);
				const metrics = metricsOf({
					snapshot: {queues, queueSearch: ended},
					info: {maxMemoryPolicy: policy},
					session: {target: {...stateWith().session.target, name: 'x"\n'}},
				});
				expect(seriesOf(metrics, 'queue_waiting').length).toBeLessThanOrEqual(names.length);
			}),
			{numRuns: 200},
		);
		const backslash = metricsOf({snapshot: {queues: received([queueStatus({name: 'a"b\\c'})], noonMs), queueSearch: ended}});
		expect(seriesOf(backslash, 'queue_waiting')[0]?.labels.name).toBe('a"b\\c');
	});

	it('leaves out what is not known, and a series that is there already', () => {
		const value = [null, Number.NaN, Number.POSITIVE_INFINITY].map(each => ({value: each}));
		const gauge = {type: 'gauge', help: 'h'} as const;
		expect(exposition('p_', {}, [{...gauge, name: 'none', samples: value}])).toBe('');
		const twice = [
			{labels: {a: 'x', b: null, c: ''}, value: 1},
			{labels: {a: 'x'}, value: 2},
		] as const;
		expect(exposition('p_', {t: 'y'}, [{...gauge, name: 'one', samples: twice}])).toBe('# HELP p_one h\n# TYPE p_one gauge\np_one{t="y",a="x"} 2\n');
	});

	it('has the target on every series, for several files in one folder', () => {
		for (const {series} of metricsOf().values()) for (const {labels} of series) expect(labels.target).toBe('cache');
	});
});

describe('the verdict', () => {
	it.each<[readonly Finding[], number]>([
		[[], 0],
		[[finding('memory.no-limit', 'P2')], 1],
		[[finding('memory.high', 'P1')], 2],
		[[finding('server.oom', 'P0'), finding('memory.high', 'P1')], 3],
	])('%j has severity %i', (findings, severity) => {
		const metrics = metricsOf({findings});
		expect([figureOf(metrics, 'up'), figureOf(metrics, 'severity')]).toEqual([1, severity]);
		expect(foundIn(metrics).toSorted()).toEqual(findings.map(each => `${each.id} ${each.severity}`).toSorted());
	});

	it('says 0 of every finding that could have been found, in every severity, and nothing of the others', () => {
		const zeros = (parts: StateParts) => new Set(seriesOf(metricsOf(parts), 'finding').flatMap(({value, labels}) => (value === 0 ? [labels.id] : [])));
		const told = rules.map(({id}) => id).filter(id => !notForOneLook.has(id));
		expect([...zeros({})].toSorted()).toEqual(told.toSorted());
		expect(seriesOf(metricsOf({}), 'finding')).toHaveLength(3 * told.length);
		const silent = zeros({server: {kind: 'SILENT'}});
		expect(silent).toContain('server.down');
		expect(silent).not.toContain('memory.high');
		expect(zeros({server: {kind: 'NOAUTH', detail: 'NOAUTH x'}, contact: {link: 'broken'}}).size).toBe(0);
	});

	it('one look says nothing of what docs/check.md names so, and of nothing else', () => {
		const [, named = ''] = /## What one look cannot know\n\n(.*?)\n\n/s.exec(docs) ?? [];
		expect([...named.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, id]) => id).toSorted()).toEqual([...notForOneLook].toSorted());
	});

	it('names the node of a finding, and gives no 0 for other nodes', () => {
		const metrics = metricsOf({findings: [finding('memory.high', 'P1', '10.0.0.2:6379')]});
		expect(figureOf(metrics, 'finding', {id: 'memory.high', severity: 'P1', node: '10.0.0.2:6379'})).toBe(1);
		expect(seriesOf(metrics, 'finding').filter(({labels}) => labels.id === 'memory.high' && labels.node === undefined)).toEqual(
			['P0', 'P1', 'P2'].map(severity => ({labels: {target: 'cache', id: 'memory.high', severity}, value: 0})),
		);
	});

	it('has one state with 1', () => {
		const states = seriesOf(metricsOf({server: {kind: 'UNREACHABLE'}}), 'state');
		expect(states).toHaveLength(11);
		expect(states.filter(({value}) => value === 1).map(({labels}) => labels.state)).toEqual(['DOWN']);
	});

	it('could not tell: no severity, and the state all the same', () => {
		const metrics = metricsOf({server: {kind: 'WRONGPASS', detail: 'WRONGPASS x'}, contact: {link: 'broken'}});
		expect(figureOf(metrics, 'up')).toBe(0);
		expect(figureOf(metrics, 'severity')).toBeUndefined();
		expect(figureOf(metrics, 'state', {state: 'NOAUTH'})).toBe(1);
		expect(figureOf(metrics, 'unavailable', {command: 'HELLO'})).toBe(1);
	});
});

describe('the figures', () => {
	const all = () =>
		metricsOf({
			clients: [consoleClient(), client()],
			info: {
				uptimeSeconds: 9,
				rejectedConnections: 4,
				evictedKeys: 5,
				lastSaveAtSeconds: 1_735_732_800,
				lastSaveOk: false,
				aofEnabled: false,
				connectedReplicas: 1,
			},
			permissions: {'CONFIG SET': false},
			snapshot: {
				queues: received(
					[queueStatus({nextJobAgeMs: 1500, workers: undefined, paused: true}), queueStatus({id: 'bull:x', name: 'x', version: undefined})],
					noonMs,
				),
				queueSearch: ended,
				vitals: {cpuPercent: 0.34, hitRate: 0.5, opsPerSecond: 2, networkInBytesPerSecond: 10},
			},
		});

	it('are in base units', () => {
		const metrics = all();
		expect(figureOf(metrics, 'info', {address: '10.0.0.9:6379', product: 'Redis', version: '7.0.15', role: 'master'})).toBe(1);
		const values = ['uptime_seconds', 'cpu_ratio', 'hit_ratio', 'clients_rejected_total', 'evicted_keys_total', 'last_save_ok', 'aof_enabled', 'queues'];
		expect(values.map(name => figureOf(metrics, name))).toEqual([9, 0.0034, 0.5, 4, 5, 0, 0, 2]);
		expect(figureOf(metrics, 'last_save_timestamp_seconds')).toBe(1_735_732_800);
		expect(figureOf(metrics, 'queue_next_job_age_seconds', {system: 'bullmq', name: 'orders'})).toBe(1.5);
		expect(figureOf(metrics, 'queue_paused', {name: 'orders'})).toBe(1);
		expect(figureOf(metrics, 'clients', {kind: 'console'})).toBe(1);
		expect(figureOf(metrics, 'memory_policy_info', {policy: 'noeviction'})).toBe(1);
		expect(figureOf(metrics, 'access_may_not_act', {command: 'CONFIG SET'})).toBe(1);
		expect(figureOf(metrics, 'check_duration_seconds')).toBe(1.234);
		expect(figureOf(metrics, 'check_timestamp_seconds')).toBe(noonMs / 1000);
	});

	it('that are not known are absent', () => {
		const metrics = all();
		expect(figureOf(metrics, 'queue_workers', {name: 'orders'})).toBeUndefined();
		expect(figureOf(metrics, 'queue_info', {name: 'x'})).toBeUndefined();
		expect(figureOf(metrics, 'replication_link_up')).toBeUndefined();
		expect(figureOf(metricsOf({snapshot: {queueSearch: {...ended, isComplete: false}}}), 'queues')).toBeUndefined();
	});

	it('are all of those of --json, each once', () => {
		const numbers = (value: unknown, path = ''): readonly string[] => {
			if (typeof value === 'number' || typeof value === 'boolean') return [path];
			return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => numbers(item, `${path}.${key}`)) : [];
		};
		const {report} = about({
			clients: [client()],
			info: {uptimeSeconds: 9, blockedClients: 3},
			snapshot: {queues: received([queueStatus()], noonMs), queueSearch: ended},
		});
		const changed = (path: string): Report => {
			const copy = structuredClone(report) as unknown;
			const keys = path.slice(1).split('.');
			const last = keys.pop() ?? '';
			const parent = keys.reduce<unknown>((object, key) => (object as Record<string, unknown>)[key], copy) as Record<string, unknown>;
			parent[last] = typeof parent[last] === 'boolean' ? !parent[last] : 4711;
			return copy as Report;
		};
		const state = stateWith();
		const print = (made: Report) => toPrometheus(made, {target: state.session.target, judged: [], tookMs: 1});
		const before = print(report);
		const twins = ['.schema', '.vitals.connectedClients', '.vitals.maxClients', '.vitals.blockedClients', '.vitals.usedMemoryBytes', '.vitals.maxMemoryBytes'];
		const untold = numbers(report).filter(path => print(changed(path)) === before);
		expect(untold.filter(path => !path.startsWith('.clients.largestGroups'))).toEqual(twins);
	});
});

it('docs/check.md names every metric, and no other', () => {
	const [, section = ''] = /\n## Prometheus\n(.*?)(\n## |$)/s.exec(docs) ?? [];
	const named = new Set([...section.matchAll(/redis_triage_[a-z_]+/g)].map(([name]) => name));
	const metrics = parseExposition(section.match(/```text\n(.*?)```/s)?.[1] ?? '');
	for (const name of metrics.keys()) expect(named).toContain(name);
	const unknown = [...named].filter(name => !everyMetric().has(name));
	expect(unknown).toEqual([]);
	expect([...everyMetric()].filter(name => !named.has(name))).toEqual([]);
});

/** The names of all there are, from a report in which everything is known. */
function everyMetric(): ReadonlySet<string> {
	const {report, about: rest} = about({clients: [client()], findings: [finding('memory.high', 'P1')]});
	const known = (section: object): object => Object.fromEntries(Object.entries(section).map(([key, value]) => [key, value ?? 1]));
	const whole = {
		...report,
		...Object.fromEntries((['vitals', 'server', 'persistence', 'replication'] as const).map(name => [name, known(report[name])])),
		persistence: {...known(report.persistence), lastSaveAt: '2025-01-01T12:00:00.000Z'},
		clients: {...known(report.clients), byKind: report.clients.byKind},
		memory: known(report.memory),
		queues: [known({...queueStatus(), version: '5'})],
		access: {mayNotRun: [{command: 'SCAN', reason: '', hides: ''}], mayNotAct: ['CONFIG SET'], grants: []},
		unavailable: [{command: 'SCAN', reason: '', isNatural: false}],
	} as unknown as Report;
	return new Set([...parseExposition(toPrometheus(whole, rest)).keys()].map(name => (name.startsWith(metricPrefix) ? name : '')));
}
