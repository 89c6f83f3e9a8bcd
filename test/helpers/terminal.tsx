import '../../src/promise-with-resolvers.ts';
import {PassThrough, Writable} from 'node:stream';
import {setImmediate} from 'node:timers/promises';
import xterm from '@xterm/headless';
import {render} from 'ink';
import type {ReactElement} from 'react';
import {onTestFinished} from 'vitest';
import {meets, neverCame, type ScreenCondition} from './screen-condition.ts';

type Emulator = InstanceType<typeof xterm.Terminal>;
type EmulatorCell = NonNullable<ReturnType<NonNullable<ReturnType<Emulator['buffer']['active']['getLine']>>['getCell']>>;

/** One cell as an operator sees it. The right half of a wide character is a cell of width 0 without text. */
export type ScreenCell = {
	readonly text: string;
	readonly width: number;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly underline: boolean;
	readonly inverse: boolean;
	/** Number in the terminal's palette (0 to 15 are the basic colours), `#rrggbb`, or undefined for the terminal's own colour. */
	readonly foreground: number | string | undefined;
	readonly background: number | string | undefined;
};

/** What the keys send that have no character of their own. */
export const key = {
	enter: '\r',
	escape: '\u001B',
	tab: '\t',
	shiftTab: '\u001B[Z',
	backspace: '\u007F',
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	home: '\u001B[H',
	end: '\u001B[F',
	pageUp: '\u001B[5~',
	pageDown: '\u001B[6~',
} as const;

type Options = {
	readonly columns?: number;
	readonly rows?: number;
	/** Lets the program under test finish what it has begun to draw. */
	readonly flush?: () => Promise<void>;
};

/** An emulated terminal that interprets escape codes, with the streams a program would get from a real one. Gone when the test ends. */
export function openScreen({columns = 80, rows = 24, flush = async () => {}}: Options = {}) {
	const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
	const stdout = new TerminalOutput(emulator);
	const stdin = new TerminalInput();
	onTestFinished(() => emulator.dispose());

	const line = (row: number) => emulator.buffer.active.getLine(emulator.buffer.active.baseY + row);
	const frame = () =>
		Array.from({length: emulator.rows}, (_, row) => line(row)?.translateToString(true) ?? '')
			.join('\n')
			.trimEnd();
	const settle = async () => {
		await flush();
		await new Promise<void>(resolve => stdout.write('', () => resolve()));
		await setImmediate();
	};
	const send = async (chunk: string) => {
		stdin.write(chunk);
		await settle();
	};

	return {
		stdin,
		stdout,
		/** Resolves when everything written so far is on the screen. */
		settle,
		/** Each chunk arrives in one read, as over a slow link; `'jjj'` is a held key. Ink holds a lone `key.escape` for 20 ms: then `waitFor` its effect. */
		async press(...chunks: readonly string[]) {
			for (const chunk of chunks) await send(chunk);
		},
		/** A bracketed paste, as terminals send it to a program that has asked for it. */
		paste: (text: string) => send(`\u001B[200~${text}\u001B[201~`),
		async resize(nextColumns: number, nextRows: number) {
			emulator.resize(nextColumns, nextRows);
			stdout.emit('resize');
			await settle();
		},
		/** The visible rows, without blanks at the right and below. */
		frame,
		/** Every cell of a visible row, with its attributes. */
		cells: (row: number): readonly ScreenCell[] =>
			Array.from({length: emulator.cols}, (_, column) => line(row)?.getCell(column)).flatMap(cell => (cell ? [toScreenCell(cell)] : [])),
		/** Everything written since the start, escape codes and all. */
		rawOutput: () => stdout.raw,
		isAlternateScreen: () => emulator.buffer.active.type === 'alternate',
		/** The first frame that meets the condition. Rejects with the last frame when none does in time. */
		async waitFor(condition: ScreenCondition, timeoutMs = 2000): Promise<string> {
			await settle();
			if (!meets(condition, frame()))
				await nextFrame(
					emulator,
					() => meets(condition, frame()),
					() => neverCame(condition, timeoutMs, frame()),
					timeoutMs,
				);
			return frame();
		},
	};
}

/**
 * An Ink tree on an emulated terminal, so that a test sees what an operator would see. ink-testing-library cannot serve here: its columns are fixed
 * at 100 and its rows leak from the environment. The tree is unmounted when the test ends.
 */
export function openTerminal(tree: ReactElement, size: {readonly columns?: number; readonly rows?: number} = {}) {
	const screen = openScreen({...size, flush: () => app.waitUntilRenderFlush()});
	const app = render(tree, {
		stdin: screen.stdin,
		stdout: screen.stdout,
		stderr: screen.stdout,
		interactive: true,
		alternateScreen: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 1000,
	});
	onTestFinished(() => app.unmount());
	return {...screen, rerender: app.rerender, unmount: app.unmount};
}

function nextFrame(emulator: Emulator, isWanted: () => boolean, failure: () => Error, timeoutMs: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const watch = emulator.onWriteParsed(() => {
			if (isWanted()) end(resolve);
		});
		const timer = setTimeout(() => end(() => reject(failure())), timeoutMs);
		const end = (finish: () => void) => {
			clearTimeout(timer);
			watch.dispose();
			finish();
		};
	});
}

function toScreenCell(cell: EmulatorCell): ScreenCell {
	const colour = (isDefault: boolean, isRgb: boolean, value: number) => {
		if (isDefault) return undefined;
		return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
	};
	return {
		text: cell.getChars(),
		width: cell.getWidth(),
		bold: cell.isBold() !== 0,
		dim: cell.isDim() !== 0,
		underline: cell.isUnderline() !== 0,
		inverse: cell.isInverse() !== 0,
		foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
		background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
	};
}

class TerminalOutput extends Writable {
	readonly isTTY = true;
	raw = '';
	readonly #emulator: Emulator;

	constructor(emulator: Emulator) {
		super({decodeStrings: false});
		this.#emulator = emulator;
	}

	get columns(): number {
		return this.#emulator.cols;
	}

	get rows(): number {
		return this.#emulator.rows;
	}

	override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.raw += chunk.toString();
		this.#emulator.write(chunk, done);
	}
}

class TerminalInput extends PassThrough {
	readonly isTTY = true;
	isRaw = false;

	setRawMode(isRaw: boolean): this {
		this.isRaw = isRaw;
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}
