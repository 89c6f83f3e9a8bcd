import {describe, expect, it} from 'vitest';
import {emptyHistory} from '../../../src/store/history.ts';
import type {Vitals} from '../../../src/store/vitals.ts';
import {vitalLines} from '../../../src/views/frame/vitals.ts';
import {noonMs} from '../../helpers/fixtures.ts';

describe('the last save', () => {
	const saved = (vitals: Vitals, width = 200) =>
		vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ascii: false}, width, 2)
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
	const lines = vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ascii: false}, 120, 2);
	expect(lines.map(spans => spans.some(({text}) => text === 'blocked '))).toEqual([false, true]);
});

it('a single row of 80 columns has them too', () => {
	const vitals = {opsPerSecond: 1, cpuPercent: 2, connectedClients: 3, maxClients: 100, usedMemoryBytes: 1e6, maxMemoryBytes: 0, blockedClients: 7};
	const [row] = vitalLines({vitals, history: emptyHistory, nowMs: noonMs, staleSeconds: undefined, ascii: false}, 80, 1);
	expect(row?.map(({text}) => text).join('')).toContain('blocked 7');
});
