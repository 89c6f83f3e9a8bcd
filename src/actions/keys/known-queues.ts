import type {FoundQueue} from '../../queues/types.ts';
import {memoizeLatest} from '../../store/memoize.ts';
import {queueLabel} from '../../store/queue-label.ts';
import type {Snapshot} from '../../store/snapshot.ts';
import {globMatcher, literalStart} from '../../text/glob.ts';
import {keyBytes} from '../../text/key-text.ts';

type Named = Pick<FoundQueue, 'id' | 'family' | 'prefix' | 'name'>;

/** Whole names of keys, and what names begin with. */
type Keys = {readonly whole: readonly string[]; readonly starts: readonly string[]};

/** The keys that a queue lives in, those of its whole namespace where queues share some (facts/queues.md section 1 and 5). */
function keysOf({id, family, prefix}: Named): Keys {
	switch (family) {
		case 'streams':
			return {whole: [prefix], starts: []};
		case 'celery':
			return {whole: [id, 'unacked', 'unacked_index', 'unacked_mutex'], starts: [`${id}\u0006\u0016`, '_kombu.']};
		case 'sidekiq':
		case 'resque':
			return prefix === '' ? rubyKeys : {whole: [], starts: [`${prefix}:`]};
		case 'rq':
		case 'asynq':
		case 'kue':
		case 'dramatiq':
			return {whole: [], starts: [`${prefix}:`]};
		default:
			return {whole: [id], starts: [`${id}:`]};
	}
}

const rubyKeys: Keys = {whole: ['queues', 'processes', 'retry', 'schedule', 'dead', 'failed', 'workers', 'paused'], starts: ['queue:', 'stat:']};

/** Ends of names below a queue, to try a pattern on without asking the server. */
const usualEnds = ['wait', 'active', 'delayed', 'prioritized', 'completed', 'failed', 'paused', 'meta', 'id', 'events', 'marker', '1', '1:lock', '1:logs'];

/** Which keys belong to the queues that are known. Names are bytes, one character each. */
export class KnownQueues {
	readonly #whole = new Map<string, string>();
	/** Beginnings that end in a colon, to be found by the parts of a name. */
	readonly #parents = new Map<string, string>();
	readonly #otherStarts: (readonly [start: string, label: string])[] = [];

	constructor(queues: readonly Named[]) {
		for (const queue of queues) {
			const label = queueLabel(queue);
			const {whole, starts} = keysOf(queue);
			for (const key of whole) this.#whole.set(keyBytes(key), label);
			for (const start of starts) {
				if (start.endsWith(':')) this.#parents.set(keyBytes(start), label);
				else this.#otherStarts.push([keyBytes(start), label]);
			}
		}
	}

	/** What the queue is called that this key belongs to. */
	ownerOf(key: string): string | undefined {
		const owner = this.#whole.get(key);
		if (owner !== undefined) return owner;
		for (let colon = key.indexOf(':'); colon >= 0; colon = key.indexOf(':', colon + 1)) {
			const label = this.#parents.get(key.slice(0, colon + 1));
			if (label !== undefined) return label;
		}
		return this.#otherStarts.find(([start]) => key.startsWith(start))?.[1];
	}

	/** What a queue is called whose keys this pattern (bytes too) may match, by its beginning or by the names that such keys have. */
	ownerOfPattern(pattern: string): string | undefined {
		const inside = this.ownerOf(literalStart(pattern));
		if (inside !== undefined) return inside;
		const matches = globMatcher(pattern);
		for (const [key, label] of this.#whole) if (matches(key)) return label;
		for (const [start, label] of [...this.#parents, ...this.#otherStarts]) if (usualEnds.some(end => matches(start + end))) return label;
		return undefined;
	}
}

/** Asked on every change of the state, so it is built once for a list of queues. */
const built = memoizeLatest(
	(queues: readonly Named[] | undefined, hidden: readonly Named[] | undefined): KnownQueues => new KnownQueues([...(queues ?? []), ...(hidden ?? [])]),
);

/** All that have been found, those too that the config file keeps out of sight. */
export const knownQueues = ({queues, queueSearch}: Pick<Snapshot, 'queues' | 'queueSearch'>): KnownQueues => built(queues.data, queueSearch.hidden);
