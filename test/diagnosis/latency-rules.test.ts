import {describe, expect, it} from 'vitest';
import type {SlowlogEntry} from '../../src/redis/parse/slowlog.ts';
import {noonMs, type StateParts, slowlogEntry} from '../helpers/fixtures.ts';
import {course, find, standing, times} from './healthy.ts';

describe('latency.high', () => {
	/** Probes every half second up to noon. */
	const probes = (ms: readonly number[], endedAgoMs = 0): StateParts => ({
		snapshot: {roundTrips: ms.map((took, index) => ({atMs: noonMs - endedAgoMs - (ms.length - 1 - index) * 500, ms: took}))},
	});

	it.each([
		['three of ten at the line', [...times(7, 1), 100, 100, 100], false, true],
		['three just below it', [...times(7, 1), 99, 99, 99], false, false],
		['two of ten', [...times(8, 1), 500, 500], false, false],
		['three, but longer ago', [500, 500, 500, ...times(10, 1)], false, false],
		['three and no more', [200, 200, 200], false, true],
		['once found, one of ten just below', [...times(9, 1), 95], true, true],
		['once found, one of ten well below', [...times(9, 1), 94], true, false],
		['none', [], true, false],
	])('%s', (_what, ms, isStanding, expected) => {
		expect(find('latency.high', {...probes(ms), ...(isStanding ? standing('latency.high') : {})}) !== undefined).toBe(expected);
	});

	it.each([
		[29_999, true],
		[30_000, false],
	])('looks at the last 30 s: probes of %i ms ago: %s', (agoMs, expected) => {
		const slow = times(3, 0).map(() => ({atMs: noonMs - agoMs, ms: 400}));
		expect(find('latency.high', {snapshot: {roundTrips: slow}}) !== undefined).toBe(expected);
	});

	it('tells a long line from a server that is slow at times, and claims neither', () => {
		const {title, evidence, meaning, severity} = find('latency.high', probes([...times(6, 2), 120, 480, 300, 2])) ?? {};
		expect([severity, title, evidence]).toEqual([
			'P1',
			'3 of the last 10 probes took 120 ms to 480 ms',
			'PING there and back: median 2.00 ms, fastest 2.00 ms',
		]);
		expect(meaning?.[1]).toContain('it is not the distance');
		expect(find('latency.high', probes(times(10, 250)))?.meaning[1]).toContain('a long or bad line, but');
	});
});

const entries = (count: number, change: (index: number) => Partial<SlowlogEntry>): readonly SlowlogEntry[] =>
	Array.from({length: count}, (_, index) => slowlogEntry({id: count - index, atMs: noonMs - 1000 - index, ...change(index)}));

describe('slowlog.burst', () => {
	it.each([
		['ten in a minute', entries(10, () => ({})), false, true],
		['nine in a minute', entries(9, () => ({})), false, false],
		['ten, one of them a minute old', entries(10, index => (index === 9 ? {atMs: noonMs - 60_000} : {})), false, false],
		['ten, one of them not slow: slowlog-log-slower-than 0', entries(10, index => (index === 9 ? {durationMicros: 999} : {})), false, false],
		['ten, one of them the console’s own', entries(10, index => (index === 9 ? {clientName: 'redis-triage:a@b:observe'} : {})), false, false],
		['five, once found', entries(5, () => ({})), true, true],
		['four, once found', entries(4, () => ({})), true, false],
	])('%s', (_what, slowlog, isStanding, expected) => {
		expect(find('slowlog.burst', {slowlog, ...(isStanding ? standing('slowlog.burst') : {})}) !== undefined).toBe(expected);
	});

	it('goes by the server’s clock', () => {
		const slowlog = entries(10, () => ({atMs: noonMs - 3_600_000}));
		expect(find('slowlog.burst', {slowlog})).toBeUndefined();
		expect(find('slowlog.burst', {slowlog, info: {clockMs: noonMs - 3_590_000}})).toBeDefined();
	});

	it('names the most frequent shape, and the share of the time', () => {
		const slowlog = entries(12, index => (index < 4 ? {shape: 'KEYS rl:*', durationMicros: 200_000} : {durationMicros: 50_000}));
		expect(find('slowlog.burst', {slowlog, settings: {'slowlog-log-slower-than': '10000'}})).toMatchObject({
			severity: 'P2',
			title: '12 slow commands in the last minute',
			evidence: 'most often HGETALL session:* (8); together 1.20 s, 2% of the time; each slower than 10.0 ms',
		});
	});
});

