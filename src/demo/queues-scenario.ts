import {systemClock} from '../clock.ts';
import {write} from './keyspace.ts';
import {foreignQueueKeys, type QueuePast, queueKeys} from './queue-keys.ts';
import type {Producer, WorkerPlan} from './queue-process.ts';
import {consoleStartMs, type Stage} from './stage.ts';
import {type Role, runTraffic} from './traffic.ts';

const version = '6.7.0';

const pasts: readonly QueuePast[] = [
	{name: 'orders', version, waiting: 1400, oldestMinutes: 47, failed: 260, completed: 400},
	{name: 'payments', version, waiting: 20, completed: 90},
	{name: 'emails', version, isPaused: true, waiting: 340, oldestMinutes: 61, completed: 120},
	{name: 'reminders', version, delayed: 120, overdue: 80},
	// Paused by BullMQ 5, then used by 6: jobs in both lists.
	{name: 'thumbs', version, waiting: 60, inPausedList: 35, oldestMinutes: 90},
	// Bull 4; its last worker was killed.
	{name: 'reports', waiting: 900, oldestMinutes: 120, failed: 120, activeWithoutLock: 4},
];

const lockMs = 30_000;

const producers: readonly Producer[] = [
	{queue: 'orders', jobName: 'charge', perSecond: 20, atMostWaiting: 4000},
	{queue: 'webhooks', jobName: 'deliver', perSecond: 8, atMostWaiting: 500},
	{queue: 'payments', jobName: 'refund', perSecond: 1, atMostWaiting: 300},
];

const workers: readonly WorkerPlan[] = [
	{queue: 'orders', name: 'pod-1', concurrency: 2, lockMs, jobMs: 250, failing: 0.35},
	{queue: 'webhooks', name: 'pod-1', concurrency: 4, lockMs, jobMs: 60, failing: 0.02},
	{queue: 'webhooks', name: 'pod-2', concurrency: 4, lockMs, jobMs: 60, failing: 0.02},
];

/** So many jobs are in its hands when it is killed. */
const victim: WorkerPlan = {queue: 'payments', name: 'pod-4', concurrency: 6, lockMs: 4000, jobMs: 3_600_000, failing: 0};

/** Queues with every trouble that queues have; BullMQ's own workers and producers go on with some of them. */
export async function playQueues(stage: Stage, signal: AbortSignal): Promise<void> {
	const {port} = stage;
	const nowMs = systemClock.now();
	await write(port, [...pasts.flatMap(past => queueKeys(past, nowMs)), ...foreignQueueKeys(nowMs)], signal);
	await systemClock.sleep(consoleStartMs, signal);
	if (signal.aborted) return;
	stage.startQueueProcess({port, producers, workers});
	await loseWorker(stage, victim, stage.timing.incidentAfterMs, signal);
}

/** A worker takes all the jobs that it can hold, and is killed not before `afterMs`. Its locks run out, and nobody takes its jobs back. Resolves when aborted. */
export async function loseWorker({port, startQueueProcess}: Stage, plan: WorkerPlan, afterMs: number, signal: AbortSignal): Promise<void> {
	const {killHard} = startQueueProcess({port, producers: [], workers: [plan]});
	await systemClock.sleep(afterMs, signal);
	const deployer: Role = {
		name: 'deployer',
		hostNumber: 34,
		session: async client => {
			while (!signal.aborted && Number(await client.call('LLEN', `bull:${plan.queue}:active`)) < plan.concurrency) await systemClock.sleep(200, signal);
			killHard();
			await client.closed;
		},
	};
	await runTraffic(port, [deployer], signal);
}
