import {exposition, type Metric, type Sample} from './exposition.ts';
import type {Queue} from './queues.ts';
import {type Report, stateWords} from './report.ts';

export const metricPrefix = 'redis_triage_';

/** What only a look over a longer time can find: a check cannot say that it is not so. */
export const notForOneLook: ReadonlySet<string> = new Set(['ops.drop', 'memory.growing', 'clients.leak', 'queue.stuck', 'queue.failing', 'observer.cost']);

/** What a report does not say of itself. */
export type About = {
	readonly target: {readonly name: string; readonly address: string};
	/** Ids of the findings that could have been found in this state of the server. */
	readonly judged: readonly string[];
	readonly tookMs: number;
};

type Value = Sample['value'];

/** What is one figure of the whole server. `info` has more than one name for it in the report; here it stands once. */
type Figure = {readonly name: string; readonly type?: 'counter'; readonly help: string; readonly of: (report: Report) => Value};

const seconds = (ms: number | null): Value => (ms === null ? null : ms / 1000);
const since1970 = (iso: string | null): Value => (iso === null ? null : Date.parse(iso) / 1000);

const figures: readonly Figure[] = [
	{name: 'uptime_seconds', help: 'Time since the server was started.', of: ({server}) => server.uptimeSeconds},

	{name: 'operations_per_second', help: 'Commands a second, in the last second, without those of the check.', of: ({vitals}) => vitals.opsPerSecond},
	// The report has hundredths of a percent.
	{
		name: 'cpu_ratio',
		help: 'CPU time of the server process; 1 is one core.',
		of: ({vitals}) => (vitals.cpuPercent === null ? null : Math.round(vitals.cpuPercent * 100) / 10_000),
	},
	{name: 'hit_ratio', help: 'Lookups of keys that found one, in the last second.', of: ({vitals}) => vitals.hitRate},
	{name: 'evictions_per_second', help: 'Keys evicted a second, in the last second.', of: ({vitals}) => vitals.evictedPerSecond},
	{name: 'network_in_bytes_per_second', help: 'Bytes received a second.', of: ({vitals}) => vitals.networkInBytesPerSecond},
	{name: 'network_out_bytes_per_second', help: 'Bytes sent a second.', of: ({vitals}) => vitals.networkOutBytesPerSecond},

	{name: 'clients_connected', help: 'Connections, those of the check included.', of: ({clients}) => clients.connected},
	{name: 'clients_max', help: 'Connections that the server takes at most (maxclients).', of: ({clients}) => clients.max},
	{name: 'clients_blocked', help: 'Clients in blocking commands, workers that wait for jobs included.', of: ({clients}) => clients.blocked},
	{name: 'clients_blocked_workers', help: 'Of the blocked clients: workers that wait for jobs.', of: ({clients}) => clients.blockedWorkers},
	{
		name: 'clients_rejected_total',
		type: 'counter',
		help: 'Connections refused for maxclients since the start of the server.',
		of: ({clients}) => clients.rejected,
	},

	{name: 'memory_used_bytes', help: 'Memory used.', of: ({memory}) => memory.usedBytes},
	{name: 'memory_peak_bytes', help: 'The most memory that was ever used.', of: ({memory}) => memory.peakBytes},
	{name: 'memory_rss_bytes', help: 'Resident memory of the process.', of: ({memory}) => memory.rssBytes},
	{name: 'memory_max_bytes', help: 'The limit (maxmemory); 0 is none.', of: ({memory}) => memory.maxBytes},
	{name: 'memory_fragmentation_ratio', help: 'Resident of used memory; on a small server it says nothing.', of: ({memory}) => memory.fragmentationRatio},
	{name: 'memory_dataset_bytes', help: 'Memory of the data.', of: ({memory}) => memory.datasetBytes},
	{name: 'memory_overhead_bytes', help: 'Memory of all that is not data.', of: ({memory}) => memory.overheadBytes},
	{name: 'evicted_keys_total', type: 'counter', help: 'Keys evicted since the start of the server or CONFIG RESETSTAT.', of: ({memory}) => memory.evictedKeys},
	{name: 'expired_keys_total', type: 'counter', help: 'Keys expired since the start of the server or CONFIG RESETSTAT.', of: ({memory}) => memory.expiredKeys},
	{name: 'keys', help: 'Keys of all databases.', of: ({memory}) => memory.keys},
	{name: 'keys_without_ttl', help: 'Keys without time to live, of all databases.', of: ({memory}) => memory.keysWithoutTtl},

	{
		name: 'last_save_timestamp_seconds',
		help: 'When the last snapshot was saved, since 1970; a server that has never saved tells its start.',
		of: ({persistence}) => since1970(persistence.lastSaveAt),
	},
	{name: 'last_save_ok', help: '1 if the last snapshot was saved, 0 if that failed.', of: ({persistence}) => persistence.lastSaveOk},
	{name: 'changes_since_save', help: 'Changes that no snapshot has yet.', of: ({persistence}) => persistence.changesSinceSave},
	{name: 'aof_enabled', help: '1 if the append-only file is on.', of: ({persistence}) => persistence.aofEnabled},
	{name: 'aof_ok', help: '1 if its last write and its last rewrite succeeded.', of: ({persistence}) => persistence.aofOk},

	{name: 'replicas_connected', help: 'Replicas that are connected.', of: ({replication}) => replication.connectedReplicas},
	{
		name: 'replication_lag_seconds',
		help: 'Of the slowest replica; on a replica behind its master. Whole seconds.',
		of: ({replication}) => replication.lagSeconds,
	},
	{name: 'replication_link_up', help: 'On a replica: 1 if it has a link to its master.', of: ({replication}) => replication.linkUp},

	{name: 'queues', help: 'Job queues that were found; absent where they could not be looked for.', of: ({queues}) => queues?.length ?? null},
];

