/** Where the rules draw their lines. The unit of each is in its name; a ratio is a share from 0 to 1. What lies on a line is found, but for `clientsBlockedCount` and `replicationLagSeconds`. */
export type Thresholds = {
	/** memory.high: used memory of maxmemory. */
	readonly memoryHighRatio: number;
	/** memory.growing: at the present rate maxmemory is reached within this. */
	readonly memoryFullWithinSeconds: number;
	/** memory.fragmented: resident of used memory, 1 and more; both lines must be crossed, as a small server is always "fragmented". */
	readonly memoryFragmentationRatio: number;
	readonly memoryFragmentedBytes: number;
	/** memory.evicting. */
	readonly memoryEvictedKeysPerSecond: number;
	/** clients.high: connections of maxclients. */
	readonly clientsHighRatio: number;
	/** clients.leak: one group (name, library, address, user) is this large and grows this fast. */
	readonly clientsLeakCount: number;
	readonly clientsLeakPerMinute: number;
	/** clients.blocked: more than this, blocking workers not counted. */
	readonly clientsBlockedCount: number;
	/** clients.output-buffer: of one client. */
	readonly clientsOutputBufferBytes: number;
	/** ops.drop: below this share of the median over the window, if that median was worth the name. */
	readonly opsDropRatio: number;
	readonly opsDropWindowSeconds: number;
	readonly opsDropMedianPerSecond: number;
	/** latency.high: a PING there and back. */
	readonly latencyHighMs: number;
	/** slowlog.burst: new slowlog entries. */
	readonly slowlogBurstPerMinute: number;
	/** script.slow: a finished script in the slowlog. */
	readonly scriptSlowMs: number;
	/** queue.depth: jobs waiting. */
	readonly queueDepthCount: number;
	/** queue.stuck: jobs wait and none has been taken for this long. */
	readonly queueStuckSeconds: number;
	/** queue.overdue: a delayed job is this far past its time. */
	readonly queueOverdueSeconds: number;
	/** queue.failing: share of the jobs finished in the last minute, if so many failed at least. */
	readonly queueFailingRatio: number;
	readonly queueFailingPerMinute: number;
	/** persistence.stale: changes and no snapshot for this long. */
	readonly persistenceStaleSeconds: number;
	/** replication.lag: more than this. The server counts whole seconds, and an idle replica is silent for one of them. */
	readonly replicationLagSeconds: number;
	/** sentinel.failover-near: the countdown is at or below this. */
	readonly sentinelFailoverNearSeconds: number;
	/** observer.cost: of one core, spent by the server on this console. */
	readonly observerCostRatio: number;
};

const mebibyte = 1024 ** 2;

/** The config file's section `thresholds` changes them one by one. */
export const defaultThresholds: Thresholds = {
	memoryHighRatio: 0.8,
	memoryFullWithinSeconds: 3600,
	memoryFragmentationRatio: 1.5,
	memoryFragmentedBytes: 100 * mebibyte,
	memoryEvictedKeysPerSecond: 1,
	clientsHighRatio: 0.8,
	clientsLeakCount: 100,
	clientsLeakPerMinute: 10,
	clientsBlockedCount: 10,
	clientsOutputBufferBytes: 16 * mebibyte,
	opsDropRatio: 0.5,
	opsDropWindowSeconds: 300,
	opsDropMedianPerSecond: 20,
	latencyHighMs: 100,
	slowlogBurstPerMinute: 10,
	scriptSlowMs: 100,
	queueDepthCount: 1000,
	queueStuckSeconds: 60,
	queueOverdueSeconds: 60,
	queueFailingRatio: 0.1,
	queueFailingPerMinute: 10,
	persistenceStaleSeconds: 900,
	replicationLagSeconds: 1,
	sentinelFailoverNearSeconds: 15,
	observerCostRatio: 0.01,
};

/** What has been found ends this far below its threshold. */
export const hysteresisRatio = 0.95;
