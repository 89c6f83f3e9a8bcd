import {confirmations, type Sighting, settle} from '../../queues/confirm.ts';
import {confirmBase} from '../../queues/confirm-bases.ts';
import {KeyspaceScan, mostPerList, type Suffix, suffixes} from '../../queues/keyspace-scan.ts';
import {type Steps, together} from '../../queues/steps.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {keyText} from '../../text/key-text.ts';
import type {Reading} from '../trips.ts';
import {ClearedBases} from './cleared-bases.ts';

/** `user:1:profile:x` may be below a queue called `user`, `user:1` or `user:1:profile`; so many are looked at, the nearest ones. */
const maxAncestors = 6;
/** Beyond that some are asked again, which costs time and no safety. */
const rememberedParents = 200_000;
const askedAtOnce = 400;
const microsPerQuestion = 2;

/** One of these has every queue of BullMQ (`meta`), Bull (`id`) and bee-queue (`jobs`, or only settings and `stallBlock`). */
const always: readonly Suffix[] = ['id', 'meta', 'jobs', 'stallBlock'];

/** What is among the keys: a queue, or what could not be found out; both in words. */
export type Finding = {readonly queue: string} | {readonly unsure: string};

/**
 * Among keys that are to be deleted: do some belong to a queue that nobody knows of yet? The search may not have come to it, or the
 * config file hides it. Names suggest, types and contents decide, as in the search itself. What cannot be found out is no all-clear.
 */
export class QueueSuspects {
	readonly #isCluster: boolean;
	readonly #scan = new KeyspaceScan();
	/** Not asked yet, and those that have been. */
	#parents = new Set<string>();
	#asked = new Set<string>();
	readonly #namespaces = new Set<string>();
	/** Bases of keys that are called as those of queues are, and are none. */
	readonly cleared = new ClearedBases();

	/** `start`: what all the keys begin with; a queue may be above it. */
	constructor(start: string, isCluster: boolean) {
		this.#isCluster = isCluster;
		for (let colon = start.indexOf(':', 1); colon > 0; colon = start.indexOf(':', colon + 1)) this.#parents.add(start.slice(0, colon));
	}

	see(keys: readonly string[]): void {
		this.#scan.take(['1', keys]);
		for (const key of keys) {
			this.cleared.see(key);
			let cut = key.lastIndexOf(':');
			for (let level = 0; level < maxAncestors && cut > 0; level += 1) {
				const parent = key.slice(0, cut);
				if (!this.#asked.has(parent)) this.#parents.add(parent);
				cut = key.lastIndexOf(':', cut - 1);
			}
			const [, namespace] = /^(rq:|asynq:|(?:.+:)?(?=queue:))/.exec(key) ?? [];
			if (namespace !== undefined && this.#namespaces.size < mostPerList) this.#namespaces.add(namespace);
		}
	}

	/**
	 * Is one of the keys seen since it was asked last below a base of BullMQ, Bull or bee-queue? Asked page by page, of every parent:
	 * so there is no limit beyond which a queue goes unseen. The bases that the scan itself finds are all among the parents.
	 */
	*ofBases(): Reading<Finding | undefined> {
		const parents = [...this.#parents];
		this.#parents = new Set();
		if (this.#asked.size > rememberedParents) this.#asked = new Set();
		for (const parent of parents) this.#asked.add(parent);
		return yield* found(parents.map(parent => confirmParent(parent, this.#isCluster)));
	}

	/** The first queue of the other systems that is confirmed, from all that has been seen. */
	*ofOthers(): Reading<Finding | undefined> {
		const {namespaces, ...others} = this.#scan.candidates();
		const all = new Set([...namespaces, ...this.#namespaces]);
		const finding = yield* found(confirmations({...others, bases: new Map(), namespaces: [...all]}));
		if (finding !== undefined) return finding;
		const {kuePrefixes, kombuBindings, dramatiq, laravel} = others;
		const isFull = [all.size, kuePrefixes.length, kombuBindings.length, dramatiq.size, laravel.length].some(count => count >= mostPerList);
		return isFull ? {unsure: `${mostPerList} names or more look like those of queues, too many to look at`} : undefined;
	}
}

function* found(readings: readonly Steps<readonly Sighting[]>[]): Reading<Finding | undefined> {
	const answers = yield* inBytes(together(readings));
	const [queue] = settle(answers.result.flat());
	if (queue) return {queue: `${keyText(queueLabel(queue))} (${queue.system})`};
	return answers.error === undefined ? undefined : {unsure: answers.error};
}

function* confirmParent(base: string, isCluster: boolean): ReturnType<typeof confirmBase> {
	const names = always.map(suffix => `${base}:${suffix}`);
	// In a cluster they may be of several slots, which one command may not touch.
	const counts = yield isCluster ? names.map(name => ['EXISTS', name]) : [['EXISTS', ...names]];
	if (!counts.some(count => Number(count) > 0)) return [];
	const types = yield suffixes.map(suffix => ['TYPE', `${base}:${suffix}`]);
	return yield* confirmBase(base, new Set(suffixes.filter((_, index) => typeof types[index] === 'string' && types[index] !== 'none')));
}

/**
 * An error that is an answer all the same: it is no such key, or not of the type. MOVED and ASK: in another slot than the key that is to be
 * deleted, where the queue of it cannot be, as the keys of a queue must share one.
 */
const isAnswer = ({message}: Error): boolean => /^(WRONGTYPE|MOVED|ASK) |no such key/.test(message);

function* inBytes<T>(steps: Steps<T>): Reading<{readonly result: T; readonly error: string | undefined}> {
	let error: string | undefined;
	let turn = steps.next();
	while (turn.done !== true) {
		const argvs = turn.value;
		const replies: unknown[] = [];
		for (let from = 0; from < argvs.length; from += askedAtOnce) {
			const some = argvs.slice(from, from + askedAtOnce);
			replies.push(...(yield {argvs: some, micros: some.length * microsPerQuestion, encoding: 'bytes', told: 'Looking whether queues are among them …'}));
		}
		const refused = replies.findIndex(reply => reply === undefined || (reply instanceof Error && !isAnswer(reply)));
		if (refused >= 0) error ??= refusalText(argvs[refused] ?? [], replies[refused]);
		turn = steps.next(replies);
	}
	return {result: turn.value, error};
}

const refusalText = ([command = '', name = '']: readonly string[], reply: unknown): string =>
	`${command} ${keyText(name, 60)} was answered by ${reply instanceof Error ? reply.message : 'nothing'}`;
