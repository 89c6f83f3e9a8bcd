/** The text of a scalar reply; nil, errors and nested replies have none. */
export function toText(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/** The texts of an array reply, or undefined when it is no array or one element is no scalar. */
export function toTexts(value: unknown): readonly string[] | undefined {
	if (!Array.isArray(value)) return undefined;
	const texts = Array.from(value, toText);
	return texts.every(text => text !== undefined) ? texts : undefined;
}

/**
 * The pairs of a map reply, whichever way it arrived: RESP2 flat array (`[key, value, …]`), RESP3 map as `Map` or as plain object.
 * Pairs whose key is no scalar are left out, and so is a key without a value; any other reply has no pairs.
 */
export function toPairs(reply: unknown): ReadonlyMap<string, unknown> {
	const pairs = new Map<string, unknown>();
	for (const [key, value] of entriesOf(reply)) {
		const name = toText(key);
		if (name !== undefined) pairs.set(name, value);
	}
	return pairs;
}

function entriesOf(reply: unknown): Iterable<readonly [unknown, unknown]> {
	if (reply instanceof Map) return reply;
	if (Array.isArray(reply)) return Array.from({length: Math.floor(reply.length / 2)}, (_, pair) => [reply[pair * 2], reply[pair * 2 + 1]] as const);
	return typeof reply === 'object' && reply !== null ? Object.entries(reply) : [];
}
