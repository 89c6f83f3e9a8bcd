import {describe, expect, it} from 'vitest';
import {noonMs, type StateParts} from '../helpers/fixtures.ts';
import {course, find, gib, mib, standing, times} from './healthy.ts';

const noLimit = {maxMemoryBytes: 0} as const;
const used = (bytes: number, info: StateParts['info'] = {}): StateParts => ({info: {usedMemoryBytes: bytes, maxMemoryBytes: 1000 * mib, ...info}});

describe('server.oom', () => {
	it.each([
		['at the limit', used(1000 * mib), false],
		['a byte over it', used(1000 * mib + 1), true],
		['over it by what a replica’s buffers take', used(1000 * mib + 1, {notCountedForEvictBytes: 1}), false],
		['over it, with a policy that evicts', used(1000 * mib + 1, {maxMemoryPolicy: 'allkeys-lru'}), false],
		['over it on a replica, which leaves that to its master', used(1000 * mib + 1, {role: 'replica'}), false],
		['without a limit', used(1000 * mib, noLimit), false],
		// Measured: without maxmemory the server leaves this figure as it was.
		['without a limit, though the server still says it is exceeded', used(1000 * mib, {...noLimit, currentEvictionExceededMs: 911}), false],
	])('%s: %s', (_what, parts, expected) => expect(find('server.oom', parts) !== undefined).toBe(expected));

	it.each([
		['9.999 s ago', 9999, 960, true],
		['10 s ago', 10_000, 960, false],
		['just now, with room again', 0, 949, false],
	])('a policy that finds nothing to evict: commands were refused %s: %s', (_when, agoMs, usedMib, expected) => {
		const parts = {...used(usedMib * mib, {maxMemoryPolicy: 'volatile-lru'}), snapshot: {oomRefusedAtMs: noonMs - agoMs}};
		expect(find('server.oom', parts) !== undefined).toBe(expected);
	});

	it.each([
		['it was over the limit 9 s ago', times(9, 990), 990, true, true],
		['it was over the limit 10 s ago', times(10, 990), 990, true, false],
		['it has room again', times(2, 990), 949, true, false],
		['it was not found before', times(2, 990), 990, false, false],
	])('below the limit once more: %s', (_what, since, nowMib, isStanding, expected) => {
		const history = course(
			'usedMemoryBytes',
			[1001, ...since].map(value => value * mib),
		);
		const parts = {...used(nowMib * mib), snapshot: {history}, ...(isStanding ? standing('server.oom') : {})};
		expect(find('server.oom', parts) !== undefined).toBe(expected);
	});

	it('is P0 and gives the figures', () => {
		expect(find('server.oom', used(1001 * mib, {errorStats: new Map([['OOM', 1204]])}))).toMatchObject({
			severity: 'P0',
			title: 'Out of memory: writes are refused',
			evidence: '1001M of 1000M, noeviction; 1,204 commands refused with OOM so far',
			remedies: ['config.maxmemory', 'keys.unlink', 'queue.clean', 'config.maxmemory-policy'],
		});
	});
});

describe('memory.high', () => {
	it.each([
		[799, false, false],
		[800, false, true],
		[1000, false, true],
		[1001, false, false],
		[760, true, true],
		[759, true, false],
	])('with %i of 1,000 MiB, standing %s: %s', (usedMib, isStanding, expected) => {
		expect(find('memory.high', {...used(usedMib * mib), ...(isStanding ? standing('memory.high') : {})}) !== undefined).toBe(expected);
	});

	it.each([
		[0.5, 500, true],
		[0.5, 499, false],
	])('follows its threshold: %d with %i of 1,000 MiB: %s', (memoryHighRatio, usedMib, expected) => {
		expect(find('memory.high', used(usedMib * mib), {memoryHighRatio}) !== undefined).toBe(expected);
	});

	it.each([
		['noeviction', 'P1', 'refused with OOM'],
		['volatile-lru', 'P1', 'with a time to live are evicted'],
		['allkeys-lru', 'P2', 'keys of any kind are evicted'],
	])('with %s it is %s, and says what comes next', (maxMemoryPolicy, severity, meaning) => {
		expect(find('memory.high', used(900 * mib, {maxMemoryPolicy}))).toMatchObject({
			severity,
			title: '90% of maxmemory is used',
			evidence: `900M of 1000M, ${maxMemoryPolicy}`,
			meaning: [expect.stringContaining(meaning), expect.anything()],
		});
	});

	it('does not invent a policy', () => {
		expect(find('memory.high', used(900 * mib, {maxMemoryPolicy: undefined}))?.meaning[0]).toContain('not known here');
	});

	it.each([
		[799, undefined],
		[800, '80% of the machine’s memory is taken by this server'],
	])('without a limit the machine is one: %i of 1,000 MiB', (residentMib, title) => {
		const info = {...noLimit, usedMemoryRssBytes: residentMib * mib, totalSystemMemoryBytes: 1000 * mib};
		expect(find('memory.high', used(10 * mib, info))?.title).toBe(title);
	});
});

