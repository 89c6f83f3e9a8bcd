import {confirmations, type Sighting, settle} from '../../queues/confirm.ts';
import {confirmBase} from '../../queues/confirm-bases.ts';
import {shapeOf} from '../../queues/key-shapes.ts';
import {KeyspaceScan, type Suffix} from '../../queues/keyspace-scan.ts';
import {type Steps, together} from '../../queues/steps.ts';
import {queueLabel} from '../../store/queue-label.ts';
import {keyText} from '../../text/key-text.ts';
import type {Reading} from '../trips.ts';

/** Of one shape; `user:1`, `user:2` … are one data model. */
const maxPerShape = 20;
const maxParents = 400;
const askedAtOnce = 400;
const microsPerQuestion = 1.5;

/** What a queue of BullMQ, Bull or bee-queue has beside its jobs. */
const anchors: readonly Suffix[] = ['id', 'meta', 'wait', 'active', 'completed', 'failed', 'delayed', 'paused', 'jobs', 'waiting'];

/**
 * Among keys that are to be deleted: do some belong to a queue that nobody knows of yet? The search may not have come to it, or the
 * config file hides it. Names suggest, types and contents decide, as in the search itself.
 */
export class QueueSuspects {
	readonly #scan = new KeyspaceScan();
	readonly #parents = new Set<string>();
	readonly #perShape = new Map<string, number>();
	readonly #namespaces = new Set<string>();

	/** `start`: what all the keys begin with; a queue may be above it. */
	constructor(start: string) {
		for (let colon = start.indexOf(':', 1); colon > 0; colon = start.indexOf(':', colon + 1)) this.#parents.add(start.slice(0, colon));
	}

	see(keys: readonly string[]): void {
		this.#scan.take(['1', keys]);
		for (const key of keys) {
			const last = key.lastIndexOf(':');
			this.#suspect(key.slice(0, Math.max(0, last)));
			this.#suspect(key.slice(0, Math.max(0, key.lastIndexOf(':', last - 1))));
			const [, namespace] = /^(rq:|asynq:|(?:.+:)?(?=queue:))/.exec(key) ?? [];
			if (namespace !== undefined && this.#namespaces.size < maxPerShape) this.#namespaces.add(namespace);
		}
	}

	/** The first queue that is confirmed, in words. */
	*confirmed(): Reading<string | undefined> {
		const {namespaces, ...others} = this.#scan.candidates();
		const readings: readonly Steps<readonly Sighting[]>[] = [
			...[...this.#parents].map(confirmParent),
			...confirmations({...others, bases: new Map(), namespaces: [...new Set([...namespaces, ...this.#namespaces])]}),
		];
		const sightings = yield* inBytes(together(readings));
		const [queue] = settle(sightings.flat());
		return queue && `${keyText(queueLabel(queue))} (${queue.system})`;
	}

	#suspect(parent: string): void {
		if (parent === '' || this.#parents.has(parent) || this.#parents.size >= maxParents) return;
		const shape = shapeOf(parent);
		const count = this.#perShape.get(shape) ?? 0;
		if (count >= maxPerShape) return;
		this.#perShape.set(shape, count + 1);
		this.#parents.add(parent);
	}
}

function* confirmParent(base: string): ReturnType<typeof confirmBase> {
	const types = yield anchors.map(suffix => ['TYPE', `${base}:${suffix}`]);
	const seen = new Set(anchors.filter((_, index) => typeof types[index] === 'string' && types[index] !== 'none'));
	return seen.size === 0 ? [] : yield* confirmBase(base, seen);
}

function* inBytes<T>(steps: Steps<T>): Reading<T> {
	let turn = steps.next();
	while (turn.done !== true) {
		const argvs = turn.value;
		const replies: unknown[] = [];
		for (let from = 0; from < argvs.length; from += askedAtOnce) {
			const some = argvs.slice(from, from + askedAtOnce);
			replies.push(...(yield {argvs: some, micros: some.length * microsPerQuestion, encoding: 'bytes', told: 'Looking whether queues are among them …'}));
		}
		turn = steps.next(replies);
	}
	return turn.value;
}
