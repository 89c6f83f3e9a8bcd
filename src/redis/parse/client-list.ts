import {type ClientKind, clientKind} from './client-kind.ts';
import type {WholeClientList} from './client-scan.ts';

/** One row of CLIENT LIST. Texts and figures that the server does not tell are empty and 0, except where undefined is allowed. */
export type ClientRow = {
	/** Decimal. Never reused while the server runs. */
	readonly id: string;
	/** `10.0.0.1:5000`, `[::1]:5000`, or `/run/redis.sock:0` on a Unix socket. */
	readonly address: string;
	/** The server's side of the connection (6.2 and newer). */
	readonly localAddress: string;
	/** Set by CLIENT SETNAME; mostly empty. */
	readonly name: string;
	readonly ageSeconds: number;
	readonly idleSeconds: number;
	/** One letter each, `N` for none: `b` blocked, `S` replica, `M` master, `O` monitor, `P` subscriber, `x` in MULTI … */
	readonly flags: string;
	/** Waits inside a command: a blocking one, WAIT, or held up by CLIENT PAUSE. */
	readonly isBlocked: boolean;
	readonly kind: ClientKind;
	readonly db: number;
	readonly subscriptions: number;
	readonly patternSubscriptions: number;
	/** 7.0 and newer. */
	readonly shardSubscriptions: number;
	readonly queryBufferBytes: number;
	/** `omem`: replies that the client has not read yet. */
	readonly outputBufferBytes: number;
	readonly totalMemoryBytes: number;
	/** Lower case, with its subcommand (`client|list`); `NULL` before the first one. */
	readonly lastCommand: string;
	readonly user: string;
	/** 7.2 and newer, and only if the library introduced itself. */
	readonly libraryName: string;
	readonly libraryVersion: string;
	/** Keys under WATCH (7.4 and newer). */
	readonly watchedKeys: number | undefined;
	/** Totals since connecting (Redis 8.6, Valkey 8 and newer). */
	readonly networkInBytes: number | undefined;
	readonly networkOutBytes: number | undefined;
	readonly commands: number | undefined;
};

/** Lines that could not be used are counted and a few kept to be shown: never thrown, never dropped in silence. */
export type ParsedClientList = {
	readonly clients: readonly ClientRow[];
	readonly rejectedCount: number;
	/** The first 20 of them, each cut to 200 characters. */
	readonly rejected: readonly string[];
	/** Where the list is too long to be kept: `clients` are only those that one would look for. */
	readonly whole?: WholeClientList;
};

const maxRejectedSamples = 20;
const maxSampleLength = 200;

/** The fields read, in the order in which `Spans` holds them. */
const fieldNames = [
	'id',
	'addr',
	'laddr',
	'name',
	'age',
	'idle',
	'flags',
	'db',
	'sub',
	'psub',
	'ssub',
	'qbuf',
	'omem',
	'tot-mem',
	'cmd',
	'user',
	'lib-name',
	'lib-ver',
	'watch',
	'tot-net-in',
	'tot-net-out',
	'tot-cmds',
] as const;
type FieldName = (typeof fieldNames)[number];
const fieldIndexes: ReadonlyMap<string, number> = new Map(fieldNames.map((name, index) => [name, index]));

/**
 * Parse the reply of CLIENT LIST. Fields come in any order and unknown ones are ignored, so newer servers still parse.
 * A reply for 10,000 clients has 2.6 MB: it is scanned once, and nothing is allocated but the values that are kept.
 */
export function parseClientList(reply: string): ParsedClientList {
	const clients: ClientRow[] = [];
	const rejected: string[] = [];
	let rejectedCount = 0;
	const line = new Line(reply);

	for (let from = 0, end = 0; from < reply.length; from = end + 1) {
		end = lineEnd(reply, from);
		const textEnd = reply.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
		if (textEnd <= from) continue;
		line.scan(from, textEnd);
		const row = toRow(line);
		if (row) clients.push(row);
		else if (rejectedCount++ < maxRejectedSamples) rejected.push(reply.slice(from, Math.min(textEnd, from + maxSampleLength)));
	}
	return {clients, rejectedCount, rejected};
}

function lineEnd(reply: string, from: number): number {
	const newline = reply.indexOf('\n', from);
	return newline === -1 ? reply.length : newline;
}

const carriageReturn = 13;
const zero = 48;
/** More digits than any 64-bit counter has. */
const maxDigits = 20;

