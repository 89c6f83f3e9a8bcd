import {describe, expect, it} from 'vitest';
import {defineAction} from '../../../src/actions/define-action.ts';
import type {AnyAction} from '../../../src/actions/types.ts';
import type {Asked} from '../../../src/commands/do/request.ts';
import {isKnown} from '../../../src/commands/do/wait.ts';
import type {StateKind} from '../../../src/store/server-state.ts';
import {emptySnapshot, type Snapshot} from '../../../src/store/snapshot.ts';
import type {ConsoleState, Session} from '../../../src/store/store.ts';
import type {PaneName} from '../../../src/store/ui.ts';
import {stateWith} from '../../helpers/fixtures.ts';

const nowMs = 1_000_000;
const settled = {data: undefined, updatedAtMs: nowMs, failures: 1, error: 'settled', refused: undefined};
const all = {
	info: settled,
	clients: settled,
	settings: settled,
	slowlog: settled,
	permissions: settled,
	commandStats: settled,
	largeCommands: settled,
	scriptTexts: settled,
	cluster: settled,
};

type World = {
	readonly kind?: StateKind;
	readonly forMs?: number;
	readonly link?: Snapshot['contact']['link'];
	readonly session?: Partial<Session>;
	readonly snapshot?: object;
};

/** A server that has stood in its state for a while, of which everything has been read. */
function stateIn({kind = 'OK', forMs = 0, link = 'open', session, snapshot}: World = {}): ConsoleState {
	const base = stateWith({});
	const empty = emptySnapshot(nowMs);
	return {
		...base,
		session: {...base.session, ownClientIds: new Set(['1', '2', '3']), ...session},
		snapshot: {...base.snapshot, ...empty, ...all, contact: {...empty.contact, link}, server: {kind, sinceMs: nowMs - forMs, detail: ''}, ...snapshot},
	} as ConsoleState;
}

/** One that can run, or says why not. */
function asked(refused: string | undefined, {pane = 'clients', id = 'test.wait', on = []}: {pane?: PaneName; id?: string; on?: readonly string[]} = {}): Asked {
	const action: AnyAction = defineAction<null>({
		id,
		title: '',
		danger: 'disruptive',
		pane,
		doc: {sends: '', does: '', cost: '', verify: '', undo: ''},
		target: () => (refused === undefined ? null : {refused}),
		facts: () => [],
		checks: () => [],
		plan: () => [],
		effect: () => [],
		affects: () => '',
		cost: () => '',
		evidence: [],
		verify: () => ({ok: true, detail: ''}),
		undo: () => ({none: ''}),
	});
	return {action, choice: {on, set: {}}};
}

const knownAfter = (waitedMs: number, world: World, what: Asked) => isKnown(stateIn(world), what, waitedMs, nowMs);

describe('what can run', () => {
	const can = asked(undefined);
	it.each([
		['all is read', {}, true],
		['nothing is heard yet', {kind: 'CONNECTING'}, false],
		['permissions are still to come', {snapshot: {permissions: emptySnapshot(0).permissions}}, false],
		['the third connection is still to come', {session: {ownClientIds: new Set(['1', '2'])}}, false],
		['a dry run has two', {session: {acting: 'none', ownClientIds: new Set(['1', '2'])}}, true],
		['the connection that acts is on its way', {session: {acting: 'opening'}}, false],
		['BUSY: nothing more can be read', {kind: 'BUSY', snapshot: {permissions: emptySnapshot(0).permissions}}, true],
		['a silence', {kind: 'SILENT', snapshot: {clients: emptySnapshot(0).clients}}, true],
	] as const)('%s', (_what, world, known) => expect(knownAfter(0, world as World, can)).toBe(known));

	it('does not wait for long for what is only good to know', () => {
		expect(knownAfter(3000, {snapshot: {permissions: emptySnapshot(0).permissions}}, can)).toBe(true);
	});
});

describe('what cannot run is told', () => {
	const cannot = asked('not now');
	it.each([
		['at once where all is read', {}, 0, true],
		['not before the list of clients is read', {snapshot: {clients: emptySnapshot(0).clients}}, 0, false],
		['not before the connection that acts is open', {session: {acting: 'opening'}}, 0, false],
		['DOWN for a moment may be a restart', {kind: 'DOWN', link: 'broken', forMs: 900}, 0, false],
		['DOWN for a second is down', {kind: 'DOWN', link: 'broken', forMs: 1000, session: {acting: 'opening'}}, 0, true],
		['a login that is refused is final', {kind: 'WRONGPASS', link: 'broken', session: {acting: 'opening'}}, 0, true],
		['BUSY for a moment may end', {kind: 'BUSY', forMs: 500}, 0, false],
		['BUSY for a second is busy', {kind: 'BUSY', forMs: 1000, snapshot: {clients: emptySnapshot(0).clients}}, 0, true],
		['a silence may end', {kind: 'SILENT', forMs: 5000}, 5000, false],
		['a silence may not, and somebody waits', {kind: 'SILENT', forMs: 5000}, 10_000, true],
		['a full server that does not let us in', {kind: 'MAXCLIENTS', link: 'broken', forMs: 3000, session: {acting: 'opening'}}, 0, true],
	] as const)('%s', (_what, world, waitedMs, known) => expect(knownAfter(waitedMs, world as World, cannot)).toBe(known));
});

describe('queues', () => {
	const search = (phase: string, endedAtMs?: number) => ({queueSearch: {phase, keys: 0, endedAtMs, isComplete: true, unknown: []}});
	const queues = (...data: object[]) => ({queues: {...settled, error: undefined, data}});
	const orders = {id: 'bull:orders', family: 'bull', active: 3, activeWithoutLock: 0};
	const named = asked(undefined, {pane: 'queues', on: ['bull:orders']});
	it.each([
		['the one that is named has been looked at: the search may go on', {...queues(orders), ...search('running')}, 0, true],
		['of its active jobs without a lock there has been one look', {...queues({...orders, activeWithoutLock: undefined}), ...search('running')}, 1000, false],
		['that could not be told', {...queues({...orders, activeWithoutLock: undefined}), ...search('running')}, 5000, true],
		['it has not been found yet', {...queues(), ...search('running')}, 12_000, false],
		['somebody waits', {...queues(), ...search('running')}, 30_000, true],
		['it is not there', {...queues(), ...search('ended', nowMs)}, 0, true],
		['what was found has not been looked at', {...queues(), ...search('ended', nowMs + 1)}, 0, false],
		['queues may not be read', {queues: {...settled, refused: {command: 'SCAN', reason: 'NOPERM'}}, ...search('none')}, 0, true],
	])('%s', (_what, snapshot, waitedMs, known) => expect(knownAfter(waitedMs, {snapshot}, named)).toBe(known));

	it('keys are not removed before it is known which are queues', () => {
		expect(knownAfter(0, {snapshot: {...queues(orders), ...search('running')}}, asked(undefined, {pane: 'memory', id: 'keys.unlink', on: ['rl:*']}))).toBe(
			false,
		);
	});

	it('nobody else waits for them', () => expect(knownAfter(0, {snapshot: search('running')}, asked(undefined))).toBe(true));
});
