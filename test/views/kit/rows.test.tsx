import fc from 'fast-check';
import {Box} from 'ink';
import {render} from 'ink-testing-library';
import stringWidth from 'string-width';
import {describe, expect, it, vi} from 'vitest';
import {type Line, line} from '../../../src/views/kit/line.ts';
import {Rows} from '../../../src/views/kit/rows.tsx';
import {tableLines} from '../../../src/views/kit/table.ts';
import {type Theme, ThemeContext} from '../../../src/views/kit/theme.tsx';
import {foreignText, hostilePieces} from '../../helpers/foreign-text.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

// Ink's chalk looks for a terminal when it is loaded; a test run has none, and then even bold and inverse are left out.
vi.hoisted(() => vi.stubEnv('FORCE_COLOR', '1'));

const themed = (lines: readonly Line[], width: number, theme: Theme = {colour: true, ascii: false}) => (
	<ThemeContext.Provider value={theme}>
		<Rows lines={lines} width={width} />
	</ThemeContext.Provider>
);
const styles = /\u001b\[[0-9;]*m/g;

describe('Rows, as text', () => {
	it('prints one row a line and marks what differs by styles alone', () => {
		const {lastFrame, unmount} = render(themed([line('a ', {text: 'bad', tone: 'bad'}, '!'), line(), line('漢字')], 8));
		expect(lastFrame()).toBe('a \u001b[1m\u001b[31mbad\u001b[39m\u001b[22m!\n\n漢字');
		unmount();
	});

	it('has no colours when they are off, and no Unicode in ASCII', () => {
		const {lastFrame, unmount} = render(themed([line({text: '▸ é', tone: 'bad'})], 20, {colour: false, ascii: true}));
		expect(lastFrame()).toBe('\u001b[1m\\u25b8 \\xe9\u001b[22m');
		unmount();
	});

	it('prints the whole width of an inverse row, blanks included', () => {
		const {lastFrame, unmount} = render(themed([line({text: 'ab  ', inverse: true})], 4));
		expect(lastFrame()).toBe('\u001b[7mab  \u001b[27m');
		unmount();
	});

	it.each([
		[0, [line('a')]],
		[5, []],
	])('prints nothing at width %i with %j', (width, lines) => {
		const {lastFrame, unmount} = render(themed(lines, width));
		expect(lastFrame()).toBe('');
		unmount();
	});

	it('changes a row when its text, its tone, the width or the theme changes', () => {
		const {lastFrame, rerender, unmount} = render(themed([line('abc')], 3));
		const frames = [lastFrame()];
		for (const tree of [
			themed([line('abd')], 3),
			themed([line({text: 'abd', tone: 'good'})], 3),
			themed([line({text: 'abd', tone: 'good'})], 2),
			themed([line({text: 'abd', tone: 'good'})], 2, {colour: false, ascii: true}),
			themed([line({text: 'abd', tone: 'good'}), line('x')], 2, {colour: false, ascii: true}),
		]) {
			rerender(tree);
			frames.push(lastFrame());
		}
		expect(frames).toEqual(['abc', 'abd', '\u001b[32mabd\u001b[39m', '\u001b[32ma…\u001b[39m', 'a~', 'a~\nx']);
		unmount();
	});

	it('lets nothing but styles and visible text through to the terminal, whatever the lines hold', () => {
		fc.assert(
			fc.property(fc.array(foreignText, {minLength: 1, maxLength: 4}), fc.integer({min: 1, max: 90}), (texts, width) => {
				const {lastFrame, unmount} = render(
					themed(
						texts.map(text => line({text, tone: 'bad', inverse: true}, {text})),
						width,
					),
				);
				const rows = (lastFrame() ?? '').replaceAll(styles, '').split('\n');
				expect(rows).toHaveLength(texts.length);
				for (const row of rows) {
					expect(row).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
					expect(stringWidth(row)).toBeLessThanOrEqual(width);
				}
				unmount();
			}),
			{numRuns: 25},
		);
	});
});

describe('Rows, on a terminal', () => {
	it('keeps the columns of a table aligned beside every kind of foreign text', async () => {
		const columns = [
			{title: 'NAME', width: 24},
			{title: 'N', width: 3, align: 'right'},
		] as const;
		const lines = tableLines({columns, rows: hostilePieces.map(piece => [piece.repeat(3), '|7|']), width: 30, selectedIndex: 2});
		const terminal = openTerminal(<Rows lines={lines} width={30} />, {columns: 40, rows: lines.length + 1});
		await terminal.settle();
		const bars = lines.slice(1).map((_, row) => terminal.cells(row + 1).flatMap(({text}, column) => (text === '|' ? [column] : [])));
		expect(bars).toEqual(hostilePieces.map(() => [27, 29]));
	});

	it('does not squeeze a row out of the middle when the box is too low', async () => {
		const lines = Array.from({length: 20}, (_, row) => line(`row ${row}`));
		const terminal = openTerminal(
			<Box height={8} overflow="hidden" flexDirection="column">
				<Rows lines={lines} width={10} />
			</Box>,
			{columns: 30, rows: 12},
		);
		await terminal.settle();
		expect(terminal.frame().split('\n')).toEqual(Array.from({length: 8}, (_, row) => `row ${row}`));
	});

	it('shows the selected row inverse from edge to edge', async () => {
		const lines = tableLines({columns: [{title: 'A', grow: true}], rows: [['x'], [{text: 'y', tone: 'bad'}]], width: 12, selectedIndex: 1});
		const terminal = openTerminal(<Rows lines={lines} width={12} />, {columns: 20, rows: 5});
		await terminal.settle();
		expect(terminal.frame()).toBe('  A\n  x\n▸ y');
		expect(terminal.cells(2).map(cell => cell.inverse)).toEqual(Array.from({length: 20}, (_, column) => column < 12));
		expect(terminal.cells(1).some(cell => cell.inverse)).toBe(false);
	});
});
