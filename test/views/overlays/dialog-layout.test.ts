import {describe, expect, it} from 'vitest';
import {type DialogState, saidYes} from '../../../src/store/dialog.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {screenLayout} from '../../../src/views/frame/screen-layout.ts';
import {layoutDialog} from '../../../src/views/overlays/dialog-layout.ts';
import {noonMs, stateWith} from '../../helpers/fixtures.ts';
import {longDialog as dialog} from '../../helpers/long-dialog.ts';

const ended: Partial<DialogState> = {
	phase: 'ended',
	result: {outcome: 'done', detail: 'maxmemory is 1', next: [], undo: [['CONFIG', 'SET', 'maxmemory', '2']], output: []},
};
const phases: readonly (readonly [string, Partial<DialogState>])[] = [
	['asks', {}],
	['asks for a word', {request: {...dialog({}).request, word: 'cache'}}],
	['is under way', {phase: 'running'}],
	['has ended', ended],
];

describe.each([
	[60, 16],
	[80, 24],
	[120, 30],
])('at %ix%i', (columns, rows) => {
	it.each(phases)('a dialog that %s has room for its border, wherever it is scrolled to', (_what, change) => {
		const size = {columns, rows};
		for (const offset of [0, 1, 99]) {
			const layout = layoutDialog(stateWith({ui: {size, dialog: dialog({...change, offset})}}), false);
			expect(layout?.lastOffset).toBeGreaterThan(0);
			expect(layout?.body.length).toBeLessThanOrEqual(screenLayout(size, true).bodyRows - 2);
		}
	});

	it('one that cannot be run says why, whole, wherever it is scrolled to', () => {
		const reason = 'The server was restarted since this was opened (process 80001 instead of 79999): close this and look again';
		const request = {...dialog({}).request, checks: () => [{label: 'it is the same server', ok: false, reason}]};
		const size = {columns, rows};
		for (const offset of [0, 1, 99]) {
			const layout = layoutDialog(stateWith({ui: {size, dialog: dialog({request, offset})}}), false);
			const texts = layout?.body.map(row => row.map(({text}) => text).join('')) ?? [];
			expect(texts.map(text => text.trim()).join(' ')).toContain(`${reason} It cannot be run now.`);
			expect(Math.max(...texts.map(text => text.length))).toBeLessThanOrEqual(columns - 2);
			expect(texts.length).toBeLessThanOrEqual(screenLayout(size, true).bodyRows - 2);
		}
	});

	it('one that has ended says that there is more, and how to leave and to undo', () => {
		const texts = layoutDialog(stateWith({ui: {size: {columns, rows}, dialog: dialog(ended)}}), false)?.body.map(row => row.map(({text}) => text).join(''));
		expect(texts?.at(-1)).toMatch(/ \d+ more lines below: Down shows them, Esc back +u undo$/);
		expect(texts?.at(-1)?.length).toBeLessThanOrEqual(columns - 2);
	});
});

it('what follows the server is told as it is now, and with the yes it stays', () => {
	const facts = (value: number) => ({facts: [['changes', String(value)] as const], effect: [], affects: 'nobody', cost: 'none'});
	const request = {...dialog({}).request, ...facts(1), follow: ({nowMs}: {readonly nowMs: number}) => facts(nowMs - noonMs)};
	const state = (change: Partial<DialogState>) => stateWith({nowMs: noonMs + 7, ui: {size: {columns: 120, rows: 40}, dialog: dialog({request, ...change})}});
	const rows = (now: ConsoleState) =>
		layoutDialog(now, false)?.body.map(row =>
			row
				.map(({text}) => text)
				.join('')
				.trim(),
		);
	expect(rows(state({}))).toContain('changes  7');
	const yes = saidYes(dialog({request}), state({}));
	expect(yes).toMatchObject({phase: 'running', request: facts(7)});
	expect(rows(stateWith({nowMs: noonMs + 9, ui: {size: {columns: 120, rows: 40}, dialog: yes}}))).toContain('changes  7');
});
