import {type Info, subFields} from './info.ts';
import {toCount} from './number.ts';

export type Reader = ReturnType<typeof reader>;

/** Fields of INFO by their kind. Undefined: the server did not tell it, or not as such a thing. */
export function reader({fields}: Info) {
	const is = (name: string, yes: string) => (fields.has(name) ? fields.get(name) === yes : undefined);
	return {
		text: (name: string) => fields.get(name),
		count: (name: string) => toCount(fields.get(name)),
		isOn: (name: string) => is(name, '1'),
		isOk: (name: string) => is(name, 'ok'),
		isUp: (name: string) => is(name, 'up'),
	};
}

/** Every field whose name fits, with the parts of its value. */
export function each<T>({fields}: Info, names: RegExp, read: (name: string, parts: ReadonlyMap<string, string>) => T): readonly T[] {
	const found: T[] = [];
	for (const [name, value] of fields) if (names.test(name)) found.push(read(name, subFields(value)));
	return found;
}
