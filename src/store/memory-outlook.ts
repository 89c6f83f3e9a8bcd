import type {ServerInfo} from '../redis/parse/server-info.ts';
import {formatBytes, roughly} from '../text/format.ts';
import type {TextOptions} from '../text/safe-text.ts';
import {type History, isMeasured} from './history.ts';
import type {Snapshot} from './snapshot.ts';

/** How much there may be, and how much of it is taken. */
export type MemoryRoom = {readonly usedBytes: number; readonly limitBytes: number; readonly limit: 'maxmemory' | 'machine'};

/** Without maxmemory the machine sets the limit. What a replica's buffers take is not held against maxmemory. Undefined: the server did not tell. */
export function memoryRoom(info: ServerInfo): MemoryRoom | undefined {
	const {usedMemoryBytes, usedMemoryRssBytes, maxMemoryBytes, notCountedForEvictBytes = 0, totalSystemMemoryBytes} = info;
	if (usedMemoryBytes === undefined || maxMemoryBytes === undefined) return undefined;
	if (maxMemoryBytes > 0) return {usedBytes: Math.max(0, usedMemoryBytes - notCountedForEvictBytes), limitBytes: maxMemoryBytes, limit: 'maxmemory'};
	if (usedMemoryRssBytes === undefined || !totalSystemMemoryBytes) return undefined;
	return {usedBytes: usedMemoryRssBytes, limitBytes: totalSystemMemoryBytes, limit: 'machine'};
}

export type MemoryTrend = {
	/** Below zero: it shrinks. Never more than the later half of the time says, and 0 where it has stood still for the last 15 s. */
	readonly bytesPerSecond: number;
	readonly overSeconds: number;
	/** What it has gained (below zero: lost) before it came to stand still, and in which time. Undefined: not enough to be spoken of. */
	readonly before: {readonly bytes: number; readonly seconds: number} | undefined;
	/** It has changed in these seconds by so much, and neither stands still nor goes on at a rate that could be told. */
	readonly unevenBytes: number | undefined;
	/** At this rate; an estimate. Undefined where it does not grow, or has no limit to reach. */
	readonly fullInSeconds: number | undefined;
};

/** The estimate goes by the last minutes, no further: what happened an hour ago says little of the next. */
const trendMs = 300_000;
const leastTrendMs = 60_000;
const leastSamples = 8;
/** Slower than this share of the used memory a minute is no growth that matters: full in three hours at the earliest. */
const leastPerMinute = 0.0005;

/** Of the used memory: less is not called a change, whatever there is between two quarters. */
const leastMoved = 0.01;
/** Both ends go by the middle of so many samples: one peak is none. */
const edgeSamples = 3;

/** What has not moved for so long, in so many samples, has stopped, whatever it did before. The longer ones are for what trembles. */
const plateauMs = [15_000, 30_000, 60_000, 120_000] as const;
const plateauSamples = 6;
/** As a share of what it would have gained at the rate before. */
const stoppedRatio = 0.1;
/** As a share of what it has moved before: within it, it is at rest. */
const restRatio = 0.02;

/** How the used memory goes. Undefined before there is a minute to go by. */
export function memoryTrend({history, info}: Pick<Snapshot, 'history' | 'info'>, nowMs: number): MemoryTrend | undefined {
	const samples = recent(history, nowMs - trendMs);
	const [first, last] = [samples[0], samples.at(-1)];
	if (!first || !last || samples.length < leastSamples || last.atMs - first.atMs < leastTrendMs) return undefined;
	const going = rateOf(samples);
	const plateau = going === 0 ? undefined : plateauMs.map(windowMs => plateauAtEnd(samples, going, windowMs)).find(begin => begin !== undefined);
	const room = info.data && memoryRoom(info.data);
	if (going !== 0 && !plateau) {
		const fullInSeconds = room && going > 0 ? Math.max(0, room.limitBytes - room.usedBytes) / going : undefined;
		return {bytesPerSecond: going, overSeconds: secondsTo(last, first), before: undefined, unevenBytes: undefined, fullInSeconds};
	}
	return {...atRest(samples, first, last, plateau), bytesPerSecond: 0, fullInSeconds: undefined};
}

const secondsTo = (last: Sample, first: Sample): number => (last.atMs - first.atMs) / 1000;

/** The slower of what the whole time and its later half say; 0 where they disagree, or it is too slow to matter. */
function rateOf(samples: readonly Sample[]): number {
	const size = Math.floor(samples.length / 4);
	const quarter = (from: number) => middleOf(samples.slice(from, from + size));
	const end = quarter(samples.length - size);
	const rates = [quarter(0), quarter(Math.floor(samples.length / 2))].map(from => ((end.bytes - from.bytes) / (end.atMs - from.atMs)) * 1000);
	const slowest = Math.min(...rates.map(Math.abs));
	const agree = rates.every(rate => rate > 0) || rates.every(rate => rate < 0);
	return agree && slowest * 60 >= end.bytes * leastPerMinute ? slowest * Math.sign(rates[0] ?? 0) : 0;
}

