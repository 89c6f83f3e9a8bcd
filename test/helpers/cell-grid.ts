import xterm from '@xterm/headless';
import {onTestFinished} from 'vitest';
import type {Size} from '../../src/terminal/pen.ts';

type Emulator = InstanceType<typeof xterm.Terminal>;

/** An emulator that can be written to and asked for all of its cells: what each shows, how wide, in which colours and attributes, as one text a cell. */
export function openGrid({columns, rows}: Size) {
	const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	onTestFinished(() => emulator.dispose());
	const grid = {
		async write(text: string) {
			await new Promise<void>(resolve => emulator.write(text, resolve));
		},
		resize: (size: Size) => emulator.resize(size.columns, size.rows),
		/** To a blank screen in its first state, but that nothing wraps: as the console takes a terminal. */
		reset: () => grid.write('\u001Bc\u001B[?7l'),
		cells: (): readonly (readonly string[])[] => Array.from({length: emulator.rows}, (_, row) => cellsOf(emulator, row)),
		/** How far it has scrolled. */
		scrolled: () => emulator.buffer.active.baseY,
	};
	return grid;
}

function cellsOf({buffer, cols}: Emulator, row: number): readonly string[] {
	const line = buffer.active.getLine(buffer.active.baseY + row);
	return Array.from({length: cols}, (_, column) => {
		const cell = line?.getCell(column);
		if (!cell) return 'none';
		// An erased cell has no character, and looks like a blank.
		const text = cell.getWidth() === 1 ? cell.getChars() || ' ' : cell.getChars();
		const looks = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.isStrikethrough()];
		const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
		return `${text}|${cell.getWidth()}|${looks.map(look => (look === 0 ? '-' : '+')).join('')}|${colours.join(',')}`;
	});
}
