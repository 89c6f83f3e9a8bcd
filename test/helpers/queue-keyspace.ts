import BeeQueue from 'bee-queue';
import Bull from 'bull';
import * as bullmq3 from 'bullmq3';
import * as bullmq4 from 'bullmq4';
import * as bullmq5 from 'bullmq5';
import * as bullmq6 from 'bullmq6';
import {until} from './until.ts';

/** What a library itself says of a queue; compared with what we read. */
type LibraryCounts = {
	readonly id: string;
	readonly system: 'bullmq' | 'bull' | 'bee-queue';
	readonly version: string | undefined;
	readonly paused: boolean;
	readonly waiting: number;
	readonly active: number;
	readonly delayed: number;
	readonly prioritized: number;
	readonly failed: number;
	readonly completed: number;
	/** Undefined: the library does not count them, or counts none. */
	readonly workers: number | undefined;
};

export type Closable = {readonly close: () => Promise<unknown>};
/** A queue with jobs in it, and the library's own count of them. It may write (4 and older remove markers), so it is asked last. */
export type SeededQueue = {readonly id: string; readonly count: () => Promise<LibraryCounts>};

const bullmqMajors = {3: bullmq3, 4: bullmq4, 5: bullmq5, 6: bullmq6} as const;
export type BullmqMajor = keyof typeof bullmqMajors;

/** The versions installed, as `meta` has them. */
const versions: Readonly<Record<BullmqMajor, string>> = {3: '3.16.2', 4: '4.18.3', 5: '5.81.5', 6: '6.7.0'};

/** What the majors have in common, as far as it is used here; their types are of one shape and not of one name. */
type Job = {
	readonly id?: string | undefined;
	readonly moveToCompleted: (value: unknown, token: string, fetchNext: boolean) => Promise<unknown>;
	readonly moveToFailed: (error: Error, token: string, fetchNext: boolean) => Promise<unknown>;
};
type Queue = Closable & {
	readonly add: (name: string, data: unknown, options?: Readonly<Record<string, unknown>>) => Promise<Job>;
	readonly pause: () => Promise<unknown>;
	readonly resume: () => Promise<unknown>;
	readonly isPaused: () => Promise<boolean>;
	readonly getJobCounts: (...states: string[]) => Promise<Readonly<Record<string, number>>>;
	readonly getWorkers: () => Promise<readonly unknown[]>;
	readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
};
type Worker = Closable & {
	readonly getNextJob: (token: string) => Promise<Job | undefined>;
	readonly on: (event: 'error', listener: (error: Error) => void) => unknown;
	readonly waitUntilReady: () => Promise<unknown>;
};
type Library = {
	readonly Queue: new (name: string, options: object) => Queue;
	readonly Worker: new (name: string, process: ((job: Job) => Promise<unknown>) | null | undefined, options: object) => Worker;
	readonly FlowProducer: new (options: object) => Closable & {readonly add: (flow: object) => Promise<unknown>};
};

/** What BullMQ's queues and Bull's have in common. */
type Producer = {
	readonly add: (name: string, data: unknown, options?: Readonly<Record<string, unknown>>) => Promise<unknown>;
	/** Jobs that are not finished yet. */
	readonly pending: () => Promise<number>;
};

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** Real libraries on one server; everything that they open ends with `close`. */
export class QueueKeyspace {
	readonly #port: number;
	readonly #open: Closable[] = [];
	readonly #releases: (() => void)[] = [];

	constructor(port: number) {
		this.#port = port;
	}

	library(major: BullmqMajor): Library {
		return bullmqMajors[major] as unknown as Library;
	}

	queue(major: BullmqMajor, name: string, options: object = {}): Queue & Producer {
		const {Queue} = this.library(major);
		const queue = this.#keep(quiet(new Queue(name, {connection: this.#connection(), ...options})));
		return Object.assign(queue, {pending: async () => sum(await queue.getJobCounts('waiting', 'active', 'delayed'))});
	}

	/** A queue of Bull's that is only added to. */
	rawBull(name: string): Producer & Pick<Queue, 'pause' | 'resume'> {
		const queue = this.#openBull(name);
		return {
			pause: () => queue.pause(),
			resume: () => queue.resume(),
			add: (kind, data, options) => queue.add(kind, data, options),
			pending: async () => {
				const {waiting, active, delayed} = await queue.getJobCounts();
				return waiting + active + delayed;
			},
		};
	}

