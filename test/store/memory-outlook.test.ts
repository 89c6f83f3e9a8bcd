import {describe, expect, it} from 'vitest';
import {emptyHistory, historyOf, listsOf} from '../../src/store/history.ts';
import {memoryRoom, memoryTrend, trendWords} from '../../src/store/memory-outlook.ts';
import {noonMs, serverInfo, stateWith} from '../helpers/fixtures.ts';
import {fullInfo} from '../views/memory/memory-fixtures.ts';

const mebi = 1024 ** 2;

describe('the room', () => {
	it.each([
		[
			'maxmemory, without what is not held against it',
			{usedMemoryBytes: 900, maxMemoryBytes: 1000, notCountedForEvictBytes: 100},
			{usedBytes: 800, limitBytes: 1000, limit: 'maxmemory'},
		],
		[
			'the machine, without maxmemory',
			{usedMemoryBytes: 900, maxMemoryBytes: 0, usedMemoryRssBytes: 950, totalSystemMemoryBytes: 8000},
			{usedBytes: 950, limitBytes: 8000, limit: 'machine'},
		],
		['not known without either', {usedMemoryBytes: 900, maxMemoryBytes: 0}, undefined],
		['not known where the server does not say', {usedMemoryBytes: 900, maxMemoryBytes: undefined}, undefined],
	] as const)('is %s', (_what, info, room) => {
		expect(memoryRoom(serverInfo(info))).toEqual(room);
	});
});

describe('the trend', () => {
	const trendOf = (bytes: readonly (number | undefined)[], everyMs = 1000) =>
		memoryTrend(
			stateWith({
				info: fullInfo,
				snapshot: {
					history: historyOf({
						atMs: bytes.map((_, index) => noonMs - (bytes.length - 1 - index) * everyMs),
						vitals: {...listsOf(emptyHistory).vitals, usedMemoryBytes: bytes},
					}),
				},
			}).snapshot,
			noonMs,
		);
	const line = (count: number, read: (index: number) => number | undefined) => Array.from({length: count}, (_, index) => read(index));

	it('is a steady growth with the time until full', () => {
		const trend = trendOf(line(121, index => 3686 * mebi - (120 - index) * mebi));
		expect(trend?.bytesPerSecond).toBeCloseTo(mebi, 0);
		expect(trend?.overSeconds).toBe(120);
		expect(trend?.fullInSeconds).toBeCloseTo(410, 0);
	});

	it.each([
		['before there is a minute', line(59, () => mebi)],
		['of too few samples', line(200, index => (index % 30 === 0 ? mebi : undefined))],
		['of nothing', []],
	])('is not known %s', (_what, bytes) => {
		expect(trendOf(bytes)).toBeUndefined();
	});

	it.each([
		['a level', (_index: number) => 3000 * mebi],
		['a saw that comes back', (index: number) => 3000 * mebi + (index % 10) * mebi],
		['a single peak', (index: number) => (index === 100 ? 3600 : 3000) * mebi],
		['a step that is over', (index: number) => (index < 60 ? 2000 : 3000) * mebi],
		['a crawl', (index: number) => 3000 * mebi + index * 1000],
	])('is none for %s', (_what, read) => {
		expect(trendOf(line(240, read))).toMatchObject({bytesPerSecond: 0, fullInSeconds: undefined});
	});

	/** A MiB a second up to `agoSeconds` before the end, and level from there on. */
	const plateau = (agoSeconds: number, everySeconds = 1) =>
		trendOf(
			line(1 + Math.floor(120 / everySeconds), index => (3000 + Math.min(index * everySeconds, 120 - agoSeconds)) * mebi),
			everySeconds * 1000,
		);

	it.each([
		[0, 1],
		[10, 1],
		[5, 5],
	])('goes on where it has stood for %i s only, a sample every %i s', (agoSeconds, everySeconds) => {
		expect(plateau(agoSeconds, everySeconds)?.bytesPerSecond).toBeGreaterThan(mebi / 2);
	});

	it.each([
		[15, 1, 17],
		[20, 1, 21],
		[25, 5, 25],
	])('has stopped where it has stood for %i s, a sample every %i s', (agoSeconds, everySeconds, overSeconds) => {
		expect(plateau(agoSeconds, everySeconds)).toMatchObject({bytesPerSecond: 0, fullInSeconds: undefined, overSeconds});
	});

	it('has stopped where it trembles, and has stood for long, with a gap in between', () => {
		const bytes = line(200, index => (index > 120 && index < 185 ? undefined : (3000 + Math.min(index, 80) * 0.4 + (index % 4) * 0.2) * mebi));
		expect(trendOf(bytes)).toMatchObject({bytesPerSecond: 0});
	});

	it('goes on where it trembles by more than it gains', () => {
		const trembling = (index: number) => 3000 * mebi + index * mebi * 0.05 + (index % 5) * mebi;
		for (const end of line(10, index => index)) expect(trendOf(line(240, index => trembling(index + (end ?? 0))))?.bytesPerSecond).toBeGreaterThan(0);
	});

	it.each<[string, (index: number) => number, string]>([
		['that goes on', index => 2000 + index, 'full in about 7 min at +60.0M/min (estimated over the last 4 min)'],
		['that falls', index => 3600 - index, 'falling by 60.0M/min (estimated over the last 4 min)'],
		['at a level', () => 3000, 'steady over the last 4 min'],
		['with a single peak at its end', index => (index === 239 ? 3600 : 3000), 'steady over the last 4 min'],
		['that has ended a while ago', index => 2000 + Math.min(index, 180) * 5, 'steady for 60 s (+895M in 3 min before that)'],
		['that was a step', index => (index < 200 ? 2000 : 2500), 'steady for 40 s (+500M in 3 min before that)'],
		['that was a step down', index => (index < 200 ? 2500 : 2000), 'steady for 40 s (-500M in 3 min before that)'],
		['that has only just begun', index => 2000 + Math.max(0, index - 225) * 20, '+260M over the last 4 min (too uneven to tell when it is full)'],
	])('tells in one way of a course %s', (_what, mebibytes, expected) => {
		const trend = trendOf(line(240, index => mebibytes(index) * mebi));
		const {text, basis} = trend ? trendWords(trend) : {text: '', basis: ''};
		expect(basis === '' ? text : `${text} (${basis})`).toBe(expected);
	});

	it('can go down, and is then never full', () => {
		const trend = trendOf(line(240, index => 3600 * mebi - index * mebi));
		expect(trend?.bytesPerSecond).toBeCloseTo(-mebi, 0);
		expect(trend?.fullInSeconds).toBeUndefined();
	});

	it('goes by the last five minutes, and leaves gaps out', () => {
		const trend = trendOf(line(600, index => (index % 7 === 0 ? undefined : index < 300 ? 1000 * mebi : 1000 * mebi + (index - 300) * mebi)));
		expect(trend?.bytesPerSecond).toBeCloseTo(mebi, -4);
		expect(trend?.overSeconds).toBeLessThanOrEqual(300);
	});

	it('is full now where it is over the limit already', () => {
		expect(trendOf(line(121, index => 4200 * mebi - (120 - index) * mebi))?.fullInSeconds).toBeGreaterThanOrEqual(0);
	});
});
