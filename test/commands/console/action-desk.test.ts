import {describe, expect, it, vi} from 'vitest';
import type {ServerDeps} from '../../../src/actions/deps.ts';
import {hookActions} from '../../../src/actions/hooks/hook-actions.ts';
import {registryOf} from '../../../src/actions/registry.ts';
import {ActionDesk} from '../../../src/commands/console/action-desk.ts';
import {Controller} from '../../../src/commands/console/controller.ts';
import {NotSentError} from '../../../src/errors.ts';
import {client, noonMs, storeWith} from '../../helpers/fixtures.ts';

/** A console with a victim under the cursor, a clock of the test's own, and a record of what was sent. */
function setUp(size = {columns: 120, rows: 40}) {
	const store = storeWith({clients: [client({id: '7', kind: 'normal'})], selectedClientId: '7', ui: {focus: 'clients', size}});
	let nowMs = noonMs;
	const now = () => nowMs;
	const sent: string[] = [];
	const quit = vi.fn();
	const nothing = () => Promise.reject(new NotSentError('not in this test'));
	const deps: ServerDeps = {
		store,
		clock: {
			now,
			sleep: async ms => {
				nowMs += ms;
			},
		},
		send: async argv => {
			sent.push(argv.join(' '));
			return 1;
		},
		openRounds: () => ({send: nothing}),
		sendToSentinel: nothing,
		lookAtSentinels: nothing,
		runProgram: async () => ({exitCode: 0, signal: undefined, isTimedOut: false, isStopped: false, output: ['one', 'two']}),
		sample: nothing,
		look: nothing,
		keep: () => {},
		refresh: async () => {},
		audit: async () => {},
		newId: () => 'id',
	};
	const hook = {command: ['uptime'], timeoutSeconds: 9};
	const registry = registryOf(
		hookActions([
			{...hook, name: 'look', danger: 'safe'},
			{...hook, name: 'wipe', danger: 'destructive'},
		]),
	);
	const desk = new ActionDesk({store, clock: deps.clock, deps: () => deps, registry, signal: new AbortController().signal, isAscii: false});
	const controller = new Controller({
		store,
		desk,
		registry,
		quit,
		suspend: () => {},
		copy: () => {},
		snapshot: () => {},
		report: () => {},
		now,
		focus: {session: {setMode: () => {}, survey: {start: async () => {}, stop: () => {}}, rescanQueues: () => {}}},
	});
	const press = (...keys: string[]) => controller.press(keys);
	return {
		quit,
		store,
		desk,
		sent,
		press,
		run: (command: string) => controller.run(command),
		paste: (text: string) => controller.paste(text),
		wait(ms: number) {
			nowMs += ms;
		},
		dialog: () => store.getState().ui.dialog,
		notice: () => store.getState().ui.notice?.text,
	};
}

async function opened(size?: {columns: number; rows: number}) {
	const desk = setUp(size);
	desk.press('K');
	await vi.waitFor(() => expect(desk.dialog()?.phase).toBe('asking'));
	return desk;
}

it.each([
	[399, 'asking', []],
	[400, 'running', ['CLIENT KILL ID 7']],
])('hears a y %i ms after the dialog has opened as %s', async (ms, phase, sent) => {
	const desk = await opened();
	desk.wait(ms);
	desk.press('y');
	expect(desk.dialog()?.phase).toBe(phase);
	await vi.waitFor(() => expect(desk.sent).toEqual(sent));
});

it.each([
	['y', 'running'],
	['escape', undefined],
])('what it said of a y that came too early goes with %s', async (key, phase) => {
	const desk = await opened();
	desk.wait(200);
	desk.press('y');
	expect(desk.notice()).toMatch(/^Too early/);
	desk.wait(1000);
	desk.press(key);
	expect(desk.dialog()?.phase).toBe(phase);
	expect(desk.notice()).toBeUndefined();
});

it.each([
	['enter', ['enter']],
	['a burst with a y in it', ['j', 'y']],
	['a K and a y in one chunk', ['K', 'y']],
])('does not take %s for a yes', async (_what, keys) => {
	const desk = await opened();
	desk.wait(1000);
	desk.press(...keys);
	expect(desk.dialog()?.phase).toBe('asking');
	expect(desk.sent).toEqual([]);
});

it('does not take a y for a yes that follows another key at once, as pasted text does', async () => {
	const desk = await opened();
	desk.wait(1000);
	desk.press('x');
	desk.wait(99);
	desk.press('y');
	expect(desk.notice()).toBe('Not heard: press it once more, by itself');
	expect(desk.sent).toEqual([]);
	desk.wait(100);
	desk.press('y');
	await vi.waitFor(() => expect(desk.sent).toEqual(['CLIENT KILL ID 7']));
});

it('what it said of an Enter that came too quickly goes with the next key of the word, and with none that is not heard', async () => {
	const desk = setUp();
	desk.run('action.hook.wipe');
	await vi.waitFor(() => expect(desk.dialog()?.phase).toBe('asking'));
	desk.wait(1000);
	desk.press('c');
	desk.press('enter');
	expect(desk.notice()).toMatch(/^Not heard/);
	desk.press('f9');
	desk.press('enter');
	expect(desk.notice()).toMatch(/^Not heard/);
	desk.press('a');
	expect([desk.dialog()?.typed, desk.notice()]).toEqual(['ca', undefined]);
	desk.press('x', 'enter');
	desk.press('enter', 'y');
	expect(desk.notice()).toMatch(/^Not heard/);
	desk.wait(1000);
	desk.press('backspace');
	expect(desk.notice()).toBeUndefined();
});

