import {vi} from 'vitest';
import {clientKill} from '../../src/actions/clients/client-kill.ts';
import {defineAction, firstFailure} from '../../src/actions/define-action.ts';
import type {AuditNote, Deps} from '../../src/actions/deps.ts';
import {runAction} from '../../src/actions/run-action.ts';
import type {Trip} from '../../src/actions/trips.ts';
import {type AnyAction, type BoundAction, type Choice, isRefusal, noChoice} from '../../src/actions/types.ts';
import {NotSentError} from '../../src/errors.ts';
import {Pace} from '../../src/pace.ts';
import type {SentinelAnswer} from '../../src/redis/parse/sentinel.ts';
import type {Danger, Plan} from '../../src/store/dialog.ts';
import type {ConsoleState} from '../../src/store/store.ts';
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
	readonly choice?: Choice;
	/** What the server says to plain reads. */
	readonly answer?: (argv: readonly string[]) => unknown;
	/** What each Sentinel of the session says to plain reads; a string: why it says nothing. */
	readonly sentinel?: SentinelSays;
};

export type SentinelSays = (node: string) => string | ((argv: readonly string[]) => unknown);

/** The answers of those that the state knows. */
function answersOf({session}: ConsoleState, argvs: Plan, says: SentinelSays): readonly SentinelAnswer[] {
	return (session.sentinels?.nodes ?? []).map(node => {
		const answer = says(node);
		return typeof answer === 'string' ? {node, error: answer} : {node, replies: argvs.map(answer)};
	});
}

/** A run with everything around it in memory. `after` is the world once it has been sent; `journal` what happened, in order. */
export function setUp({
	action = clientKill,
	state = one,
	after = nobody,
	confirm = true,
	replies = [1],
	choice = noChoice,
	answer,
	sentinel = () => 'nobody is there',
}: Setting = {}) {
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
	const nothing = () => Promise.reject(new NotSentError('not in this test'));
	const deps: Deps = {
		store,
		clock: jumpingClock(),
		send,
		openRounds: () => ({send: async (argvs, deadlineMs) => Promise.all(argvs.map(argv => send(argv, deadlineMs)))}),
		async sendToSentinel(node, argv, deadlineMs) {
			journal.push(`to ${node}`);
			return send(argv, deadlineMs);
		},
		runProgram: nothing,
		sample: nothing,
		lookAtSentinels: async argvs => answersOf(store.getState(), argvs, sentinel),
		look: async argvs => argvs.map(argv => answer?.(argv)),
		preparing: () => {},
		progress: () => {},
		keep: vi.fn(({title}) => void journal.push(`keep ${title}`)),
		confirm: vi.fn(async () => {
			journal.push('confirm');
			return confirm;
		}),
		refresh: vi.fn(async () => {
			journal.push('refresh');
			// What is read before anything is sent is still the world before.
			if (send.mock.calls.length > 0 || notes.some(({phase}) => phase === 'intent')) store.setState(stateWith(after));
		}),
		audit: vi.fn(async (note: AuditNote) => {
			journal.push(`audit ${note.phase}`);
			notes.push(note);
		}),
		newId: () => 'run-1',
	};
	const stop = new AbortController();
	return {store, journal, notes, send, deps, stop, run: () => runAction(action, choice, deps, stop.signal)};
}

/** An action on nothing in particular; of one command unless said. */
export const simple = (danger: Danger, ...plan: readonly (readonly string[])[]): AnyAction =>
	defineAction<null>({
		id: 'test.simple',
		title: 'Simple',
		danger,
		pane: 'scripts',
		doc: {sends: '', does: '', cost: '', verify: '', undo: ''},
		target: () => null,
		facts: () => [],
		checks: () => [],
		plan: () => (plan.length > 0 ? plan : [['PING']]),
		effect: () => [],
		cost: () => 'none',
		affects: () => 'nobody',
		deadlineMs: () => 1234,
		evidence: [],
		verify: (_target, {replies: [reply]}) => ({ok: reply === 'PONG', detail: String(reply)}),
		undo: () => ({plan: [['CONFIG', 'SET', 'save', '']], action: 'test.simple', choice: noChoice}),
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
export function bindIn(action: AnyAction, parts: StateParts, choice: Choice = noChoice): BoundAction {
	const binding = action.bind(stateWith(parts), choice, new Pace(1));
	if (isRefusal(binding)) throw new Error(`no target: ${binding.refused}`);
	if (binding.kind === 'reading') throw new Error('it must be read first');
	return binding.bound;
}

/** As `bindIn`, with what the server says to its reads, and the Sentinels to theirs: the same unless said. */
export function bindByReading(
	action: AnyAction,
	parts: StateParts,
	answer: (argv: readonly string[]) => unknown,
	choice: Choice = noChoice,
	says: SentinelSays = () => answer,
): BoundAction {
	const binding = action.bind(stateWith(parts), choice, new Pace(1));
	if (isRefusal(binding)) throw new Error(`no target: ${binding.refused}`);
	if (binding.kind === 'bound') return binding.bound;
	let turn = binding.reading.next();
	while (turn.done !== true) turn = binding.reading.next(repliesTo(turn.value, stateWith(parts), answer, says));
	if (isRefusal(turn.value)) throw new Error(`refused: ${turn.value.refused}`);
	return turn.value;
}

function repliesTo({argvs, to}: Trip, state: ConsoleState, answer: (argv: readonly string[]) => unknown, says: SentinelSays): readonly unknown[] {
	return to === 'sentinels' ? answersOf(state, argvs, says) : argvs.map(answer);
}

/** What it was answered, of an action that is no batch. */
export const answered = (...replies: readonly unknown[]) => ({replies, tally: undefined});

/** The first check that fails now, in words. */
export const failureIn = (bound: BoundAction, parts: StateParts): string | undefined => firstFailure(bound.checks(stateWith(parts)));