describe('script.slow', () => {
	const script = (change: Partial<SlowlogEntry>): SlowlogEntry =>
		slowlogEntry({isScript: true, durationMicros: 1_410_000, shape: 'EVALSHA 3f2a91c…', scriptSha: '3'.repeat(40), ...change});

	it.each([
		['100 ms', script({durationMicros: 100_000}), true],
		['just below', script({durationMicros: 99_999}), false],
		['no script', script({isScript: false}), false],
		['a little less than five minutes ago', script({atMs: noonMs - 299_999}), true],
		['five minutes ago', script({atMs: noonMs - 300_000}), false],
	])('%s: %s', (_what, entry, expected) => expect(find('script.slow', {slowlog: [entry]}) !== undefined).toBe(expected));

	it.each([
		['redis-triage:alice@bastion:observe', false],
		['redis-triage:bob@laptop:act', false],
		['my-redis-triage:x', true],
	])('does not count what a console has done: %s', (clientName, expected) => {
		expect(find('script.slow', {slowlog: [script({clientName})]}) !== undefined).toBe(expected);
	});

	it('names the slowest, whose it is and who called it', () => {
		const slowlog = [script({clientName: 'worker-7'}), script({durationMicros: 150_000})];
		expect(find('script.slow', {slowlog})).toMatchObject({
			severity: 'P2',
			title: 'A script has blocked the server for 1.41 s',
			evidence: 'EVALSHA 3f2a91c… at 11:59:00Z; from 10.0.0.1:5000 worker-7; 2 slow ones in 5 min',
		});
		expect(find('script.slow', {slowlog: [script({clientAddress: ''})]})?.evidence).toBe('EVALSHA 3f2a91c… at 11:59:00Z');
	});
});

describe('ops.drop', () => {
	const traffic = (values: readonly (number | undefined)[], change: Partial<StateParts> = {}): StateParts => ({
		snapshot: {history: course('opsPerSecond', values)},
		...change,
	});

	it.each([
		['half of it', [...times(100, 200), 100, 100, 100], false, true],
		['a little more than half', [...times(100, 200), 101, 101, 101], false, false],
		['a single low sample', [...times(100, 200), 200, 0, 200], false, false],
		['no traffic to speak of before', [...times(100, 19), 0, 0, 0], false, false],
		['just enough before', [...times(100, 20), 0, 0, 0], false, true],
		['seen for less than a minute', [...times(60, 200), 0, 0, 0], false, false],
		['seen for a minute', [...times(61, 200), 0, 0, 0], false, true],
		['peaks do not count for the median', [...times(60, 200), ...times(40, 9000), 150, 150, 150], false, false],
		['low for most of the window: that is how it is now', [...times(140, 200), ...times(160, 50)], false, false],
		['gaps are no zeros', [...times(100, 200), undefined, undefined, undefined], false, false],
		['once found, half and a little more', [...times(100, 200), 105, 105, 105], true, true],
		['once found, clearly more', [...times(100, 200), 106, 106, 106], true, false],
	])('%s', (_what, values, isStanding, expected) => {
		expect(find('ops.drop', traffic(values, isStanding ? standing('ops.drop') : {})) !== undefined).toBe(expected);
	});

	const fallen = [...times(100, 940), 180, 180, 180];
	const afterBreak = (agoMs: number, values: readonly (number | undefined)[], isStanding = false) => {
		const {snapshot} = traffic(values);
		return find('ops.drop', {snapshot: {...snapshot, breakEndedAtMs: noonMs - agoMs}, ...(isStanding ? standing('ops.drop') : {})});
	};
	const blocked = [...times(100, 940), ...times(20, 0)];

	it.each([
		['zeros of a BUSY that has just ended', 0, [...blocked, 0], false],
		['a little less than ten seconds of samples', 9999, [...blocked, ...times(11, 0)], false],
		['ten seconds of samples', 10_000, [...blocked, ...times(11, 0)], true],
		['ten seconds, in which it came back', 10_000, [...blocked, ...times(11, 900)], false],
		['ten seconds, but two samples', 10_000, [...blocked, ...times(9, undefined), 0, 0], false],
		['no break at all', 10_000_000, fallen, true],
	])('judges not before it can tell what is after a break: %s', (_what, agoMs, values, expected) => {
		expect(afterBreak(agoMs, values) !== undefined).toBe(expected);
	});

	it('stays as it was until then', () => {
		expect(afterBreak(5000, [...blocked, ...times(6, 900)], true)).toMatchObject({title: 'as it was'});
		expect(afterBreak(10_000, [...blocked, ...times(11, 900)], true)).toBeUndefined();
	});

	it('is told by server.loading while it loads', () => expect(find('ops.drop', traffic(fallen, {server: {kind: 'LOADING'}}))).toBeUndefined());

	it('gives the figures and takes no side', () => {
		expect(find('ops.drop', traffic(fallen))).toMatchObject({
			severity: 'P1',
			title: 'Traffic has fallen to 19% of what it was',
			evidence: '180/s, the median of the last 5 min is 940/s',
			meaning: [expect.stringContaining('From here the two look alike'), expect.anything()],
		});
	});
});