const queueFigures: readonly {readonly name: string; readonly help: string; readonly of: (queue: Queue) => Value}[] = [
	{name: 'waiting', help: 'Jobs that would run now or on resume, without prioritized ones.', of: queue => queue.waiting},
	{name: 'active', help: 'Jobs that are worked on.', of: queue => queue.active},
	{name: 'delayed', help: 'Jobs for later.', of: queue => queue.delayed},
	{name: 'overdue', help: 'Of the delayed: jobs that are due already.', of: queue => queue.overdue},
	{name: 'prioritized', help: 'Jobs that wait with a priority.', of: queue => queue.prioritized},
	{name: 'failed', help: 'Failed jobs that are kept.', of: queue => queue.failed},
	{name: 'completed', help: 'Completed jobs that are kept.', of: queue => queue.completed},
	{name: 'workers', help: 'Workers in sight; absent where none is, which is not the same as none.', of: queue => queue.workers},
	{name: 'active_without_lock', help: 'Active jobs whose lock is gone, in two looks a second apart.', of: queue => queue.activeWithoutLock},
	{name: 'next_job_age_seconds', help: 'How long the next job has waited.', of: queue => seconds(queue.nextJobAgeMs)},
	{name: 'paused', help: '1 if it is paused.', of: queue => queue.paused},
];

const ranks = {ok: 0, P2: 1, P1: 2, P0: 3} as const;
const severities = ['P0', 'P1', 'P2'] as const;

const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({name, type: 'gauge', help, samples});

/** The report as Prometheus text. Every series has the label `target`. */
export function toPrometheus(report: Report, about: About): string {
	return exposition(metricPrefix, {target: about.target.name}, [
		...verdict(report, about),
		...figures.map(({name, type, help, of}): Metric => ({name, type: type ?? 'gauge', help, samples: [{value: of(report)}]})),
		...details(report),
		...queueMetrics(report.queues ?? []),
		...blindness(report),
		gauge('check_duration_seconds', 'How long the check took.', [{value: seconds(about.tookMs)}]),
		gauge('check_timestamp_seconds', 'When the check ended, since 1970.', [{value: since1970(report.at)}]),
	]);
}

/** Whether it could be judged, and what came of it. */
function verdict(report: Report, {target, judged}: About): readonly Metric[] {
	const {server, state, severity} = report;
	return [
		gauge('info', 'What was looked at; always 1.', [
			{labels: {address: target.address, product: server.product, version: server.version, role: server.role}, value: 1},
		]),
		gauge('up', '1 if the server could be judged, also one that is down; 0 if not (login refused): the check ended with 3.', [{value: severity !== null}]),
		gauge(
			'state',
			'1 for the state that the server is in, 0 for every other one.',
			stateWords.map(word => ({labels: {state: word}, value: word === state})),
		),
		gauge('severity', 'Of the worst finding: 0 none, 1 P2 (at risk), 2 P1 (degraded), 3 P0 (the service has stopped).', [
			{value: severity === null ? null : ranks[severity]},
		]),
		gauge('finding', '1 for a finding in the severity that it has, 0 where it was looked for and not found.', findingSamples(report, judged)),
	];
}

function findingSamples({findings, severity}: Report, judged: readonly string[]): readonly Sample[] {
	const others = findings.filter(({node}) => node !== undefined).map(({id, severity, node}) => ({labels: {id, severity, node}, value: 1}));
	const own = new Map(findings.filter(({node}) => node === undefined).map(finding => [finding.id, finding.severity]));
	const ids = severity === null ? [...own.keys()] : [...new Set([...own.keys(), ...judged.filter(id => !notForOneLook.has(id))])].toSorted();
	return [...ids.flatMap(id => severities.map(word => ({labels: {id, severity: word}, value: own.get(id) === word}))), ...others];
}

/** What has more than one series. */
function details({clients, memory}: Report): readonly Metric[] {
	return [
		gauge(
			'clients',
			'Connections by what they are for, as the list of clients shows it.',
			Object.entries(clients.byKind ?? {}).map(([kind, value]) => ({labels: {kind}, value})),
		),
		gauge(
			'memory_policy_info',
			'What happens at the limit (maxmemory-policy); always 1.',
			memory.policy === null ? [] : [{labels: {policy: memory.policy}, value: 1}],
		),
	];
}

function queueMetrics(queues: readonly Queue[]): readonly Metric[] {
	const ofEach = (labelsAndValue: (queue: Queue) => Sample) => queues.map(labelsAndValue);
	const labels = ({system, prefix, name}: Queue) => ({system, prefix, name});
	return [
		...queueFigures.map(({name, help, of}) =>
			gauge(
				`queue_${name}`,
				help,
				ofEach(queue => ({labels: labels(queue), value: of(queue)})),
			),
		),
		gauge(
			'queue_info',
			'The version of the library that opened the queue last; always 1.',
			ofEach(queue => ({labels: {...labels(queue), version: queue.version}, value: queue.version === null ? null : 1})),
		),
	];
}

/** What could not be read, and what this user may not run. */
function blindness({access, unavailable}: Report): readonly Metric[] {
	const once = (commands: readonly string[]) => [...new Set(commands)].map(command => ({labels: {command}, value: 1}));
	return [
		gauge(
			'unavailable',
			'1 for a command that would have told more than it did: figures are absent, and check --json says why.',
			once(unavailable.filter(({isNatural}) => !isNatural).map(({command}) => command)),
		),
		gauge('access_may_not_run', '1 for a command of the check that is refused to this user.', once(access.mayNotRun.map(({command}) => command))),
		gauge('access_may_not_act', '1 for a command of the actions that is refused to this user.', once(access.mayNotAct ?? [])),
	];
}
