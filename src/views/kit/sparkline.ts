import {type TextOptions, toCells} from '../../text/safe-text.ts';

/** `max`: the value of a full bar; by default the greatest one shown. */
export type SparklineOptions = TextOptions & {readonly max?: number};

const unicodeBars = '▁▂▃▄▅▆▇█';
const asciiBars = '.:-=+*#';

/**
 * One bar a value, the newest at the right edge, older ones than fit left out. `undefined` or NaN (nothing was measured) is a blank; zero is the lowest
 * bar, and whatever is above zero stands at least one step above it.
 */
export function sparkline(values: ArrayLike<number | undefined>, width: number, {ascii = false, max}: SparklineOptions = {}): string {
	const room = toCells(width);
	const shown = Array.from(values).slice(values.length - Math.min(room, values.length));
	const bars = ascii ? asciiBars : unicodeBars;
	const full = max ?? shown.reduce((most: number, value) => (isMeasured(value) ? Math.max(most, value) : most), 0);
	return shown
		.map(value => (isMeasured(value) ? barFor(value, full, bars) : ' '))
		.join('')
		.padStart(room);
}

const isMeasured = (value: number | undefined): value is number => Number.isFinite(value);

function barFor(value: number, full: number, bars: string): string {
	const top = bars.length - 1;
	if (value <= 0) return bars.charAt(0);
	return bars.charAt(Math.min(top, Math.max(1, full > 0 ? Math.round((value / full) * top) : top)));
}
