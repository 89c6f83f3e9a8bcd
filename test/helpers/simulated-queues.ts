import {toStatus} from '../../src/queues/status.ts';
import type {FoundQueue, QueueMemory, QueueStatus} from '../../src/queues/types.ts';

type Queue = {
	readonly found: FoundQueue;
	readonly jobsPerSecond: number;
	memory: QueueMemory | undefined;
	waiting: number;
	added: number;
	finished: number;
	failed: number;
};

/** Queues of BullMQ in which jobs come and go, made up: two thirds of them are at work, each at its own pace. */
export class SimulatedQueues {
	readonly #random: () => number;
	readonly #queues: readonly Queue[];

	constructor(count: number, random: () => number) {
		this.#random = random;
		this.#queues = Array.from({length: count}, (_, index) => ({
			found: {id: `bull:queue-${index}`, family: 'bull', system: 'bullmq', prefix: 'bull', name: `queue-${index}`, isAlone: true},
			jobsPerSecond: index % 3 === 0 ? 0 : 1 + random() * 40,
			memory: undefined,
			waiting: Math.floor(random() * 200),
			added: 100_000,
			finished: 99_000,
			failed: 12,
		}));
	}

	look(nowMs: number, seconds: number): readonly QueueStatus[] {
		return this.#queues.map(queue => this.#lookAt(queue, nowMs, seconds));
	}

	#lookAt(queue: Queue, nowMs: number, seconds: number): QueueStatus {
		const jobs = () => Math.round(queue.jobsPerSecond * seconds * (0.8 + this.#random() * 0.4));
		const [added, taken] = [jobs(), jobs()];
		const finished = Math.min(taken, queue.waiting + added);
		queue.waiting += added - finished;
		queue.added += added;
		queue.finished += finished;
		queue.failed += this.#random() < 0.02 ? 1 : 0;
		const isBusy = queue.jobsPerSecond > 0;
		const figures = {
			paused: false,
			waiting: queue.waiting,
			active: isBusy ? Math.floor(this.#random() * 10) : 0,
			delayed: isBusy ? 20 + Math.floor(this.#random() * 5) : 0,
			overdue: 0,
			prioritized: 0,
			waitingChildren: 0,
			failed: queue.failed,
			completed: 1000,
			workers: isBusy ? 4 : 0,
			activeWithoutLock: 0,
			nextJobAgeMs: queue.waiting > 0 ? Math.floor(this.#random() * 3000) : undefined,
			stalledCheckMs: isBusy ? Math.floor(this.#random() * 30_000) : undefined,
		};
		const look = {
			figures,
			identity: {system: 'bullmq', version: '5.81.5', major: 5} as const,
			counters: {added: queue.added, finished: queue.finished, failed: queue.failed},
			unknown: [],
		};
		const {status, memory} = toStatus(queue.found, look, {nowMs, before: queue.memory, workers: undefined});
		queue.memory = memory;
		return status;
	}
}
