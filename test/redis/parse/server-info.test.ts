import {expect, it} from 'vitest';
import {parseInfo} from '../../../src/redis/parse/info.ts';
import {toServerInfo} from '../../../src/redis/parse/server-info.ts';
import {fixture} from './fixture.ts';

const read = (text: string) => toServerInfo(parseInfo(text));

it('reads a real master', () => {
	const server = read(fixture('info-master-7.0.txt'));
	expect(server).toMatchObject({
		product: 'Redis',
		version: '7.0.15',
		mode: 'standalone',
		role: 'master',
		connectedReplicas: 1,
		loading: undefined,
		configFile: '',
		masterHost: undefined,
		masterLinkUp: undefined,
		replicaReadOnly: undefined,
		maxClients: 10_000,
		blockedClients: 4,
		clientsInTimeoutTable: 0,
		pubsubClients: undefined,
		rejectedConnections: 0,
		evictedClients: 0,
		maxMemoryBytes: 0,
		maxMemoryPolicy: 'noeviction',
		evictedKeys: 0,
		lastSaveOk: true,
		saveInProgress: false,
		aofEnabled: false,
		aofLastWriteOk: true,
		aofLastRewriteOk: true,
		keyspace: [{db: 0, keys: expect.any(Number), expires: 0, avgTtlMs: 0}],
	});
	expect(server.replicas).toEqual([{address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), state: 'online', offset: expect.any(Number), lagSeconds: 0}]);
	expect(server.errorStats?.get('NOPERM')).toBe(4);
	expect(server.runId).toMatch(/^[0-9a-f]{40}$/);
	for (const figure of [
		'tcpPort',
		'uptimeSeconds',
		'connectedClients',
		'usedMemoryBytes',
		'usedMemoryPeakBytes',
		'usedMemoryRssBytes',
		'fragmentationRatio',
		'totalCommands',
		'networkInBytesPerSecond',
		'cpuSystemSeconds',
		'cpuUserMainThreadSeconds',
		'lastSaveAtSeconds',
		'totalErrorReplies',
		'masterReplOffset',
	] as const) {
		expect(server[figure], figure).toBeGreaterThan(0);
	}
	for (const figure of [
		'opsPerSecond',
		'keyspaceHits',
		'keyspaceMisses',
		'expiredKeys',
		'networkOutBytesPerSecond',
		'changesSinceSave',
		'notCountedForEvictBytes',
		'cpuUserSeconds',
		'cpuSystemMainThreadSeconds',
	] as const) {
		expect(server[figure], figure).toBeGreaterThanOrEqual(0);
	}
});

it('reads a real replica', () => {
	expect(read(fixture('info-replica-7.0.txt'))).toMatchObject({
		role: 'replica',
		masterHost: '127.0.0.1',
		masterPort: expect.any(Number),
		masterLinkUp: true,
		masterLastIoSeconds: expect.any(Number),
		replicaReadOnly: true,
		connectedReplicas: 0,
		replicas: [],
	});
});

it('reads a replica whose master is gone: the -1 of an unknown time is not a figure', () => {
	expect(read(fixture('info-masterdown-7.0.txt'))).toMatchObject({role: 'replica', masterPort: 1, masterLinkUp: false, masterLastIoSeconds: undefined});
});

it('reads what is being saved, and how long it took', () => {
	expect(read(fixture('info-master-7.0.txt'))).toMatchObject({
		lastSaveTookSeconds: 0,
		savingForSeconds: undefined,
		savedKeys: 0,
		keysToSave: 0,
		aofRewriteInProgress: false,
		aofRewriteScheduled: false,
		aofRewritingForSeconds: undefined,
		aofLastRewriteTookSeconds: undefined,
		backlog: {sizeBytes: 1_048_576, heldBytes: 1282},
		masterSync: undefined,
	});
	expect(read('rdb_bgsave_in_progress:1\nrdb_current_bgsave_time_sec:12\ncurrent_save_keys_processed:5\ncurrent_save_keys_total:20')).toMatchObject({
		saveInProgress: true,
		savingForSeconds: 12,
		savedKeys: 5,
		keysToSave: 20,
	});
});