/** Since when it has stood still, and what it did before. */
function atRest(
	samples: readonly Sample[],
	first: Sample,
	last: Sample,
	plateau: Sample | undefined,
): Pick<MemoryTrend, 'overSeconds' | 'before' | 'unevenBytes'> {
	const level = (some: readonly Sample[]) => middleOf(some).bytes;
	const gained = level(samples.slice(-edgeSamples)) - level(samples.slice(0, edgeSamples));
	const hasMoved = Math.abs(gained) >= level(samples.slice(-edgeSamples)) * leastMoved;
	const rest = (hasMoved ? restAtEnd(samples, gained) : undefined) ?? plateau;
	return {
		overSeconds: secondsTo(last, rest ?? first),
		before: rest && hasMoved ? {bytes: gained, seconds: secondsTo(rest, first)} : undefined,
		unevenBytes: hasMoved && !rest ? gained : undefined,
	};
}

/** What it says, and what that goes by: the pane and the finding say it in the same words. */
export function trendWords(trend: MemoryTrend, options?: TextOptions): {readonly text: string; readonly basis: string} {
	const {bytesPerSecond, overSeconds, before, unevenBytes, fullInSeconds} = trend;
	const size = (bytes: number) => formatBytes(Math.abs(bytes), options);
	const signed = (bytes: number) => `${bytes < 0 ? '-' : '+'}${size(bytes)}`;
	const lately = `over the last ${roughly(overSeconds)}`;
	const rate = `${size(bytesPerSecond * 60)}/min`;
	if (fullInSeconds !== undefined) return {text: `full in about ${roughly(fullInSeconds)} at +${rate}`, basis: `estimated ${lately}`};
	if (bytesPerSecond !== 0) return {text: `${bytesPerSecond < 0 ? 'falling' : 'growing'} by ${rate}`, basis: `estimated ${lately}`};
	if (before) return {text: `steady for ${roughly(overSeconds)}`, basis: `${signed(before.bytes)} in ${roughly(before.seconds)} before that`};
	if (unevenBytes !== undefined) return {text: `${signed(unevenBytes)} ${lately}`, basis: 'too uneven to tell when it is full'};
	return {text: `steady ${lately}`, basis: ''};
}

type Sample = {readonly atMs: number; readonly bytes: number};

function recent({atMs, vitals}: History, fromMs: number): readonly Sample[] {
	const samples: Sample[] = [];
	for (const [index, at] of atMs.entries()) {
		const bytes = vitals.usedMemoryBytes[index];
		if (at >= fromMs && isMeasured(bytes)) samples.push({atMs: at, bytes});
	}
	return samples;
}

/** Where it has begun to stand still. Where it trembles by more than it would gain in that time, standing still cannot be told from going on. */
function plateauAtEnd(samples: readonly Sample[], bytesPerSecond: number, windowMs: number): Sample | undefined {
	const last = samples.at(-1);
	const from =
		last &&
		Math.min(
			samples.length - plateauSamples,
			samples.findIndex(({atMs}) => atMs >= last.atMs - windowMs),
		);
	const lately = samples.slice(Math.max(0, from ?? 0));
	const [begin] = lately;
	if (!begin || !last) return undefined;
	const third = Math.floor(lately.length / 3);
	const gained = (middleOf(lately.slice(-third)).bytes - middleOf(lately.slice(0, third)).bytes) * Math.sign(bytesPerSecond);
	const expected = (Math.abs(bytesPerSecond) * (last.atMs - begin.atMs)) / 1000;
	const sizes = lately.map(({bytes}) => bytes);
	const isCalm = Math.max(...sizes) - Math.min(...sizes) < expected;
	return isCalm && gained < expected * stoppedRatio ? begin : undefined;
}

/** Where it has come to stand still after it has moved, at least for as long as the shortest plateau. */
function restAtEnd(samples: readonly Sample[], gained: number): Sample | undefined {
	const level = middleOf(samples.slice(-edgeSamples)).bytes;
	const lately = samples.slice(1 + samples.findLastIndex(({bytes}) => Math.abs(bytes - level) > Math.abs(gained) * restRatio));
	const [begin] = lately;
	const last = lately.at(-1);
	return begin && last && lately.length >= plateauSamples && last.atMs - begin.atMs >= plateauMs[0] ? begin : undefined;
}

/** By medians, so that single peaks do not count. */
function middleOf(samples: readonly Sample[]): Sample {
	const sorted = (read: (sample: Sample) => number) => samples.map(read).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
	return {atMs: sorted(({atMs}) => atMs), bytes: sorted(({bytes}) => bytes)};
}
