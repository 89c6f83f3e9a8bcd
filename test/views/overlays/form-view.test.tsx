import {expect, it} from 'vitest';
import {App} from '../../../src/app.tsx';
import {StoreContext} from '../../../src/hooks/use-console.ts';
import {askingFor, wantedKey, wantedOf, withReading} from '../../../src/store/opened-queue.ts';
import type {Overlay} from '../../../src/store/ui.ts';
import {uiCommands} from '../../../src/store/ui-commands.ts';
import {ThemeContext} from '../../../src/views/kit/theme.tsx';
import {noonMs, type StateParts, stateWith, storeWith} from '../../helpers/fixtures.ts';
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
	queue: undefined,
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

const retry: Form = {
	...memory,
	actionId: 'queue.retry-failed',
	title: 'Retry failed jobs of orders',
	facts: [],
	queue: {id: 'bull:orders', family: 'bull'},
	fields: [
		{name: 'since', hint: 'empty: all', value: ''},
		{name: 'reason', hint: 'empty: all; else words', value: '', choices: 'reasons'},
	],
	index: 1,
};
const group = (shape: string, count: number) => ({shape, example: shape, count, jobIds: [], jobNames: [], newestMs: noonMs, oldestMs: noonMs});
const sample = {groups: [group('connect ECONNREFUSED #', 181), group('timeout', 74)], lookedAt: 255, total: 300};

/** What has been read for the form, as the reader of jobs leaves it. */
function read(form: Form) {
	const wanted = wantedOf({ui: {...stateWith().ui, overlay: form}});
	if (!wanted) throw new Error('nothing is wanted');
	const offers = {states: [], canOpenJobs: true, canGroupFailures: true, pageSize: 50};
	return {wanted, opened: withReading(askingFor(undefined, wanted, offers), wanted.queueId, {kind: 'reasons', data: sample}, noonMs)};
}

/** What is in the fields after these. */
function pressed(form: Form, ...commands: readonly string[]): readonly string[] {
	let now = form;
	for (const command of commands) {
		const next = uiCommands[command]?.({...stateWith(), opened: read(retry).opened, ui: {...stateWith().ui, overlay: now}}).overlay;
		if (next?.kind === 'form') now = next;
	}
	return now.fields.map(({value}) => value);
}

it('has the reasons of its queue read while it is open, and only where it offers them', () => {
	expect(wantedKey(read(retry).wanted)).toBe(wantedKey({queueId: 'bull:orders', family: 'bull', kind: 'reasons'}));
	expect(wantedOf({ui: {...stateWith().ui, overlay: memory}})).toBeUndefined();
});

it.each([
	[['form.next-choice'], 'connect ECONNREFUSED #'],
	[['form.next-choice', 'form.next-choice'], 'timeout'],
	[['form.next-choice', 'form.next-choice', 'form.next-choice'], ''],
	[['form.previous-choice'], 'timeout'],
])('%j puts %j into the field', (commands, expected) => expect(pressed(retry, ...commands)).toEqual(['', expected]));

it('chooses nothing for a field that is typed', () => expect(pressed({...retry, index: 0}, 'form.next-choice')).toEqual(['', '']));

it.each([
	[60, 16],
	[80, 24],
] as const)('lists the reasons with how many say so, at %ix%i', async (...size) => {
	const [since, reason] = retry.fields;
	if (!since || !reason) throw new Error('no fields');
	const rows = await screen({...retry, fields: [since, {...reason, value: 'timeout'}]}, size, {opened: read(retry).opened});
	expect(rows.join('\n').includes('choose among the reasons of the newest 255:')).toBe(size[1] > 16);
	expect(rows.join('\n')).toContain(' ▸ 74 × timeout');
	expect(rows.at(-1)).toContain('Right choose');
	expect((await screen(retry, size)).join('\n')).toContain('Reading the reasons …');
	expect((await screen({...retry, index: 0}, size)).join('\n')).not.toContain('Right');
});
