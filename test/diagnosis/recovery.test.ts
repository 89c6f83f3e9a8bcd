import {describe, expect, it} from 'vitest';
import {recoveryItems} from '../../src/diagnosis/recovery.ts';
import {defaultThresholds as thresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding, Severity} from '../../src/store/finding.ts';
import {appendSample, emptyHistory} from '../../src/store/history.ts';
import type {Incident} from '../../src/store/incident.ts';
import type {HttpCheck} from '../../src/store/recovery.ts';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';

/** The line about one thing: its sign, and what it says. */
function item(label: RegExp, parts: StateParts): string {
	const found = recoveryItems(stateWith(parts), thresholds).find(each => label.test(each.label));
	const sign = found?.ok === undefined ? '?' : found.ok ? 'yes' : 'no';
	return `${sign} ${found?.detail}`;
}

const finding = (id: string, severity: Severity): Finding => ({id, severity, title: '', evidence: '', meaning: [], components: [], remedies: [], over: ''});
const incident = (change: Partial<Incident> = {}): Incident => ({
	beganAtMs: noonMs - 400_000,
	opsBefore: {median: 200, seconds: 300},
	calmSinceMs: noonMs - 301_000,
	crowded: new Map(),
	...change,
});
const history = (...rates: readonly (number | undefined)[]) =>
	rates.reduce((sum, opsPerSecond, index) => appendSample(sum, noonMs - (rates.length - 1 - index) * 1000, {opsPerSecond}), emptyHistory);

it('has a line for each sign, and one for each check of the config file', () => {
	const checks: readonly HttpCheck[] = [{name: 'shop', expected: 200, last: undefined}];
	expect(recoveryItems(stateWith({recovery: {items: [], checks}}), thresholds).map(({label}) => label)).toEqual([
		'PING is answered',
		'the server takes commands',
		'traffic is back',
		'queues drain',
		'no P0 or P1 for 5 minutes',
		'no action is under way',
		'shop answers 200',
	]);
});

describe('PING', () => {
	it.each<[string, StateParts]>([
		['yes now, in less than 1 ms', {snapshot: {roundTrips: [{atMs: noonMs, ms: 0}]}}],
		['yes now, in 1.20 ms', {snapshot: {roundTrips: [{atMs: noonMs, ms: 1.2}]}}],
		['yes since 11:58:00Z, for 2m00s', {snapshot: {breakEndedAtMs: noonMs - 120_000}}],
		['no SILENT for 4s', {server: {kind: 'SILENT', sinceMs: noonMs - 4000}}],
		['no BUSY for 1m00s', {server: {kind: 'BUSY'}}],
		['no LOADING for 1m00s', {server: {kind: 'LOADING'}}],
		['? not known yet', {server: {kind: 'CONNECTING'}}],
	])('%s', (expected, parts) => expect(item(/PING/, parts)).toBe(expected));
});

describe('the state', () => {
	it.each<[string, StateParts]>([
		['yes OK for 1m00s', {}],
		['yes READONLY for 1m00s: a replica', {server: {kind: 'READONLY', detail: 'a replica'}}],
		['no OOM for 1m00s: writes are refused', {server: {kind: 'OOM', detail: 'writes are refused'}}],
		['? not known yet', {server: {kind: 'CONNECTING'}}],
	])('%s', (expected, parts) => expect(item(/takes commands/, parts)).toBe(expected));
});

describe('traffic', () => {
	const now = (rate: number) => ({snapshot: {history: history(rate, rate, rate)}});
	it.each<[string, StateParts]>([
		['yes 150/s now; 200/s in the 5m00s before it, 75% of it', {...now(150), incident: incident()}],
		['yes 100/s now; 200/s in the 5m00s before it, 50% of it', {...now(100), incident: incident()}],
		['no 99/s now; 200/s in the 5m00s before it, 50% of it, 50% is wanted', {...now(99), incident: incident()}],
		['yes 0/s now; 0/s in the 20s before it', {...now(0), incident: incident({opsBefore: {median: 0, seconds: 20}})}],
		['? 150/s now; what is usual is not known: it had begun before this console looked', {...now(150), incident: incident({opsBefore: undefined})}],
		['yes 150/s now; there was no P0 and no P1', {...now(150), incident: incident({beganAtMs: undefined})}],
		['? too early to tell', {snapshot: {history: history(150, 150)}, incident: incident()}],
		['? too early to tell', {snapshot: {history: history(150, undefined, 150), breakEndedAtMs: undefined}, incident: incident()}],
		// What was counted before the server answered again is not the present.
		['? too early to tell', {snapshot: {history: history(0, 0, 0, 150, 150), breakEndedAtMs: noonMs - 1500}, incident: incident()}],
		['? nothing is counted while the server is BUSY', {...now(150), server: {kind: 'BUSY'}, incident: incident()}],
	])('%s', (expected, parts) => expect(item(/traffic/, parts)).toBe(expected));
});

