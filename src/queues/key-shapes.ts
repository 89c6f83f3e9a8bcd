/** What stands for a part of a key name that varies: digits, and words with digits in them. */
const varying = '#';

/** `user:123:meta` → `user:#:meta`, `sess:9f3ab` → `sess:#`: keys of one shape are written by one piece of code. */
export function shapeOf(key: string): string {
	return /\d/.test(key) ? key.replace(/[^:./|]+/g, part => (/\d/.test(part) ? varying : part)) : key;
}

const maxParents = 500;
const maxShapesPerParent = 16;
const maxSamplesPerShape = 4;
const maxNamed = 300;
const telling = /stream|event|log|queue|topic|audit|task|job/i;

/**
 * A few key names of every shape, in bounded memory: to find the streams among a million keys without asking the type of each.
 * A shape whose keys have several types may escape it.
 */
export class ShapeSamples {
	readonly #byParent = new Map<string, Map<string, string[]>>();
	readonly #named = new Set<string>();

	add(key: string): void {
		const shape = shapeOf(key);
		const cut = shape.lastIndexOf(':');
		const shapes = this.#shapesUnder(shape.slice(0, Math.max(0, cut)));
		const samples = shapes?.get(shape);
		if (samples && samples.length < maxSamplesPerShape) samples.push(key);
		else if (!samples && shapes && shapes.size < maxShapesPerParent) shapes.set(shape, [key]);
		else if (!samples && this.#named.size < maxNamed && telling.test(key)) this.#named.add(key);
	}

	/** One key of each shape, and all that were kept of it. */
	groups(): readonly (readonly [string, ...string[]])[] {
		const sampled: readonly (readonly string[])[] = [...this.#byParent.values()].flatMap(shapes => [...shapes.values()]);
		return [...sampled, ...[...this.#named].map(key => [key])].filter(isFilled);
	}

	#shapesUnder(parent: string): Map<string, string[]> | undefined {
		const known = this.#byParent.get(parent);
		if (known || this.#byParent.size >= maxParents) return known;
		const shapes = new Map<string, string[]>();
		this.#byParent.set(parent, shapes);
		return shapes;
	}
}

const isFilled = (keys: readonly string[]): keys is readonly [string, ...string[]] => keys.length > 0;
