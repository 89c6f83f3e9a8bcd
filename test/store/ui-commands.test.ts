import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/store/finding.ts';
import type {Overlay} from '../../src/store/ui.ts';
import {changeUi, notify, uiCommands} from '../../src/store/ui-commands.ts';
import {client, noonMs, type StateParts, storeWith} from '../helpers/fixtures.ts';

function run(parts: StateParts, ...commands: readonly string[]) {
	const store = storeWith(parts);
	for (const command of commands) {
		const change = uiCommands[command];
		if (!change) throw new Error(`there is no ${command}`);
		changeUi(store, change);
	}
	return store.getState().ui;
}

const finding = (id: string): Finding => ({id, severity: 'P0', title: id, evidence: '', meaning: [], components: [], remedies: [], over: ''});
const three = ['a', 'b', 'c'].map(finding);
const clients = ['1', '2', '3'].map(id => client({id}));

describe('views', () => {
	it.each([
		['view.overview', 'overview', 'scripts'],
		['view.scripts', 'scripts', 'scripts'],
		['view.clients', 'clients', 'clients'],
	])('%s shows %s with the focus on %s', (command, view, focus) => {
		expect(run({ui: {overlay: {kind: 'help', offset: 3}}}, command)).toMatchObject({view, focus, overlay: undefined});
	});

	it('the overview keeps the focus', () => expect(run({}, 'view.clients', 'view.overview')).toMatchObject({view: 'overview', focus: 'clients'}));

	it('the overview says how to get to the others where only one has room', () => {
		const noticeAt = (columns: number) => run({ui: {view: 'clients', size: {columns, rows: 24}}}, 'view.overview').notice?.text;
		expect(noticeAt(99)).toBe('Panes side by side need 100 columns: Tab shows the next one');
		expect(noticeAt(100)).toBeUndefined();
	});

	it.each([
		['overview', ['pane.next'], 'overview', 'clients'],
		['overview', ['pane.next', 'pane.next'], 'overview', 'memory'],
		['overview', ['pane.next', 'pane.next', 'pane.next', 'pane.next'], 'overview', 'scripts'],
		['overview', ['pane.previous'], 'overview', 'queues'],
		['timeline', ['view.overview'], 'overview', 'scripts'],
		['overview', ['view.queues', 'pane.next', 'pane.next'], 'timeline', 'timeline'],
		['scripts', ['pane.next'], 'clients', 'clients'],
	] as const)('from %s, %j leads to %s with the focus on %s', (from, commands, view, focus) => {
		expect(run({ui: {view: from}}, ...commands)).toMatchObject({view, focus});
	});
});

describe('Enter and Esc', () => {
	it('open the row under the cursor in full, and close it', () => {
		const parts = {clients, selectedClientId: '2', ui: {focus: 'clients'}} as const;
		expect(run(parts, 'open').overlay).toEqual({kind: 'detail', pane: 'clients', offset: 0});
		expect(run(parts, 'open', 'back').overlay).toBeUndefined();
	});

	it.each([
		['where there is no cursor', undefined],
		['where its row has gone', '77'],
	])('on the overview the pane is opened %s', (_when, selectedId) => {
		const parts = {clients, panes: {clients: {selectedId}}, ui: {focus: 'clients'}} as const;
		expect(run(parts, 'open')).toMatchObject({view: 'clients', overlay: undefined});
	});

	it('in a pane without a cursor the first row is opened, and none where the row under it has gone', () => {
		const inPane = (selectedId: string | undefined) => run({clients, panes: {clients: {selectedId}}, ui: {focus: 'clients', view: 'clients'}}, 'open');
		expect(inPane(undefined)).toMatchObject({overlay: {kind: 'detail', pane: 'clients'}, panes: {clients: {selectedId: '1'}}});
		expect(inPane('77')).toMatchObject({overlay: undefined, panes: {clients: {selectedId: '77'}}});
	});

	it('Esc takes back one step at a time: overlay, filter, full-size pane', () => {
		const parts = {panes: {clients: {filter: 'api'}}, ui: {view: 'clients', focus: 'clients', overlay: {kind: 'help', offset: 0}}} as const;
		const steps = [1, 2, 3, 4].map(count => run(parts, ...Array.from({length: count}, () => 'back')));
		expect(steps.map(({overlay, panes, view}) => [overlay?.kind, panes.clients.filter, view])).toEqual([
			[undefined, 'api', 'clients'],
			[undefined, '', 'clients'],
			[undefined, '', 'overview'],
			[undefined, '', 'overview'],
		]);
	});
});