it('takes no pasted text at all', async () => {
	const desk = await opened();
	desk.wait(1000);
	desk.paste('y');
	expect(desk.dialog()?.phase).toBe('asking');
	expect(desk.sent).toEqual([]);
});

it('wants all of the dialog to have been on the screen before it takes a yes', async () => {
	const desk = await opened({columns: 60, rows: 16});
	desk.wait(1000);
	desk.press('y');
	expect(desk.notice()).toBe('There is more to see first: Down shows it');
	for (let row = 0; row < 30; row++) {
		desk.wait(200);
		desk.press('down');
	}
	expect(desk.notice()).toBeUndefined();
	desk.wait(200);
	desk.press('y');
	await vi.waitFor(() => expect(desk.sent).toEqual(['CLIENT KILL ID 7']));
});

it('hears nothing once the window has become too small to show what would be confirmed', async () => {
	const desk = await opened();
	desk.store.setState(({ui}) => ({ui: {...ui, size: {columns: 59, rows: 15}}}));
	desk.wait(1000);
	desk.press('y');
	desk.press('q');
	expect(desk.dialog()?.phase).toBe('asking');
	expect(desk.sent).toEqual([]);
	expect(desk.quit).not.toHaveBeenCalled();
});

it('opens no dialog on such a screen, which q leaves', () => {
	const desk = setUp({columns: 59, rows: 15});
	desk.press('K');
	expect(desk.dialog()).toBeUndefined();
	desk.press('q');
	expect(desk.quit).toHaveBeenCalledOnce();
});

it('text that comes in one read goes into the note that is open: its line ends are blanks, and nothing of it is an order', () => {
	const desk = setUp();
	desk.press('n');
	desk.wait(500);
	desk.press('o', 'n', 'e', 'enter', 'K', 'q', 'escape');
	expect(desk.store.getState().ui.overlay).toEqual({kind: 'note', typed: 'one Kq'});
	expect(desk.dialog()).toBeUndefined();
	desk.wait(500);
	desk.press('enter');
	expect(desk.store.getState().timeline.map(({kind, text}) => [kind, text])).toEqual([['note', 'one Kq']]);
});

it('news of one place go with the next', () => {
	const desk = setUp();
	desk.press('f');
	expect(desk.notice()).toMatch(/There is no finding/);
	desk.wait(500);
	desk.press('3');
	expect(desk.notice()).toBeUndefined();
});

it('says why no queues are looked for and nothing is surveyed while the server does not answer', () => {
	const desk = setUp();
	desk.store.setState(({snapshot}) => ({snapshot: {...snapshot, server: {...snapshot.server, kind: 'SILENT'}}}));
	for (const [pane, key] of [
		['4', 'r'],
		['3', 'v'],
	] as const) {
		desk.wait(500);
		desk.press(pane);
		desk.wait(500);
		desk.press(key);
		expect(desk.notice()).toBe('Not now: the server is SILENT');
	}
});

it('shows what a safe hook has said, which has no dialog to show it in', async () => {
	const desk = setUp();
	desk.run('action.hook.look');
	const overlay = {kind: 'output', title: 'Run the hook look: done', lines: ['one', 'two'], offset: 0};
	await vi.waitFor(() => expect(desk.store.getState().ui.overlay).toEqual(overlay));
	desk.press('escape');
	expect(desk.store.getState().ui.overlay).toBeUndefined();
});

it('leaves open what was opened while a safe hook ran', async () => {
	const desk = setUp();
	desk.run('action.hook.look');
	desk.press('?');
	await vi.waitFor(() => expect(desk.notice()).toMatch(/^Run the hook look: done/));
	expect(desk.store.getState().ui.overlay?.kind).toBe('help');
});

it('says what goes on behind a dialog that was put away, until it has ended', async () => {
	const {desk, store, press, wait, notice} = await opened();
	wait(1000);
	press('y');
	desk.close();
	expect(store.getState().ui).toMatchObject({dialog: undefined, hidden: {title: 'Close client connections'}});
	await desk.settle();
	expect(store.getState().ui.hidden).toBeUndefined();
	expect(notice()).toMatch(/^Close client connections: /);
});

describe('when the console has to leave the server', () => {
	it('what is still being read asks nothing more', async () => {
		const {desk, dialog, press, sent, notice} = setUp();
		press('K');
		expect(desk.isIdle).toBe(false);
		await desk.settle();
		expect(dialog()).toBeUndefined();
		expect([desk.isIdle, sent]).toEqual([true, []]);
		expect(notice()).toContain('cancelled');
	});

	it('a dialog that asks is left, and the next one asks as ever', async () => {
		const {desk, dialog, press, wait, sent} = await opened();
		await desk.settle();
		expect([dialog(), desk.isIdle]).toEqual([undefined, true]);
		wait(1000);
		press('K');
		await vi.waitFor(() => expect(dialog()?.phase).toBe('asking'));
		expect(sent).toEqual([]);
	});

	it('what has been said yes to is waited for and not stopped, also where its dialog was put away', async () => {
		const {desk, press, wait, sent, notice} = await opened();
		wait(1000);
		press('y');
		desk.close();
		await desk.settle();
		expect(sent).toEqual(['CLIENT KILL ID 7']);
		expect(notice()).not.toContain('cancelled');
	});
});
