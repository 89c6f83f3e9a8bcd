import {align, alignUnique, pick, rowSlideOf, type Slide, type Sources, slideOf} from './align.ts';
import {ByteWriter} from './bytes.ts';
import {longestKnownText, modes, Numbered, none, tags} from './delta-format.ts';
import {noShare, numberKinds, numberOf, shareOf, type ToldNumber} from './numbers.ts';
import {type Fields, fieldOf, hasKeys, isFields, isSame, isWhole} from './plain-data.ts';
import {isWellFormed, sharedEnds} from './shared-ends.ts';

/**
 * Tells how data have changed, in few bytes. The data are plain and never changed in place: what is the same object as before is skipped
 * unseen. One instance writes a chunk: texts and sets of keys that came before are told by their number. `docs/recording.md` has the format.
 */
export class DeltaWriter {
	readonly #out = new ByteWriter();
	readonly #texts = new Numbered();
	readonly #keySets = new Numbered();
	#keySetCount = 0;

	/** The bytes from which `DeltaReader.read` makes `after` of `before`. */
	diff(before: unknown, after: unknown): Buffer {
		this.#value(before, after);
		return this.#out.take();
	}

	#value(before: unknown, after: unknown): void {
		if (isSame(before, after)) this.#out.byte(tags.same);
		else if (typeof after === 'number') this.#number(before, after);
		else if (typeof after === 'string') this.#text(before, after);
		else if (typeof after === 'boolean') this.#out.byte(after ? tags.true : tags.false);
		else if (typeof after === 'object') this.#object(before, after);
		else if (after === undefined) this.#out.byte(tags.undefined);
		else throw new TypeError(`A ${typeof after} is no plain data`);
	}

	#number(before: unknown, after: number): void {
		if (!isWhole(after)) {
			const told = numberOf(before, after, noShare);
			this.#out.byte(tags.told);
			this.#out.byte(told.kind);
			this.#told(told);
		} else if (isWhole(before)) {
			this.#out.byte(tags.more);
			this.#out.whole(after - before);
		} else {
			this.#out.byte(tags.whole);
			this.#out.whole(after);
		}
	}

	#text(before: unknown, after: string): void {
		const known = this.#texts.numberOf(after);
		if (known === undefined) {
			this.#newText(before, after);
		} else {
			this.#out.byte(tags.known);
			this.#out.count(known);
		}
	}

	#newText(before: unknown, after: string): void {
		if (after.length <= longestKnownText) this.#texts.add(after);
		const encoding = isWellFormed(after) ? 'utf8' : 'utf16le';
		const shared = typeof before === 'string' && encoding === 'utf8' ? sharedEnds(before, after) : undefined;
		if (shared) {
			this.#out.byte(tags.patch);
			this.#out.count(shared.head);
			this.#out.count(shared.tail);
			this.#out.text(after.slice(shared.head, after.length - shared.tail), 'utf8');
		} else {
			this.#out.byte(encoding === 'utf8' ? tags.text : tags.text16);
			this.#out.text(after, encoding);
		}
	}

	#object(before: unknown, after: object | null): void {
		if (after === null) this.#out.byte(tags.null);
		else if (Array.isArray(after)) this.#list(Array.isArray(before) ? before : [], after);
		else if (after instanceof Map) this.#map(before instanceof Map ? before : new Map(), after);
		else if (after instanceof Set) this.#set(before instanceof Set ? before : new Set(), after);
		else if (isFields(after)) this.#fields(before, after);
	}

	#fields(before: unknown, after: Fields): void {
		const keys = Object.keys(after);
		if (isFields(before) && hasKeys(before, keys)) {
			this.#out.byte(tags.fields);
		} else {
			this.#out.byte(tags.object);
			this.#keys(keys);
		}
		this.#column(
			keys.map(key => fieldOf(before, key)),
			keys.map(key => after[key]),
		);
	}

	#keys(keys: readonly string[]): void {
		const name = JSON.stringify(keys);
		const known = this.#keySets.numberOf(name);
		this.#out.count(known ?? this.#keySetCount);
		if (known !== undefined) return;
		this.#keySetCount++;
		this.#keySets.add(name);
		this.#out.count(keys.length);
		for (const key of keys) this.#value(undefined, key);
	}

	#list(before: readonly unknown[], after: readonly unknown[]): void {
		const figures = slideOf(before, after);
		if (figures) this.#slide(figures, {before: [before.at(-1)], after});
		else this.#rowsOf(before, after);
	}

	#rowsOf(before: readonly unknown[], after: readonly unknown[]): void {
		const sources = align(before, after);
		const slide = rowSlideOf(before, after, sources);
		if (slide) {
			this.#slide(slide, {before: pick(before, sources).slice(slide.kept), after});
		} else {
			this.#out.byte(tags.list);
			this.#sources(sources);
			this.#column(pick(before, sources), after);
		}
	}

	/** `before`: what each of the new ones is compared with. */
	#slide({lost, kept}: Slide, {before, after}: {readonly before: readonly unknown[]; readonly after: readonly unknown[]}): void {
		const added = after.slice(kept);
		this.#out.byte(tags.slide);
		this.#out.count(lost);
		this.#out.count(added.length);
		const known = added.map((_, row) => (row < before.length ? before[row] : none));
		this.#column(known, added);
	}

	#map(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): void {
		this.#out.byte(tags.map);
		const [oldKeys, newKeys] = [[...before.keys()], [...after.keys()]];
		const sources = alignUnique(oldKeys, newKeys);
		this.#sources(sources);
		this.#column(pick(oldKeys, sources), newKeys);
		this.#column(pick([...before.values()], sources), [...after.values()]);
	}

	#set(before: ReadonlySet<unknown>, after: ReadonlySet<unknown>): void {
		this.#out.byte(tags.set);
		const [oldMembers, newMembers] = [[...before], [...after]];
		const sources = alignUnique(oldMembers, newMembers);
		this.#sources(sources);
		this.#column(pick(oldMembers, sources), newMembers);
	}

	/** Runs: so many that are new, or so many that follow each other in the list before, and how far from where the last run ended. */
	#sources(sources: Sources): void {
		this.#out.count(sources.length);
		let expected = 0;
		for (let at = 0; at < sources.length; ) {
			const from = sources[at] ?? -1;
			const length = runLength(sources, at);
			this.#out.count(length * 2 + (from < 0 ? 0 : 1));
			if (from >= 0) {
				this.#out.whole(from - expected);
				expected = from + length;
			}
			at += length;
		}
	}

	#column(before: readonly unknown[], after: readonly unknown[]): void {
		const changed: number[] = [];
		for (let row = 0; row < after.length; row++) if (before[row] === none || !isSame(before[row], after[row])) changed.push(row);
		if (changed.length === 0) {
			this.#out.byte(modes.same);
		} else if (changed.length === after.length) {
			this.#cells(before, after);
		} else {
			this.#out.byte(modes.some);
			this.#rows(changed);
			this.#cells(
				changed.map(row => before[row]),
				changed.map(row => after[row]),
			);
		}
	}

	/** A column in which every cell has changed, or nearly. */
	#cells(before: readonly unknown[], after: readonly unknown[]): void {
		const keys = commonKeys(after);
		const numbers = after.flatMap((cell, row) => (typeof cell === 'number' ? [row] : []));
		if (after.every(isWhole)) this.#wholes(before, after);
		else if (numbers.length === after.length) this.#floats(before, after as readonly number[]);
		else if (keys) this.#objects(keys, before, after);
		else if (numbers.length > 1) this.#mixed(numbers, before, after);
		else this.#values(before, after);
	}

	#mixed(numbers: readonly number[], before: readonly unknown[], after: readonly unknown[]): void {
		const isNumber = new Set(numbers);
		const others = [...after.keys()].filter(row => !isNumber.has(row));
		this.#out.byte(modes.mixed);
		this.#rows(numbers);
		for (const rows of [numbers, others]) {
			this.#cells(
				rows.map(row => before[row]),
				rows.map(row => after[row]),
			);
		}
	}

	#values(before: readonly unknown[], after: readonly unknown[]): void {
		this.#out.byte(modes.values);
		for (const [row, cell] of after.entries()) this.#value(before[row] === none ? after[row - 1] : before[row], cell);
	}

	#objects(keys: readonly string[], before: readonly unknown[], after: readonly unknown[]): void {
		this.#out.byte(modes.objects);
		this.#keys(keys);
		for (const key of keys) {
			this.#column(
				before.map(row => (row === none ? none : fieldOf(row, key))),
				after.map(row => fieldOf(row, key)),
			);
		}
	}

	#wholes(before: readonly unknown[], after: readonly number[]): void {
		const grown = differences(before, after);
		const usual = commonest(grown);
		const others = grown.flatMap((growth, row) => (growth === usual ? [] : [row]));
		const isSteady = grown.length > 3 && others.length * 2 <= grown.length;
		if (isSteady) {
			this.#out.byte(modes.steady);
			this.#out.whole(usual);
			this.#rows(others);
		}
		const rows = isSteady ? others : [...grown.keys()];
		const [growths, figures] = [rows.map(row => grown[row] ?? 0), rows.map(row => after[row] ?? 0)];
		// What falls back to 0 has grown by something else each time; a counter is at another figure each time.
		const isAbsolute = new Set(figures).size < new Set(growths).size;
		this.#out.byte(isAbsolute ? modes.figures : modes.grown);
		for (const number of isAbsolute ? figures : growths) this.#out.whole(number);
	}

	/** What they share, and the kinds of all of them first: what is alike stands together, and compresses better. */
	#floats(before: readonly unknown[], after: readonly number[]): void {
		const share = shareOf(after);
		this.#out.byte(modes.floats);
		this.#out.count(share.factor);
		this.#out.count(share.divisor);
		const told = after.map((cell, row) => numberOf(before[row] === none ? after[row - 1] : before[row], cell, share));
		for (const {kind} of told) this.#out.byte(kind);
		for (const number of told) this.#told(number);
	}

	#told({kind, value, divisor}: ToldNumber): void {
		if (kind === numberKinds.float) this.#out.float(value);
		else this.#out.whole(value);
		if (divisor !== undefined) this.#out.count(divisor);
	}

	/** How many, and how many rows lie between one and the next. */
	#rows(rows: readonly number[]): void {
		this.#out.count(rows.length);
		let next = 0;
		for (const row of rows) {
			this.#out.count(row - next);
			next = row + 1;
		}
	}
}

/** The keys that every cell has, where all are objects with the same. */
function commonKeys([first, ...others]: readonly unknown[]): readonly string[] | undefined {
	if (!isFields(first)) return undefined;
	const keys = Object.keys(first);
	return others.every(cell => isFields(cell) && hasKeys(cell, keys)) ? keys : undefined;
}

function runLength(sources: Sources, at: number): number {
	const from = sources[at] ?? -1;
	let length = 1;
	while (at + length < sources.length && sources[at + length] === (from < 0 ? -1 : from + length)) length++;
	return length;
}

const differences = (before: readonly unknown[], after: readonly number[]): readonly number[] =>
	after.map((cell, row) => {
		const base = before[row] === none ? after[row - 1] : before[row];
		return cell - (isWhole(base) ? base : 0);
	});

function commonest(numbers: readonly number[]): number {
	const counts = new Map<number, number>();
	let best = 0;
	for (const number of numbers) {
		const count = (counts.get(number) ?? 0) + 1;
		counts.set(number, count);
		if (count > (counts.get(best) ?? 0)) best = number;
	}
	return best;
}
