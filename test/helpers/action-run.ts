import {vi} from 'vitest';
import {clientKill} from '../../src/actions/client-kill.ts';
import {defineAction, firstFailure} from '../../src/actions/define-action.ts';
import {type AuditNote, type Deps, runAction} from '../../src/actions/run-action.ts';
import {type AnyAction, type BoundAction, isRefusal} from '../../src/actions/types.ts';
import type {Danger} from '../../src/store/dialog.ts';
import {client, jumpingClock, type StateParts, stateWith, storeWith} from './fixtures.ts';

/** Client 7, under the cursor. */
export const one: StateParts = {clients: [client()], selectedClientId: '7'};
/** Clients 7, 8 and 9, marked. */
export const three: StateParts = {clients: ['7', '8', '9'].map(id => client({id})), markedClientIds: ['7', '8', '9']};
export const nobody: StateParts = {clients: []};
export const busy: StateParts = {server: {kind: 'BUSY', running: 'script'}};

type Setting = {
	readonly action?: AnyAction;
	readonly state?: StateParts;
	readonly after?: StateParts;
	readonly confirm?: boolean;
	readonly replies?: readonly unknown[];
};

/** A run with everything around it in memory. `after` is the world once it has been sent; `journal` what happened, in order. */
export function setUp({action = clientKill, state = one, after = nobody, confirm = true, replies = [1]}: Setting = {}) {
	const store = storeWith(state);
	const journal: string[] = [];
	const notes: AuditNote[] = [];
	const queue = [...replies];
	const send = vi.fn(async (argv: readonly string[], _deadlineMs: number) => {
		journal.push(`send ${argv.join(' ')}`);
		const reply = queue.length > 1 ? queue.shift() : queue[0];
		if (reply instanceof Error) throw reply;
		return reply;
	});
	const deps: Deps = {
		store,
		clock: jumpingClock(),
		send,
		confirm: vi.fn(async () => {
			journal.push('confirm');
			return confirm;
		}),
		refresh: vi.fn(async () => {
			journal.push('refresh');
			store.setState(stateWith(after));
		}),
		audit: vi.fn(async (note: AuditNote) => {
			journal.push(`audit ${note.phase}`);
			notes.push(note);
		}),
		newId: () => 'run-1',
	};
	const stop = new AbortController();
	return {store, journal, notes, send, deps, stop, run: () => runAction(action, deps, stop.signal)};
}

/** An action of one command on nothing in particular. */
export const simple = (danger: Danger, sends: readonly string[] = ['PING']): AnyAction =>
	defineAction<null>({
		id: 'test.simple',
		title: 'Simple',
		danger,
		pane: 'scripts',
		doc: {sends: '', does: '', cost: '', verify: '', undo: ''},
		target: () => null,
		facts: () => [],
		checks: () => [],
		plan: () => [sends],
		effect: () => [],
		cost: () => 'none',
		deadlineMs: () => 1234,
		evidence: [],
		verify: (_target, [reply]) => ({ok: reply === 'PONG', detail: String(reply)}),
		undo: () => ({plan: [['CONFIG', 'SET', 'save', '']]}),
	});

/** A promise that resolves to the value when the test opens it. */
export function gate<T>(value: T) {
	let open = () => {};
	const promise = new Promise<T>(resolve => {
		open = () => resolve(value);
	});
	return {promise, open: () => open()};
}

/** The action with its target frozen in this state; it must have one. */
export function bindIn(action: AnyAction, parts: StateParts): BoundAction {
	const bound = action.bind(stateWith(parts));
	if (isRefusal(bound)) throw new Error(`no target: ${bound.refused}`);
	return bound;
}

/** The first check that fails now, in words. */
export const failureIn = (bound: BoundAction, parts: StateParts): string | undefined => firstFailure(bound.checks(stateWith(parts)));
