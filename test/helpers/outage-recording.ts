import type {ReportSource} from '../../src/incident/report/source.ts';
import {received} from '../../src/store/resource.ts';
import {auditLine} from './audit-log.ts';
import {at, finding, played, type Second} from './played-recording.ts';
import {queueStatus} from './queue-status.ts';
import {reportTarget} from './report.ts';

const components = [
	{name: 'Orders', keys: ['bull:orders:*'], impact: 'orders are taken and not confirmed', isClearable: false},
	{name: 'Sessions', keys: ['sess:*'], impact: 'users are logged out.', isClearable: false},
	{name: 'Rate limits', keys: ['rl:*'], impact: undefined, isClearable: true},
];

/** 0 to 900: orders pile up, a script blocks the server, is killed, the queue drains. */
const outage = (): ReportSource =>
	played({
		seconds: 900,
		at: outageAt,
		events: {
			250: [{kind: 'note', severity: undefined, text: 'deployed v212 of the worker', details: ['noted by bob from 10.0.0.7']}],
			600: [
				{
					kind: 'note',
					severity: undefined,
					text: 'Recovery: 3 of 4 verified; not so: shop answers 200',
					details: [
						'noted by alice',
						'✓ PING is answered: since 12:07:05Z, for 2m55s, in 212 µs',
						'✓ queues drain: orders: 12 waiting, below its line of 1,000',
						'✓ no action is under way: none',
						'✗ shop answers 200: 503, not 200, in 41 ms, 2s ago',
						'still to do: P2 ha.none: No replica: if this server is lost, nobody takes over',
						'still to do: queue mails was paused at 12:04:00Z by bob',
					],
					subject: 'recovery',
				},
			],
		},
	});

let once: ReportSource | undefined;

/** Played once a test file. */
export function outageRecording(change: Partial<ReportSource> = {}): ReportSource {
	once ??= outage();
	return {...once, ...change};
}
const everyone = {severity: 'P0', evidence: 'as seen from here'} as const;
const atRisk = finding('ha.none', 'P2', {
	title: 'No replica: if this server is lost, nobody takes over',
	evidence: 'connected_slaves 0',
	steps: ['Add a replica'],
});
const deep = finding('queue.depth', 'P1', {title: '4,000 jobs wait in orders', evidence: 'orders: 4,000 waiting', components: ['orders']});

/** What stands then: since when, as which state, with which finding. */
function blockedAt(second: number): Pick<Second, 'server' | 'findings'> {
	const lasted = `${second - 359}s`;
	if (second >= 360 && second < 366)
		return {
			server: {kind: 'SILENT', sinceMs: at(359), detail: ''},
			findings: [finding('server.silent', 'P0', {...everyone, title: `The server has not answered for ${lasted}`})],
		};
	if (second >= 366 && second < 425)
		return {
			server: {kind: 'BUSY', sinceMs: at(366), detail: 'BUSY Redis is busy running a script.', running: 'script'},
			findings: [finding('script.busy', 'P0', {...everyone, title: `A script has blocked the server for ${lasted}`})],
		};
	return {server: {kind: 'OK', sinceMs: at(second < 360 ? -60 : 425), detail: ''}, findings: []};
}

function outageAt(second: number): Second {
	const {server = {}, findings = []} = blockedAt(second);
	const isDeep = second >= 300 && second < 540;
	const vitals = {
		opsPerSecond: 900 + (second % 7) * 10,
		cpuPercent: isDeep ? 40 : 12,
		connectedClients: isDeep ? 64 : 12,
		blockedClients: 0,
		usedMemoryBytes: 20_000_000 + second * 10_000,
		hitRate: 0.93,
		evictedPerSecond: 0,
		networkBytesPerSecond: 120_000,
	};
	return {
		session: {components},
		server,
		info: {changesSinceSave: second * 3, aofEnabled: false, evictedKeys: 0},
		snapshot: {queues: received([queueStatus({id: 'bull:orders', waiting: isDeep ? 4000 : 12})], at(second))},
		findings: [...findings, ...(isDeep ? [deep] : []), atRisk],
		...(server.kind === 'OK' ? {vitals} : {}),
	};
}

const line = (second: number, id: string, phase: 'intent' | 'outcome', more: object): string =>
	auditLine(id, phase, {at: new Date(at(second)).toISOString(), target: reportTarget, ...more});

const raise = {action: 'script.raise-limit', plan: [['CONFIG', 'SET', 'busy-reply-threshold', '60000']]};
const lower = {action: 'script.raise-limit', plan: [['CONFIG', 'SET', 'busy-reply-threshold', '5000']], operator: 'bob from 10.0.0.7', undoes: 'run-2'};
const purge = {action: 'memory.purge', plan: [['MEMORY', 'PURGE']]};
const kill = {action: 'script.kill', plan: [['SCRIPT', 'KILL']]};

/** What alice and bob did meanwhile. */
export const outageLog: readonly string[] = [
	line(380, 'run-1', 'outcome', {...kill, outcome: 'cancelled', detail: 'left without running it', before: {state: 'BUSY', connectedClients: 64}}),
	line(400, 'run-2', 'intent', {...raise, before: {state: 'BUSY', connectedClients: 64, values: {'busy-reply-threshold': '5000'}}}),
	line(401, 'run-2', 'outcome', {
		...raise,
		outcome: 'done',
		detail: 'busy-reply-threshold is 60000 now',
		before: {state: 'BUSY', connectedClients: 64, values: {'busy-reply-threshold': '5000'}},
		after: {state: 'BUSY', connectedClients: 64, values: {'busy-reply-threshold': '60000'}},
		undo: {action: 'script.raise-limit', on: [], set: {ms: '5000', from: '60000'}},
	}),
	line(423, 'run-3', 'intent', {...kill, before: {state: 'BUSY', connectedClients: 64}}),
	line(425, 'run-3', 'outcome', {
		...kill,
		outcome: 'done',
		detail: 'the script has ended, PING is answered',
		before: {state: 'BUSY', connectedClients: 64},
		after: {state: 'OK', connectedClients: 64},
	}),
	line(500, 'run-4', 'intent', {...lower, before: {state: 'OK', values: {'busy-reply-threshold': '60000'}}}),
	line(501, 'run-4', 'outcome', {
		...lower,
		outcome: 'done',
		detail: 'busy-reply-threshold is 5000 now',
		before: {state: 'OK', values: {'busy-reply-threshold': '60000'}},
		after: {state: 'OK', values: {'busy-reply-threshold': '5000'}},
	}),
	line(520, 'run-5', 'intent', {...purge, before: {state: 'OK', connectedClients: 64}}),
];
