import {ServerRefusedError} from '../errors.ts';
import {ShapeSamples, shapeOf} from './key-shapes.ts';
import {textsOf} from './replies.ts';
import type {Argv} from './steps.ts';

/** The last parts of key names that BullMQ, Bull and bee-queue write. Each is one bit of a base's mask. */
export const suffixes = [
	'id',
	'meta',
	'wait',
	'paused',
	'active',
	'delayed',
	'prioritized',
	'completed',
	'failed',
	'waiting-children',
	'events',
	'marker',
	'stalled',
	'stalled-check',
	'repeat',
	'limiter',
	'pc',
	'priority',
	'meta-paused',
	'waiting',
	'jobs',
	'succeeded',
	'stallBlock',
	'stalling',
] as const;
export type Suffix = (typeof suffixes)[number];
const bits: ReadonlyMap<string, number> = new Map(suffixes.map((suffix, index) => [suffix, 1 << index]));

/** What the names alone suggest. Nothing of it is a queue before its types have been looked at. */
export type Candidates = {
	/** `bull:orders` → the suffixes seen under it. */
	readonly bases: ReadonlyMap<string, ReadonlySet<Suffix>>;
	/** What stands before a key called `queues`: '' or `resque:`. */
	readonly namespaces: readonly string[];
	readonly kuePrefixes: readonly string[];
	/** Exchanges with a set of bindings. */
	readonly kombuBindings: readonly string[];
	/** By namespace: queue names seen there. */
	readonly dramatiq: ReadonlyMap<string, ReadonlySet<string>>;
	readonly dramatiqHeartbeats: ReadonlySet<string>;
	/** Keys of Laravel lists (`app_database_queues:mail`), whatever part of them was seen. */
	readonly laravel: readonly string[];
	/** Keys that no system claims, a few of every shape: some may be streams. */
	readonly others: readonly (readonly [string, ...string[]])[];
};

export type ScanProgress = {
	readonly keys: number;
	readonly pages: number;
	/** All has been seen. False while it goes on, and when it was ended by its bounds. */
	readonly isComplete: boolean;
};

export type ScanOptions = {
	/** About 1 µs of server time a key (facts/queues.md section 1). */
	readonly countPerPage?: number;
	readonly maxKeys?: number;
};

/** Of one shape (`order:#:id`): more are a data model, not queues. */
const maxBasesPerShape = 2000;
const maxBases = 50_000;
/** Names of one kind; more are not kept. */
export const mostPerList = 1000;

/**
 * One unfiltered SCAN of the database, a page at a time, in bounded memory: it says what to send, is handed the reply, and
 * remembers what may belong to a queue. A filter would save the server nothing and miss the half.
 */
export class KeyspaceScan {
	readonly #options: Required<ScanOptions>;
	#cursor: string | undefined = '0';
	#keys = 0;
	#pages = 0;
	readonly #bases = new Map<string, number>();
	readonly #basesPerShape = new Map<string, number>();
	readonly #lists = {namespaces: new Set<string>(), kuePrefixes: new Set<string>(), kombu: new Set<string>(), laravel: new Set<string>()};
	readonly #dramatiq = new Map<string, Set<string>>();
	readonly #heartbeats = new Set<string>();
	readonly #others = new ShapeSamples();

	constructor({countPerPage = 1000, maxKeys = 10_000_000}: ScanOptions = {}) {
		this.#options = {countPerPage, maxKeys};
	}

