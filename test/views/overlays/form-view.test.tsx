import {expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {Overlay} from '../../../src/store/ui.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {type StateParts, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

type Form = Extract<Overlay, {readonly kind: 'form'}>;

const memory: Form = {
	kind: 'form',
	actionId: 'config.maxmemory',
	title: 'Change the memory limit',
	on: [],
	facts: [
		['now', '104857600 (100M)'],
		['used', '98.0M, 98% of 100M'],
	],
	fields: [{name: 'value', hint: 'a size', value: '125mb'}],
	index: 0,
};

async function screen(form: Form, [columns, rows]: readonly [number, number] = [80, 24], parts: StateParts = {}): Promise<readonly string[]> {
	const store = storeWith({...parts, ui: {...parts.ui, size: {columns, rows}, overlay: form}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii: false}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	const shown = terminal.frame().split('\n');
	terminal.unmount();
	return shown.map(row => row.trimEnd());
}

it.each([
	[60, 16],
	[80, 24],
	[120, 40],
] as const)('says how it is now above what is asked, at %ix%i', async (...size) => {
	const rows = await screen(memory, size);
	const from = rows.findIndex(row => row.includes('Change the memory limit'));
	expect(rows.slice(from + 2, from + 5)).toEqual([' now    104857600 (100M)', ' used   98.0M, 98% of 100M', ' value  125mb']);
});
