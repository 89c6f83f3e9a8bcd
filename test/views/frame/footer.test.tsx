import {describe, expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import type {QueueStatus} from '../../../src/queues/types.ts';
import type {DialogState} from '../../../src/store/dialog.ts';
import {received} from '../../../src/store/resource.ts';
import type {ConsoleState, ConsoleStore} from '../../../src/store/store.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {noonMs, storeWith} from '../../helpers/fixtures.ts';
import {longDialog} from '../../helpers/long-dialog.ts';
import {queueStatus} from '../../helpers/queue-status.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

/** The last row of the Queues pane, with the cursor on this queue or on none. */
async function footer(
	columns: number,
	change: Partial<QueueStatus>,
	selectedId: string | undefined = 'bull:orders',
	actions: ConsoleState['actions'] = [],
): Promise<string> {
	const queues = received([queueStatus({id: 'bull:orders', name: 'orders', ...change})], noonMs);
	const store = storeWith({
		actions,
		snapshot: {queues},
		panes: {queues: {selectedId}},
		ui: {view: 'queues', focus: 'queues', size: {columns, rows: 24}},
	});
	return lastRow(store, {columns, rows: 24});
}

async function lastRow(store: ConsoleStore, size: {readonly columns: number; readonly rows: number}): Promise<string> {
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<ThemeContext.Provider value={{colour: true, ascii: false}}>
				<App onKeys={() => {}} onPaste={() => {}} />
			</ThemeContext.Provider>
		</StoreContext.Provider>,
		size,
	);
	await terminal.settle();
	const row = terminal.frame().split('\n').at(-1) ?? '';
	terminal.unmount();
	return row;
}

describe('the footer of the Queues pane', () => {
	it.each<[string, Partial<QueueStatus>, RegExp]>([
		['stalled jobs', {activeWithoutLock: 3, active: 3}, /^ X recover stalled {2}T /],
		['overdue jobs', {overdue: 3, delayed: 3}, /^ O promote overdue {2}T /],
		['failed jobs', {failed: 3}, /^ T try failed again {2}C clean {2}P /],
		['a pause', {paused: true, waiting: 3}, /^ U resume {2}T /],
		['nothing', {completed: 3}, /^ T try failed again {2}P pause/],
	])('begins with the remedy for %s, at 80 columns', async (_what, change, expected) => {
		expect(await footer(80, change)).toMatch(expected);
	});

	it('keeps help and quit', async () => {
		const row = await footer(80, {activeWithoutLock: 3, overdue: 3, failed: 3, paused: true, waiting: 3});
		expect(row).toMatch(/^ X recover stalled {2}U resume {2}O promote overdue .*: commands {2}\? help {2}q quit/);
	});

	it('has room for all of them at 120 columns', async () => {
		expect(await footer(120, {activeWithoutLock: 3, overdue: 3, failed: 3})).toMatch(/^ X recover .* O promote .* T try .* C clean/);
	});

	it.each([
		[80, /^ \(T try failed again\) {2}P pause/],
		[120, /^ T try failed again \(Nothing has failed\) {2}P pause/],
	])('says without colours, too, what cannot be used, and why where there is room: %i columns', async (columns, expected) => {
		const status = {
			id: 'queue.retry-failed',
			title: '',
			danger: 'disruptive',
			sends: '',
			pane: 'queues',
			refusal: 'Nothing has failed',
			needsChoice: false,
			isReadOnly: false,
			takesRow: true,
			asks: false,
		} as const;
		expect(await footer(columns, {}, 'bull:orders', [status])).toMatch(expected);
	});

	it('keeps the other keys where the reason of the first is too long for the row', async () => {
		const refusal = 'The server does not answer: whatever is sent now is executed at some later moment';
		const status = {
			id: 'queue.retry-failed',
			title: '',
			danger: 'disruptive',
			sends: '',
			pane: 'queues',
			refusal,
			needsChoice: false,
			isReadOnly: false,
			takesRow: true,
			asks: false,
		} as const;
		expect(await footer(120, {}, 'bull:orders', [status])).toMatch(/^ \(T try failed again\) {2}P pause/);
	});

	it('is as ever where no queue is chosen', async () => expect(await footer(80, {overdue: 3}, '')).toMatch(/^ T try failed again {2}P pause/));
});

describe('the footer of a dialog', () => {
	const size = {columns: 120, rows: 60};
	const footerOf = (change: Partial<DialogState>, rows = size.rows) =>
		lastRow(storeWith({ui: {size: {...size, rows}, dialog: longDialog(change)}}), {...size, rows});

	it.each<[string, Partial<DialogState>, number, boolean]>([
		['that listens', {}, 60, true],
		['that does not listen yet', {openedAtMs: noonMs - 399}, 60, false],
		['of which not all has been seen', {}, 24, false],
		['all of which has been seen', {isSeen: true}, 24, true],
		['that is refused', {request: {...longDialog().request, checks: () => [{label: 'it is', ok: false}]}}, 60, false],
	])('%s says of y only what it does', async (_what, change, rows, isOffered) => {
		expect((await footerOf(change, rows)).includes('y run it')).toBe(isOffered);
	});
});