it('reads how far a replica is, and how far its first synchronisation', () => {
	expect(read(fixture('info-replica-7.0.txt'))).toMatchObject({replicaReadOffset: 1282, replicaOffset: 1282, clusterEnabled: false, masterSync: undefined});
	expect(read('master_sync_in_progress:1\nmaster_sync_total_bytes:100\nmaster_sync_read_bytes:40\nmaster_sync_last_io_seconds_ago:0').masterSync).toEqual({
		readBytes: 40,
		totalBytes: 100,
		lastIoSeconds: 0,
	});
	expect(read('repl_backlog_active:0\nrepl_backlog_size:1048576').backlog).toBeUndefined();
});

it('reads a server over its memory limit', () => {
	const server = read(fixture('info-oom-7.0.txt'));
	expect(server.maxMemoryBytes).toBe(1);
	expect(server.currentEvictionExceededMs).toBeGreaterThanOrEqual(0);
	expect(server.errorStats?.get('OOM')).toBe(2);
});

it('reads a server that could not save', () =>
	expect(read(fixture('info-misconf-7.0.txt'))).toMatchObject({lastSaveOk: false, changesSinceSave: expect.any(Number)}));

it('reads a loading server', () => {
	expect(read(fixture('info-loading-7.0.txt'))).toMatchObject({loading: {percent: 27.77, etaSeconds: 7}, uptimeSeconds: expect.any(Number)});
});

it('reads a cluster node, where an empty keyspace is told apart from an untold one', () => {
	expect(read(fixture('info-cluster-7.0.txt'))).toMatchObject({mode: 'cluster', keyspace: []});
	expect(read('role:master').keyspace).toBeUndefined();
});

it('reads a Sentinel, which tells little', () => {
	expect(read(fixture('info-sentinel-7.0.txt'))).toMatchObject({
		mode: 'sentinel',
		role: undefined,
		replicas: undefined,
		usedMemoryBytes: undefined,
		errorStats: undefined,
	});
});

it('takes Valkey by its own name and version', () => {
	const server = read('# Server\nredis_version:7.2.4\nserver_name:valkey\nvalkey_version:9.1.2\nserver_mode:standalone\n# Clients\npubsub_clients:3\n');
	expect(server).toMatchObject({product: 'Valkey', version: '9.1.2', mode: 'standalone', pubsubClients: 3});
	expect(read('redis_version:7.2.4\nvalkey_version:8.0.1')).toMatchObject({product: 'Valkey', version: '8.0.1'});
	expect(read('redis_version:6.0.0\nserver_name:otherkv')).toMatchObject({product: 'otherkv', version: '6.0.0'});
});

it('brackets IPv6 replicas, and takes what a starting one does not tell as untold', () => {
	expect(read('connected_slaves:2\nslave0:ip=::1,port=7001,state=online,offset=42,lag=1\nslave1:ip=10.0.0.2,port=7002,state=wait_bgsave').replicas).toEqual([
		{address: '[::1]:7001', state: 'online', offset: 42, lagSeconds: 1},
		{address: '10.0.0.2:7002', state: 'wait_bgsave', offset: undefined, lagSeconds: undefined},
	]);
});

it('turns KiB a second into bytes a second', () => expect(read('instantaneous_input_kbps:1.50').networkInBytesPerSecond).toBe(1536));

it('leaves everything undefined that a server does not tell', () => {
	expect(Object.values(read('')).every(value => value === undefined)).toBe(true);
});

it('does not take garbage for figures', () => {
	expect(read('used_memory:lots\nmaxmemory:-5\nmem_fragmentation_ratio:nan\nconnected_clients:1e999')).toMatchObject({
		usedMemoryBytes: undefined,
		maxMemoryBytes: undefined,
		fragmentationRatio: undefined,
		connectedClients: undefined,
	});
});
