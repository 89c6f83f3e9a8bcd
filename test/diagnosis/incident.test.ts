import {describe, expect, it} from 'vitest';
import {nextIncident} from '../../src/diagnosis/incident.ts';
import {defaultThresholds as thresholds} from '../../src/diagnosis/thresholds.ts';
import type {QueueStatus} from '../../src/queues/types.ts';
import type {Finding, Severity} from '../../src/store/finding.ts';
import {appendSample, emptyHistory} from '../../src/store/history.ts';
import type {Incident} from '../../src/store/incident.ts';
import {received} from '../../src/store/resource.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';
import {queueStatus} from '../helpers/queue-status.ts';

const finding = (severity: Severity): Finding => ({
	id: `a.${severity}`,
	severity,
	title: '',
	evidence: '',
	meaning: [],
	components: [],
	remedies: [],
	over: '',
});
const lines = {thresholds, queueLinesOf: () => undefined};
/** One state after the other, at so many seconds after noon. */
const course = (...states: readonly (StateParts & {readonly at?: number})[]): Incident | undefined =>
	states.reduce<Incident | undefined>((before, {at = 0, ...parts}) => nextIncident(before, stateWith({nowMs: noonMs + at * 1000, ...parts}), lines), undefined);
const bad = (at: number, more: StateParts = {}) => ({at, findings: [finding('P1')], ...more});
const good = (at: number, more: StateParts = {}) => ({at, findings: [finding('P2')], ...more});
const history = (...rates: readonly number[]) =>
	rates.reduce((sum, rate, index) => appendSample(sum, noonMs - (rates.length - index) * 1000, {opsPerSecond: rate}), emptyHistory);

describe('the time without trouble', () => {
	it.each([
		['is not known before the server has answered or failed to', [{server: {kind: 'CONNECTING'}} as const], undefined],
		['begins with the first look', [good(1)], {beganAtMs: undefined, calmSinceMs: noonMs + 1000}],
		['goes on', [good(1), good(2)], {calmSinceMs: noonMs + 1000}],
		['ends with a P1', [good(1), bad(5)], {beganAtMs: noonMs + 5000, calmSinceMs: undefined}],
		['begins anew with the last of them', [good(1), bad(5), good(9), good(10)], {beganAtMs: noonMs + 5000, calmSinceMs: noonMs + 9000}],
		[
			'begins anew when it comes back, and it is the same incident',
			[bad(5), good(9), bad(200), good(210)],
			{beganAtMs: noonMs + 5000, calmSinceMs: noonMs + 210_000},
		],
		['of five minutes makes the next one another incident', [bad(5), good(9), bad(309)], {beganAtMs: noonMs + 309_000, calmSinceMs: undefined}],
	])('%s', (_what, states, expected) => {
		const incident = course(...states);
		if (expected === undefined) expect(incident).toBeUndefined();
		else expect(incident).toMatchObject(expected);
	});

	it('is the same object while nothing changes: nothing is drawn anew for it', () => {
		const once = course(good(1));
		expect(nextIncident(once, stateWith(good(2)), lines)).toBe(once);
	});
});

describe('what was usual before it', () => {
	it.each([
		['is the median of what was seen', [100, 120, 110, 90, 500], {median: 110, seconds: 5}],
		['is not known from less than five samples', [100, 120, 110, 90], undefined],
	])('%s', (_what, rates, expected) => expect(course(good(-1), bad(0, {snapshot: {history: history(...rates)}}))?.opsBefore).toEqual(expected));

	it('is not known of an incident that was met', () => expect(course(bad(0))?.opsBefore).toBeUndefined());

	it('stays what it was while the incident lasts, however the traffic falls', () => {
		const states = [bad(0, {snapshot: {history: history(100, 100, 100, 100, 100)}}), good(5), bad(9, {snapshot: {history: history(1, 1, 1, 1, 1)}})];
		expect(course(...states)?.opsBefore?.median).toBe(100);
	});
});

describe('queues over their line', () => {
	const looked = (at: number, ...queues: readonly Partial<QueueStatus>[]) => ({
		at,
		snapshot: {
			queues: received(
				queues.map(queue => queueStatus({id: 'bull:orders', name: 'orders', ...queue})),
				noonMs + at * 1000,
			),
		},
	});
	const looks = (...states: readonly StateParts[]) => [...(course(...states)?.crowded.values() ?? [])];

	it('are remembered, and looked at as long as the incident lasts', () => {
		expect(looks(looked(0, {waiting: 999}))).toEqual([]);
		expect(looks(looked(0, {waiting: 1000}), looked(5, {waiting: 900}), looked(5, {waiting: 900}))).toEqual([
			{
				label: 'orders',
				line: 1000,
				looks: [
					{atMs: noonMs, backlog: 1000},
					{atMs: noonMs + 5000, backlog: 900},
				],
			},
		]);
	});

	it('keep the looks of the last minute', () => {
		expect(looks(looked(0, {waiting: 1500}), looked(30, {waiting: 1400}), looked(80, {waiting: 1300}))[0]?.looks.map(({backlog}) => backlog)).toEqual([
			1400, 1300,
		]);
	});

	it('have the lines of the config file', () => {
		const queueLinesOf = ({name}: {readonly name: string}) =>
			({isIgnored: name === 'noise', depthCount: 10, stuckSeconds: undefined, overdueSeconds: undefined, failingRatio: undefined}) as const;
		const state = stateWith(looked(0, {waiting: 11}, {id: 'bull:noise', name: 'noise', waiting: 5000}));
		expect([...(nextIncident(undefined, state, {thresholds, queueLinesOf})?.crowded ?? [])]).toMatchObject([['bull:orders', {line: 10}]]);
	});
});
