import {pick} from './align.ts';
import {ByteReader, DamagedError} from './bytes.ts';
import {longestKnownText, longestList, modes, mostKnown, none, tags} from './delta-format.ts';
import {noShare, numberKinds, type Share, toldNumber} from './numbers.ts';
import {fieldOf, isWhole, toFields} from './plain-data.ts';
import {columnOf, rowsOf, Table} from './table.ts';

/** Reads what one `DeltaWriter` has written, in the same order. What has not changed is the same object as before. */
export class DeltaReader {
	#in = new ByteReader(Buffer.alloc(0));
	readonly #texts: string[] = [];
	readonly #textsSeen = new Set<string>();
	readonly #keySets: (readonly string[])[] = [];

	/**
	 * What it becomes, to be given again as `before`; `withRows` makes of it what was written.
	 * @throws DamagedError where the bytes are no change of `before`
	 */
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
			case tags.told:
				return this.#number(this.#in.byte(), before, noShare);
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
				return this.#list(before);
			case tags.slide:
				return this.#slid(rowsOf(before));
			case tags.set:
				return new Set(this.#members(before instanceof Set ? [...before] : []));
			case tags.map:
				return this.#map(before instanceof Map ? before : new Map());
			default:
				throw new DamagedError(`there is no kind ${tag}`);
		}
	}

	#fields(before: unknown, keys: readonly string[]): unknown {
		const fields = copyOf(before, keys);
		const {rows, cells} = this.#changes(this.#in.byte(), keys.length, index => fieldOf(before, keys[index] ?? ''));
		for (const [index, row] of rows.entries()) fields[keys[row] ?? ''] = cells[index];
		return fields;
	}

	#keys(): readonly string[] {
		const number = this.#in.count();
		if (number !== this.#keySets.length) return found(this.#keySets[number]);
		const keys = Array.from({length: lengthIn(this.#in)}, () => String(this.#value(undefined)));
		this.#keySets.push(keys);
		return keys;
	}

	#list(before: unknown): unknown {
		const sources = this.#sources();
		const table = before instanceof Table && isUnmoved(sources, before.length) ? before : undefined;
		const mode = this.#in.byte();
		if (mode === modes.objects) return this.#table(sources.length, table ?? picked(rowsOf(before), sources));
		if (mode === modes.same && table) return table;
		return this.#told(mode, picked(rowsOf(before), sources));
	}

	#table(length: number, before: Table | readonly unknown[]): Table {
		const keys = this.#keys();
		const rows = before instanceof Table ? undefined : before;
		const of = (key: string, index: number) => (before instanceof Table ? before.column(key, index) : undefined) ?? columnOf(rows ?? rowsOf(before), key);
		return new Table(
			keys,
			keys.map((key, index) => this.#column(of(key, index))),
			length,
		);
	}

	#members(before: readonly unknown[]): readonly unknown[] {
		return this.#column(picked(before, this.#sources()));
	}

	#slid(before: readonly unknown[]): readonly unknown[] {
		const [lost, added] = [this.#in.count(), lengthIn(this.#in)];
		const last = lost < before.length ? before.at(-1) : none;
		const cells = this.#column(Array.from({length: added}, (_, row) => (row === 0 ? last : none)));
		const after = before.slice(lost);
		for (const cell of cells) after.push(cell);
		return after;
	}

	#map(before: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
		const sources = this.#sources();
		const keys = this.#column(picked([...before.keys()], sources));
		const values = this.#column(picked([...before.values()], sources));
		return new Map(keys.map((key, index) => [key, values[index]]));
	}

	#sources(): readonly number[] {
		const length = lengthIn(this.#in);
		const sources: number[] = new Array(length).fill(-1);
		let expected = 0;
		for (let at = 0; at < length; ) {
			const run = this.#in.count();
			const count = Math.floor(run / 2);
			if (count === 0 || count > length - at) throw new DamagedError('a run is longer than its list');
			if (run % 2 === 1) {
				const from = expected + this.#in.whole();
				for (let index = 0; index < count; index++) sources[at + index] = from + index;
				expected = from + count;
			}
			at += count;
		}
		return sources;
	}

	#column(before: readonly unknown[]): readonly unknown[] {
		return this.#told(this.#in.byte(), before);
	}

	#told(mode: number, before: readonly unknown[]): readonly unknown[] {
		const {rows, cells} = this.#changes(mode, before.length, row => before[row]);
		if (rows.length === 0) return before;
		const after = before.slice();
		for (let index = 0; index < rows.length; index++) after[rows[index] ?? 0] = cells[index];
		return after;
	}

	/** Which rows of a column have changed, and what is in them now. Of the others nobody looks at what was there. */
	#changes(mode: number, length: number, base: Base): Changes {
		if (mode === modes.same) return unchanged;
		if (mode !== modes.some) return {rows: Array.from({length}, (_, row) => row), cells: this.#cells(mode, length, base)};
		const rows = this.#rows(length);
		return {rows, cells: this.#cells(this.#in.byte(), rows.length, index => base(rows[index] ?? 0))};
	}

	#cells(mode: number, length: number, base: Base): readonly unknown[] {
		switch (mode) {
			case modes.steady:
				return this.#steady(length, base);
			case modes.grown:
				return inTurn(length, base, above => (isWhole(above) ? above : 0) + this.#in.whole());
			case modes.figures:
				return Array.from({length}, () => this.#in.whole());
			case modes.mixed:
				return this.#mixed(length, base);
			case modes.floats:
				return this.#floats(length, base);
			case modes.objects:
				return this.#objects(length, base);
			case modes.values:
				return inTurn(length, base, above => this.#value(above));
			default:
				throw new DamagedError(`there is no column ${mode}`);
		}
	}

	#steady(length: number, base: Base): readonly unknown[] {
		const usual = this.#in.whole();
		const others = this.#rows(length);
		const isAbsolute = this.#in.byte() === modes.figures;
		const told = new Map(others.map(row => [row, this.#in.whole()]));
		return inTurn(length, base, (above, row) => {
			const number = told.get(row);
			return number !== undefined && isAbsolute ? number : (isWhole(above) ? above : 0) + (number ?? usual);
		});
	}

	#mixed(length: number, base: Base): readonly unknown[] {
		const numbers = this.#rows(length);
		const isNumber = new Set(numbers);
		const others = Array.from({length}, (_, row) => row).filter(row => !isNumber.has(row));
		const after: unknown[] = new Array(length).fill(undefined);
		for (const rows of [numbers, others]) {
			const cells = this.#cells(this.#in.byte(), rows.length, index => base(rows[index] ?? 0));
			for (const [index, row] of rows.entries()) after[row] = cells[index];
		}
		return after;
	}

	#objects(length: number, base: Base): readonly unknown[] {
		const keys = this.#keys();
		const before = Array.from({length}, (_, row) => base(row));
		const after = before.map(row => copyOf(row, keys));
		for (const key of keys) {
			const {rows, cells} = this.#changes(this.#in.byte(), length, row => (before[row] === none ? none : fieldOf(before[row], key)));
			for (let index = 0; index < rows.length; index++) {
				const fields = after[rows[index] ?? 0];
				if (fields) fields[key] = cells[index];
			}
		}
		return after;
	}

	#floats(length: number, base: Base): readonly unknown[] {
		const share = {factor: this.#in.count(), divisor: this.#in.count()};
		const kinds = Array.from({length}, () => this.#in.byte());
		return inTurn(length, base, (above, row) => this.#number(kinds[row] ?? numberKinds.float, above, share));
	}

	#number(kind: number, before: unknown, share: Share): number {
		const value = kind === numberKinds.float ? this.#in.float() : this.#in.whole();
		const hasDivisor = kind === numberKinds.quotient || kind === numberKinds.perSecond;
		return toldNumber(before, hasDivisor ? {kind, value, divisor: this.#in.count()} : {kind, value}, share);
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

function picked(before: readonly unknown[], sources: readonly number[]): readonly unknown[] {
	for (const from of sources) if (from >= before.length) throw new DamagedError('it keeps what there was not');
	return pick(before, sources);
}

const isUnmoved = (sources: readonly number[], length: number): boolean => sources.length === length && sources.every((from, row) => from === row);

/** What was in a row before, or `none`. */
type Base = (row: number) => unknown;

type Changes = {readonly rows: readonly number[]; readonly cells: readonly unknown[]};

const unchanged: Changes = {rows: [], cells: []};

/** For a row that is new the cell above stands in. */
function inTurn(length: number, base: Base, next: (above: unknown, row: number) => unknown): readonly unknown[] {
	const after: unknown[] = [];
	for (let row = 0; row < length; row++) {
		const before = base(row);
		after.push(next(before === none ? after[row - 1] : before, row));
	}
	return after;
}

/** To be changed: with these keys, and with what was there as far as it had them. (`{...before}` is eight times as slow here, where there are many kinds.) */
const copyOf = (before: unknown, keys: readonly string[]): Record<string, unknown> => toFields(keys, index => fieldOf(before, keys[index] ?? ''));
