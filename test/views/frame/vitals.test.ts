import {describe, expect, it} from 'vitest';
import {appendSample, emptyHistory} from '../../../src/store/history.ts';
import type {Vitals} from '../../../src/store/vitals.ts';
import {vitalLines} from '../../../src/views/frame/vitals.ts';
import {noonMs} from '../../helpers/fixtures.ts';

describe('the last save', () => {
	const saved = (vitals: Vitals, width = 200) =>
		vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ownCost: [], ascii: false}, width, 2)
			.map(spans => spans.map(({text}) => text).join(''))
			.join('\n')
			.match(/saved (.*?) *$/m)?.[1];

	it.each<[string, Vitals, string]>([
		['tells its age', {lastSaveAtSeconds: noonMs / 1000 - 90}, '1m30s ago'],
		['tells what has changed since', {lastSaveAtSeconds: noonMs / 1000 - 90, changesSinceSave: 1204}, '1m30s ago (1.2k since)'],
		['is not the start that a server tells which has not saved', {lastSaveAtSeconds: noonMs / 1000 - 90, hasNotSaved: true}, 'not yet'],
		['is still to come, with what it will have', {lastSaveAtSeconds: noonMs / 1000 - 90, hasNotSaved: true, changesSinceSave: 7}, 'not yet (7 since)'],
		['is not known', {}, '–'],
	])('%s', (_what, vitals, text) => expect(saved(vitals)).toBe(text));

	it.each([
		['full figures', {}, '23h59m ago'],
		['a server that has not saved', {hasNotSaved: true}, 'not yet'],
	])('has its place at 120 columns, among %s', (_what, change, text) => {
		const vitals = {
			opsPerSecond: 123_456,
			cpuPercent: 100,
			connectedClients: 9999,
			maxClients: 10_000,
			blockedClients: 150,
			usedMemoryBytes: 4e9,
			maxMemoryBytes: 4.1e9,
			hitRate: 0.97,
			evictedPerSecond: 1234,
			networkInBytesPerSecond: 11.2e6,
			networkOutBytesPerSecond: 123e6,
			replicationLagSeconds: 12.3,
			lastSaveAtSeconds: noonMs / 1000 - 86_399,
			changesSinceSave: 1e6,
		};
		expect(saved({...vitals, ...change}, 120)).toBe(text);
	});
});

it.each([
	['short', 1.2e6],
	['long', 123.4e9],
])('blocked clients are told below the first row at 120 columns, however %s what is beside them', (_what, usedMemoryBytes) => {
	const vitals = {usedMemoryBytes, maxMemoryBytes: 0, blockedClients: 7};
	const lines = vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ownCost: [], ascii: false}, 120, 2);
	expect(lines.map(spans => spans.some(({text}) => text === 'blocked '))).toEqual([false, true]);
});

it('a single row of 80 columns has them too', () => {
	const vitals = {opsPerSecond: 1, cpuPercent: 2, connectedClients: 3, maxClients: 100, usedMemoryBytes: 1e6, maxMemoryBytes: 0, blockedClients: 7};
	const [row] = vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ownCost: [], ascii: false}, 80, 1);
	expect(row?.map(({text}) => text).join('')).toContain('blocked 7');
});

describe('what the console itself costs', () => {
	const full = {
		opsPerSecond: 123_456,
		cpuPercent: 100,
		connectedClients: 9999,
		maxClients: 10_000,
		blockedClients: 7,
		usedMemoryBytes: 3.9e9,
		maxMemoryBytes: 4e9,
		hitRate: 0.97,
		evictedPerSecond: 12,
		replicationLagSeconds: 12.3,
		lastSaveAtSeconds: noonMs / 1000 - 90,
	};
	const ownCost = ['cost 0.1%  0.2% at 10.0.0.3:7000', 'cost 0.1%'];
	const rows = (width: number, count: number, staleSeconds?: number) =>
		vitalLines({vitals: full, history: emptyHistory, nowMs: noonMs, staleSeconds, ownCost, ascii: false}, width, count).map(spans =>
			spans.map(({text}) => text).join(''),
		);

	it('stands at the right edge of a single row of 80 columns, and costs no figure its place', () => {
		const [row = ''] = rows(80, 1);
		expect(row).toHaveLength(80);
		expect(row).toMatch(/ops\/s 123k +mem 98% +clients 10\.0k\/10\.0k +cpu 100% +blocked 7 +cost 0\.1%$/);
	});

	it.each([80, 100, 120, 160, 200])('is told at %i columns, also beside the age of what is old', width => {
		expect(rows(width, width < 100 ? 1 : 2, 12)[0]).toMatch(/12s old .*cost 0\.1%/);
	});

	it('is told in full where there is room, also of the server that it costs most', () => {
		expect(rows(200, 2)[0]).toMatch(/cost 0\.1% {2}0\.2% at 10\.0\.0\.3:7000$/);
	});
});

it('the lag of replication has its course', () => {
	const history = [0, 1, 5].reduce((so, replicationLagSeconds, at) => appendSample(so, noonMs + at * 1000, {replicationLagSeconds}), emptyHistory);
	const lines = vitalLines({vitals: {replicationLagSeconds: 5}, history, nowMs: noonMs, staleSeconds: undefined, ownCost: [], ascii: false}, 120, 2);
	expect(lines[1]?.map(({text}) => text).join('')).toMatch(/lag 5s? *\S* +▁▂█/);
});
