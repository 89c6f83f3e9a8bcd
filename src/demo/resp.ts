/** What a server can answer, as plain values: an error reply is a value here too, never thrown by the parser. */
export type Reply = string | number | bigint | boolean | null | ReplyError | readonly Reply[] | ReadonlyMap<Reply, Reply>;

/** An error the server sent, with its text unchanged (`BUSY Redis is busy …`). */
export class ReplyError extends Error {
	override readonly name = 'ReplyError' as const;
}

/** One complete reply and the offset of the byte after it. `isPush` marks RESP3 out-of-band data, which answers no command. */
export type ParsedReply = {readonly value: Reply; readonly next: number; readonly isPush: boolean};

/** Encode one command as the protocol wants it: an array of bulk strings. */
export function encodeCommand(argv: readonly string[]): string {
	return `*${argv.length}\r\n${argv.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;
}

/** Parse one RESP2 or RESP3 value at `start`. Undefined while bytes are missing; throws on bytes that are not RESP. */
export function parseReply(bytes: Buffer, start = 0): ParsedReply | undefined {
	const lineEnd = bytes.indexOf('\r\n', start);
	if (lineEnd < 0) return undefined;
	const type = String.fromCharCode(bytes[start] ?? 0);
	const line = bytes.toString('utf8', start + 1, lineEnd);
	const next = lineEnd + 2;
	const whole = (value: Reply): ParsedReply => ({value, next, isPush: false});

	const simple = simpleTypes[type];
	if (simple) return whole(simple(line));
	if (line === '-1') return whole(null);
	if (type === '$' || type === '=' || type === '!') return parseBulk(bytes, next, Number(line), type);
	const perEntry = itemsPerEntry[type];
	if (perEntry === undefined) throw new Error(`not RESP: ${JSON.stringify(bytes.toString('latin1', start, lineEnd).slice(0, 40))}`);
	return parseItems(bytes, next, Number(line) * perEntry, type);
}

const simpleTypes: Readonly<Record<string, (line: string) => Reply>> = {
	'+': line => line,
	'-': line => new ReplyError(line),
	':': Number,
	',': Number,
	'(': BigInt,
	'#': line => line === 't',
	_: () => null,
};

const itemsPerEntry: Readonly<Record<string, number>> = {'*': 1, '~': 1, '>': 1, '%': 2, '|': 2};

function parseBulk(bytes: Buffer, start: number, length: number, type: string): ParsedReply | undefined {
	const end = start + length;
	if (bytes.length < end + 2) return undefined;
	const text = bytes.toString('utf8', start, end);
	// A verbatim string carries its format first: `txt:`.
	const value = type === '!' ? new ReplyError(text) : type === '=' ? text.slice(4) : text;
	return {value, next: end + 2, isPush: false};
}

function parseItems(bytes: Buffer, start: number, count: number, type: string): ParsedReply | undefined {
	const items: Reply[] = [];
	let next = start;
	for (let index = 0; index < count; index++) {
		const item = parseReply(bytes, next);
		if (!item) return undefined;
		items.push(item.value);
		next = item.next;
	}
	// An attribute describes the value that follows it and is not a reply of its own.
	if (type === '|') return parseReply(bytes, next);
	const value = type === '%' ? new Map(items.flatMap((key, at): [Reply, Reply][] => (at % 2 === 0 ? [[key, items[at + 1] ?? null]] : []))) : items;
	return {value, next, isPush: type === '>'};
}
