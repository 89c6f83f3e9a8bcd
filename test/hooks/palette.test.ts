import {describe, expect, it} from 'vitest';
import {builtInActions as actions} from '../../src/actions/registry.ts';
import {paletteEntries} from '../../src/hooks/palette.ts';
import type {ActionStatus} from '../../src/store/store.ts';
import {paneNames} from '../../src/store/ui.ts';
import {noonMs, type StateParts, stateWith} from '../helpers/fixtures.ts';

const statuses: readonly ActionStatus[] = actions.map(({id, title, danger, pane, doc}) => ({
	id,
	title,
	danger,
	pane,
	sends: doc.sends,
	refusal: undefined,
	needsChoice: false,
	isReadOnly: false,
	takesRow: true,
	asks: false,
}));
const entries = (query: string, parts: StateParts = {}) => paletteEntries(stateWith({actions: statuses, ...parts}), query);
const names = (query: string, parts: StateParts = {}) => entries(query, parts).map(({name}) => name);

const everything = [
	...actions.map(({id}) => id),
	'view.overview',
	...paneNames.map(name => `view.${name}`),
	'recovery',
	'note',
	'snapshot',
	'report',
	'help',
	'quit',
	'memory.survey',
	'queues.rescan',
	'mode.read-only',
	'mode.guarded',
];

describe('what it offers', () => {
	it.each(['', '   '])('is everything, actions first, for %j', query => expect(names(query)).toEqual(everything));

	it.each([
		['client.kill', 'client.kill'],
		['CLIENT.KILL', 'client.kill'],
		['unblock', 'client.unblock'],
		['scrki', 'script.kill'],
		['raise', 'script.raise-limit'],
		['Stop the running', 'script.kill'],
		['panes at a glance', 'view.overview'],
		['rdonly', 'mode.read-only'],
		['leave', 'quit'],
	])('%j finds %s first', (query, name) => expect(names(query)[0]).toBe(name));

	it('puts what is found as it is typed before what only has the letters', () => {
		expect(names('kill').slice(0, 2)).toEqual(['script.kill', 'client.kill']);
		expect(names('view').slice(0, 1 + paneNames.length)).toEqual(['view.overview', ...paneNames.map(name => `view.${name}`)]);
		expect(names('close')[0]).toBe('client.kill');
	});

	it.each(['zzz', 'killscript!', 'tpircs'])('%j finds nothing: letters count in their order', query => expect(names(query)).toEqual([]));
});

describe('an entry', () => {
	it('runs its action, or says why not', () => {
		const refused = statuses.map(status => (status.id === 'client.kill' ? {...status, refusal: 'Select a client first'} : status));
		expect(entries('client.kill', {actions: refused})[0]).toEqual({
			command: 'action.client.kill',
			name: 'client.kill',
			title: 'Close client connections',
			refusal: 'Select a client first',
		});
	});

	it('takes back what was done, also by an earlier console', () => {
		const way = {
			auditId: 'run-1',
			atMs: noonMs - 60_000,
			operator: 'alice',
			done: 'config.maxmemory',
			action: 'config.maxmemory',
			choice: {on: [], set: {}},
			title: 'back to 100mb',
			before: {maxmemory: '100mb'},
			after: {},
		};
		const undos = [
			{...way, refusal: undefined},
			{...way, auditId: 'run-2', done: 'config.timeout', title: 'back to 0', refusal: 'Somebody has changed it since'},
		];
		expect(entries('undo', {undos}).slice(0, 2)).toEqual([
			{command: 'undo:run-1', name: 'undo config.maxmemory', title: 'back to 100mb (set at 11:59:00Z by alice)', refusal: undefined},
			{command: 'undo:run-2', name: 'undo config.timeout', title: 'back to 0 (set at 11:59:00Z by alice)', refusal: 'Somebody has changed it since'},
		]);
		expect(names('', {undos}).slice(actions.length, actions.length + 2)).toEqual(['undo config.maxmemory', 'undo config.timeout']);
	});

	it.each([
		['guarded', 'mode.read-only', undefined],
		['guarded', 'mode.guarded', 'Actions are allowed already'],
		['read-only', 'mode.read-only', 'It is read-only already'],
		['read-only', 'mode.guarded', undefined],
	] as const)('in a %s console %s is refused: %s', (mode, name, refusal) => {
		expect(entries(name, {session: {mode}})[0]).toMatchObject({command: name, name, refusal});
	});
});
