import {parseInfo} from '../../../src/redis/parse/info.ts';
import {toMemoryStats} from '../../../src/redis/parse/memory-stats.ts';
import type {ServerInfo} from '../../../src/redis/parse/server-info.ts';
import {emptyHistory} from '../../../src/store/history.ts';
import type {BigKey, Survey, SurveyGroup, SurveyProgress, SurveyState} from '../../../src/store/survey.ts';
import {noonMs} from '../../helpers/fixtures.ts';

const mebi = 1024 ** 2;

/** Fragment of `ServerInfo`: 3.6 of 4.0 GiB, two databases. */
export const fullInfo: Partial<ServerInfo> = {
	usedMemoryBytes: 3686 * mebi,
	usedMemoryPeakBytes: 3790 * mebi,
	usedMemoryRssBytes: 4200 * mebi,
	maxMemoryBytes: 4096 * mebi,
	maxMemoryPolicy: 'noeviction',
	totalSystemMemoryBytes: 8192 * mebi,
	fragmentationRatio: 1.14,
	evictedKeys: 0,
	expiredKeys: 88_123,
	keyspace: [
		{db: 0, keys: 487_671, expires: 256_000, avgTtlMs: 3_600_000},
		{db: 3, keys: 1203, expires: 0, avgTtlMs: undefined},
	],
};

export const fullStats = toMemoryStats(
	parseInfo(
		[
			`used_memory_overhead:${420 * mebi}`,
			`used_memory_dataset:${3266 * mebi}`,
			'used_memory_startup:876264',
			`mem_clients_normal:${12 * mebi}`,
			'mem_clients_slaves:0',
			`mem_replication_backlog:${mebi}`,
			'mem_aof_buffer:0',
			'used_memory_scripts:200',
			'lazyfree_pending_objects:0',
		].join('\r\n'),
	),
);

/** Two minutes of history, a sample a second; `perSecond` bytes more every time. */
export const growingHistory = (perSecond: number, usedBytes = 3686 * mebi) => ({
	atMs: Float64Array.from({length: 120}, (_, index) => noonMs - (119 - index) * 1000),
	vitals: {...emptyHistory.vitals, usedMemoryBytes: Float64Array.from({length: 120}, (_, index) => usedBytes - (119 - index) * perSecond)},
});

export const group = (change: Partial<SurveyGroup> = {}): SurveyGroup => ({
	name: 'sess:*',
	keys: 150_118,
	keysError: 0,
	isAtLeast: false,
	bytes: 800 * mebi,
	bytesError: 0.03,
	withoutTtl: 0,
	withoutTtlError: 0.001,
	...change,
});

export const bigKey = (change: Partial<BigKey> = {}): BigKey => ({
	name: 'bull:publishing:completed',
	type: 'zset',
	bytes: 21 * mebi,
	length: 200_000,
	ttlMs: undefined,
	hasTtl: false,
	...change,
});

export const progress = (change: Partial<SurveyProgress> = {}): SurveyProgress => ({
	atMs: noonMs - 1000,
	scannedKeys: 487_671,
	totalKeys: 487_671,
	measuredKeys: 48_900,
	everyNth: 10,
	isExtended: true,
	serverMs: 920,
	slowestRoundMs: 12,
	pauseMs: 75,
	refused: [],
	hiddenKeys: 0,
	...change,
});

const result = {
	total: group({name: '', keys: 487_671, bytes: 3100 * mebi, bytesError: 0.02, withoutTtl: 0.47}),
	prefixes: [
		group({name: 'bull:publishing:*', keys: 212_004, bytes: 1946 * mebi, bytesError: 0.012, withoutTtl: 1}),
		group(),
		group({name: 'rl:ip:*', keys: 120_551, bytes: 307 * mebi, bytesError: 0.04, withoutTtl: 0.25}),
		group({name: 'cache:product:*', keys: 5002, bytes: 11 * mebi, bytesError: 0.09, withoutTtl: 0.1}),
		group({name: 'leaderboard:global', keys: 1, bytes: 5 * mebi, bytesError: 0, withoutTtl: 1}),
		group({name: '(no prefix)', keys: 17, bytes: 40_000, bytesError: undefined, withoutTtl: 0.5}),
	],
	components: [
		group({name: 'rate limits', keys: 120_551, bytes: 307 * mebi, bytesError: 0.04, withoutTtl: 0.25}),
		group({name: 'circuit breakers', keys: 40, bytes: 9000, bytesError: 0, withoutTtl: 1}),
	],
	bigKeys: [
		bigKey(),
		bigKey({name: 'leaderboard:global', bytes: 5 * mebi, length: 50_000}),
		bigKey({name: 'cache:product:7', type: 'string', bytes: 180_000, length: 179_900, ttlMs: 42_000, hasTtl: true}),
		bigKey({name: 'audit:events', type: 'stream', bytes: 90_000, length: 2000}),
	],
};

export const surveyed: Survey = {
	db: 0,
	startedAtMs: noonMs - 190_000,
	progress: progress({atMs: noonMs - 120_000}),
	result,
	ending: {kind: 'finished', detail: '', atMs: noonMs - 120_000},
};

export const surveying: Survey = {
	...surveyed,
	startedAtMs: noonMs - 20_000,
	progress: progress({scannedKeys: 200_000}),
	ending: undefined,
};

export const shown = (survey: Survey): SurveyState => ({latest: survey, shown: survey});
