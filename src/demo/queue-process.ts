import {setMaxListeners} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {getAsset, isSea} from 'node:sea';
import type {Readable} from 'node:stream';
import {compileFunction} from 'node:vm';
import {systemClock} from '../clock.ts';
import {untilAborted} from './until-aborted.ts';

/** From `afterMs` on, counted from the start of the process, it goes another way. */
type Turn<T> = T & {readonly afterMs: number};

/** Adds jobs at a steady rate, and stops for as long as `atMostWaiting` wait. */
export type Producer = {
	readonly queue: string;
	readonly jobName: string;
	readonly perSecond: number;
	readonly atMostWaiting: number;
	readonly surge?: Turn<{readonly perSecond: number}>;
};

export type WorkerPlan = {
	readonly queue: string;
	/** The pod that it is seen as. */
	readonly name: string;
	readonly concurrency: number;
	readonly lockMs: number;
	readonly jobMs: number;
	/** Share of the jobs that fail, from 0 to 1. */
	readonly failing: number;
	readonly trouble?: Turn<{readonly jobMs: number; readonly failing: number}>;
};

/** What one process of the application does; passed to it as JSON. */
export type QueuePlan = {readonly port: number; readonly producers: readonly Producer[]; readonly workers: readonly WorkerPlan[]};

type NewJob = {readonly name: string; readonly data: unknown; readonly opts: {readonly attempts: number}};

export type OpenedQueue = {
	readonly addJobs: (jobs: readonly NewJob[]) => Promise<unknown>;
	readonly waitingCount: () => Promise<number>;
};

/** What is used of BullMQ: src/demo/bullmq.ts. */
export type QueueLibrary = {
	readonly openQueue: (port: number, name: string) => OpenedQueue;
	readonly runWorker: (port: number, plan: WorkerPlan, work: (jobName: string) => Promise<void>) => void;
};

/** The parts of a process that it needs. */
export type QueueSeat = {
	/** A pipe from the demo's host: its end means that the host has gone, however it went. */
	readonly stdin: Readable;
	readonly onSignal: (end: () => void) => void;
	readonly exit: (code: number) => void;
};

/** BullMQ, built by build/queue-library.ts. */
export const queueLibraryFile = 'redis-triage-queues.cjs';

/** Whether BullMQ lies beside the program, or within it: the standalone executable has both. */
export const hasQueueLibrary = (): boolean => isSea() || existsSync(new URL(queueLibraryFile, import.meta.url));

/** Kept apart from the program: whoever copies that alone to a bastion has no use for BullMQ there. A standalone executable can load no file but as text. */
function loadLibrary(): QueueLibrary {
	const text = isSea() ? getAsset(queueLibraryFile, 'utf8') : readFileSync(new URL(queueLibraryFile, import.meta.url), 'utf8');
	const library: Partial<QueueLibrary> = {};
	compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname'])(library, createRequire(import.meta.url), {exports: library}, '', '');
	const {openQueue, runWorker} = library;
	if (!openQueue || !runWorker) throw new Error(`${queueLibraryFile} is not of this build`);
	return {openQueue, runWorker};
}

/** A process of the application: real BullMQ workers and producers. Ends at once, as if killed, when stdin ends or a signal comes. */
export async function runQueueProcess(plan: QueuePlan, seat: QueueSeat): Promise<void> {
	const stop = new AbortController();
	// Every job waits on it.
	setMaxListeners(0, stop.signal);
	const end = () => stop.abort();
	seat.onSignal(end);
	for (const event of ['end', 'close', 'error']) seat.stdin.on(event, end);
	seat.stdin.resume();

	const {openQueue, runWorker} = loadLibrary();
	const {port, producers, workers} = plan;
	for (const worker of workers) runWorker(port, worker, jobName => work(worker, jobName, stop.signal));
	for (const producer of producers) void produce(producer, openQueue(port, producer.queue), stop.signal);
	// Not for the producers: a command that the server will not answer any more is waited for until it does.
	await untilAborted(stop.signal);
	seat.exit(0);
}

/** Times count from the start of the process. */
const hasPassed = (turn: {readonly afterMs: number} | undefined): boolean => turn !== undefined && performance.now() >= turn.afterMs;

const tickMs = 500;

async function produce({queue: name, jobName, perSecond, atMostWaiting, surge}: Producer, queue: OpenedQueue, signal: AbortSignal): Promise<void> {
	let owed = 0;
	for (let number = 1; !signal.aborted; ) {
		owed += ((hasPassed(surge) ? surge?.perSecond : undefined) ?? perSecond) * (tickMs / 1000);
		const count = Math.floor(owed);
		try {
			if (count > 0 && (await queue.waitingCount()) < atMostWaiting) {
				const jobs = Array.from({length: count}, (_, index) => newJob(jobName, name, number + index));
				await queue.addJobs(jobs);
				number += count;
			}
		} catch (error) {
			// Out of memory, busy, not saved: the application drops these and comes back.
			if (!(error instanceof Error)) throw error;
		}
		owed -= count;
		await systemClock.sleep(tickMs, signal);
	}
}

const newJob = (name: string, queue: string, number: number): NewJob => ({
	name,
	data: {[`${queue}Id`]: 100_000 + number, email: `u${number}@example.com`, note: 'x'.repeat(80)},
	opts: {attempts: 1},
});

/** Why jobs fail, with their shares. */
const failureReasons: readonly (readonly [reason: string, share: number])[] = [
	['connect ECONNREFUSED 10.0.3.17:5432', 0.6],
	['Connection timeout after 5000ms (stripe.com)', 0.25],
	["Cannot read properties of undefined (reading 'id')", 0.15],
];

/** The reason at this place from 0 to 1. */
export function reasonAt(place: number): string {
	let from = 0;
	for (const [reason, share] of failureReasons) {
		from += share;
		if (place < from) return reason;
	}
	return failureReasons[0]?.[0] ?? '';
}

async function work({jobMs, failing, trouble}: WorkerPlan, jobName: string, signal: AbortSignal): Promise<void> {
	const now = (hasPassed(trouble) ? trouble : undefined) ?? {jobMs, failing};
	await systemClock.sleep(now.jobMs * (0.5 + Math.random()), signal);
	if (Math.random() < now.failing) throw failure(jobName, reasonAt(Math.random()));
}

/** As the application would throw it, and not from within the demo. */
function failure(jobName: string, reason: string): Error {
	const error = new Error(reason);
	error.stack = `Error: ${reason}\n    at ${jobName} (/app/src/jobs/${jobName}.js:42:11)\n    at Worker.processJob (/app/node_modules/bullmq/dist/cjs/classes/worker.js:657:28)`;
	return error;
}
