import {describe, expect, it} from 'vitest';
import {diagnoseAll} from '../../src/diagnosis/fleet-findings.ts';
import {defaultThresholds} from '../../src/diagnosis/thresholds.ts';
import type {Finding} from '../../src/store/finding.ts';
import type {FleetNode} from '../../src/store/fleet.ts';
import {received} from '../../src/store/resource.ts';
import {happenings, type Moment, momentOf} from '../../src/store/timeline-moments.ts';
import {noonMs, serverInfo, serverState, stateWith} from '../helpers/fixtures.ts';
import {clusterOf, fleetFinding, fleetNode} from '../helpers/fleet.ts';

const answered = new Set(['memory.high', 'queue.stalled', 'server.oom', 'ha.none']);
const nodeAt = (port: number, ...findings: readonly Finding[]): FleetNode => fleetNode({port, findings});
const addressOf = (port: number) => `10.0.0.1:${port}`;
const all = [7001, 7002, 7003, 7004, 7005];

type Scene = {
	readonly seconds: number;
	readonly at: number;
	/** What the session that looks at the server has found. */
	readonly own?: readonly Finding[];
	/** What the light connections find: theirs to the server that is looked at among them. */
	readonly nodes?: Readonly<Record<number, readonly Finding[]>>;
	readonly change?: (node: FleetNode) => FleetNode;
};

/** The console at a server, with the findings that `diagnoseAll` makes of it. */
function scene({seconds, at, own = [], nodes = {}, change = node => node}: Scene) {
	const nowMs = noonMs + seconds * 1000;
	const base = stateWith({
		nowMs,
		fleet: clusterOf(all.map(port => change({...nodeAt(port, ...(nodes[port] ?? [])), updatedAtMs: nowMs}))),
		snapshot: {info: received(serverInfo(), nowMs)},
	});
	const state = {...base, session: {...base.session, target: {...base.session.target, address: addressOf(at)}}};
	const others = diagnoseAll({...state, findings: []}, defaultThresholds).filter(({node}) => node !== undefined);
	return {...state, findings: [...own, ...others]};
}

/** What is told from one scene to the next. */
function story(...scenes: readonly Scene[]): readonly string[] {
	let last: Moment | undefined;
	return scenes.flatMap(part => {
		const now = momentOf(scene(part), last, answered);
		const events = last ? happenings(last, now, noonMs + part.seconds * 1000) : [];
		last = now;
		return events.filter(({kind}) => kind === 'found' || kind === 'over').map(({text}) => text);
	});
}

const high = fleetFinding('memory.high');
const stalled = fleetFinding('queue.stalled');
const none = fleetFinding('ha.none', 'P2');

describe('a finding goes on while the console turns to another server', () => {
	it('told here first, then by the light connection, then here again', () => {
		expect(
			story(
				{seconds: 0, at: 7001},
				{seconds: 1, at: 7001, own: [high], nodes: {7001: [high]}},
				{seconds: 2, at: 7002},
				{seconds: 3, at: 7002, nodes: {7001: [high]}},
				{seconds: 4, at: 7001, nodes: {7001: [high]}},
				{seconds: 5, at: 7001, own: [high], nodes: {7001: [high]}},
				{seconds: 6, at: 7001},
			),
		).toEqual(['memory.high: memory.high title', 'memory.high is over']);
	});

	it('told by the light connection first, then there', () => {
		expect(
			story(
				{seconds: 0, at: 7001},
				{seconds: 1, at: 7001, nodes: {7002: [high]}},
				{seconds: 2, at: 7002, nodes: {7002: [high]}},
				{seconds: 3, at: 7002, own: [high], nodes: {7002: [high]}},
				{seconds: 4, at: 7001, nodes: {7002: [high]}},
				{seconds: 5, at: 7001},
			),
		).toEqual(['memory.high: [10.0.0.1:7002] memory.high title', 'memory.high@10.0.0.1:7002 is over']);
	});

	it('one that ended meanwhile is over once', () => {
		expect(story({seconds: 0, at: 7001, own: [high], nodes: {7001: [high]}}, {seconds: 1, at: 7002, nodes: {7001: [high]}}, {seconds: 5, at: 7002})).toEqual([
			'memory.high@10.0.0.1:7001 is over',
		]);
	});

	it('one that only a session can judge waits until one is back, and has judged', () => {
		const away: readonly Scene[] = [
			{seconds: 0, at: 7001, own: [stalled]},
			{seconds: 1, at: 7002},
			{seconds: 300, at: 7002},
			{seconds: 301, at: 7001},
		];
		expect(story(...away, {seconds: 330, at: 7001, own: [stalled]}, {seconds: 600, at: 7001, own: [stalled]})).toEqual([]);
		expect(story(...away, {seconds: 330, at: 7001})).toEqual([]);
		expect(story(...away, {seconds: 430, at: 7001})).toEqual(['queue.stalled is over']);
	});

	it('a server that does not answer tells nothing of what it answered', () => {
		const down = (node: FleetNode): FleetNode => (node.address === addressOf(7002) ? {...node, server: serverState({kind: 'DOWN'})} : node);
		expect(
			story(
				{seconds: 0, at: 7001, nodes: {7002: [high]}},
				{seconds: 1, at: 7001, change: down},
				{seconds: 2, at: 7001, nodes: {7002: [high]}},
				{seconds: 3, at: 7001},
			),
		).toEqual(['memory.high@10.0.0.1:7002 is over']);
	});
});

describe('findings of several servers', () => {
	const four = {7002: [high], 7003: [high], 7004: [high], 7005: [high]};

	it('told together are not told again when the console goes to one of them and so leaves three', () => {
		expect(
			story(
				{seconds: 0, at: 7001},
				{seconds: 1, at: 7001, nodes: four},
				{seconds: 2, at: 7002, nodes: four},
				{seconds: 3, at: 7002, own: [high], nodes: four},
				{seconds: 4, at: 7001, nodes: four},
				{seconds: 5, at: 7001, nodes: {7005: [high]}},
				{seconds: 6, at: 7001},
			),
		).toEqual(['memory.high: [4 nodes] memory.high title', expect.stringMatching(/^memory\.high@\S+ is over$/)]);
	});

	it('a risk that this one runs too is told of another one when only that runs it, and once', () => {
		expect(
			story(
				{seconds: 0, at: 7001},
				{seconds: 1, at: 7001, own: [none], nodes: {7001: [none]}},
				{seconds: 2, at: 7002, nodes: {7001: [none]}},
				{seconds: 3, at: 7001, own: [none], nodes: {7001: [none]}},
			),
		).toEqual(['ha.none: ha.none title']);
	});
});

it('what is wrong with the cluster as a whole goes on wherever the console looks', () => {
	const down = fleetFinding('cluster.down', 'P0');
	expect(
		story({seconds: 0, at: 7001}, {seconds: 1, at: 7001, own: [down]}, {seconds: 2, at: 7002}, {seconds: 3, at: 7002, own: [down]}, {seconds: 4, at: 7002}),
	).toEqual(['cluster.down: cluster.down title', 'cluster.down is over']);
});

it('after a failover the findings of the old master are those of the new one until it is judged', () => {
	const own = (seconds: number, at: number, findings: readonly Finding[]): Scene => ({seconds, at, own: findings});
	expect(story(own(0, 7001, []), own(1, 7001, [high]), own(2, 7002, [high]), own(3, 7002, []))).toEqual([
		'memory.high: memory.high title',
		'memory.high is over',
	]);
});
