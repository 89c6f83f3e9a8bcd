import xterm from '@xterm/headless';
import {chances, median, quantile} from '../lib/stats.mjs';

/** Reads that come closer together belong to one frame. */
const frameGapMs = 8;
/** And those farther apart to two ticks. */
const tickGapMs = 300;
const blanks = new Set([0, 32]);

/**
 * Everything that a program has written, drawn again on an emulated screen. Resolves to its reads: when, how many bytes, whether a cell or a visible
 * cursor is different afterwards; the last read of a frame has the frame's flashing cells, those that were erased and then written as they had been.
 */
export async function replay({records, columns, rows}) {
	const screen = watchedScreen(columns, rows);
	const outputs = records.filter(({output}) => output !== undefined);
	const reads = [];
	for (const [index, {output: atMs, bytes}] of outputs.entries()) {
		const data = Buffer.from(bytes, 'base64');
		const {isChanged, wipes} = await screen.draw(data);
		const endsFrame = (outputs[index + 1]?.output ?? Number.POSITIVE_INFINITY) - atMs > frameGapMs;
		reads.push({atMs, bytes: data.length, isChanged, wipes, endsFrame, flashed: endsFrame ? screen.flashed() : 0});
	}
	screen.dispose();
	return reads;
}

function watchedScreen(columns, rows) {
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const state = {wipes: 0, isCursorShown: true, erased: new Map(), shown: cellsOf(screen), cursor: ''};
	watchErasures(screen, state);
	for (const final of ['h', 'l'])
		screen.parser.registerCsiHandler({prefix: '?', final}, ([mode]) => {
			if (mode === 25) state.isCursorShown = final === 'h';
			return false;
		});
	return {
		async draw(data) {
			const before = state.wipes;
			await new Promise(resolve => screen.write(data, resolve));
			const cells = cellsOf(screen);
			const {cursorX, cursorY} = screen.buffer.active;
			const cursor = state.isCursorShown ? `${cursorX},${cursorY}` : '';
			const isChanged = cursor !== state.cursor || cells.some((cell, index) => cell !== state.shown[index]);
			Object.assign(state, {shown: cells, cursor});
			return {isChanged, wipes: state.wipes - before};
		},
		flashed() {
			const same = [...state.erased].filter(([index, cell]) => state.shown[index] === cell);
			state.erased.clear();
			return same.length;
		},
		dispose: () => screen.dispose(),
	};
}

/** Remembers what stood in cells before they are erased, and counts erasures of the whole screen. The screen then does what it is told. */
function watchErasures(screen, state) {
	const {cols, rows} = screen;
	const forget = (from, to) => {
		const cell = screen.buffer.active.getNullCell();
		for (let index = from; index < to; index++) {
			const found = cellAt(screen, index, cell);
			if (!blanks.has(found.getCode()) && !state.erased.has(index)) state.erased.set(index, lookOf(found));
		}
	};
	const on = (final, erase) =>
		screen.parser.registerCsiHandler({final}, ([parameter]) => {
			const {cursorX, cursorY} = screen.buffer.active;
			const x = Math.min(cursorX, cols - 1);
			erase(parameter ?? 0, {at: cursorY * cols + x, rowStart: cursorY * cols, rowEnd: (cursorY + 1) * cols});
			return false;
		});
	on('J', (what, {at}) => {
		if (what >= 2 || (what === 0 && at === 0)) state.wipes++;
		if (what < 3) forget(what === 0 ? at : 0, what === 1 ? at + 1 : rows * cols);
	});
	on('K', (what, {at, rowStart, rowEnd}) => forget(what === 0 ? at : rowStart, what === 1 ? at + 1 : rowEnd));
	on('X', (count, {at, rowEnd}) => forget(at, Math.min(rowEnd, at + Math.max(1, count))));
	screen.parser.registerEscHandler({final: 'c'}, () => {
		state.wipes++;
		forget(0, rows * cols);
		return false;
	});
}

