import {expect, it} from 'vitest';
import {snapshotJson} from '../../../src/commands/console/snapshot-content.ts';
import {noText} from '../../../src/queues/job-types.ts';
import {askingFor, wantedOf, withReading} from '../../../src/store/opened-queue.ts';
import {received} from '../../../src/store/resource.ts';
import type {ConsoleState} from '../../../src/store/store.ts';
import {client, frozenAt, noonMs, slowlogEntry, stateWith} from '../../helpers/fixtures.ts';
import {clusterOf, fleetNode} from '../../helpers/fleet.ts';
import {queueStatus} from '../../helpers/queue-status.ts';

type Json = Readonly<Record<string, unknown>> & {
	readonly findings: readonly Readonly<Record<string, unknown>>[];
	readonly timeline: readonly Readonly<Record<string, unknown>>[];
	readonly unavailable: readonly {readonly command: string; readonly reason: string}[];
	readonly snapshot: Readonly<Record<string, unknown>> & {
		readonly panes: readonly (Readonly<Record<string, unknown>> & {readonly rows: readonly Readonly<Record<string, unknown>>[]})[];
	};
};

const jsonOf = (state: ConsoleState, nowMs = noonMs): Json => JSON.parse(snapshotJson(state, 'cache 10.0.0.9:6379', nowMs)) as Json;

const finding = {
	id: 'memory.high',
	severity: 'P1',
	title: 'High',
	evidence: 'e',
	meaning: ['m'],
	components: ['c'],
	remedies: ['r'],
	steps: ['s'],
	over: 'o',
} as const;

const event = {id: 1, atMs: noonMs - 1000, kind: 'note', severity: undefined, text: 'deployed', details: ['noted by tester']} as const;

it('is the object of check --json, with findings in full, what happened, and what the panes list', () => {
	const state = stateWith({
		findings: [finding],
		timeline: [event],
		slowlog: [slowlogEntry()],
		clients: [client()],
		ui: {overlay: {kind: 'help', offset: 0}},
		panes: {clients: {filter: '10.0'}},
	});
	const json = jsonOf(state, noonMs + 5);
	const ofCheck = ['schema', 'at', 'target', 'server', 'state', 'severity', 'findings', 'vitals', 'clients', 'memory', 'queues', 'persistence', 'replication'];
	expect(Object.keys(json)).toEqual([...ofCheck, 'access', 'unavailable', 'snapshot', 'timeline']);
	expect(json).toMatchObject({schema: 1, at: '2025-01-01T12:00:00.005Z', target: 'cache 10.0.0.9:6379', state: 'OK', severity: 'P1'});
	expect(json.findings).toEqual([finding]);
	expect(json.timeline).toEqual([{...event, atMs: undefined, at: '2025-01-01T11:59:59.000Z', severity: null}].map(({atMs: _, ...rest}) => rest));
	expect(json.snapshot).toMatchObject({
		takenAt: '2025-01-01T12:00:00.005Z',
		frozenAt: null,
		operator: 'tester',
		view: 'overview',
		overlay: 'help',
		queue: null,
	});
	expect(json.snapshot.panes.map(({name, total, filter}) => [name, total, filter])).toEqual([
		['scripts', 1, ''],
		['clients', 1, '10.0'],
		['memory', 0, ''],
		['queues', 0, ''],
	]);
	expect(json.snapshot.panes[0]?.rows[0]).toMatchObject({kind: 'entry', entry: {args: ['HGETALL', 'session:12']}});
});

it('of a frozen display it is the frozen moment, and says so', () => {
	const then = stateWith({findings: [finding], timeline: [event], clients: [client()]});
	const now = stateWith({server: {kind: 'BUSY'}, ui: {view: 'clients', focus: 'clients', frozen: frozenAt(then, noonMs - 60_000)}});
	const json = jsonOf(now);
	expect(json).toMatchObject({at: '2025-01-01T11:59:00.000Z', state: 'OK', severity: 'P1'});
	expect(json.snapshot).toMatchObject({takenAt: '2025-01-01T12:00:00.000Z', frozenAt: '2025-01-01T11:59:00.000Z', stateNow: 'BUSY'});
	expect(json.snapshot.panes).toMatchObject([{name: 'clients', total: 1}]);
	expect([json.findings.length, json.timeline.length]).toEqual([1, 1]);
});