	/** The next command; undefined when the scan is over. */
	get command(): Argv | undefined {
		if (this.#cursor === undefined || this.#keys >= this.#options.maxKeys) return undefined;
		return ['SCAN', this.#cursor, 'COUNT', String(this.#options.countPerPage)];
	}

	get progress(): ScanProgress {
		return {keys: this.#keys, pages: this.#pages, isComplete: this.#cursor === undefined};
	}

	/** Throws ServerRefusedError when SCAN was answered by an error or by no page. */
	take(reply: unknown): void {
		const [cursor, keys] = pageOf(reply);
		for (const key of keys) if (key !== undefined) this.#note(key);
		this.#keys += keys.length;
		this.#pages += 1;
		this.#cursor = cursor === '0' ? undefined : cursor;
	}

	candidates(): Candidates {
		return {
			bases: new Map([...this.#bases].map(([base, mask]) => [base, new Set(suffixes.filter((_, index) => mask & (1 << index)))])),
			namespaces: [...this.#lists.namespaces],
			kuePrefixes: [...this.#lists.kuePrefixes],
			kombuBindings: [...this.#lists.kombu],
			dramatiq: this.#dramatiq,
			dramatiqHeartbeats: this.#heartbeats,
			laravel: [...this.#lists.laravel],
			others: this.#others.groups(),
		};
	}

	#note(key: string): void {
		const cut = key.lastIndexOf(':');
		const last = key.slice(cut + 1);
		if (key.startsWith('rq:') || key.startsWith('asynq:')) {
			if (last === 'queues') this.#list('namespaces', key.slice(0, cut + 1));
			return;
		}
		const bit = bits.get(last);
		if (bit !== undefined && cut > 0) this.#noteBase(key.slice(0, cut), bit);
		if (!this.#noteOther(key, last, cut)) this.#others.add(key);
	}

	/** Whether a system claims the key for certain. What is claimed by its suffix alone (`audit:events`) may be a stream all the same. */
	#noteOther(key: string, last: string, cut: number): boolean {
		if (last === 'queues') this.#list('namespaces', key.slice(0, cut + 1));
		else if (key.endsWith(':job:types')) this.#list('kuePrefixes', key.slice(0, -':job:types'.length));
		else if (key.startsWith('_kombu.binding.')) this.#list('kombu', key.slice('_kombu.binding.'.length));
		else if (key.includes('queues:')) this.#noteLaravel(key);
		else return this.#noteDramatiq(last, key.slice(0, Math.max(0, cut)));
		return true;
	}

	#noteLaravel(key: string): void {
		const [, list] = /^(.*?queues:[^:]+)(?::(?:reserved|delayed|notify))?$/.exec(key) ?? [];
		if (list !== undefined) this.#list('laravel', list);
	}

	#noteDramatiq(last: string, namespace: string): boolean {
		if (last === '__heartbeats__') {
			if (this.#heartbeats.size < mostPerList) this.#heartbeats.add(namespace);
			return true;
		}
		const [, messages, acks] = /^(?:(.+)\.msgs|__acks__\.[^.]+\.(.+))$/.exec(last) ?? [];
		const name = (messages ?? acks)?.replace(/\.(DQ|XQ)$/, '');
		if (name === undefined) return false;
		const names = this.#dramatiq.get(namespace) ?? new Set();
		if (names.size < mostPerList) names.add(name);
		if (this.#dramatiq.size < mostPerList) this.#dramatiq.set(namespace, names);
		return true;
	}

	#noteBase(base: string, bit: number): void {
		// `bull:orders:metrics:completed` is a hash of BullMQ's metrics, and `…:repeat:id` one of its schedulers.
		if (base.endsWith(':metrics') || base.endsWith(':repeat')) return;
		const mask = this.#bases.get(base);
		if (mask !== undefined) {
			this.#bases.set(base, mask | bit);
			return;
		}
		const shape = shapeOf(base);
		const count = this.#basesPerShape.get(shape) ?? 0;
		if (count >= maxBasesPerShape || this.#bases.size >= maxBases) return;
		this.#basesPerShape.set(shape, count + 1);
		this.#bases.set(base, bit);
	}

	#list(name: 'namespaces' | 'kuePrefixes' | 'kombu' | 'laravel', value: string): void {
		const set = this.#lists[name];
		if (set.size < mostPerList) set.add(value);
	}
}

function pageOf(reply: unknown): readonly [cursor: string, keys: readonly (string | undefined)[]] {
	if (reply instanceof Error) throw new ServerRefusedError(reply.message);
	const [cursor] = textsOf(reply);
	if (cursor === undefined || !Array.isArray(reply)) throw new ServerRefusedError('ERR SCAN was answered by no page');
	return [cursor, textsOf(reply[1])];
}
