import {expect, it} from 'vitest';
import {MonitorSummary} from '../../../src/actions/server/monitor-summary.ts';
import type {MonitorEntry} from '../../../src/redis/parse/monitor-line.ts';

const entry = (...argv: readonly string[]): MonitorEntry => ({db: 0, address: '10.0.0.1:5000', argv});

function summaryOf(entries: readonly (MonitorEntry | undefined)[]) {
	const summary = new MonitorSummary(address => address.replace(/:\d+$/, ''));
	for (const one of entries) summary.add(one);
	return summary;
}

const times = (count: number, one: (index: number) => MonitorEntry) => Array.from({length: count}, (_, index) => one(index));

it('counts commands, shapes of keys and clients, the most frequent first', () => {
	const summary = summaryOf([
		...times(6, index => entry('GET', `session:${index}`)),
		...times(3, index => ({...entry('set', `session:${index}`, 'value'), address: '10.0.0.2:6000'})),
		{...entry('incr', 'hits'), address: undefined},
		undefined,
	]);
	expect(summary.total).toBe(10);
	expect(summary.lines(2000, 2048, 5)).toEqual([
		'10 commands in 2s: 5/s, 2.0K read; 1 of them called by scripts; 1 lines not understood',
		'command   60%         6  GET',
		'command   30%         3  SET',
		'command   10%         1  INCR',
		'key       60%         6  GET session:*',
		'key       30%         3  SET session:*',
		'key       10%         1  INCR hits',
		'client    60%         6  10.0.0.1',
		'client    30%         3  10.0.0.2',
		'client    10%         1  (called by scripts)',
	]);
});

it('shows as they were those that one wants to see, and of no other a value', () => {
	const lines = summaryOf([
		entry('KEYS', '*'),
		entry('CONFIG', 'SET', 'requirepass', '***'),
		entry('EVAL', '<script of 12 characters>', '1', 'k', '***'),
		entry('SET', 'k', 'the-value'),
		entry('ECHO', 'the-value'),
		entry('PING', 'the-value'),
	]).lines(1000, 0, 5);
	expect(lines).toContain('of note   17%         1  KEYS *');
	expect(lines).toContain('of note   17%         1  CONFIG SET requirepass ***');
	expect(lines.join('\n')).toContain('EVAL "<script of 12 characters>" 1 k ***');
	expect(lines.join('\n')).not.toContain('the-value');
});

it('is short, and small, whatever comes; for a glance meanwhile eight lines', () => {
	const kinds = times(10_000, index => ({...entry('KEYS', `${'x'.repeat(300)}${String.fromCharCode(0x4e00 + index)}`), address: `host${index}:1`}));
	const summary = summaryOf([...kinds, ...times(3000, index => entry(`C${index}`, `k${String.fromCharCode(0x4e00 + index)}`))]);
	expect(summary.lines(1000, 0, 2)).toHaveLength(8);
	const lines = summary.lines(1000, 0, 5);
	expect(lines.length).toBeLessThanOrEqual(25);
	expect(Math.max(...lines.map(line => line.length))).toBeLessThan(170);
	expect(lines).toContain('client    85%    11,000  (kinds beyond the first 2,000)');
});

it('says so when there was nothing', () => expect(summaryOf([]).lines(5000, 0, 5)).toEqual(['0 commands in 5s: 0/s, 0B read']));
