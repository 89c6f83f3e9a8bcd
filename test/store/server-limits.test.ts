import {describe, expect, it} from 'vitest';
import type {ServerInfo} from '../../src/redis/parse/server-info.ts';
import {deriveServerState, isFull, refusesWrites} from '../../src/store/server-state.ts';
import {contact, noonMs, serverInfo, serverState} from '../helpers/fixtures.ts';

describe('limits', () => {
	it.each<[Partial<ServerInfo>, boolean]>([
		[{usedMemoryBytes: 100, maxMemoryBytes: 100}, false],
		[{usedMemoryBytes: 101, maxMemoryBytes: 100}, true],
		[{usedMemoryBytes: 101, maxMemoryBytes: 100, notCountedForEvictBytes: 1}, false],
		[{usedMemoryBytes: 101, maxMemoryBytes: 0}, false],
		[{usedMemoryBytes: 101, maxMemoryBytes: 100, maxMemoryPolicy: 'allkeys-lru'}, false],
		[{usedMemoryBytes: undefined, maxMemoryBytes: 100}, false],
		// Measured on 7.0: a replica takes what its master sends, at ten times its maxmemory too.
		[{usedMemoryBytes: 101, maxMemoryBytes: 100, role: 'replica'}, false],
	])('out of memory by its figures with %j: %s', (info, expected) => expect(refusesWrites(serverInfo(info), undefined, noonMs)).toBe(expected));

	const volatile = {usedMemoryBytes: 99, maxMemoryBytes: 100, maxMemoryPolicy: 'volatile-lru'};

	it.each<[string, Partial<ServerInfo>, number | undefined, boolean]>([
		['9.999 s ago', volatile, 9999, true],
		['10 s ago', volatile, 10_000, false],
		['never', volatile, undefined, false],
		['just now, near the limit', {...volatile, usedMemoryBytes: 95}, 0, true],
		['just now, with room again', {...volatile, usedMemoryBytes: 94}, 0, false],
		['just now, near it but for what a replica’s buffers take', {...volatile, usedMemoryBytes: 95, notCountedForEvictBytes: 1}, 0, false],
		['just now, by a server that may not evict', {...volatile, maxMemoryPolicy: 'noeviction'}, 0, true],
		['just now, by a replica', {...volatile, role: 'replica'}, 0, false],
		['just now, without a limit', {...volatile, maxMemoryBytes: 0}, 0, false],
	])('out of memory by refusals: %s', (_when, info, agoMs, expected) => {
		const refusedAtMs = agoMs === undefined ? undefined : noonMs - agoMs;
		expect(refusesWrites(serverInfo(info), refusedAtMs, noonMs)).toBe(expected);
		const {kind} = deriveServerState(serverState(), contact(), {info: serverInfo(info), oomRefusedAtMs: refusedAtMs}, noonMs);
		expect(kind === 'OOM').toBe(expected);
	});

	it.each<[Partial<ServerInfo>, boolean]>([
		[{connectedClients: 99, maxClients: 100}, false],
		[{connectedClients: 100, maxClients: 100}, true],
		[{connectedClients: 98, maxClients: 100, connectedReplicas: 2}, true],
		[{connectedClients: 98, maxClients: 100, connectedReplicas: 1}, false],
		[{connectedClients: undefined, maxClients: 100}, false],
		[{connectedClients: 5, maxClients: 0}, false],
	])('full with %j: %s', (info, expected) => expect(isFull(serverInfo(info))).toBe(expected));
});
