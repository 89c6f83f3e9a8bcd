/**
 * What becomes of a text in a redacted recording. `keep`: it is a word of the program, of the server or of a library, or an id that is only a
 * number. `name`: of a person, a client, a job. `host`: of a machine. `address`: `host:port`. `key`: a key or a pattern, or a queue, which is part of
 * one. `shape`: a command and what it works on. `id`: of a finding, with the server it is about. `words`: a sentence; what is no word of the program
 * goes. `whole`: all of it goes. `argv`: a command word by word.
 */
export type TextRule = 'keep' | 'name' | 'host' | 'address' | 'key' | 'shape' | 'id' | 'words' | 'whole';

type MapRules<K, V> = [TextsOf<K> | TextsOf<V>] extends [never] ? never : {readonly key: RuleOr<K>; readonly value: RuleOr<V>};
type RuleOr<T> = [TextsOf<T>] extends [never] ? 'keep' : TextsOf<T>;

type FieldRules<T> = {readonly [K in keyof T as [TextsOf<T[K]>] extends [never] ? never : K]-?: TextsOf<T[K]>};

/**
 * A rule for every text in data of this type: a field that is not in the table does not compile. Words of a closed list (`'ok' | 'fail'`) and
 * numbers need none.
 */
export type TextsOf<T> = T extends undefined | null | number | boolean
	? never
	: T extends string
		? string extends T
			? TextRule
			: never
		: T extends ReadonlyMap<infer K, infer V>
			? MapRules<K, V>
			: T extends ReadonlySet<infer M>
				? TextsOf<M>
				: T extends readonly string[]
					? string extends T[number]
						? TextRule | 'argv'
						: never
					: T extends readonly (infer E)[]
						? TextsOf<E>
						: keyof FieldRules<T> extends never
							? never
							: FieldRules<T>;
