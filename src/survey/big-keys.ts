import type {BigKey} from '../store/survey.ts';
import {keyText} from '../text/key-text.ts';

/** How each type says how long it is. Types of modules do not. */
const lengthCommands: ReadonlyMap<string, string> = new Map([
	['string', 'STRLEN'],
	['list', 'LLEN'],
	['hash', 'HLEN'],
	['set', 'SCARD'],
	['zset', 'ZCARD'],
	['stream', 'XLEN'],
]);

const keptPerType = 10;
const maxTypes = 30;

type Kept = {
	readonly key: string;
	readonly type: string;
	readonly bytes: number;
	readonly ttlMs: number | undefined;
	readonly hasTtl: boolean | undefined;
	length: number | undefined;
};

/** The largest keys of every type, among those that were measured. */
export class BigKeys {
	readonly #byType = new Map<string, Kept[]>();
	readonly #asked = new Set<string>();

	offer(key: string, type: string | undefined, bytes: number, ttl: Pick<Kept, 'ttlMs' | 'hasTtl'>): void {
		const kept = this.#keptOf(type ?? '');
		const least = kept?.[keptPerType - 1];
		// SCAN may bring a key twice.
		if (!kept || (least && least.bytes >= bytes) || kept.some(other => other.key === key)) return;
		kept.push({key, type: type ?? '', bytes, ...ttl, length: undefined});
		kept.sort((a, b) => b.bytes - a.bytes);
		kept.splice(keptPerType);
	}

	/** What to ask about those of which the length is not known; each is asked once. */
	lengthQuestions(): readonly {readonly argv: readonly string[]; readonly answer: (length: number) => void}[] {
		return this.#all().flatMap(kept => {
			const command = lengthCommands.get(kept.type);
			if (command === undefined || kept.length !== undefined || this.#asked.has(kept.key)) return [];
			this.#asked.add(kept.key);
			const answer = (length: number) => {
				kept.length = length;
			};
			return [{argv: [command, kept.key], answer}];
		});
	}

	list(): readonly BigKey[] {
		return this.#all()
			.sort((a, b) => b.bytes - a.bytes)
			.map(({key, type, ...rest}) => ({...rest, name: keyText(key), type: type === '' ? undefined : type}));
	}

	#all(): Kept[] {
		return [...this.#byType.values()].flat();
	}

	#keptOf(type: string): Kept[] | undefined {
		const known = this.#byType.get(type);
		if (known || this.#byType.size >= maxTypes) return known;
		const kept: Kept[] = [];
		this.#byType.set(type, kept);
		return kept;
	}
}