describe('memory.growing', () => {
	/** Half of 1,000 MiB is taken at noon, after five minutes of growth. */
	const growing = (mibPerSecond: number, change: Partial<StateParts> = {}, seconds = 300): StateParts => ({
		...used(500 * mib),
		...change,
		snapshot: {
			history: course(
				'usedMemoryBytes',
				Array.from({length: seconds + 1}, (_, index) => (500 - (seconds - index) * mibPerSecond) * mib),
			),
		},
	});

	it.each([
		[500 / 3601, false, false],
		[500 / 3599, false, true],
		[500 / 7201, true, false],
		[500 / 7199, true, true],
		[0, true, false],
		[-1, true, false],
	])('500 MiB left at %d MiB a second, standing %s: %s', (mibPerSecond, isStanding, expected) => {
		expect(find('memory.growing', growing(mibPerSecond, isStanding ? standing('memory.growing') : {})) !== undefined).toBe(expected);
	});

	it.each([
		['a minute is enough', {}, 60, true],
		['less is not', {}, 59, false],
		['a server that loads', {server: {kind: 'LOADING'}}, 300, false],
		['a cache fills up, as it should', {info: {maxMemoryPolicy: 'allkeys-lfu'}}, 300, false],
		['neither a limit nor the machine’s memory is known', {info: noLimit}, 300, false],
	] as const)('%s: %s', (_what, {info, ...change}: StateParts, seconds, expected) => {
		expect(find('memory.growing', growing(1, {...used(500 * mib, info), ...change}, seconds)) !== undefined).toBe(expected);
	});

	it.each([
		[10, true],
		[20, false],
	])('is over when it has stood still: for %i s, found: %s', (seconds, expected) => {
		const values = Array.from({length: 301}, (_, index) => (200 + Math.min(index, 300 - seconds)) * mib);
		const parts = {...used(500 * mib), ...standing('memory.growing'), snapshot: {history: course('usedMemoryBytes', values)}};
		expect(find('memory.growing', parts) !== undefined).toBe(expected);
	});

	it('says that it is an estimate', () => {
		expect(find('memory.growing', growing(0.25))).toMatchObject({
			severity: 'P2',
			title: 'Memory is full in about 33 min at +15.0M/min',
			evidence: 'estimated over the last 5 min; 500M left of 1000M',
			meaning: [expect.stringContaining('an estimate'), expect.anything()],
		});
	});
});

describe('memory.fragmented', () => {
	const resident = (usedMib: number, rssMib: number): StateParts => ({info: {usedMemoryBytes: usedMib * mib, usedMemoryRssBytes: rssMib * mib}});

	it.each([
		[200, 300, false, true],
		[200, 299, false, false],
		[100, 199, false, false],
		[2, 99, false, false],
		[1000, 1200, false, false],
		[200, 285, true, false],
		[200, 295, true, true],
		[1000, 1425, true, true],
		[1000, 1424, true, false],
	])('%i MiB used and %i resident, standing %s: %s', (usedMib, rssMib, isStanding, expected) => {
		expect(find('memory.fragmented', {...resident(usedMib, rssMib), ...(isStanding ? standing('memory.fragmented') : {})}) !== undefined).toBe(expected);
	});

	it('gives the figures', () => {
		expect(find('memory.fragmented', resident(1024, 2048))).toMatchObject({
			severity: 'P2',
			title: 'The process holds 2.0 times the memory that it uses',
			evidence: '2.0G resident for 1.0G used: 1.0G more',
			remedies: ['memory.purge'],
		});
	});
});

describe('memory.evicting', () => {
	const evicting = (values: readonly number[], change: Partial<StateParts> = {}): StateParts => ({
		info: {maxMemoryPolicy: 'allkeys-lru', evictedKeys: 12_041},
		snapshot: {history: course('evictedPerSecond', values)},
		...change,
	});

	it.each([
		['one a second', times(20, 1), false, true],
		['nearly one', times(20, 0.99), false, false],
		['a burst of ten', [...times(10, 0), 10, ...times(5, 0)], false, true],
		['a burst of nine', [...times(10, 0), 9, ...times(5, 0)], false, false],
		['a burst half a minute ago', [...times(30, 0), 10, ...times(30, 0)], false, false],
		['a burst half a minute ago, once found', [...times(30, 0), 10, ...times(30, 0)], true, true],
		['hardly any in a minute, once found', [...times(30, 0), 9, ...times(30, 0)], true, false],
		['just below the line, once found', times(61, 0.96), true, true],
		['none for a minute, once found', [50, ...times(61, 0)], true, false],
	])('%s', (_what, values, isStanding, expected) => {
		expect(find('memory.evicting', evicting(values, isStanding ? standing('memory.evicting') : {})) !== undefined).toBe(expected);
	});

	it('ends with the policy: with noeviction nothing is evicted any more', () => {
		const parts = {...standing('memory.evicting'), info: {maxMemoryPolicy: 'noeviction'}};
		expect(find('memory.evicting', evicting(times(20, 5), parts))).toBeUndefined();
	});

	it.each([
		['allkeys-lru', 'P2', 'A cache is meant to run like that'],
		['volatile-ttl', 'P1', 'Keys with a time to live are deleted'],
	])('with %s it is %s', (maxMemoryPolicy, severity, meaning) => {
		expect(find('memory.evicting', evicting(times(20, 3.2), {info: {maxMemoryPolicy, evictedKeys: 12_041}}))).toMatchObject({
			severity,
			title: '4 keys a second are evicted to make room',
			evidence: `1.0G of 4.0G, ${maxMemoryPolicy}; 12,041 evicted so far`,
			meaning: [expect.stringContaining(meaning), expect.anything()],
		});
	});
});

describe('memory.no-limit', () => {
	it.each([
		[0, true],
		[1, false],
		[undefined, false],
	])('with maxmemory %s: %s', (maxMemoryBytes, expected) => expect(find('memory.no-limit', {info: {maxMemoryBytes}}) !== undefined).toBe(expected));

	it('gives the figures', () => {
		expect(find('memory.no-limit', {info: {...noLimit, totalSystemMemoryBytes: 16 * gib, usedMemoryRssBytes: gib}})).toMatchObject({
			severity: 'P2',
			evidence: 'maxmemory 0; 1.0G used, the machine has 16.0G',
			remedies: ['config.maxmemory'],
		});
	});
});
