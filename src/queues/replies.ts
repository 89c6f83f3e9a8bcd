import {toCount, toNumber} from '../redis/parse/number.ts';
import {toPairs, toText} from '../redis/parse/reply.ts';
import type {Unknown} from './types.ts';

type Answered<Name extends string> = {readonly name: Name; readonly argv: readonly string[]; readonly reply: unknown};

/** The replies to several commands, by the names they were asked under. An error reply reads like a reply that is not there, and is told in `unknown`. */
export class Replies<Name extends string> {
	readonly #answered: readonly Answered<Name>[];
	readonly #replies: ReadonlyMap<Name, unknown>;
	/** The commands that were answered by an error. */
	readonly unknown: readonly Unknown[];

	constructor(answered: readonly Answered<Name>[]) {
		this.#answered = answered;
		this.#replies = new Map(answered.map(({name, reply}) => [name, reply]));
		this.unknown = answered.flatMap(({argv, reply}) => unknownOf(argv, reply));
	}

	/** These and others as one. */
	and<Other extends string>(others: Replies<Other>): Replies<Name | Other> {
		return new Replies<Name | Other>([...this.#answered, ...others.#answered]);
	}

	isRefused(name: Name): boolean {
		return this.#replies.get(name) instanceof Error;
	}

	/** A length or size; undefined where it could not be read. */
	count(name: Name): number | undefined {
		return toCount(this.#replies.get(name));
	}

	/** Also below zero, as PTTL has it. */
	number(name: Name): number | undefined {
		return toNumber(this.#replies.get(name));
	}

	text(name: Name): string | undefined {
		return toText(this.#replies.get(name));
	}

	/** The elements of an array; nil ones are undefined. */
	texts(name: Name): readonly (string | undefined)[] {
		return textsOf(this.#replies.get(name));
	}

	/** The elements of an array that are there: ids in a list. */
	ids(name: Name): readonly string[] {
		return this.texts(name).filter(text => text !== undefined);
	}

	/** Members with scores, flat as RESP2 has them or in pairs as RESP3 does. */
	scored(name: Name): readonly Scored[] {
		return scoredOf(this.#replies.get(name));
	}

	raw(name: Name): unknown {
		return this.#replies.get(name);
	}

	pairs(name: Name): ReadonlyMap<string, unknown> {
		return toPairs(this.#replies.get(name));
	}

	/** The members on a page of SSCAN. */
	scanned(name: Name): readonly string[] {
		const reply = this.#replies.get(name);
		return Array.isArray(reply) ? textsOf(reply[1]).filter(text => text !== undefined) : [];
	}

	/** The fields on a page of HSCAN. */
	scannedPairs(name: Name): ReadonlyMap<string, unknown> {
		const reply = this.#replies.get(name);
		return Array.isArray(reply) ? toPairs(reply[1]) : new Map();
	}
}

export type Scored = {readonly member: string; readonly score: number};

/** Undefined elements are nil ones; what is no array has none. */
export function textsOf(reply: unknown): readonly (string | undefined)[] {
	return Array.isArray(reply) ? Array.from(reply, toText) : [];
}

export function scoredOf(reply: unknown): readonly Scored[] {
	if (!Array.isArray(reply)) return [];
	const flat: readonly unknown[] = reply.flat();
	return Array.from({length: Math.floor(flat.length / 2)}, (_, pair) => ({member: toText(flat[pair * 2]), score: toNumber(flat[pair * 2 + 1])})).flatMap(
		({member, score}) => (member === undefined || score === undefined ? [] : [{member, score}]),
	);
}

/** A JSON object out of foreign text; undefined where it is none. */
export function toObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
	const value = toJson(text);
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}

export function toJson(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		// Foreign text may be anything; that it is no JSON is all there is to say of it.
		return undefined;
	}
}

/** A sum of which every part is known. */
export function sumOf(...parts: readonly (number | undefined)[]): number | undefined {
	let sum = 0;
	for (const part of parts) {
		if (part === undefined) return undefined;
		sum += part;
	}
	return sum;
}

/** XINFO is the one command here that answers a missing key by an error. */
export function unknownOf(argv: readonly string[], reply: unknown): readonly Unknown[] {
	if (!(reply instanceof Error) || reply.message.startsWith('ERR no such key')) return [];
	return [{command: argv.join(' '), reason: reply.message}];
}
