import {glyphsFor} from './glyphs.ts';
import type {TextOptions} from './safe-text.ts';

/** A figure, or undefined where the server did not say: that is a dash, never a zero. */
export type Figure = number | undefined;

const byteUnits = ['B', 'K', 'M', 'G', 'T', 'P'] as const;
const countUnits = ['', 'k', 'M', 'G', 'T', 'P'] as const;
const minuteSeconds = 60;
const hourSeconds = 3600;
const daySeconds = 86_400;

/** Bytes in powers of 1024: `512B`, `20.5K`, `3.6G`. */
export const formatBytes = (bytes: Figure, options?: TextOptions): string => format(bytes, options, value => scaled(value, 1024, byteUnits));

/** A number of things, in full: `12,041`. A number that is not whole is rounded. */
export const formatCount = (count: Figure, options?: TextOptions): string => format(count, options, value => grouped(Math.round(value)));

/** `1 client`, `12,041 clients`; for words that take an s. */
export const plural = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A number of things where room is short, in powers of 1000: `940`, `1.2k`, `12.0k`, `3.1M`. */
export const formatCountShort = (count: Figure, options?: TextOptions): string => format(count, options, value => scaled(Math.round(value), 1000, countUnits));

/** Something a second: `0/s`, `3.4/s`, `940/s`, `1.2k/s`. */
export const formatRate = (perSecond: Figure, options?: TextOptions): string =>
	format(perSecond, options, value => `${Math.abs(value) < 10 ? trimmed(value) : scaled(Math.round(value), 1000, countUnits)}/s`);

/** How long, from seconds: `7s`, `7.3s`, `4m12s`, `3h07m`, `12d`. */
export const formatSeconds = (seconds: Figure, options?: TextOptions): string =>
	format(seconds, options, value => duration(value, below => `${trimmed(below)}s`));

/** A time that is an estimate, no finer than it is known: `40 s`, `38 min`, `5 h`. */
export function roughly(seconds: number): string {
	if (seconds < 90) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
	return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** A running stopwatch, from milliseconds: `3.2s`, `12.0s`, `4m12s`. Below a minute it has always one digit, so that nothing beside it jumps. */
export const formatStopwatch = (milliseconds: Figure, options?: TextOptions): string =>
	format(milliseconds, options, value => duration(Math.floor(value / 100) / 10, below => `${below.toFixed(1)}s`));

/** How long, from microseconds, in three digits: `85 µs` (`85 us`), `1.41 ms`, `212 ms`, `1.41 s`, from 100 s on `4m12s`. */
export const formatMicros = (microseconds: Figure, options?: TextOptions): string =>
	format(microseconds, options, value => micros(value, options?.ascii === true));

/** How long something took by this program's own clock, which has whole milliseconds: `less than 1 ms`, `12.0 ms`, `1.41 s`. */
export const formatTook = (milliseconds: number): string => (milliseconds >= 0 && milliseconds < 1 ? 'less than 1 ms' : formatMicros(milliseconds * 1000));

/** A moment, from milliseconds since 1970, as the time of day in UTC: `14:03:22Z`. */
export const formatClock = (milliseconds: Figure, options?: TextOptions): string =>
	format(milliseconds, options, value => {
		const date = new Date(value);
		return Number.isNaN(date.getTime()) ? glyphsFor(options?.ascii === true).none : `${date.toISOString().slice(11, 19)}Z`;
	});

/** A moment of which the day may matter: `14:03:22Z`, or `2026-11-20 14:03:22Z` where that is not today. */
export function formatMoment(milliseconds: number, nowMs: number): string {
	const clock = formatClock(milliseconds);
	const [day, today] = [milliseconds, nowMs].map(dayOf);
	return day === today || day === undefined ? clock : `${day} ${clock}`;
}

function dayOf(milliseconds: number): string | undefined {
	const date = new Date(milliseconds);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

/** A share, from a ratio (1 is all): `91%`. Near the ends `0.4%`, `99.7%`: neither nothing nor all is claimed where it is not so. */
export const formatPercent = (ratio: Figure, options?: TextOptions): string =>
	format(ratio, options, value => {
		const percent = value * 100;
		if (percent > 0 && percent < 1) return `${Math.max(0.1, Math.floor(percent * 10) / 10).toFixed(1)}%`;
		if (percent > 99 && percent < 100) return `${Math.min(99.9, Math.floor(percent * 10) / 10).toFixed(1)}%`;
		return `${Math.round(percent)}%`;
	});

/** The dash for what is not known, and a minus before what is below zero (a clock that went back). */
function format(value: Figure, options: TextOptions | undefined, positive: (value: number) => string): string {
	if (value === undefined || !Number.isFinite(value)) return glyphsFor(options?.ascii === true).none;
	return value < 0 ? `-${positive(-value)}` : positive(value);
}

/** At most five characters: one digit after the point below 100 units, none above. */
function scaled(value: number, base: number, units: readonly string[]): string {
	let amount = value;
	let unit = 0;
	// What would round up to the next unit is shown in it: 1.0M, not 1024K.
	while (unit < units.length - 1 && Math.round(amount) >= base) {
		amount /= base;
		unit += 1;
	}
	const digits = unit > 0 && amount < 99.95 ? 1 : 0;
	return `${amount.toFixed(digits)}${units[unit] ?? ''}`;
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const trimmed = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** From a minute on whole parts only, cut not rounded: time that has not passed is not claimed. `short` prints what is below a minute. */
function duration(seconds: number, short: (seconds: number) => string): string {
	const cutSeconds = Math.floor(seconds * 10) / 10;
	if (cutSeconds < minuteSeconds) return short(cutSeconds);
	if (seconds < hourSeconds) return `${Math.floor(seconds / minuteSeconds)}m${twoDigits(Math.floor(seconds % minuteSeconds))}s`;
	if (seconds < daySeconds) return `${Math.floor(seconds / hourSeconds)}h${twoDigits(Math.floor((seconds % hourSeconds) / minuteSeconds))}m`;
	return `${Math.floor(seconds / daySeconds)}d`;
}

function micros(value: number, ascii: boolean): string {
	if (value < 999.5) return `${Math.round(value)} ${ascii ? 'us' : 'µs'}`;
	if (value < 999_500) return `${threeDigits(value / 1000)} ms`;
	return value < 99_950_000 ? `${threeDigits(value / 1_000_000)} s` : duration(value / 1_000_000, below => `${trimmed(below)}s`);
}

function threeDigits(value: number): string {
	if (value < 9.995) return value.toFixed(2);
	return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