/** `prefix` is the name with its `=`; `index` -1 marks a field that is not read. */
type Key = {readonly prefix: string; readonly index: number};

/** Where the values of one line stand in the reply. One instance serves all lines, so that a line costs no allocation of its own. */
class Line {
	readonly #reply: string;
	/** Start and end of each field's value; start -1 where the line has no such field. */
	readonly #spans = new Int32Array(fieldNames.length * 2);
	readonly #layout: Key[] = [];
	#nextBlank = -1;

	constructor(reply: string) {
		this.#reply = reply;
	}

	/** The server forbids blanks in names and addresses, so a blank always ends a field. */
	scan(from: number, end: number): void {
		this.#spans.fill(-1);
		let at = from;
		for (let position = 0; at < end; position++) {
			const valueEnd = Math.min(this.#blankFrom(at), end);
			const key = this.#keyAt(position, at, valueEnd);
			if (key.index >= 0) {
				this.#spans[key.index * 2] = at + key.prefix.length;
				this.#spans[key.index * 2 + 1] = valueEnd;
			}
			at = valueEnd + 1;
		}
	}

	/** Empty where the line has no such field. */
	word(name: FieldName): string {
		const from = this.#from(name);
		return from < 0 ? '' : this.#reply.slice(from, this.#end(name));
	}

	/** 0 where `count` is undefined. */
	figure(name: FieldName): number {
		return this.count(name) ?? 0;
	}

	/** Undefined where the field is missing or no plain decimal. */
	count(name: FieldName): number | undefined {
		const from = this.#from(name);
		const end = this.#end(name);
		if (from < 0 || from === end || end - from > maxDigits) return undefined;
		let value = 0;
		for (let at = from; at < end; at++) {
			const digit = this.#reply.charCodeAt(at) - zero;
			if (digit < 0 || digit > 9) return undefined;
			value = value * 10 + digit;
		}
		return value;
	}

	#from(name: FieldName): number {
		return this.#spans[(fieldIndexes.get(name) ?? 0) * 2] ?? -1;
	}

	#end(name: FieldName): number {
		return this.#spans[(fieldIndexes.get(name) ?? 0) * 2 + 1] ?? -1;
	}

	/** All lines of one reply have the same fields in the same order: the key of the line before is tried before any is looked up. */
	#keyAt(position: number, at: number, end: number): Key {
		const expected = this.#layout[position];
		if (expected && this.#reply.startsWith(expected.prefix, at)) return expected;
		const token = this.#reply.slice(at, end);
		const name = token.slice(0, Math.max(0, token.indexOf('=')));
		const key = {prefix: `${name}=`, index: fieldIndexes.get(name) ?? -1};
		this.#layout[position] = key;
		return key;
	}

	/** Remembered, so that a reply without blanks is not searched to its end again for every line. */
	#blankFrom(at: number): number {
		if (this.#nextBlank < at) {
			const found = this.#reply.indexOf(' ', at);
			this.#nextBlank = found === -1 ? this.#reply.length : found;
		}
		return this.#nextBlank;
	}
}

function toRow(line: Line): ClientRow | undefined {
	const address = line.word('addr');
	if (line.count('id') === undefined || address === '') return undefined;

	const name = line.word('name');
	const flags = line.word('flags');
	const lastCommand = line.word('cmd');
	const subscriptions = line.figure('sub');
	const patternSubscriptions = line.figure('psub');
	const shardSubscriptions = line.figure('ssub');
	const isSubscribed = subscriptions + patternSubscriptions + shardSubscriptions > 0;
	return {
		id: line.word('id'),
		address,
		localAddress: line.word('laddr'),
		name,
		ageSeconds: line.figure('age'),
		idleSeconds: line.figure('idle'),
		flags,
		isBlocked: flags.includes('b'),
		kind: clientKind({name, flags, lastCommand, isSubscribed}),
		db: line.figure('db'),
		subscriptions,
		patternSubscriptions,
		shardSubscriptions,
		queryBufferBytes: line.figure('qbuf'),
		outputBufferBytes: line.figure('omem'),
		totalMemoryBytes: line.figure('tot-mem'),
		lastCommand,
		user: line.word('user'),
		libraryName: line.word('lib-name'),
		libraryVersion: line.word('lib-ver'),
		watchedKeys: line.count('watch'),
		networkInBytes: line.count('tot-net-in'),
		networkOutBytes: line.count('tot-net-out'),
		commands: line.count('tot-cmds'),
	};
}