describe('findings', () => {
	it('are gone through in a circle', () => {
		const indexes = [1, 2, 3].map(count => run({findings: three}, ...Array.from({length: count}, () => 'finding.next')).walked?.findingId);
		expect(indexes).toEqual(['b', 'c', 'a']);
	});

	it('the open one follows', () => {
		expect(run({findings: three}, 'finding.open', 'finding.next').overlay).toEqual({kind: 'finding', findingId: 'b', index: 0, offset: 0});
	});

	it.each([
		['b', 29_999, 'b'],
		['b', 30_000, 'a'],
		['has-ended', 0, 'a'],
	])('open the one that is shown: %s walked to %i ms ago is %s', (findingId, agoMs, expected) => {
		expect(run({findings: three, ui: {walked: {findingId, atMs: noonMs - agoMs}}}, 'finding.open').overlay).toMatchObject({findingId: expected});
	});

	it.each(['finding.next', 'finding.open'])('%s does nothing when all is well', command => {
		expect(run({}, command)).toMatchObject({overlay: undefined, walked: undefined});
	});
});

describe('what lies over the panes', () => {
	it.each<[string, Overlay]>([
		['help', {kind: 'help', offset: 0}],
		['palette', {kind: 'palette', query: '', index: 0}],
		['filter', {kind: 'filter', pane: 'scripts', before: 'old'}],
	])('%s opens', (command, overlay) => expect(run({panes: {scripts: {filter: 'old'}}}, command).overlay).toEqual(overlay));

	it.each<[Overlay, 'offset' | 'index']>([
		[{kind: 'help', offset: 0}, 'offset'],
		[{kind: 'detail', pane: 'clients', offset: 0}, 'offset'],
		[{kind: 'palette', query: '', index: 0}, 'index'],
		[{kind: 'finding', findingId: 'a', index: 0, offset: 0}, 'offset'],
	])('%j scrolls, never above its top', (overlay, field) => {
		const at = (...commands: readonly string[]) => run({ui: {overlay}}, ...commands).overlay;
		expect(at('scroll.down', 'scroll.down', 'scroll.up')).toEqual({...overlay, [field]: 1});
		expect(at('scroll.page-down')).toEqual({...overlay, [field]: 12});
		expect(at('scroll.page-up', 'scroll.up')).toEqual(overlay);
	});

	it('nothing scrolls where nothing lies', () => expect(run({}, 'scroll.down').overlay).toBeUndefined());
});

describe('freeze', () => {
	it('keeps what is on the screen while the store goes on, and lets go again', () => {
		const store = storeWith({clients, findings: three});
		const {freeze} = uiCommands;
		if (!freeze) throw new Error('there is no freeze');
		const {snapshot, survey, timeline} = store.getState();
		changeUi(store, freeze);
		store.setState(state => ({snapshot: {...state.snapshot, vitals: {}}, findings: [], survey: {...state.survey}}));
		expect(store.getState().ui.frozen).toEqual({snapshot, findings: three, survey, timeline, atMs: noonMs});
		changeUi(store, freeze);
		expect(store.getState().ui.frozen).toBeUndefined();
	});
});

it('statistics and slowlog take turns, and the cursor lets go', () => {
	const parts = {panes: {scripts: {selectedId: '3'}}};
	expect(run(parts, 'scripts.statistics')).toMatchObject({showsStatistics: true, panes: {scripts: {selectedId: undefined}}});
	expect(run(parts, 'scripts.statistics', 'scripts.statistics').showsStatistics).toBe(false);
});

it('clears all marks', () => expect(run({markedClientIds: ['1', '2']}, 'marks.clear').markedClientIds.size).toBe(0));

it.each([
	['list.next', '2'],
	['list.previous', '1'],
	['list.first', '1'],
	['list.last', '40'],
	['list.half-down', '7'],
	['list.half-up', '1'],
	['list.page-down', '13'],
	['list.page-up', '1'],
])('%s moves the cursor from the first of 40 to %s', (command, expected) => {
	const many = Array.from({length: 40}, (_, index) => client({id: String(index + 1)}));
	expect(run({clients: many, selectedClientId: '1', ui: {focus: 'clients'}}, command).panes.clients.selectedId).toBe(expected);
});

it('news is dated', () => {
	const store = storeWith();
	notify(store, 'done', 'good');
	expect(store.getState().ui.notice).toEqual({text: 'done', tone: 'good', atMs: noonMs});
});