function cellAt(screen, index, cell) {
	const {active} = screen.buffer;
	return active.getLine(active.baseY + Math.floor(index / screen.cols))?.getCell(index % screen.cols, cell) ?? active.getNullCell();
}

/** A number that differs where the cell looks different. */
function lookOf(cell) {
	const isPlain = cell.isAttributeDefault();
	const code = cell.getCode() || 32;
	if (isPlain) return code;
	const flags = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.isInvisible(), cell.isStrikethrough()];
	const bits = flags.reduce((sum, flag) => sum * 2 + (flag ? 1 : 0), 1);
	const colour = (mode, value) => (mode + 1) * 7919 + value;
	return (
		code +
		0x200000 * (bits + 256 * (colour(cell.getFgColorMode(), cell.getFgColor()) % 4093) + 1_048_576 * (colour(cell.getBgColorMode(), cell.getBgColor()) % 509))
	);
}

function cellsOf(screen) {
	const cells = new Float64Array(screen.cols * screen.rows);
	const cell = screen.buffer.active.getNullCell();
	for (let index = 0; index < cells.length; index++) cells[index] = lookOf(cellAt(screen, index, cell));
	return cells;
}

/** Of the reads between two moments: what a second of it costs the line and the eye. */
export function steadyFigures(reads, fromMs, toMs) {
	const seconds = (toMs - fromMs) / 1000;
	const within = reads.filter(({atMs}) => atMs >= fromMs && atMs < toMs);
	const sum = name => within.reduce((total, read) => total + Number(read[name]), 0);
	return {
		bytesPerSecond: sum('bytes') / seconds,
		bytesPerTick: median(ticks(within)),
		flashedPerSecond: sum('flashed') / seconds,
		wipes: sum('wipes'),
		idleBytes: idleBytes(within),
	};
}

/** Bytes of what comes together, of a program that writes once a second: a window cuts a tick in two, and a second of it has now one and now two. */
function ticks(reads) {
	const sums = [];
	for (const [index, {atMs, bytes}] of reads.entries())
		if (index === 0 || atMs - reads[index - 1].atMs > tickGapMs) sums.push(bytes);
		else sums[sums.length - 1] += bytes;
	return sums;
}

/** Bytes of frames after which the screen looks as before. */
function idleBytes(reads) {
	let [idle, frame, isChanged] = [0, 0, false];
	for (const read of reads) {
		frame += read.bytes;
		isChanged ||= read.isChanged;
		if (!read.endsFrame) continue;
		if (!isChanged) idle += frame;
		[frame, isChanged] = [0, false];
	}
	return idle;
}

/**
 * From each key between two moments to the first read after it that changes what is on the screen, in ms. A key that changes nothing would have the next
 * tick for an answer: `mayIgnore` leaves out the keys of which nothing is seen before the next one.
 */
export function keyLatencies({records}, reads, {fromMs = 0, toMs = Number.POSITIVE_INFINITY, mayIgnore = false} = {}) {
	const pressed = records.filter(({key}) => key >= fromMs && key < toMs);
	return pressed.flatMap(({key}, index) => {
		const next = mayIgnore ? pressed[index + 1]?.key : undefined;
		const answer = reads.find(({atMs, isChanged}) => isChanged && atMs >= key);
		return answer && answer.atMs < (next ?? Number.POSITIVE_INFINITY) ? [answer.atMs - key] : [];
	});
}

export const spread = values =>
	values.length === 0 ? undefined : {min: Math.min(...values), median: median(values), p95: quantile(values, 0.95), max: Math.max(...values)};

/** The same keys for every program: some forth and as many back, over and over, at gaps that keep no step with a clock. */
export function presses([forth, back], count, gapSeconds, seed = 1) {
	const chance = chances(seed);
	return Array.from({length: count}, (_, index) => [index % (2 * atOnce) < atOnce ? forth : back, gapSeconds * (0.7 + 0.6 * chance())]);
}

/** No list is shorter. */
const atOnce = 5;
