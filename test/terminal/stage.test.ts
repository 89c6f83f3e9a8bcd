import {EventEmitter} from 'node:events';
import {describe, expect, it, onTestFinished} from 'vitest';
import {Stage} from '../../src/terminal/stage.ts';
import {openScreen} from '../helpers/terminal.tsx';

/** A stage on an emulated terminal that can be made to take nothing for a while. */
function openStage() {
	const screen = openScreen({columns: 20, rows: 4});
	const window = Object.assign(new EventEmitter(), {columns: 20, rows: 4});
	let isStalled = false;
	let kept = '';
	const writer = {
		onTaken: () => {},
		write(text: string): boolean {
			if (isStalled) kept += text;
			else screen.stdout.write(text);
			return !isStalled;
		},
	};
	const stage = new Stage(window, writer);
	return {
		...screen,
		stage,
		stall() {
			isStalled = true;
		},
		/** The terminal takes what was kept, and nothing else was. */
		resume(): string {
			isStalled = false;
			const text = kept;
			screen.stdout.write(text);
			writer.onTaken();
			return text;
		},
		async resize(columns: number, rows: number) {
			await screen.resize(columns, rows);
			Object.assign(window, {columns, rows});
			window.emit('resize');
		},
		async shows(text: string) {
			await screen.settle();
			expect(screen.frame()).toBe(text);
		},
	};
}

describe('Stage', () => {
	it('keeps frames until the terminal is ours, and shows the last of them then', async () => {
		const {stage, shows} = openStage();
		stage.write('one');
		stage.write('two');
		await shows('');
		stage.open('');
		await shows('two');
	});

	it('writes only cells that changed', async () => {
		const {stage, shows, rawOutput} = openStage();
		stage.open('');
		stage.write('head\nfigure 1');
		await shows('head\nfigure 1');
		const {length} = rawOutput();
		stage.write('head\nfigure 2');
		await shows('head\nfigure 2');
		expect(rawOutput().slice(length)).toBe('\u001B[2;8H2');
	});

	it('drops frames while the terminal takes nothing, and shows the newest when it does again', async () => {
		const {stage, shows, stall, resume, rawOutput} = openStage();
		stage.open('');
		stage.write('0\nsame');
		stall();
		for (let frame = 1; frame <= 100; frame++) stage.write(`frame ${frame}\nsame`);
		const kept = resume();
		expect(kept).toContain('frame 1');
		expect(kept).not.toContain('frame 2');
		await shows('frame 100\nsame');
		// One change that was under way, and one from there to the newest.
		expect(rawOutput().slice(rawOutput().indexOf(kept)).length).toBeLessThan(50);
	});

	it('starts anew when the terminal is given back and taken again while it takes nothing', async () => {
		const {stage, shows, stall, resume} = openStage();
		stage.open('');
		stall();
		stage.write('one');
		stage.write('two');
		stage.close();
		resume();
		stage.open('');
		await shows('two');
		stage.write('three');
		await shows('three');
	});

	it('passes on bracketed paste as it is while the terminal is ours, and takes it for no frame', async () => {
		const {stage, shows, settle, rawOutput} = openStage();
		stage.write('\u001B[?2004h');
		expect(rawOutput()).toBe('');
		stage.open('');
		stage.write('one');
		stage.write('\u001B[?2004h');
		await settle();
		expect(rawOutput().endsWith('\u001B[?2004h')).toBe(true);
		stage.write('\u001B[?2004l');
		await settle();
		expect(rawOutput().endsWith('\u001B[?2004l')).toBe(true);
		await shows('one');
	});

	it('draws everything after a resize, and nothing that was made for a wider window', async () => {
		const {stage, shows, resize} = openStage();
		stage.open('');
		stage.write('0123456789abcdefghij\nx');
		await resize(10, 4);
		stage.write('0123456789abcdefghij\nx');
		stage.write('0123456789\ny');
		await shows('0123456789\ny');
	});

	it('covers what somebody else has left on the screen', async () => {
		const {stage, shows, stdout} = openStage();
		stage.open('');
		stage.write('ours');
		stdout.write('\u001B[H\u001B[Jtheirs\ntheirs');
		stage.repaint();
		await shows('ours');
	});

	it('tells its cells as plain text, as the terminal shows them', async () => {
		const {stage, shows} = openStage();
		stage.open('');
		stage.write('\u001B[1m\u001B[31mred\u001B[39m\u001B[22m 日本   \n\n\u001B[36mlast\u001B[39m');
		await shows('red 日本\n\nlast');
		expect(stage.text).toBe('red 日本\n\nlast\n');
	});

	it('tells whoever writes the empty text when all is written', async () => {
		const {stage} = openStage();
		await new Promise<void>(resolve => stage.write('', resolve));
	});
});

