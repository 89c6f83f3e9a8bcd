import xterm from '@xterm/headless';

/** What an emulator made of one printed text: where its cursor went, and the cells it filled. */
export type Printed = {readonly columns: number; readonly text: string};

/** A real terminal emulator with its default width table, for asking how far a text moves the cursor. */
export function openEmulator(columns: number) {
	const screen = new xterm.Terminal({cols: columns, rows: 2, allowProposedApi: true});
	const write = (bytes: string) => new Promise<void>(resolve => screen.write(bytes, resolve));
	const row = () => screen.buffer.active.getLine(screen.buffer.active.baseY);

	return {
		/** Prints on a cleared first row. The text must be shorter than the row. */
		async print(text: string): Promise<Printed> {
			await write(`\u001b[H\u001b[2K${text}`);
			if (screen.buffer.active.cursorY !== 0) throw new Error(`left its row: ${JSON.stringify(text)}`);
			return {columns: screen.buffer.active.cursorX, text: row()?.translateToString(true) ?? ''};
		},
		/** The character and width of the cell at a column of the first row. */
		cell(column: number) {
			const cell = row()?.getCell(column);
			return {text: cell?.getChars() ?? '', width: cell?.getWidth() ?? -1};
		},
		close: () => screen.dispose(),
	};
}
