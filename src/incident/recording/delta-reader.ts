import {ByteReader, DamagedError} from './bytes.ts';
import {longestKnownText, longestList, modes, mostKnown, none, tags} from './delta-format.ts';
import {numberKinds, toldNumber} from './numbers.ts';
import {fieldOf, isWhole, toFields} from './plain-data.ts';

/** Reads what one `DeltaWriter` has written, in the same order. What has not changed is the same object as before. */
export class DeltaReader {
	#in = new ByteReader(Buffer.alloc(0));
	readonly #texts: string[] = [];
	readonly #textsSeen = new Set<string>();
	readonly #keySets: (readonly string[])[] = [];

	/** @throws DamagedError where the bytes are no change of `before` */
	apply(before: unknown, bytes: Buffer): unknown {
		this.#in = new ByteReader(bytes);
		const after = this.#value(before);
		if (!this.#in.isAtEnd) throw new DamagedError('a frame is longer than what it tells');
		return after;
	}

	#value(before: unknown): unknown {
		const tag = this.#in.byte();
		switch (tag) {
			case tags.same:
				return before;
			case tags.undefined:
				return undefined;
			case tags.null:
				return null;
			case tags.true:
				return true;
			case tags.false:
				return false;
			case tags.whole:
				return this.#in.whole();
			case tags.more:
				return (isWhole(before) ? before : 0) + this.#in.whole();
			case tags.float:
				return this.#in.float();
			default:
				return tag <= tags.patch ? this.#text(tag, before) : this.#object(tag, before);
		}
	}

	#text(tag: number, before: unknown): string {
		if (tag === tags.known) return found(this.#texts[this.#in.count()]);
		const text = tag === tags.patch ? this.#patched(String(before)) : this.#in.text(tag === tags.text ? 'utf8' : 'utf16le');
		if (text.length <= longestKnownText && this.#texts.length < mostKnown && !this.#textsSeen.has(text)) {
			this.#textsSeen.add(text);
			this.#texts.push(text);
		}
		return text;
	}

	#patched(before: string): string {
		const [head, tail] = [this.#in.count(), this.#in.count()];
		return before.slice(0, head) + this.#in.text('utf8') + before.slice(before.length - tail);
	}

	#object(tag: number, before: unknown): unknown {
		switch (tag) {
			case tags.object:
				return this.#fields(before, this.#keys());
			case tags.fields:
				return this.#fields(before, Object.keys(before ?? {}));
			case tags.list:
				return this.#members(Array.isArray(before) ? before : []);
			case tags.set:
				return new Set(this.#members(before instanceof Set ? [...before] : []));
			case tags.map:
				return this.#map(before instanceof Map ? before : new Map());
			default:
				throw new DamagedError(`there is no kind ${tag}`);
		}
	}

	#fields(before: unknown, keys: readonly string[]): unknown {
		const values = this.#column(keys.map(key => fieldOf(before, key)));
		return toFields(keys, index => values[index]);
	}

	#keys(): readonly string[] {
		const number = this.#in.count();
		if (number !== this.#keySets.length) return found(this.#keySets[number]);
		const keys = Array.from({length: lengthIn(this.#in)}, () => String(this.#value(undefined)));
		this.#keySets.push(keys);
		return keys;
	}

	#members(before: readonly unknown[]): readonly unknown[] {
		return this.#column(picked(before, this.#sources()));
	}

	#map(before: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
		const sources = this.#sources();
		const keys = this.#column(picked([...before.keys()], sources));
		const values = this.#column(picked([...before.values()], sources));
		return new Map(keys.map((key, index) => [key, values[index]]));
	}

	#sources(): readonly number[] {
		const length = lengthIn(this.#in);
		const sources: number[] = [];
		let expected = 0;
		while (sources.length < length) {
			const run = this.#in.count();
			const isKept = run % 2 === 1;
			const count = Math.floor(run / 2);
			if (count === 0 || count > length - sources.length) throw new DamagedError('a run is longer than its list');
			const from = isKept ? expected + this.#in.whole() : -1;
			for (const source of runOf(from, count)) sources.push(source);
			if (isKept) expected = from + count;
		}
		return sources;
	}

	#column(before: readonly unknown[]): readonly unknown[] {
		const mode = this.#in.byte();
		if (mode === modes.same) return before;
		if (mode !== modes.some) return this.#cells(mode, before);
		const rows = this.#rows(before.length);
		const changed = this.#cells(
			this.#in.byte(),
			rows.map(row => before[row]),
		);
		const after = [...before];
		for (const [index, row] of rows.entries()) after[row] = changed[index];
		return after;
	}

	#cells(mode: number, before: readonly unknown[]): readonly unknown[] {
		switch (mode) {
			case modes.steady: {
				const usual = this.#in.whole();
				const others = this.#rows(before.length);
				const grown: number[] = new Array(before.length).fill(usual);
				for (const row of others) grown[row] = this.#in.whole();
				return summed(before, grown);
			}
			case modes.numbers:
				return summed(
					before,
					before.map(() => this.#in.whole()),
				);
			case modes.floats:
				return this.#floats(before);
			case modes.objects:
				return this.#objects(before);
			case modes.values:
				return inTurn(before, base => this.#value(base));
			default:
				throw new DamagedError(`there is no column ${mode}`);
		}
	}

	#objects(before: readonly unknown[]): readonly unknown[] {
		const keys = this.#keys();
		const columns = keys.map(key => this.#column(before.map(row => (row === none ? none : fieldOf(row, key)))));
		return before.map((_, row) => toFields(keys, index => columns[index]?.[row]));
	}

	#floats(before: readonly unknown[]): readonly unknown[] {
		const kinds = before.map(() => this.#in.byte());
		return inTurn(before, (base, row) => {
			const kind = kinds[row] ?? numberKinds.float;
			if (kind === numberKinds.float) return this.#in.float();
			const value = this.#in.whole();
			return toldNumber(base, kind >= numberKinds.quotient ? {kind, value, divisor: this.#in.count()} : {kind, value});
		});
	}

	#rows(length: number): readonly number[] {
		const count = this.#in.count();
		if (count > length) throw new DamagedError('more rows have changed than there are');
		let next = 0;
		return Array.from({length: count}, () => {
			const row = next + this.#in.count();
			if (row >= length) throw new DamagedError('a row has changed that there is not');
			next = row + 1;
			return row;
		});
	}
}

function found<T>(value: T | undefined): T {
	if (value === undefined) throw new DamagedError('it names what has not been told');
	return value;
}

function lengthIn(input: ByteReader): number {
	const length = input.count();
	if (length > longestList) throw new DamagedError(`a list cannot be ${length} long`);
	return length;
}

const runOf = (from: number, count: number): readonly number[] => Array.from({length: count}, (_, index) => (from < 0 ? -1 : from + index));

const picked = (before: readonly unknown[], sources: readonly number[]): readonly unknown[] =>
	sources.map(from => {
		if (from < 0) return none;
		if (from >= before.length) throw new DamagedError('it keeps what there was not');
		return before[from];
	});

/** For a row that is new the cell above stands in. */
function inTurn(before: readonly unknown[], next: (base: unknown, row: number) => unknown): readonly unknown[] {
	const after: unknown[] = [];
	for (const [row, base] of before.entries()) after.push(next(base === none ? after[row - 1] : base, row));
	return after;
}

const summed = (before: readonly unknown[], grown: readonly number[]): readonly unknown[] =>
	inTurn(before, (base, row) => (isWhole(base) ? base : 0) + (grown[row] ?? 0));
