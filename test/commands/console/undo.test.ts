import {expect, it, vi} from 'vitest';
import {registryOf} from '../../../src/actions/registry.ts';
import {ActionDesk} from '../../../src/commands/console/action-desk.ts';
import {keepActionStatus} from '../../../src/commands/console/action-status.ts';
import {Controller} from '../../../src/commands/console/controller.ts';
import {keepTimeline} from '../../../src/commands/console/keep-timeline.ts';
import {lookElsewhere} from '../../../src/store/look-elsewhere.ts';
import {received} from '../../../src/store/resource.ts';
import {setUp as setUpRun} from '../../helpers/action-run.ts';
import {noonMs} from '../../helpers/fixtures.ts';

const setting = 'busy-reply-threshold';

/** A console on a server that knows one setting. */
function setUp() {
	const {store, deps, notes} = setUpRun({state: {settings: {[setting]: '700'}, ui: {size: {columns: 120, rows: 40}}}});
	const change = (value: string) =>
		store.setState(({snapshot}) => ({snapshot: {...snapshot, report: () => {}, settings: received(new Map([[setting, value]]), noonMs)}}));
	let nowMs = noonMs;
	let runs = 0;
	const world = {
		...deps,
		clock: {now: () => nowMs, sleep: async () => {}},
		newId: () => `run-${++runs}`,
		refresh: async () => {},
		send: async (argv: readonly string[]) => {
			change(argv.at(-1) ?? '');
			return 'OK';
		},
	};
	const registry = registryOf();
	const timelined = keepTimeline(store, world.clock)(world);
	const desk = new ActionDesk({store, clock: world.clock, deps: () => timelined, registry, isAscii: false, signal: new AbortController().signal});
	const nothing = () => {};
	const controller = new Controller({
		store,
		desk,
		registry,
		quit: nothing,
		suspend: nothing,
		copy: nothing,
		snapshot: nothing,
		report: nothing,
		now: () => nowMs,
		focus: {session: {setMode: nothing, survey: {start: async () => {}, stop: nothing}, rescanQueues: nothing}},
	});
	keepActionStatus(store, registry);
	const dialog = () => store.getState().ui.dialog;
	const confirm = async () => {
		await vi.waitFor(() => expect(dialog()?.phase).toBe('asking'));
		nowMs += 1000;
		controller.press(['y']);
		await vi.waitFor(() => expect(dialog()?.phase).toBe('ended'));
		return dialog()?.request.plan;
	};
	return {store, desk, controller, notes, change, confirm, undos: () => store.getState().undos.map(({auditId, refusal}) => [auditId, refusal])};
}

const raise = {on: [], set: {ms: '1400'}};

it('the palette’s undo runs the way back with its choice, says in the log what it undoes, and is gone then', async () => {
	const {store, desk, controller, notes, confirm, undos} = setUp();
	desk.startWith('script.raise-limit', raise);
	await confirm();
	desk.close();
	expect(undos()).toEqual([['run-1', undefined]]);
	controller.run('undo:run-1');
	expect(await confirm()).toEqual([['CONFIG', 'SET', setting, '700']]);
	expect(notes.map(({phase, id, undoes}) => [phase, id, undoes])).toEqual([
		['intent', 'run-1', undefined],
		['outcome', 'run-1', undefined],
		['intent', 'run-2', 'run-1'],
		['outcome', 'run-2', 'run-1'],
	]);
	expect(undos()).toEqual([]);
	desk.close();
	controller.run('undo:run-1');
	expect(store.getState().ui.notice?.text).toBe('That has been taken back already');
	expect(notes).toHaveLength(4);
});

it('so does u in the dialog, and u once more is a change of its own', async () => {
	const {controller, desk, notes, confirm, undos} = setUp();
	desk.startWith('script.raise-limit', raise);
	await confirm();
	controller.press(['u']);
	await confirm();
	expect(undos()).toEqual([]);
	controller.press(['u']);
	expect(await confirm()).toEqual([['CONFIG', 'SET', setting, '1400']]);
	expect(notes.at(-1)).toMatchObject({id: 'run-3', undoes: 'run-2'});
	expect(undos()).toEqual([['run-3', undefined]]);
});

it('is refused, as the action says, when somebody has changed it since, and in a read-only console', async () => {
	const {store, desk, change, confirm, undos} = setUp();
	desk.startWith('script.raise-limit', raise);
	await confirm();
	change('2000');
	expect(undos()).toEqual([['run-1', 'Somebody has changed it since: it is 2000 now, not 1400']]);
	store.setState(({session}) => ({session: {...session, mode: 'read-only'}}));
	expect(undos()).toEqual([['run-1', 'This console is read-only; the command mode.guarded allows actions']]);
});

it('is not offered for an action that this program does not have', () => {
	const {store, undos} = setUp();
	const way = {
		auditId: 'x',
		atMs: noonMs,
		operator: 'alice',
		done: 'hook.old',
		action: 'hook.old',
		choice: {on: [], set: {}},
		title: '',
		before: {},
		after: {},
	};
	store.setState({waysBack: [way]});
	expect(undos()).toEqual([]);
});

it('is not offered any more in the dialog once the console looks at another server', async () => {
	const {store, desk, controller, confirm, notes} = setUp();
	desk.startWith('script.raise-limit', raise);
	await confirm();
	const {session} = store.getState();
	const other = {...session, target: {...session.target, address: '10.0.0.10:6379'}};
	store.setState(state => lookElsewhere(state, other, {nowMs: noonMs, keepsFigures: true, incident: undefined}));
	expect(store.getState().ui.dialog).toMatchObject({phase: 'ended', result: {outcome: 'done', undo: undefined}});
	controller.press(['u']);
	desk.undo();
	expect(desk.isIdle).toBe(true);
	expect(notes).toHaveLength(2);
});

it('runs nowhere but on the server where it was done', async () => {
	const {store, desk, confirm} = setUp();
	desk.startWith('script.raise-limit', raise);
	await confirm();
	store.setState(({session}) => ({session: {...session, target: {...session.target, address: '10.0.0.10:6379'}}}));
	desk.undo();
	expect(desk.isIdle).toBe(true);
});
