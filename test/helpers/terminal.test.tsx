import {Box, Text, useInput, usePaste, useWindowSize} from 'ink';
import Table from 'ink-table';
import {useState} from 'react';
import {expect, it} from 'vitest';
import {key, openScreen, openTerminal} from './terminal.tsx';

function Echo() {
	const {columns, rows} = useWindowSize();
	const [heard, setHeard] = useState('');
	useInput((input, pressed) => setHeard(before => `${before}[${pressed.escape ? 'escape' : pressed.downArrow ? 'down' : input}]`));
	usePaste(text => setHeard(before => `${before}<${text}>`));
	return (
		<Box flexDirection="column">
			<Text>{`${columns}x${rows} ${heard}`}</Text>
			<Text bold inverse color="red">
				漢!
			</Text>
			<Table data={[{id: 7}]} />
		</Box>
	);
}

it('shows what an Ink program draws, and hands it keys, pastes and sizes', async () => {
	const terminal = openTerminal(<Echo />, {columns: 40, rows: 10});
	await terminal.press('jjj', key.down);
	await terminal.paste('Ky');
	expect(terminal.frame()).toMatchInlineSnapshot(`
		"40x10 [jjj][down]<Ky>
		漢!
		┌────┐
		│ id │
		├────┤
		│ 7  │
		└────┘"
	`);

	await terminal.press(key.escape);
	await terminal.waitFor('[escape]');
	await terminal.resize(60, 12);
	expect(terminal.frame()).toContain('60x12');
	expect(terminal.isAlternateScreen()).toBe(true);
});

it('tells the attributes of every cell', async () => {
	const terminal = openTerminal(<Echo />, {columns: 40, rows: 10});
	await terminal.settle();
	expect(terminal.cells(1).slice(0, 4)).toMatchObject([
		{text: '漢', width: 2, bold: true, inverse: true, foreground: 1},
		{text: '', width: 0},
		{text: '!', width: 1, bold: true, inverse: true, foreground: 1, background: undefined},
		{text: '', inverse: false, foreground: undefined},
	]);
});

it('prints the last screen when what a test waits for never comes', async () => {
	const screen = openScreen({columns: 20, rows: 3});
	screen.stdout.write('one\ntwo');
	await expect(screen.waitFor(/three/, 20)).rejects.toThrow('waited 20 ms for /three/; the last screen was\n│one\n│two');
});
