import type {Argv, Steps} from '../../src/queues/steps.ts';
import type {FoundQueue, LookContext, QueueMemory} from '../../src/queues/types.ts';
import {noonMs} from '../helpers/fixtures.ts';

/** Replies by the whole command, `LLEN bull:orders:wait`; whatever is not in it has no key. */
export type Answers = Readonly<Record<string, unknown>>;

/** One reply after the other to the same command; the last one stays. */
export class InTurn {
	readonly #replies: unknown[];

	constructor(...replies: readonly unknown[]) {
		this.#replies = [...replies];
	}

	next(): unknown {
		return this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
	}
}

/** What Redis 7.0 replies where there is no key. */
const ofNoKey: Readonly<Record<string, (argv: Argv) => unknown>> = {
	TYPE: () => 'none',
	PTTL: () => -2,
	HMGET: argv => argv.slice(2).map(() => null),
	MGET: argv => argv.slice(1).map(() => null),
	SSCAN: () => ['0', []],
	HSCAN: () => ['0', []],
	XINFO: () => new Error('ERR no such key'),
	MEMORY: () => 5000,
};
const counting: ReadonlySet<string> = new Set(['LLEN', 'ZCARD', 'SCARD', 'HLEN', 'XLEN', 'ZCOUNT', 'EXISTS', 'HEXISTS', 'HSTRLEN', 'SISMEMBER']);
const listing: ReadonlySet<string> = new Set(['LRANGE', 'ZRANGE', 'ZREVRANGE', 'XRANGE', 'XREVRANGE']);

export function answer(argv: Argv, answers: Answers): unknown {
	const [command = ''] = argv;
	const given = answers[argv.join(' ')];
	if (given instanceof InTurn) return given.next();
	if (given !== undefined) return given;
	if (counting.has(command)) return 0;
	return listing.has(command) ? [] : (ofNoKey[command]?.(argv) ?? null);
}

/** Carry a reading out over these answers. */
export function play<T>(steps: Steps<T>, answers: Answers): {readonly result: T; readonly asked: readonly string[]} {
	const asked: string[] = [];
	let turn = steps.next();
	while (turn.done !== true) {
		asked.push(...turn.value.map(argv => argv.join(' ')));
		turn = steps.next(turn.value.map(argv => answer(argv, answers)));
	}
	return {result: turn.value, asked};
}

/** `bull:orders`, or any other. */
export const queue = (change: Partial<FoundQueue> = {}): FoundQueue => ({
	id: 'bull:orders',
	family: 'bull',
	system: 'bullmq',
	prefix: 'bull',
	name: 'orders',
	isAlone: true,
	...change,
});

/** A first look at noon. */
export const context = (change: Partial<LookContext> = {}): LookContext => ({nowMs: noonMs, before: undefined, workers: undefined, ...change});

/** What a look ten seconds before noon left behind. */
export const memory = (change: Partial<QueueMemory> = {}): QueueMemory => ({
	firstLookMs: noonMs - 10_000,
	sampledMs: noonMs - 10_000,
	counters: {},
	rates: {addedPerSecond: undefined, processedPerSecond: undefined, failedPerSecond: undefined},
	lockless: new Map(),
	orphanIds: new Set(),
	lastEventId: undefined,
	marks: {},
	...change,
});
