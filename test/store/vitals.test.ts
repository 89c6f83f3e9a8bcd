import {expect, it} from 'vitest';
import type {ServerInfo} from '../../src/redis/parse/server-info.ts';
import {vitalsOf} from '../../src/store/vitals.ts';
import {noonMs, serverInfo} from '../helpers/fixtures.ts';

const figures = {
	totalCommands: 10_000,
	cpuSystemSeconds: 10,
	cpuUserSeconds: 20,
	keyspaceHits: 500,
	keyspaceMisses: 100,
	evictedKeys: 40,
	rejectedConnections: 7,
} satisfies Partial<ServerInfo>;

/** Two seconds lie between the two samples. */
function between(before: Partial<ServerInfo>, after: Partial<ServerInfo>) {
	const [then, now] = [serverInfo({...figures, ...before}), serverInfo({...figures, ...after})];
	return vitalsOf({info: now, atMs: noonMs}, {info: then, atMs: noonMs - 2000});
}

it.each([
	['opsPerSecond', {totalCommands: 10_500}, 250],
	['cpuPercent', {cpuSystemSeconds: 10.5, cpuUserSeconds: 20.5}, 50],
	['hitRate', {keyspaceHits: 530, keyspaceMisses: 110}, 0.75],
	['evictedPerSecond', {evictedKeys: 60}, 10],
	['rejectedPerSecond', {rejectedConnections: 8}, 0.5],
] as const)('%s is what has grown, by the time between: %j', (name, after, expected) => {
	expect(between({}, after)[name]).toBeCloseTo(expected);
});

it.each([
	['cpuPercent', {cpuSystemSeconds: 1, cpuUserSeconds: 1}],
	['hitRate', {keyspaceHits: 3, keyspaceMisses: 1}],
	['hitRate', {keyspaceHits: 600, keyspaceMisses: 1}],
	['evictedPerSecond', {evictedKeys: 0}],
	['rejectedPerSecond', {rejectedConnections: 0}],
] as const)('%s has no rate after a restart: the counters have fallen to %j', (name, after) => {
	expect(between({}, after)[name]).toBeUndefined();
});

it.each([
	['after a restart', {totalCommands: 5, opsPerSecond: 33}],
	['where the total is not told', {totalCommands: undefined, opsPerSecond: 33}],
] as const)('takes the server’s own figure for ops/s %s', (_when, after) => expect(between({}, after).opsPerSecond).toBe(33));

it('tells no ops/s of the first sample: what the server counts then is the console that starts', () => {
	expect(vitalsOf({info: serverInfo({...figures, opsPerSecond: 54}), atMs: noonMs, ownCommands: 60}, undefined).opsPerSecond).toBeUndefined();
});

it('has no rates before the second sample, and not without time between them', () => {
	const info = serverInfo(figures);
	const rates = ['cpuPercent', 'hitRate', 'evictedPerSecond', 'rejectedPerSecond', 'opsPerSecond'] as const;
	for (const before of [undefined, {info, atMs: noonMs}]) {
		const vitals = vitalsOf({info, atMs: noonMs}, before);
		expect(rates.map(name => vitals[name])).toEqual(rates.map(() => undefined));
	}
});

it.each([
	[0, 100, 250, undefined],
	[100, 100, 250, undefined],
	[100, 108, 246, undefined],
	[100, 109, 245.5, true],
	[100, 400, 100, true],
	[100, 900, 0, true],
])('leaves out what the console itself has sent, from %i to %i commands', (then, now, opsPerSecond, isHitRateOurs) => {
	const [before, after] = [serverInfo(figures), serverInfo({...figures, totalCommands: 10_500, keyspaceHits: 530, keyspaceMisses: 110})];
	const vitals = vitalsOf({info: after, atMs: noonMs, ownCommands: now}, {info: before, atMs: noonMs - 2000, ...(then > 0 ? {ownCommands: then} : {})});
	expect([vitals.opsPerSecond, vitals.isHitRateOurs]).toEqual([opsPerSecond, isHitRateOurs]);
});

it('has no hit rate while nobody looks anything up', () => expect(between({}, {}).hitRate).toBeUndefined());

it.each([
	['a master: its slowest replica', {role: 'master', replicas: [replica(0), replica(7), replica(undefined)]}, 7],
	['a master without replicas: none', {role: 'master', replicas: []}, undefined],
	['a master whose replicas tell nothing: none', {role: 'master', replicas: [replica(undefined)]}, undefined],
	['a replica: since its master spoke', {role: 'replica', masterLastIoSeconds: 4, replicas: [replica(9)]}, 4],
] as const)('replication lag of %s', (_of, info, expected) => {
	expect(vitalsOf({info: serverInfo(info), atMs: noonMs}, undefined).replicationLagSeconds).toBe(expected);
});

function replica(lagSeconds: number | undefined) {
	return {address: '10.0.0.2:6379', state: 'online', offset: 1, lagSeconds};
}

it('passes on what the server tells as it is', () => {
	const told = {
		connectedClients: 12,
		maxClients: 1000,
		blockedClients: 3,
		usedMemoryBytes: 5,
		maxMemoryBytes: 0,
		networkInBytesPerSecond: 8,
		networkOutBytesPerSecond: 9,
		lastSaveAtSeconds: 77,
		changesSinceSave: 6,
	};
	expect(vitalsOf({info: serverInfo(told), atMs: noonMs}, undefined)).toMatchObject(told);
});
