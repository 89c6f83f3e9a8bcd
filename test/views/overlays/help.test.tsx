import {expect, it} from 'vitest';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import {keyLabel} from '../../../src/keymap/key-label.ts';
import {type Context, keymap} from '../../../src/keymap/keymap.ts';
import type {UiState} from '../../../src/store/ui.ts';
import {Help} from '../../../src/views/overlays/help.tsx';
import {storeWith} from '../../helpers/fixtures.ts';
import {queueView} from '../../helpers/opened-queue.ts';
import {openTerminal} from '../../helpers/terminal.tsx';

async function help(ui: Partial<UiState> = {}, [columns, rows]: readonly [number, number] = [80, 300]): Promise<readonly string[]> {
	const store = storeWith({ui: {overlay: {kind: 'help', offset: 0}, ...ui}});
	const terminal = openTerminal(
		<StoreContext.Provider value={store}>
			<Help width={columns} height={rows} />
		</StoreContext.Provider>,
		{columns, rows},
	);
	await terminal.settle();
	const frame = terminal.frame().split('\n');
	terminal.unmount();
	return frame;
}

it.each<[string, Partial<UiState>, string]>([
	['Scripts', {focus: 'scripts'}, ' 1 Scripts'],
	['Clients', {focus: 'clients'}, ' 2 Clients'],
	['Memory', {focus: 'memory'}, ' 3 Memory'],
	['Queues', {focus: 'queues'}, ' 4 Queues'],
	['a queue', {view: 'queues', focus: 'queues', queue: queueView()}, ' In a queue'],
	['a job', {view: 'queues', focus: 'queues', queue: queueView({job: {id: '1', offset: 0}})}, ' In a job'],
	['persistence', {view: 'ha', focus: 'ha'}, ' 5 Persistence, replication, cluster'],
	['Timeline', {view: 'timeline', focus: 'timeline'}, ' 6 Timeline'],
])('begins with the keys of the pane one is in: %s', async (_pane, ui, first) => {
	const rows = await help(ui);
	expect(rows[1]?.trimEnd()).toBe(first);
	expect(rows.filter(row => row.trimEnd() === first)).toHaveLength(1);
});

it('goes on with those of everywhere, the words, and the other panes', async () => {
	const titles = (await help({focus: 'queues'})).filter(row => /^ \S/.test(row)).map(row => row.trim());
	expect(titles.slice(1, 8)).toEqual(['4 Queues', 'Everywhere', 'Back in time', 'Views', 'Always', 'Words on the screen', '1 Scripts']);
});

/** What a dialog says of itself, in its own prompt. */
const saidElsewhere: ReadonlySet<Context> = new Set(['dialog-word', 'dialog-running', 'dialog-ended', 'dialog-undo']);

it('has every key', async () => {
	const text = (await help()).join('\n');
	for (const {context, keys, label} of keymap) {
		if (!saidElsewhere.has(context))
			expect(text).toMatch(new RegExp(`${keys.map(key => keyLabel(key).replace(/\W/g, '\\$&')).join(' ')} +${label.split(' ', 1)[0]}`));
	}
});

it.each(['GUARDED', 'READ-ONLY', 'READONLY', 'OPENING', 'cost', 'never !', 'WRK ?', 'STALL', 'AGE'])('explains the word %s', async word => {
	expect((await help()).join('\n')).toMatch(new RegExp(`^ {3}${word.replace('?', '\\?')} +\\S`, 'm'));
});

it.each<readonly [number, number]>([
	[60, 16],
	[80, 24],
	[120, 40],
	[200, 60],
])('cuts no meaning at %ix%i', async (columns, rows) => {
	const whole = (await help({focus: 'queues'}, [columns, 300])).join('\n');
	expect(whole).not.toContain('…');
	expect((await help({focus: 'queues'}, [columns, rows]))[1]).toMatch(/^ 4 Queues/);
});