describe('queues', () => {
	const crowded = (...looks: readonly number[]): Incident =>
		incident({
			crowded: new Map([
				['bull:orders', {label: 'orders', line: 1000, looks: looks.map((backlog, index) => ({atMs: noonMs - (looks.length - 1 - index) * 5000, backlog}))}],
			]),
		});
	const waiting = (count: number | undefined) => ({snapshot: {queues: received([queueStatus({id: 'bull:orders', name: 'orders', waiting: count})], noonMs)}});
	it.each<[string, StateParts]>([
		['? the queues have not been read yet', {}],
		['yes no queue has had more waiting than its line (1 queue)', {...waiting(5), incident: incident()}],
		['? orders: 1,500 waiting, seen once so far', {...waiting(1500), incident: crowded(1500)}],
		['yes orders: 1,500 waiting, falling: 1,800 10s before', {...waiting(1500), incident: crowded(1800, 1900, 1500)}],
		['no orders: 1,800 waiting, not falling: 1,500 10s before', {...waiting(1800), incident: crowded(1500, 1900, 1800)}],
		['no orders: 1,800 waiting, not falling: 1,800 5s before', {...waiting(1800), incident: crowded(1800, 1800)}],
		['yes orders: 999 waiting, below its line of 1,000', {...waiting(999), incident: crowded(1500, 999)}],
		['? orders: not known how many wait', {...waiting(undefined), incident: crowded(1500)}],
		['yes orders: gone', {snapshot: {queues: received([], noonMs)}, incident: crowded(1500)}],
		['? nobody can look while the server is SILENT', {...waiting(999), incident: crowded(1500), server: {kind: 'SILENT'}}],
	])('%s', (expected, parts) => expect(item(/queues/, parts)).toBe(expected));

	it('names the worst of many, and how many more', () => {
		const ids = ['a', 'b', 'c', 'd', 'e'];
		const looks = (first: number, last: number) => [
			{atMs: noonMs - 5000, backlog: first},
			{atMs: noonMs, backlog: last},
		];
		const many = incident({crowded: new Map(ids.map((id, index) => [id, {label: id, line: 1000, looks: looks(3000, id === 'd' ? 4000 : 2000 + index)}]))});
		const queues = received(
			ids.map((id, index) => queueStatus({id, name: id, waiting: id === 'd' ? 4000 : 2000 + index})),
			noonMs,
		);
		expect(item(/queues/, {snapshot: {queues}, incident: many})).toMatch(/^no d: 4,000 waiting, not falling: .*; e: 2,004 .*; c: 2,002 .*; \+2 more$/);
	});
});

describe('the time without P0 and P1', () => {
	it.each<[string, StateParts]>([
		['yes none for 5m01s', {incident: incident()}],
		['yes none for 5m00s', {incident: incident({calmSinceMs: noonMs - 300_000}), findings: [finding('memory.no-limit', 'P2')]}],
		['? none for 2m10s, 2m50s to go', {incident: incident({calmSinceMs: noonMs - 130_000})}],
		['no P0 script.busy and 1 more', {incident: incident({calmSinceMs: undefined}), findings: [finding('script.busy', 'P0'), finding('ops.drop', 'P1')]}],
		['no P1 ops.drop', {findings: [finding('ops.drop', 'P1')]}],
		['? not known yet', {}],
	])('%s', (expected, parts) => expect(item(/P0 or P1/, parts)).toBe(expected));
});

describe('actions', () => {
	const sent = {
		id: 1,
		atMs: noonMs,
		kind: 'action',
		severity: undefined,
		text: 'client.kill sent by alice: CLIENT KILL ID 7',
		details: [],
		subject: 'run-1',
	} as const;
	it.each<[string, StateParts]>([
		['yes none', {}],
		['no client.kill sent by alice: CLIENT KILL ID 7', {timeline: [sent]}],
		['yes none', {timeline: [sent, {...sent, id: 2, outcome: 'done'}]}],
		['no client.kill sent by alice: CLIENT KILL ID 7', {timeline: [sent, {...sent, id: 2, subject: 'run-2', outcome: 'unknown'}]}],
	])('%s', (expected, parts) => expect(item(/under way/, parts)).toBe(expected));
});

describe('a check', () => {
	const checked = (last: HttpCheck['last']): StateParts => ({recovery: {items: [], checks: [{name: 'shop', expected: 200, last}]}});
	const last = {atMs: noonMs - 3000, tookMs: 34, status: undefined, error: undefined};
	it.each<[string, HttpCheck['last']]>([
		['? being asked', undefined],
		['yes 200 in 34 ms, 3s ago', {...last, status: 200}],
		['no 503, not 200, in 34 ms, 3s ago', {...last, status: 503}],
		['no connection refused, 3s ago', {...last, error: 'connection refused'}],
	])('%s', (expected, answer) => expect(item(/shop/, checked(answer))).toBe(expected));
});
