import {describe, expect, it} from 'vitest';
import {App} from '../src/app.tsx';
import {StoreContext} from '../src/hooks/use-console.ts';
import {ThemeContext} from '../src/views/kit/theme.tsx';
import {client, type StateParts, slowlogEntry, stateWith, storeWith} from './helpers/fixtures.ts';
import {openTerminal} from './helpers/terminal.tsx';

const crowd = Array.from({length: 300}, (_, index) =>
	client({id: String(index + 100), name: `漢字-${index}`, address: `10.0.0.${index % 250}:${5000 + index}`}),
);
const log = Array.from({length: 60}, (_, index) => slowlogEntry({id: index, args: ['HGETALL', `k\u001B[31m${'長'.repeat(50)}${index}`]}));

const states: Readonly<Record<string, StateParts>> = {
	loading: {server: {kind: 'CONNECTING'}},
	empty: {clients: [], slowlog: []},
	data: {clients: crowd, slowlog: log},
	silent: {clients: crowd, slowlog: log, server: {kind: 'SILENT'}},
	busy: {clients: crowd, server: {kind: 'BUSY', running: 'script'}},
	down: {clients: crowd, server: {kind: 'DOWN', detail: 'connection refused: nothing listens there'}},
};
const sizes = [
	[60, 16],
	[80, 24],
	[120, 40],
	[200, 60],
] as const;
async function rowsOf(parts: StateParts, columns: number, rows: number, ascii = false) {
	const store = storeWith({...parts, ui: {...stateWith(parts).ui, ...parts.ui, size: {columns, rows}}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	const screen = terminal.frame().split('\n');
	terminal.unmount();
	return screen;
}

describe.each(sizes)('at %ix%i', (columns, rows) => {
	it.each(Object.entries(states))('%s: the first and the last row are there, and none in between is missing', async (_name, parts) => {
		const screen = await rowsOf({...parts, ui: {view: 'overview'}}, columns, rows);
		expect(screen).toHaveLength(rows);
		expect(screen[0]).toContain('cache');
		expect(screen.at(-1)).toContain('q quit');
	});

	it('lists clients one under another, none left out', async () => {
		const screen = await rowsOf({clients: crowd, ui: {view: 'clients', focus: 'clients'}}, columns, rows);
		const ids = screen.flatMap(row => /^ {2,}(\d{3}) 10\.0/.exec(row)?.[1] ?? []).map(Number);
		expect(ids.length).toBeGreaterThan(rows - 14);
		expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
	});

	it('writes nothing but ASCII with --ascii', async () => {
		const screen = await rowsOf({clients: [client({name: 'plain'})], server: {kind: 'SILENT'}}, columns, rows, true);
		expect(screen.join('\n')).toMatch(/^[\n\x20-\x7E]*$/);
	});
});

it('says so on a screen that is too small', async () => {
	await expect(rowsOf({}, 59, 15)).resolves.toEqual(['redis-triage needs 60x16, this is 59x15: q quits']);
	await expect(rowsOf({ui: {overlay: {kind: 'help', offset: 0}}}, 59, 15)).resolves.toEqual(['redis-triage needs 60x16, this is 59x15: Ctrl-C quits']);
	await expect(rowsOf({}, 30, 10)).resolves.toEqual(['redis-triage needs 60x16, this', ' is 30x10: q quits']);
});
