import {EventEmitter} from 'node:events';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Stage} from '../../src/terminal/stage.ts';
import {openGrid} from '../helpers/cell-grid.ts';

const holdTime = () => vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'Date']});
beforeEach(holdTime);
afterEach(() => {
	vi.useRealTimers();
});

const question = '\u001B[5n';
const large = {columns: 120, rows: 40};
const small = {columns: 60, rows: 12};

/** A stage, and a line behind it that takes what is written or does not, and a terminal at its end that answers when it is told to. */
function openLine() {
	let isTaking = true;
	let rest = '';
	let unanswered = 0;
	const arrive = (text: string) => {
		unanswered += text.split(question).length - 1;
	};
	const window = Object.assign(new EventEmitter(), large);
	const writer = {
		onTaken: () => {},
		write(text: string): boolean {
			line.written += text;
			if (isTaking) arrive(text);
			else rest += text;
			return isTaking;
		},
	};
	const stage = new Stage(window, writer, {now: () => Date.now()});
	const line = {
		stage,
		window,
		/** All since the last resize. */
		written: '',
		stall() {
			isTaking = false;
		},
		take() {
			const text = rest;
			isTaking = true;
			rest = '';
			arrive(text);
			if (text !== '') writer.onTaken();
		},
		/** Nothing more will come of it by itself. */
		get isQuiet() {
			return unanswered === 0 && vi.getTimerCount() === 0;
		},
		/** The terminal has come as far as to its oldest question. */
		answer() {
			if (unanswered === 0) return;
			unanswered -= 1;
			stage.answered();
		},
		/** An answer that never comes: somebody else has read it. */
		lose() {
			unanswered = Math.max(0, unanswered - 1);
		},
		resize() {
			Object.assign(window, window.columns === large.columns ? small : large);
			line.written = '';
			window.emit('resize');
		},
		frame: (fill: string) => Array.from({length: window.rows}, (_, row) => fill.repeat(fill === '' ? 0 : window.columns - (row % 3))),
	};
	return line;
}

type Line = ReturnType<typeof openLine>;
type Step = readonly [name: string, act: (line: Line) => void];

/** An answer on the way while a frame is held up. */
const takenLate: Step = [
	'a frame is taken late',
	line => {
		line.stall();
		line.stage.show(line.frame('l'));
		line.answer();
		line.take();
	},
];

const steps = fc.oneof(
	{weight: 2, arbitrary: fc.constant(takenLate)},
	...['stall', 'take', 'lose', 'resize'].map(name => fc.constant<Step>([name, line => line[name as 'stall' | 'take' | 'lose' | 'resize']()])),
	{weight: 3, arbitrary: fc.constant<Step>(['answer', line => line.answer()])},
	{weight: 3, arbitrary: fc.constantFrom('', 'a', 'b', 'c').map<Step>(fill => [`frame ${fill}`, line => line.stage.show(line.frame(fill))])},
	{weight: 2, arbitrary: fc.constantFrom(10, 400, 4000, 90_000).map<Step>(ms => [`${ms} ms`, () => vi.advanceTimersByTime(ms)])},
	fc.constantFrom(true, false).map<Step>(isRow => [
		isRow ? 'one row' : 'taken again after a stop',
		line => {
			if (isRow) line.stage.show(line.frame('a').with(3, 'key'));
			else {
				line.stage.close();
				line.stage.open('');
				line.written = line.written.slice(line.written.lastIndexOf('\u001B[m\u001B[H\u001B[J'));
			}
		},
	]),
);

async function expectShown({window, written}: Line, frame: readonly string[]) {
	vi.useRealTimers();
	const grid = openGrid(window);
	await grid.reset();
	await grid.write(written);
	const shown = grid.cells();
	await grid.reset();
	await grid.write(frame.map((row, index) => `\u001B[${index + 1}H${row}`).join(''));
	expect(shown).toEqual(grid.cells());
}

describe('Stage on a line that stalls, and a terminal that answers late or not at all', () => {
	it.each([
		['answers come', true],
		['no answer ever comes', false],
	])('ends with the newest frame: %s', async (_what, isAnswering) => {
		const check = async (all: readonly Step[], last: string) => {
			holdTime();
			const line = openLine();
			line.stage.open('');
			for (const [, act] of all) act(line);
			const frame = line.frame(last);
			line.stage.show(frame);
			line.take();
			for (let count = 0; count < 2400 && !line.isQuiet; count++) {
				vi.advanceTimersByTime(500);
				if (isAnswering) line.answer();
			}
			line.stage.close();
			await expectShown(line, frame);
		};
		await fc.assert(fc.asyncProperty(fc.array(steps, {maxLength: 20, size: 'max'}), fc.constantFrom('', 'a', 'z'), check), {numRuns: 30});
	});

	it('asks when a large frame was taken late, for nothing but an answer makes room for the next', () => {
		const line = openLine();
		line.stage.open('');
		takenLate[1](line);
		line.stage.show(line.frame('b'));
		expect(line.written.endsWith(question)).toBe(true);
		for (let count = 0; count < 30; count++) {
			vi.advanceTimersByTime(500);
			line.answer();
		}
		line.stage.close();
		expect(line.written.match(/b{100}/g)?.length).toBe(large.rows);
	});
});