	processBull(name: string, process: (job: Bull.Job) => Promise<void>): void {
		void this.#openBull(name).process('*', process);
	}

	#openBull(name: string): Bull.Queue {
		return this.#keep(quiet(new Bull(name, {redis: {port: this.#port}, settings: {lockDuration: 60_000}})));
	}

	worker(major: BullmqMajor, name: string, process: ((job: Job) => Promise<unknown>) | undefined, options: object = {}): Worker {
		const {Worker} = this.library(major);
		// Idle ones are taken by hand; null is what 3 and 4 want for that.
		const worker = new Worker(name, process ?? (undefined as never), {connection: this.#connection(), autorun: process !== undefined, ...options});
		return this.#keep(quiet(worker));
	}

	/** A processor that holds its job until `close`. */
	readonly hang = (): Promise<void> =>
		new Promise(resolve => {
			this.#releases.push(resolve);
		});

	async close(): Promise<void> {
		for (const release of this.#releases) release();
		await Promise.all(this.#open.map(each => each.close()));
	}

	/** A queue with jobs in every state: 4 done, 2 failed, 3 active, 5 waiting (one lifo), 2 delayed, 2 overdue, 3 with a priority, 1 parent. */
	async everyState(major: BullmqMajor, name: string, prefix = 'bull'): Promise<SeededQueue> {
		const queue = this.queue(major, name, {prefix});
		const hand = this.worker(major, name, undefined, {prefix, lockDuration: 60_000});
		for (let index = 0; index < 9; index++) await queue.add('work', {index});
		for (let index = 0; index < 9; index++) {
			const token = `token-${index}`;
			const job = await hand.getNextJob(token);
			if (!job) throw new Error('no job to take');
			if (index < 4) await job.moveToCompleted('done', token, false);
			else if (index < 6) await job.moveToFailed(new Error(`connect ECONNREFUSED 10.0.3.${index}:5432`), token, false);
		}
		for (let index = 0; index < 4; index++) await queue.add('wait', {index});
		for (const delay of [3_600_000, 7_200_000, 1, 2]) await queue.add('later', {}, {delay});
		for (let index = 0; index < 3; index++) await queue.add('urgent', {}, {priority: index + 1});
		await queue.add('now', {}, {lifo: true});
		const {FlowProducer} = this.library(major);
		const flows = this.#keep(new FlowProducer({connection: this.#connection(), prefix}));
		await flows.add({name: 'parent', queueName: name, prefix, children: [{name: 'child', queueName: `${name}-children`, prefix, data: {}}]});
		return {id: `${prefix}:${name}`, count: () => countsOf(queue, major, `${prefix}:${name}`)};
	}

	/** A job for later and an urgent one, and nothing in `wait` but the marker that 3 and 4 put there. */
	async marked(major: BullmqMajor, name: string): Promise<SeededQueue> {
		const queue = this.queue(major, name);
		await queue.add('later', {}, {delay: 3_600_000});
		if (major >= 4) await queue.add('urgent', {}, {priority: 1});
		return {id: `bull:${name}`, count: () => countsOf(queue, major, `bull:${name}`)};
	}

	/** Four jobs, a pause, and one more job. */
	async paused(major: BullmqMajor, name: string): Promise<SeededQueue> {
		const queue = this.queue(major, name);
		for (let index = 0; index < 4; index++) await queue.add('work', {index});
		await queue.pause();
		await queue.add('work', {});
		return {id: `bull:${name}`, count: () => countsOf(queue, major, `bull:${name}`)};
	}

	/** Two jobs in the hands of a running worker, one behind them. */
	async live(major: BullmqMajor, name: string): Promise<SeededQueue> {
		const queue = this.queue(major, name);
		for (let index = 0; index < 3; index++) await queue.add('work', {index});
		this.worker(major, name, this.hang, {concurrency: 2});
		await until('two jobs are active', async () => (await queue.getJobCounts('active')).active === 2);
		return {id: `bull:${name}`, count: () => countsOf(queue, major, `bull:${name}`)};
	}

	/** Bull 4: one done, one failed, one active, two waiting, one delayed, one overdue; `isPaused` pauses it with one job. */
	async bull(name: string, {isPaused = false} = {}): Promise<SeededQueue> {
		const queue = this.#openBull(name);
		await queue.isReady();
		if (isPaused) {
			await queue.add({});
			await queue.pause();
		} else {
			await Promise.all([queue.add({kind: 'good'}), queue.add({kind: 'bad'}), queue.add({kind: 'slow'})]);
			void queue.process(3, job => this.#processBull(job.data));
			await until('they have ended', async () => (await queue.getCompletedCount()) + (await queue.getFailedCount()) === 2);
			await queue.pause(true, true);
			await queue.add({});
			await queue.add({});
		}
		await queue.add({}, {delay: 3_600_000});
		await queue.add({}, {delay: 1});
		return {id: `bull:${name}`, count: () => bullCounts(queue, name)};
	}

	async #processBull({kind}: {readonly kind?: string}): Promise<void> {
		if (kind === 'bad') throw new Error('bad');
		if (kind === 'slow') await this.hang();
	}

	/** bee-queue: one done, one failed, one active, two waiting, one delayed, one overdue. */
	async bee(name: string): Promise<SeededQueue> {
		const queue = new BeeQueue<{readonly kind?: string}>(name, {redis: {port: this.#port}});
		this.#keep({close: () => queue.close()});
		await queue.ready();
		queue.process(1, async ({data: {kind}}) => {
			if (kind === 'bad') throw new Error('bad');
			if (kind === 'slow') await this.hang();
			return 'done';
		});
		queue.on('error', () => {});
		for (const kind of ['good', 'bad', 'slow']) await queue.createJob({kind}).save();
		await until('the third is at work', async () => {
			const {active, succeeded, failed} = await queue.checkHealth();
			return active === 1 && succeeded + failed === 2;
		});
		for (let index = 0; index < 2; index++) await queue.createJob({}).save();
		await queue
			.createJob({})
			.delayUntil(Date.now() + 3_600_000)
			.save();
		await queue
			.createJob({})
			.delayUntil(Date.now() + 1000)
			.save();
		return {id: `bq:${name}`, count: () => beeCounts(queue, name)};
	}

	#keep<T extends Closable>(each: T): T {
		this.#open.push(each);
		return each;
	}

	#connection() {
		return {port: this.#port, maxRetriesPerRequest: null};
	}
}

/** Connections that end with the server tell it by an event that nobody waits for. */
function quiet<T extends {readonly on: (event: 'error', listener: (error: Error) => void) => unknown}>(each: T): T {
	each.on('error', () => {});
	return each;
}

async function countsOf(queue: Queue, major: BullmqMajor, id: string): Promise<LibraryCounts> {
	const {waiting = 0, paused = 0, ...rest} = await queue.getJobCounts('waiting', ...(major < 6 ? ['paused'] : []), 'active', 'delayed', 'failed', 'completed');
	const {prioritized = 0} = major >= 4 ? await queue.getJobCounts('prioritized') : {};
	const workers = await queue.getWorkers();
	return {
		id,
		system: 'bullmq',
		version: versions[major],
		paused: await queue.isPaused(),
		waiting: waiting + paused,
		active: rest.active ?? 0,
		delayed: rest.delayed ?? 0,
		prioritized,
		failed: rest.failed ?? 0,
		completed: rest.completed ?? 0,
		workers: workers.length || undefined,
	};
}

async function bullCounts(queue: Bull.Queue, name: string): Promise<LibraryCounts> {
	const {waiting, active, completed, failed, delayed} = await queue.getJobCounts();
	const workers = await queue.getWorkers();
	return {
		id: `bull:${name}`,
		system: 'bull',
		version: undefined,
		paused: await queue.isPaused(),
		waiting: waiting + (await queue.getPausedCount()),
		active,
		delayed,
		prioritized: 0,
		failed,
		completed,
		workers: workers.length || undefined,
	};
}

async function beeCounts(queue: BeeQueue, name: string): Promise<LibraryCounts> {
	const {waiting, active, succeeded, failed, delayed} = await queue.checkHealth();
	return {
		id: `bq:${name}`,
		system: 'bee-queue',
		version: undefined,
		paused: false,
		waiting,
		active,
		delayed,
		prioritized: 0,
		failed,
		completed: succeeded,
		workers: undefined,
	};
}
