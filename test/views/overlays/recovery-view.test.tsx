import {expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {RecoveryItem} from '../../../src/store/recovery.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {noonMs, type StateParts, storeWith} from '../../helpers/fixtures.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

const items: readonly RecoveryItem[] = [
	{label: 'PING is answered', ok: true, detail: 'since 11:58:00Z, for 2m00s, the last one in 1.20 ms'},
	{label: 'traffic is back', ok: false, detail: '99/s now; 200/s in the 5m00s before it, 50% of it, 50% is wanted'},
	{label: 'queues drain', ok: undefined, detail: 'the queues have not been read yet'},
	{label: 'the checkout of the web shop answers 200', ok: false, detail: 'connection refused, 3s ago'},
];
const findings = [
	{id: 'persistence.off', severity: 'P2', title: 'Nothing is saved', evidence: '', meaning: [], components: [], remedies: [], over: ''},
] as const;
const waysBack = [
	{
		auditId: 'run-1',
		atMs: noonMs - 60_000,
		operator: 'alice',
		done: 'config.maxmemory',
		action: 'config.maxmemory',
		choice: {on: [], set: {}},
		title: 'back to 100mb',
		before: {maxmemory: '100mb'},
		after: {},
	},
];
const whole: StateParts = {recovery: {items, checks: []}, findings, waysBack};

async function screenOf([columns, rows]: readonly [number, number], {offset = 0, ascii = false, parts = whole} = {}) {
	const store = storeWith({...parts, ui: {size: {columns, rows}, overlay: {kind: 'recovery', offset}}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	const rowsShown = terminal
		.frame()
		.split('\n')
		.map(row => row.trimEnd());
	terminal.unmount();
	return rowsShown;
}

it.each([
	[120, 40],
	[80, 24],
] as const)('at %ix%i it has every sign with its tick, and what is left to do, in full', async (columns, rows) => {
	const screen = await screenOf([columns, rows]);
	expect(screen).toHaveLength(rows);
	const text = screen.join('\n').replace(/\s+/g, ' ');
	expect(text).toContain('Recovery 1 of 4 verified');
	expect(text).toContain('✓ PING is answered since 11:58:00Z, for 2m00s, the last one in 1.20 ms');
	expect(text).toContain('✗ traffic is back 99/s now; 200/s in the 5m00s before it, 50% of it, 50% is wanted');
	expect(text).toContain('? queues drain the queues have not been read yet');
	expect(text).toContain('✗ the checkout of the web shop answers 200 connection refused, 3s ago');
	expect(text).toContain(
		'Still to do · config.maxmemory was changed at 11:59:00Z by alice and is not taken back (palette: undo config.maxmemory, back to 100mb) · P2 persistence.off: Nothing is saved',
	);
	expect(screen.at(-1)).toMatch(/^ Enter note it in the timeline {2}Esc back {2}.*: commands/);
});

it('at 60x16 it says how much is below, and scrolls to it', async () => {
	const top = await screenOf([60, 16]);
	const [, more] = /(\d+) more below \(j\)/.exec(top.join('\n')) ?? [];
	expect(Number(more)).toBeGreaterThan(0);
	expect(top.join('\n')).not.toContain('persistence.off');
	const below = await screenOf([60, 16], {offset: Number(more)});
	expect(below.join('\n')).toContain('P2 persistence.off: Nothing is saved');
	expect(below.join('\n')).not.toContain('more below');
	expect(await screenOf([60, 16], {offset: 500})).toEqual(below);
});

it('says that nothing is left to do', async () => {
	const screen = await screenOf([80, 24], {parts: {recovery: {items: items.slice(0, 1), checks: []}}});
	expect(screen.join('\n')).toMatch(/Recovery {2}1 of 1 verified[\s\S]*Still to do +nothing that this console knows of/);
});

it('gives no verdict on an empty list', async () => {
	const noItems: StateParts = {recovery: {items: [], checks: []}};
	expect((await screenOf([80, 24], {parts: noItems})).join('\n')).toContain('Recovery  is being looked at');
	const playback = {kind: 'replay', fromMs: noonMs, toMs: noonMs, atMs: noonMs, isPlaying: false, speed: 1, watchedAtMs: noonMs, present: undefined} as const;
	expect((await screenOf([80, 24], {parts: {...noItems, playback}})).join('\n')).toContain('Recovery  nobody had looked at it by then');
});

it('is drawn with ASCII alone where that is wanted', async () => {
	const text = (await screenOf([80, 24], {ascii: true})).join('\n');
	expect(text).toMatch(/^[\n\x20-\x7E]*$/);
	expect(text).toMatch(/^ \+ PING[\s\S]*^ ! traffic[\s\S]*^ \? queues/m);
});

it('shows names of checks that would be orders to the terminal as text', async () => {
	const evil = [{label: '\u001B[2Jshop answers 200', ok: true, detail: '\u001B]0;x\u0007'}];
	const text = (await screenOf([80, 24], {parts: {recovery: {items: evil, checks: []}}})).join('\n');
	expect(text).toContain('shop answers 200');
	expect(text).toMatch(/Recovery/);
});
