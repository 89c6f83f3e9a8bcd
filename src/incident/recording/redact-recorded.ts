import {createHmac} from 'node:crypto';
import {isFields, toFields} from './plain-data.ts';
import type {Recorded} from './recorded.ts';
import {type Hash, redactArguments, redactText} from './redact-text.ts';
import {redactionTable} from './redaction-table.ts';
import type {TextRule} from './text-rules.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const hashLength = 6;
/** So many different names are remembered; then it begins anew. */
const mostRemembered = 50_000;

/** `h-` and six letters. Digits would be taken for a number behind a name. */
function hashWith(secret: Uint8Array): Hash {
	const known = new Map<string, string>();
	return text => {
		const found = known.get(text);
		if (found !== undefined) return found;
		const digest = createHmac('sha256', secret).update(text).digest();
		const hash = `h-${Array.from({length: hashLength}, (_, index) => letters[digest.readUInt16LE(index * 2) % letters.length]).join('')}`;
		if (known.size >= mostRemembered) known.clear();
		known.set(text, hash);
		return hash;
	};
}

/** A rule for a text, or rules for what is in it: by field, or for a Map for `key` and `value`. */
type Rules = TextRule | 'argv' | {readonly [field: string]: Rules | undefined};

/**
 * Replace every name by its hash. With the same secret the same name has the same hash; who has not got the secret cannot try names. What has
 * not changed since the last time is the same object as then.
 */
export function createRedactor(secret: Uint8Array): (recorded: Recorded) => Recorded {
	const redactor = new Redactor(hashWith(secret));
	return recorded => redactor.redact(recorded, redactionTable as unknown as Rules) as Recorded;
}

class Redactor {
	readonly #hash: Hash;
	readonly #done = new Map<Rules, WeakMap<object, object>>();

	constructor(hash: Hash) {
		this.#hash = hash;
	}

	redact(value: unknown, rules: Rules | undefined): unknown {
		if (rules === undefined || rules === 'keep') return value;
		if (typeof value === 'string') return redactText(typeof rules === 'string' && rules !== 'argv' ? rules : 'whole', value, this.#hash);
		if (typeof value !== 'object' || value === null) return value;
		const done = this.#doneBy(rules);
		const known = done.get(value);
		if (known) return known;
		const redacted = this.#object(value, rules);
		done.set(value, redacted);
		return redacted;
	}

	#object(value: object, rules: Rules): object {
		if (Array.isArray(value)) return rules === 'argv' ? redactArguments(value.map(String), this.#hash) : value.map(each => this.redact(each, rules));
		if (value instanceof Set) return new Set([...value].map(each => this.redact(each, rules)));
		const {key, value: ofValues} = typeof rules === 'object' ? rules : {key: rules, value: rules};
		if (value instanceof Map) return new Map([...value].map(([name, each]) => [this.redact(name, key), this.redact(each, ofValues)]));
		if (!isFields(value)) return value;
		const fields = Object.keys(value);
		return toFields(fields, index => {
			const field = fields[index] ?? '';
			return this.redact(value[field], typeof rules === 'object' ? rules[field] : rules);
		});
	}

	#doneBy(rules: Rules): WeakMap<object, object> {
		const known = this.#done.get(rules);
		const done = known ?? new WeakMap();
		if (!known) this.#done.set(rules, done);
		return done;
	}
}
