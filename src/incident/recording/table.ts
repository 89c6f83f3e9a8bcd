import {none} from './delta-format.ts';
import {fieldOf, isFields, toFields} from './plain-data.ts';

/**
 * A list of objects with the same keys, kept by column: to go through a hundred frames, in each of which every row has changed a little, rows
 * need only be made of the last one.
 */
export class Table {
	// Private, so that a table has no fields that could be taken for those of a recorded object.
	readonly #keys: readonly string[];
	readonly #columns: readonly (readonly unknown[])[];
	readonly #length: number;

	constructor(keys: readonly string[], columns: readonly (readonly unknown[])[], length: number) {
		this.#keys = keys;
		this.#columns = columns;
		this.#length = length;
	}

	get length(): number {
		return this.#length;
	}

	/** What stands in the column of a key; undefined where it has another one in this place. */
	column(key: string, index: number): readonly unknown[] | undefined {
		return key === this.#keys[index] ? this.#columns[index] : undefined;
	}

	rows(): readonly unknown[] {
		const shown = this.#columns.map(column => column.map(withRows));
		return Array.from({length: this.#length}, (_, row) => toFields(this.#keys, index => shown[index]?.[row]));
	}
}

/** The column of a key, of rows of any kind. */
export const columnOf = (rows: readonly unknown[], key: string): readonly unknown[] => rows.map(row => (row === none ? none : fieldOf(row, key)));

/** What was made of a value that has a table somewhere in it; the value itself where there is none. */
const made = new WeakMap<object, unknown>();

/** The value with rows in the place of tables. The same for the same value; and what has no table in it stays what it is. */
export function withRows(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const known = made.get(value);
	if (known !== undefined) return known;
	const result = value instanceof Table ? value.rows() : converted(value);
	made.set(value, result);
	return result;
}

/** What a list was, to compare with. Only a table is taken apart. */
export function rowsOf(list: unknown): readonly unknown[] {
	const rows = list instanceof Table ? withRows(list) : list;
	return Array.isArray(rows) ? rows : [];
}

function converted(value: object): object {
	if (Array.isArray(value)) return mapped(value) ?? value;
	if (value instanceof Map) {
		const values = mapped([...value.values()]);
		return values ? new Map([...value.keys()].map((key, index) => [key, values[index]])) : value;
	}
	if (!isFields(value)) return value;
	const keys = Object.keys(value);
	const values = mapped(keys.map(key => value[key]));
	return values ? toFields(keys, index => values[index]) : value;
}

/** Undefined where nothing has to be made. */
function mapped(values: readonly unknown[]): readonly unknown[] | undefined {
	let result: unknown[] | undefined;
	for (let index = 0; index < values.length; index++) {
		const value = values[index];
		if (typeof value !== 'object' || value === null) continue;
		const shown = withRows(value);
		if (shown === value) continue;
		result ??= [...values];
		result[index] = shown;
	}
	return result;
}
