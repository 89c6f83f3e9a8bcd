const decimal = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A finite number from a reply (text, integer or RESP3 big number), or undefined: `nan`, `inf`, hex and blanks are no figures. */
export function toNumber(value: unknown): number | undefined {
	const number = readNumber(value);
	return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Like `toNumber`, for figures that cannot be negative: Redis writes -1 where it has nothing to tell. */
export function toCount(value: unknown): number | undefined {
	const number = toNumber(value);
	return number !== undefined && number >= 0 ? number : undefined;
}

function readNumber(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	if (typeof value === 'bigint') return Number(value);
	return typeof value === 'string' && decimal.test(value) ? Number(value) : undefined;
}
