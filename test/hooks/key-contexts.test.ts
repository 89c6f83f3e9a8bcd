import {describe, expect, it} from 'vitest';
import {keyContexts, takesText} from '../../src/hooks/key-contexts.ts';
import type {Context} from '../../src/keymap/keymap.ts';
import type {ActionResult, ConfirmRequest, DialogState} from '../../src/store/dialog.ts';
import type {Overlay, UiState} from '../../src/store/ui.ts';
import {noonMs, stateWith} from '../helpers/fixtures.ts';
import {queueView} from '../helpers/opened-queue.ts';

function dialog(phase: DialogState['phase'], {word, result}: {readonly word?: string; readonly result?: Partial<ActionResult>} = {}): DialogState {
	const request: ConfirmRequest = {
		actionId: 'client.kill',
		title: 'Kill',
		danger: 'disruptive',
		facts: [],
		plan: [],
		goesOn: undefined,
		places: [],
		effect: [],
		affects: 'nobody',
		cost: '',
		undo: '',
		checks: () => [],
		word,
		isProduction: false,
		stops: undefined,
	};
	const ended = result && {outcome: 'done', detail: '', next: [], undo: undefined, output: [], ...result};
	return {
		request,
		openedAtMs: noonMs,
		phase,
		typed: '',
		offset: 0,
		progress: undefined,
		isSeen: false,
		isStopping: false,
		result: ended as ActionResult | undefined,
	};
}

describe('with nothing over the panes', () => {
	it.each(['scripts', 'clients'] as const)('the pane %s hears a key first', focus => {
		expect(keyContexts(stateWith({ui: {focus}}))).toEqual(['present', focus, 'global', 'views', 'always']);
	});
});

describe('a queue that is open', () => {
	it.each<[string, Partial<UiState>, readonly Context[]]>([
		['hears the keys in place of its pane', {view: 'queues', queue: queueView()}, ['present', 'queue', 'global', 'views', 'always']],
		['and so does one of its jobs', {view: 'queues', queue: queueView({job: {id: '1', offset: 0}})}, ['present', 'job', 'global', 'views', 'always']],
		['not while another pane is shown', {view: 'overview', queue: queueView()}, ['present', 'queues', 'global', 'views', 'always']],
	])('%s', (_what, ui, expected) => expect(keyContexts(stateWith({ui: {focus: 'queues', ...ui}}))).toEqual(expected));
});

describe('an overlay', () => {
	it.each<[Overlay, readonly Context[]]>([
		[{kind: 'help', offset: 0}, ['overlay', 'views', 'always']],
		[{kind: 'detail', pane: 'clients', offset: 0}, ['client', 'overlay', 'views', 'always']],
		[{kind: 'detail', pane: 'scripts', offset: 0}, ['overlay', 'views', 'always']],
		[{kind: 'finding', findingId: 'has-ended', index: 0, offset: 0}, ['overlay', 'views', 'always']],
		[{kind: 'recovery', offset: 0}, ['recovery', 'views', 'always']],
		[{kind: 'palette', query: '', index: 0}, ['palette', 'text', 'always']],
		[{kind: 'filter', pane: 'clients', before: ''}, ['text', 'always']],
		[{kind: 'word', title: '', word: 'cache', typed: '', command: 'mode.guarded'}, ['text', 'always']],
	])('%j traps the keys in %j', (overlay, expected) => expect(keyContexts(stateWith({ui: {overlay}}))).toEqual(expected));
});

it('a client in full hears what is meant for it, unless others are marked', () => {
	const overlay: Overlay = {kind: 'detail', pane: 'clients', offset: 0};
	expect(keyContexts(stateWith({ui: {overlay}}))).toContain('client');
	expect(keyContexts(stateWith({ui: {overlay, markedClientIds: new Set(['7'])}}))).not.toContain('client');
});

describe('a dialog', () => {
	it.each<[string, DialogState, readonly Context[]]>([
		['that asks', dialog('asking'), ['dialog', 'always']],
		['that asks for a word', dialog('asking', {word: 'cache'}), ['dialog-word', 'always']],
		['whose action is under way', dialog('running'), ['dialog-running', 'always']],
		['that has ended', dialog('ended', {result: {}}), ['dialog-ended', 'always']],
		[
			'that has ended and has ended by itself since',
			dialog('ended', {result: {undo: [['CLIENT', 'UNPAUSE']], undoUntilMs: noonMs}}),
			['dialog-ended', 'always'],
		],
		['that has ended and can be undone', dialog('ended', {result: {undo: [['CONFIG', 'SET', 'a', 'b']]}}), ['dialog-ended', 'dialog-undo', 'always']],
	])('%s traps the keys, over whatever else is open', (_what, open, expected) => {
		expect(keyContexts(stateWith({ui: {dialog: open}}))).toEqual(expected);
		expect(keyContexts(stateWith({ui: {dialog: open, overlay: {kind: 'palette', query: '', index: 0}}}))).toEqual(expected);
	});
});

it.each<[readonly Context[], boolean]>([
	[['text', 'always'], true],
	[['palette', 'text', 'always'], true],
	[['dialog-word', 'always'], true],
	[['dialog', 'always'], false],
	[['clients', 'global', 'views', 'always'], false],
])('%j takes text: %s', (contexts, expected) => expect(takesText(contexts)).toBe(expected));
