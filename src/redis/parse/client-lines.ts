/** The fields of CLIENT LIST that are read, and where `ClientLines` keeps them. */
export const fields = {
	id: 0,
	addr: 1,
	laddr: 2,
	name: 3,
	age: 4,
	idle: 5,
	flags: 6,
	db: 7,
	sub: 8,
	psub: 9,
	ssub: 10,
	qbuf: 11,
	omem: 12,
	totMem: 13,
	cmd: 14,
	user: 15,
	libName: 16,
	libVer: 17,
	watch: 18,
	totNetIn: 19,
	totNetOut: 20,
	totCmds: 21,
} as const;
/** As the server writes them: `tot-mem`. */
const fieldIndexes: ReadonlyMap<string, number> = new Map(
	Object.entries(fields).map(([name, index]) => [name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), index]),
);
const fieldCount = fieldIndexes.size;

const newline = 10;
const carriageReturn = 13;
const blank = 32;
const zero = 48;
/** More digits than any 64-bit counter has. */
const maxDigits = 20;
const maxSampleLength = 200;

/** `prefix`: the name with its `=`, as bytes; `place`: in `#spans`, -1 for a field that is not read. */
type Key = {readonly prefix: readonly number[]; readonly place: number};

/**
 * Goes through a reply of CLIENT LIST, or one piece of it after the other, line by line: one pass over the bytes, and for a line nothing is allocated
 * but the values that are asked for.
 */
export class ClientLines {
	#bytes: Buffer = Buffer.alloc(0);
	/** One character a byte, so that places in it are those in the bytes; a slice of a text costs a fifth of a slice of the bytes. */
	#text = '';
	#isDecoded = true;
	#start = 0;
	#end = 0;
	/** Start and end of each field's value; start -1 where the line has no such field. */
	readonly #spans = new Int32Array(fieldCount * 2);
	readonly #layout: Key[] = [];
	/** What each field was the last time it was asked for with `same`. */
	readonly #last: string[] = new Array<string>(fieldCount).fill('');

	/** A piece ends where a line does. */
	read(piece: Buffer): void {
		const decoded = piece.toString('utf8');
		// Decoding makes no text longer, so where it is as long each byte has become one character.
		this.#isDecoded = decoded.length === piece.length;
		this.#text = this.#isDecoded ? decoded : piece.toString('latin1');
		this.#bytes = piece;
		this.#end = -1;
	}

	/** On to the next line that is not empty; false: there is none in this piece. */
	next(): boolean {
		const {length} = this.#bytes;
		while (this.#end + 1 < length) {
			this.#start = this.#end + 1;
			this.#spans.fill(-1);
			this.#scan();
			if (this.#end > this.#start && !(this.#end === this.#start + 1 && this.#bytes[this.#start] === carriageReturn)) return true;
		}
		return false;
	}

	/** The server forbids blanks and control characters in names and addresses, so they always end a field. */
	#scan(): void {
		const bytes = this.#bytes;
		const spans = this.#spans;
		let end = this.#start - 1;
		let position = 0;
		do {
			const at = end + 1;
			const expected = this.#layout[position];
			const isExpected = expected !== undefined && startsWith(bytes, expected.prefix, at);
			end = fieldEnd(bytes, isExpected ? at + expected.prefix.length : at);
			const {prefix, place} = isExpected ? expected : this.#learn(position, at, end);
			if (place >= 0) {
				spans[place] = at + prefix.length;
				spans[place + 1] = end;
			}
			position++;
		} while (end < bytes.length && bytes[end] !== newline);
		this.#end = end;
	}

	/** All lines of one reply have the same fields in the same order: the key of the line before is tried before any is looked up. */
	#learn(position: number, at: number, end: number): Key {
		const equalsAt = this.#text.slice(at, end).indexOf('=');
		const name = this.#text.slice(at, at + Math.max(0, equalsAt));
		const place = equalsAt < 0 ? undefined : fieldIndexes.get(name);
		const key = {prefix: Array.from(`${name}=`, letter => letter.charCodeAt(0)), place: place === undefined ? -1 : place * 2};
		this.#layout[position] = key;
		return key;
	}

	/** Empty where the line has no such field. */
	word(index: number): string {
		const from = this.#spans[index * 2] ?? -1;
		return from < 0 ? '' : this.#decoded(this.#text.slice(from, this.#spans[index * 2 + 1]));
	}

	/** As `word`, of a field that is often what it was in the line before: then it is the same text, and none is made. */
	same(index: number): string {
		const from = this.#spans[index * 2] ?? -1;
		const last = this.#last[index] ?? '';
		const length = (this.#spans[index * 2 + 1] ?? -1) - from;
		if (this.#isDecoded && from >= 0 && length === last.length && this.#text.startsWith(last, from)) return last;
		const word = this.word(index);
		// Of other bytes the text is not what stands in the reply.
		this.#last[index] = this.#isDecoded ? word : '';
		return word;
	}

	/** 0 where `count` is undefined. */
	figure(index: number): number {
		return this.count(index) ?? 0;
	}

	/** Undefined where the field is missing or no plain decimal. */
	count(index: number): number | undefined {
		const from = this.#spans[index * 2] ?? -1;
		const end = this.#spans[index * 2 + 1] ?? -1;
		if (from < 0 || from >= end || end - from > maxDigits) return undefined;
		let value = 0;
		for (let at = from; at < end; at++) {
			const digit = (this.#bytes[at] ?? 0) - zero;
			if (digit < 0 || digit > 9) return undefined;
			value = value * 10 + digit;
		}
		return value;
	}

	/** The beginning of the line, to be shown. */
	sample(): string {
		const end = this.#bytes[this.#end - 1] === carriageReturn ? this.#end - 1 : this.#end;
		return this.#decoded(this.#text.slice(this.#start, Math.min(end, this.#start + 4 * maxSampleLength))).slice(0, maxSampleLength);
	}

	#decoded(word: string): string {
		return this.#isDecoded ? word : Buffer.from(word, 'latin1').toString('utf8');
	}
}

function startsWith(bytes: Buffer, prefix: readonly number[], at: number): boolean {
	for (let index = 0; index < prefix.length; index++) if (bytes[at + index] !== prefix[index]) return false;
	return true;
}

function fieldEnd(bytes: Buffer, from: number): number {
	const {length} = bytes;
	let end = from;
	while (end < length && (bytes[end] as number) > blank) end++;
	return end;
}
