/** An object that is only its own fields. Recorded data are made of these, arrays, Maps, Sets, texts, numbers, booleans, null and undefined. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set);

/** So large that the difference of two, and twice that, is still exact. */
const largestInteger = 2 ** 51;

/** A whole number that can be told by its difference to another one. */
export const isWhole = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < largestInteger && !Object.is(value, -0);

/** Deep equality, with a short cut for what is the same object: also the order of keys and the kind of zero count. */
export function isSame(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a)) return Array.isArray(b) && areSame(a, b);
	if (a instanceof Map) return b instanceof Map && areSame([...a.keys()], [...b.keys()]) && areSame([...a.values()], [...b.values()]);
	if (a instanceof Set) return b instanceof Set && areSame([...a], [...b]);
	return isFields(a) && isFields(b) && areSameFields(a, b);
}

const areSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((each, index) => isSame(each, b[index]));

function areSameFields(a: Fields, b: Fields): boolean {
	const keys = Object.keys(a);
	return hasKeys(b, keys) && keys.every(key => isSame(a[key], b[key]));
}

/** Has it these keys, in this order, and no other? */
export function hasKeys(fields: Fields, keys: readonly string[]): boolean {
	const own = Object.keys(fields);
	if (own.length !== keys.length) return false;
	for (let index = 0; index < keys.length; index++) if (own[index] !== keys[index]) return false;
	return true;
}

export const fieldOf = (value: unknown, key: string): unknown =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key) ? (value as Fields)[key] : undefined;

/** An object with these keys in this order. A key named `__proto__` is a field like any other. */
export function toFields(keys: readonly string[], valueAt: (index: number) => unknown): Record<string, unknown> {
	const fields: Record<string, unknown> = {};
	for (let index = 0; index < keys.length; index++) {
		const key = keys[index] ?? '';
		if (key === '__proto__') Object.defineProperty(fields, key, {value: valueAt(index), enumerable: true, configurable: true, writable: true});
		else fields[key] = valueAt(index);
	}
	return fields;
}
