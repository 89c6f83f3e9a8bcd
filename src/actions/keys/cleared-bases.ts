import {shapeOf} from '../../queues/key-shapes.ts';
import {suffixes} from '../../queues/keyspace-scan.ts';

/** So many of one shape (`user:#`), and none of them a queue: that is a data model. */
const dataModel = 100;
const maxShapes = 20_000;

const ends: ReadonlySet<string> = new Set(suffixes);

/** `bull:orders` of `bull:orders:wait`; undefined where no queue has a key that ends so. */
export function baseOf(key: string): string | undefined {
	const cut = key.lastIndexOf(':');
	return cut > 0 && ends.has(key.slice(cut + 1)) ? key.slice(0, cut) : undefined;
}

/** The bases of keys that are called as those of queues are, which have been looked at and are none; in bounded memory. */
export class ClearedBases {
	readonly #perShape = new Map<string, Set<string>>();

	see(key: string): void {
		const base = baseOf(key);
		if (base === undefined) return;
		const shape = shapeOf(base);
		const bases = this.#perShape.get(shape);
		if (bases && bases.size < dataModel) bases.add(base);
		else if (!bases && this.#perShape.size < maxShapes) this.#perShape.set(shape, new Set([base]));
	}

	has(base: string): boolean {
		const bases = this.#perShape.get(shapeOf(base));
		return bases !== undefined && (bases.size >= dataModel || bases.has(base));
	}
}
