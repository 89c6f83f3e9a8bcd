import {Queue, Worker} from 'bullmq6';
import type {OpenedQueue, QueueLibrary} from './queue-process.ts';

// A file of its own in dist/ (build/queue-library.ts), loaded by the demo's worker processes only.

/** A server that is full, busy or gone is what the demo shows: the application tries again, and logs to nobody. */
const quiet = () => {};

const connectionTo = (port: number) => ({port, host: '127.0.0.1', maxRetriesPerRequest: null});

export const openQueue: QueueLibrary['openQueue'] = (port, name): OpenedQueue => {
	const queue = new Queue(name, {connection: connectionTo(port)});
	queue.on('error', quiet);
	return {
		addJobs: jobs => queue.addBulk([...jobs]),
		waitingCount: () => queue.getWaitingCount(),
	};
};

export const runWorker: QueueLibrary['runWorker'] = (port, {queue, name, concurrency, lockMs}, work): void => {
	const worker = new Worker(queue, async ({name: jobName}) => work(jobName), {
		connection: connectionTo(port),
		name,
		concurrency,
		lockDuration: lockMs,
		removeOnComplete: {count: 500},
		removeOnFail: {count: 1000},
		// An hour of throughput by the minute, which dashboards show.
		metrics: {maxDataPoints: 60},
	});
	worker.on('error', quiet);
};
