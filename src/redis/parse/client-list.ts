import {type ClientKind, clientKind} from './client-kind.ts';
import {ClientLines, fields} from './client-lines.ts';
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

/**
 * Parse the reply of CLIENT LIST. Fields come in any order and unknown ones are ignored, so newer servers still parse.
 * A long one is read in pieces: `ClientListParser`.
 */
export function parseClientList(reply: string | Buffer): ParsedClientList {
	const parser = new ClientListParser();
	parser.take(typeof reply === 'string' ? Buffer.from(reply) : reply);
	return parser.taken();
}

/** What is gone through at once: some fifty clients, a tenth of a millisecond; several before V8 has compiled it. */
const pieceBytes = 16 * 1024;
const newline = 10;

/** A reply in pieces for `ClientListParser`. */
export function* piecesOf(reply: Buffer): Generator<Buffer> {
	for (let from = 0; from < reply.length; ) {
		const end = pieceEnd(reply, from);
		yield reply.subarray(from, end);
		from = end;
	}
}

function pieceEnd(reply: Buffer, from: number): number {
	if (from + pieceBytes >= reply.length) return reply.length;
	const last = reply.lastIndexOf(newline, from + pieceBytes);
	if (last > from) return last + 1;
	const next = reply.indexOf(newline, from);
	return next === -1 ? reply.length : next + 1;
}

/** Takes a reply piece by piece; each ends where a line does. */
export class ClientListParser {
	readonly #lines = new ClientLines();
	#clients: ClientRow[] = [];
	#rejected: string[] = [];
	#rejectedCount = 0;

	take(piece: Buffer): void {
		const lines = this.#lines;
		lines.read(piece);
		while (lines.next()) {
			const row = toRow(lines);
			if (row) this.#clients.push(row);
			else if (this.#rejectedCount++ < maxRejectedSamples) this.#rejected.push(lines.sample());
		}
	}

	/** What has come since this was last asked. */
	taken(): ParsedClientList {
		const list = {clients: this.#clients, rejectedCount: this.#rejectedCount, rejected: this.#rejected};
		[this.#clients, this.#rejected, this.#rejectedCount] = [[], [], 0];
		return list;
	}
}

function toRow(line: ClientLines): ClientRow | undefined {
	const address = line.word(fields.addr);
	if (line.count(fields.id) === undefined || address === '') return undefined;

	const name = line.same(fields.name);
	const flags = line.same(fields.flags);
	const lastCommand = line.same(fields.cmd);
	const subscriptions = line.figure(fields.sub);
	const patternSubscriptions = line.figure(fields.psub);
	const shardSubscriptions = line.figure(fields.ssub);
	const isSubscribed = subscriptions + patternSubscriptions + shardSubscriptions > 0;
	return {
		id: line.word(fields.id),
		address,
		localAddress: line.same(fields.laddr),
		name,
		ageSeconds: line.figure(fields.age),
		idleSeconds: line.figure(fields.idle),
		flags,
		isBlocked: flags.includes('b'),
		kind: clientKind({name, flags, lastCommand, isSubscribed}),
		db: line.figure(fields.db),
		subscriptions,
		patternSubscriptions,
		shardSubscriptions,
		queryBufferBytes: line.figure(fields.qbuf),
		outputBufferBytes: line.figure(fields.omem),
		totalMemoryBytes: line.figure(fields.totMem),
		lastCommand,
		user: line.same(fields.user),
		libraryName: line.same(fields.libName),
		libraryVersion: line.same(fields.libVer),
		watchedKeys: line.count(fields.watch),
		networkInBytes: line.count(fields.totNetIn),
		networkOutBytes: line.count(fields.totNetOut),
		commands: line.count(fields.totCmds),
	};
}
