/** How a value is told. `same`: as it was before. */
export const tags = {
	same: 0,
	undefined: 1,
	null: 2,
	true: 3,
	false: 4,
	/** A whole number, and the difference to the one before. */
	whole: 5,
	more: 6,
	/** A text in UTF-8, in UTF-16, by its number in the table, and as a change of the one before. */
	text: 8,
	text16: 9,
	known: 10,
	patch: 11,
	list: 12,
	/** An object with other keys than before, and with the same ones. */
	object: 13,
	fields: 14,
	map: 15,
	set: 16,
	/** A list that has lost some at its beginning and got some at its end, and is otherwise as it was. */
	slide: 17,
	/** A number as in a column of `floats` that share nothing. */
	told: 18,
} as const;

/** How the cells of a column are told. */
export const modes = {
	same: 0,
	/** Only some have changed: which ones, then a column of these. */
	some: 1,
	/** Whole numbers: each grows by the same, but for some: which ones, then these as `grown` or `figures`. */
	steady: 2,
	/** Whole numbers, each by its difference. */
	grown: 3,
	/** Objects with the same keys: a column for every key. */
	objects: 4,
	/** Anything: a value each. */
	values: 5,
	/** Numbers of any kind, and what they share. */
	floats: 6,
	/** Whole numbers as they are. */
	figures: 7,
	/** Numbers and others: which are numbers, then a column of these, and one of the others. */
	mixed: 8,
} as const;

/** In the place of a cell before, for a row that is new: the cell above takes its part. */
export const none: unique symbol = Symbol('none');

/** A text that is longer is not likely to come again. */
export const longestKnownText = 256;
/** Texts and sets of keys that a chunk numbers at most. */
export const mostKnown = 65_536;
/** Longer lists are taken for damage. */
export const longestList = 4_000_000;

/** A table that fills while a chunk is written, and in the same order while it is read. */
export class Numbered {
	readonly #numbers = new Map<string, number>();

	numberOf(text: string): number | undefined {
		return this.#numbers.get(text);
	}

	add(text: string): void {
		if (this.#numbers.size < mostKnown && !this.#numbers.has(text)) this.#numbers.set(text, this.#numbers.size);
	}
}