/** A stage on a terminal that answers when it is told to, with what it was sent. */
function openAnswering() {
	const size = {columns: 100, rows: 30};
	const sent: string[] = [];
	let nowMs = 0;
	let isTaking = true;
	const writer = {onTaken: () => {}, write: (text: string) => sent.push(text) > 0 && isTaking};
	const stage = new Stage(Object.assign(new EventEmitter(), size), writer, {now: () => nowMs});
	onTestFinished(() => stage.close());
	const frame = (letter: string) => Array.from({length: size.rows}, (_, row) => `${row} ${letter.repeat(90)}`);
	return {
		stage,
		sent,
		frame,
		stall() {
			isTaking = false;
		},
		pass(ms: number) {
			nowMs += ms;
		},
		/** The terminal comes as far as to its oldest question. */
		answer(afterMs: number) {
			nowMs += afterMs;
			stage.answered();
		},
		waiting: () => sent.join('').split('\u001B[5n').length - 1,
	};
}

describe('Stage on a slow line', () => {
	it('sends a part of the newest frame, and the rest of the then newest when the terminal has come so far', () => {
		const {stage, sent, frame, answer} = openAnswering();
		stage.open('modes');
		expect(sent).toEqual(['modes\u001B[5n']);
		answer(50);
		stage.show(frame('a'));
		expect(sent).toHaveLength(2);
		expect(sent[1]?.length).toBeLessThan(2100);
		for (const letter of 'bcdefg') stage.show(frame(letter));
		expect(sent).toHaveLength(2);
		// 2 KB in two seconds: from now on, half a KB at a time.
		answer(2000);
		expect(sent).toHaveLength(3);
		expect(sent[2]).toMatch(/g{90}/);
		expect(sent[2]).not.toMatch(/[a-f]{90}/);
		expect(sent[2]?.length).toBeLessThan(1100);
		for (let count = 0; count < 20; count++) answer(500);
		const parts = sent.slice(2).join('');
		expect(new Set(parts.match(/\d+ (?=g{90})/g) ?? []).size).toBeGreaterThan(15);
		const {length} = sent;
		answer(500);
		expect(sent).toHaveLength(length);
	});

	it('sends first what a key has changed', () => {
		const {stage, sent, frame, answer} = openAnswering();
		stage.open('modes');
		answer(50);
		stage.show(frame('a'));
		answer(2000);
		stage.show(frame('b'));
		stage.hurry();
		stage.show(frame('b').with(25, 'the key'));
		const {length} = sent;
		answer(500);
		expect(sent[length]).toMatch(/^\u001B\[26(;1)?Hthe key/);
	});

	it('writes all of a frame at once to a terminal that never answers, and asks no more', () => {
		const {stage, sent, frame, waiting} = openAnswering();
		stage.open('modes');
		stage.show(frame('a'));
		for (const letter of 'bcdefg') stage.show(frame(letter));
		expect(sent).toHaveLength(8);
		expect(waiting()).toBe(1);
	});

	it.each<readonly [string, number, (line: ReturnType<typeof openAnswering>) => void]>([
		['a terminal that has never answered', 0, ({stage, frame}) => stage.show(frame('a'))],
		['one that has answered all', 0, ({answer}) => answer(10)],
		[
			'one that has not come so far',
			1,
			({stage, frame, answer}) => {
				answer(10);
				stage.show(frame('a'));
			},
		],
		[
			'one that takes nothing, but has a question from before',
			1,
			({stage, frame, answer, stall, pass}) => {
				answer(10);
				stage.show(frame('a'));
				stall();
				pass(60_000);
				stage.show(frame('b'));
			},
		],
		[
			'one that has been given up and asked anew',
			2,
			({stage, frame, answer, pass}) => {
				answer(10);
				stage.show(frame('a'));
				pass(60_000);
				stage.show(frame('b'));
			},
		],
		[
			'one that was taken again after a stop',
			2,
			({stage, frame, answer}) => {
				answer(10);
				stage.show(frame('a'));
				stage.close();
				stage.open('modes');
			},
		],
	])('counts the answers that the shell must not get: %s', (_what, count, act) => {
		const line = openAnswering();
		line.stage.open('modes');
		act(line);
		expect(line.stage.release()).toBe(count);
		expect(line.stage.release()).toBe(0);
	});
});
