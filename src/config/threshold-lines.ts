import {defaultThresholds, type Thresholds} from '../diagnosis/thresholds.ts';

/** How a threshold is written in the file: the unit there is one that people think in. */
export type ThresholdLine = {
	readonly key: string;
	readonly from: number;
	readonly to: number;
	/** What one of its unit is in the unit of `Thresholds`. */
	readonly factor: number;
	/** Begins with the finding's id. */
	readonly doc: string;
};

const percent = {from: 0.1, to: 100, factor: 1 / 100} as const;
const seconds = {from: 1, to: 1_000_000, factor: 1} as const;
const ms = {from: 1, to: 1_000_000, factor: 1} as const;
const count = {from: 1, to: 1_000_000_000, factor: 1} as const;
const mib = {from: 1, to: 1_000_000, factor: 1024 ** 2} as const;

/** Every threshold there is, in the order of the file. */
export const thresholdLines = {
	memoryHighRatio: {...percent, key: 'memory-high-percent', doc: 'memory.high: used memory of maxmemory'},
	memoryFullWithinSeconds: {...seconds, key: 'memory-full-within-seconds', doc: 'memory.growing: maxmemory is reached within this at the present rate'},
	memoryFragmentationRatio: {from: 1, to: 100, factor: 1, key: 'memory-fragmentation-ratio', doc: 'memory.fragmented: resident memory by used memory, and'},
	memoryFragmentedBytes: {...mib, key: 'memory-fragmented-mib', doc: 'memory.fragmented: so much is lost to it'},
	memoryEvictedKeysPerSecond: {...count, key: 'memory-evicted-keys-per-second', doc: 'memory.evicting: keys evicted to make room'},
	clientsHighRatio: {...percent, key: 'clients-high-percent', doc: 'clients.high: connections of maxclients'},
	clientsLeakCount: {...count, key: 'clients-leak-count', doc: 'clients.leak: one group of clients has so many connections, and'},
	clientsLeakPerMinute: {...count, key: 'clients-leak-per-minute', doc: 'clients.leak: so many more each minute'},
	clientsBlockedCount: {...count, from: 0, key: 'clients-blocked-count', doc: 'clients.blocked: more than so many; workers waiting for jobs do not count'},
	clientsOutputBufferBytes: {...mib, key: 'clients-output-buffer-mib', doc: 'clients.output-buffer: of one client'},
	opsDropRatio: {...percent, key: 'ops-drop-percent', doc: 'ops.drop: commands per second, of their median'},
	opsDropWindowSeconds: {...seconds, from: 10, key: 'ops-drop-window-seconds', doc: 'ops.drop: the median over this, if it is'},
	opsDropMedianPerSecond: {...count, key: 'ops-drop-median-per-second', doc: 'ops.drop: at least so much'},
	latencyHighMs: {...ms, key: 'latency-high-ms', doc: 'latency.high: a PING there and back'},
	slowlogBurstPerMinute: {...count, key: 'slowlog-burst-per-minute', doc: 'slowlog.burst: new entries'},
	scriptSlowMs: {...ms, key: 'script-slow-ms', doc: 'script.slow: a script that has ended'},
	queueDepthCount: {...count, key: 'queue-depth-count', doc: 'queue.depth: jobs waiting'},
	queueStuckSeconds: {...seconds, key: 'queue-stuck-seconds', doc: 'queue.stuck: jobs wait, and none is taken'},
	queueOverdueSeconds: {...seconds, key: 'queue-overdue-seconds', doc: 'queue.overdue: a delayed job is so late'},
	queueFailingRatio: {...percent, key: 'queue-failing-percent', doc: 'queue.failing: of the jobs that ended in the last minute, if'},
	queueFailingPerMinute: {...count, key: 'queue-failing-per-minute', doc: 'queue.failing: so many failed'},
	persistenceStaleSeconds: {...seconds, key: 'persistence-stale-seconds', doc: 'persistence.stale: changes, and no snapshot'},
	replicationLagSeconds: {...seconds, from: 0.1, key: 'replication-lag-seconds', doc: 'replication.lag: of the slowest replica, or of this one'},
	sentinelFailoverNearSeconds: {...seconds, key: 'sentinel-failover-near-seconds', doc: 'sentinel.failover-near: until Sentinel acts'},
	observerCostRatio: {...percent, from: 0.01, key: 'observer-cost-percent', doc: 'observer.cost: of one core, what the console costs the server'},
} as const satisfies Readonly<Record<keyof Thresholds, ThresholdLine>>;

const entries = Object.entries(thresholdLines) as [keyof Thresholds, ThresholdLine][];

/** The figures as they are written in the file; the way back is exact but for the last bit. */
export const writtenDefault = (id: keyof Thresholds): number => Number((defaultThresholds[id] / thresholdLines[id].factor).toPrecision(12));

/** From what the section says, by key. */
export function toThresholds(written: Readonly<Record<string, number>>): Thresholds {
	const said = entries.flatMap(([id, {key, factor}]) => {
		const value = written[key];
		// The default itself is taken as it is, not by way of its decimal fraction.
		return value === undefined || value === writtenDefault(id) ? [] : [[id, value * factor] as const];
	});
	return {...defaultThresholds, ...Object.fromEntries(said)};
}
