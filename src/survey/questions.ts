import {toCount, toNumber} from '../redis/parse/number.ts';
import {toText} from '../redis/parse/reply.ts';
import type {Refused} from '../store/resource.ts';
import {verdictOf} from './verdict.ts';

type Argv = readonly string[];

/** `undefined`: not told. */
export type KeyFacts = {
	/** Gone, or moved to another node, between SCAN and now. */
	readonly isGone: boolean;
	readonly bytes: number | undefined;
	readonly type: string | undefined;
	readonly hasTtl: boolean | undefined;
	readonly ttlMs: number | undefined;
};

/** SAMPLES 5 is the default, spelt out because 0 would walk through every element (228 ms for a hash of a million: facts G). */
const questions = {
	usage: {name: 'MEMORY USAGE', argv: (key: string): Argv => ['MEMORY', 'USAGE', key, 'SAMPLES', '5']},
	type: {name: 'TYPE', argv: (key: string): Argv => ['TYPE', key]},
	ttl: {name: 'PTTL', argv: (key: string): Argv => ['PTTL', key]},
} as const;
type Question = keyof typeof questions;

/** What is asked about every sampled key. What this user may not ask is asked once and then left out. */
export class KeyQuestions {
	#asked: readonly Question[] = ['usage', 'type', 'ttl'];
	readonly refused: Refused[] = [];
	hiddenKeys = 0;

	/** How many commands one key takes now; 0: there is nothing left that may be asked. */
	get perKey(): number {
		return this.#asked.length;
	}

	commands(keys: readonly string[]): readonly Argv[] {
		return keys.flatMap(key => this.#asked.map(question => questions[question].argv(key)));
	}

	/** One row a key, from the replies to `commands` of the same keys. */
	read(keys: readonly string[], replies: readonly unknown[]): readonly KeyFacts[] {
		const asked = this.#asked;
		const facts = keys.map((_, index) => this.#readOne(asked, replies.slice(index * asked.length, (index + 1) * asked.length)));
		this.#asked = asked.filter(question => !this.refused.some(({command}) => command === questions[question].name));
		return facts;
	}

	#readOne(asked: readonly Question[], replies: readonly unknown[]): KeyFacts {
		const answers = new Map(asked.map((question, index) => [question, this.#answer(question, replies[index])]));
		if (asked.some((_, index) => verdictOf(replies[index])?.kind === 'hidden')) this.hiddenKeys += 1;
		const ttl = toNumber(answers.get('ttl'));
		const type = toText(answers.get('type'));
		return {
			isGone: answers.get('usage') === null || ttl === -2 || type === 'none',
			bytes: toCount(answers.get('usage')),
			type,
			hasTtl: ttl === undefined ? undefined : ttl >= 0,
			ttlMs: toCount(ttl),
		};
	}

	#answer(question: Question, reply: unknown): unknown {
		const verdict = verdictOf(reply);
		const command = questions[question].name;
		if (verdict?.kind === 'refused' && !this.refused.some(known => known.command === command)) this.refused.push({command, reason: verdict.reason});
		return verdict ? undefined : reply;
	}
}