it('has the rows around the cursor of a list that is long', () => {
	const clients = Array.from({length: 1000}, (_, index) => client({id: String(index + 1), idleSeconds: 2000 - index}));
	const panesAt = (selectedClientId: string) => jsonOf(stateWith({clients, selectedClientId, ui: {view: 'clients', focus: 'clients'}})).snapshot.panes[0];
	for (const [selected, from] of [
		['1', 0],
		['500', 399],
		['1000', 800],
	] as const) {
		const pane = panesAt(selected);
		expect([pane?.total, pane?.from, pane?.rows.length]).toEqual([1000, from, 200]);
		expect(pane?.rows.map(({id}) => id)).toContain(selected);
	}
});

it('lists the jobs of an open queue without what is in them', () => {
	const queue = {id: 'bull:orders', family: 'bull', state: 'failed', from: 0, showsReasons: false, selectedId: undefined, job: undefined} as const;
	const state = stateWith({snapshot: {queues: received([queueStatus()], noonMs)}, ui: {view: 'queues', focus: 'queues', queue}});
	const wanted = wantedOf(state);
	if (!wanted) throw new Error('nothing is wanted');
	const offers = {states: ['failed'], canOpenJobs: true, canGroupFailures: true, pageSize: 50} as const;
	const row = {
		id: '7',
		name: 'mail',
		createdMs: noonMs,
		dueMs: undefined,
		startedMs: undefined,
		finishedMs: undefined,
		attemptsMade: 1,
		attempts: 3,
		priority: undefined,
		stalledCount: undefined,
		workerName: undefined,
		failedReason: {text: 'no route', bytes: 8},
		hasLock: undefined,
		isGone: false,
	};
	const page = {state: 'failed', total: 1, from: 0, rows: [row], isSample: false, unknown: []} as const;
	const detail = {
		...row,
		state: 'failed',
		data: {text: '{"card":"4111"}', bytes: 15},
		options: noText,
		returnValue: noText,
		progress: noText,
		stacks: [],
		stackBytes: 0,
		logCount: 0,
		lockMs: undefined,
		parentKey: undefined,
	} as const;
	const read = withReading(askingFor(undefined, wanted, offers), queue.id, {kind: 'page', data: page}, noonMs);
	const opened = withReading(read, queue.id, {kind: 'job', data: {id: '7', detail}}, noonMs);
	const text = snapshotJson({...state, opened, ui: {...state.ui, queue: {...queue, job: {id: '7', offset: 0}}}}, 't', noonMs);
	expect((JSON.parse(text) as Json).snapshot.queue).toMatchObject({id: 'bull:orders', state: 'failed', job: '7', total: 1, jobs: [{id: '7', name: 'mail'}]});
	expect(text).not.toContain('4111');
});

it('of another node it has what its row shows', () => {
	const nodes = [fleetNode({address: '10.0.0.2:6379', findings: [finding]})];
	const [pane] = jsonOf(stateWith({fleet: clusterOf(nodes), ui: {view: 'ha', focus: 'ha'}})).snapshot.panes;
	expect(pane?.rows[0]?.node).toMatchObject({address: '10.0.0.2:6379', findings: ['memory.high']});
	expect(pane?.rows[0]?.node).not.toHaveProperty('info');
});

it('says of what has not been read that it is not there yet, in the words of a console', () => {
	const early = jsonOf(stateWith());
	expect(early.unavailable).toContainEqual({command: 'CLIENT LIST', reason: 'not read yet'});
	const search = {phase: 'running', keys: 1234, endedAtMs: undefined, isComplete: false, unknown: []} as const;
	const searching = jsonOf(stateWith({session: {ownClientIds: new Set(['1', '2'])}, snapshot: {queueSearch: search}}));
	expect(searching.unavailable).toContainEqual({command: 'SCAN', reason: '1,234 keys have been looked at so far, and there may be more queues'});
});
