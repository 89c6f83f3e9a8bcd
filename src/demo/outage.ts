import {systemClock} from '../clock.ts';
import {backup} from './broken-disk.ts';
import {renderCache, seedShop, write} from './keyspace.ts';
import {leakConnections} from './leak.ts';
import {type QueuePast, queueKeys} from './queue-keys.ts';
import type {QueuePlan, WorkerPlan} from './queue-process.ts';
import {loseWorker} from './queues-scenario.ts';
import {slowReports} from './slow-reports.ts';
import {consoleStartMs, type Stage} from './stage.ts';
import {invoiceTotals, scriptWorker} from './stuck-scripts.ts';
import {runTraffic} from './traffic.ts';

const lockMs = 30_000;

/** When each trouble comes, in stages after the start. */
const stages = {leak: 0.8, queues: 1, memory: 2.8, disk: 4, script: 5.5} as const;

/** Below the limit of 500 of the configuration, and above the 80 % at which it is found. */
const leaked = 390;
/** Of a stage: five connections a second. It must be seen to grow for a minute before the script blocks everything. */
const leakPause = 0.012;
const mebibyte = 1024 ** 2;

const version = '6.7.0';
const pasts: readonly QueuePast[] = [
	{name: 'orders', version, completed: 300, failed: 12},
	{name: 'emails', version, completed: 80, failed: 1},
	{name: 'payments', version, completed: 60, delayed: 5},
];

/** The lines of redis.conf for it. A save that fails is to be one trouble among others here, and not the end of all writes. */
export const outageConfig: readonly string[] = [
	'maxmemory 64mb',
	'maxclients 500',
	'repl-diskless-sync yes',
	'repl-diskless-sync-delay 0',
	'stop-writes-on-bgsave-error no',
	// Above what filling the server takes, below what the slow reports do.
	'slowlog-log-slower-than 4000',
];

/** What comes to a shop on a bad day: one trouble after another, none of which goes away by itself; in the end a script that holds up everything. */
export async function playOutage(stage: Stage, signal: AbortSignal): Promise<void> {
	const {port, dir, timing} = stage;
	const startMs = performance.now();
	const atMs = (name: keyof typeof stages) => startMs + stages[name] * timing.stageMs;
	const roles = [
		renderCache({startsAtMs: atMs('memory'), bytesPerSecond: (18 * mebibyte * 1000) / timing.stageMs, untilRatio: 0.9}),
		backup(dir, atMs('disk')),
		scriptWorker(invoiceTotals, atMs('script')),
		...slowReports,
	];
	const leak = async () => {
		await systemClock.sleep(Math.max(0, atMs('leak') - performance.now()), signal);
		await leakConnections(port, {crowd: 20, growsAfterMs: 0, mostOpen: leaked, pauseMs: leakPause * timing.stageMs}, signal);
	};
	await Promise.all([runTraffic(port, roles, signal), openShop(stage, signal), leak()]);
}

/** The replica and the queues, whose workers get into trouble when their time has come. */
async function openShop(stage: Stage, signal: AbortSignal): Promise<void> {
	const {port, timing} = stage;
	const nowMs = systemClock.now();
	// The console's first scan is to find them all.
	await write(
		port,
		pasts.flatMap(past => queueKeys(past, nowMs)),
		signal,
	);
	await systemClock.sleep(consoleStartMs, signal);
	if (signal.aborted) return;
	await Promise.all([stage.startReplica(), seedShop(port, signal)]);
	if (signal.aborted) return;
	const afterMs = stages.queues * timing.stageMs;
	stage.startQueueProcess(shop(port, afterMs));
	const victim: WorkerPlan = {queue: 'payments', name: 'pod-4', concurrency: 5, lockMs: 4000, jobMs: 3_600_000, failing: 0};
	await loseWorker(stage, victim, afterMs, signal);
}

/** The database behind the orders goes away: jobs take long and fail, and the customers try again. */
const shop = (port: number, afterMs: number): QueuePlan => ({
	port,
	producers: [
		{queue: 'orders', jobName: 'charge', perSecond: 10, atMostWaiting: 2500, surge: {afterMs, perSecond: 90}},
		{queue: 'emails', jobName: 'receipt', perSecond: 8, atMostWaiting: 500},
		{queue: 'payments', jobName: 'refund', perSecond: 1, atMostWaiting: 400},
	],
	workers: [
		{queue: 'orders', name: 'pod-1', concurrency: 4, lockMs, jobMs: 60, failing: 0.01, trouble: {afterMs, jobMs: 500, failing: 0.6}},
		{queue: 'orders', name: 'pod-2', concurrency: 4, lockMs, jobMs: 60, failing: 0.01, trouble: {afterMs, jobMs: 500, failing: 0.6}},
		{queue: 'emails', name: 'pod-1', concurrency: 2, lockMs, jobMs: 40, failing: 0.01},
	],
});
