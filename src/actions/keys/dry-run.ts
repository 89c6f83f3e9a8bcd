import type {Pace} from '../../pace.ts';
import {toCount} from '../../redis/parse/number.ts';
import type {Component} from '../../store/store.ts';
import {formatCount} from '../../text/format.ts';
import {globMatcher, literalStart} from '../../text/glob.ts';
import {keyBytes, keyText} from '../../text/key-text.ts';
import {ask, type Reading} from '../trips.ts';
import type {Refusal} from '../types.ts';
import type {ClearedBases} from './cleared-bases.ts';
import {factsOf, KeySample, questionsOf, questionsPerKey, type SampleFacts} from './key-sample.ts';
import type {KnownQueues} from './known-queues.ts';
import {type Finding, QueueSuspects} from './queue-suspects.ts';
import {microsPerScannedKey, pageOf, scanCommand, scanCount} from './scan-page.ts';

/** What deleting would hit, as it was found by one walk through the database. */
export type DryRun = {
	/** Keys that match. SCAN may name a key twice where the table of keys is resized meanwhile. */
	readonly matched: number;
	/** DBSIZE; undefined where this user may not ask. */
	readonly totalKeys: number | undefined;
	/** Readable names of a few. */
	readonly examples: readonly string[];
	/** One of them whose name is plain text, to ask the server whether this user may delete it. */
	readonly askable: string | undefined;
	readonly sampled: number;
	readonly sample: SampleFacts;
	/** Components of the config file with keys among them, most keys first. */
	readonly components: readonly {readonly component: Component; readonly keys: number}[];
	/** Which names that look like those of queues are none. */
	readonly cleared: ClearedBases;
	/** What one SCAN of the deletion will ask for. */
	readonly scanCount: number;
};

type Search = {readonly pattern: string; readonly queues: KnownQueues; readonly isCluster: boolean; readonly components: readonly Component[]};

const shownExamples = 3;
const microsPerQuestion = 2.5;

/** Count what matches, keep a sample, and look whether it is anybody's queue. Nothing but bounded reads. */
export function* dryRun(search: Search, pace: Pace): Reading<DryRun | Refusal> {
	const [size] = yield* ask([['DBSIZE']]);
	const totalKeys = toCount(size);
	const seen = new Seen(search);
	const refused = yield* walk(search, seen, totalKeys, pace);
	if (refused) return refused;
	if (seen.matched === 0) return {refused: `No key matches ${search.pattern}`};
	const finding = yield* seen.suspects.ofOthers();
	if (finding !== undefined) return refusalOf(search.pattern, finding, seen.sample.keys[0] ?? '');
	const facts = factsOf(yield* sampleReplies(seen.sample.keys, pace));
	return {
		matched: seen.matched,
		totalKeys,
		examples: seen.sample.keys.slice(0, shownExamples).map(key => keyText(key, 60)),
		askable: seen.sample.keys.find(key => /^[\x21-\x7e]+$/.test(key)),
		sampled: seen.sample.keys.length,
		sample: facts,
		components: seen.components(),
		cleared: seen.suspects.cleared,
		scanCount: scanCount(pace),
	};
}

/** One SCAN through the whole database; a refusal ends it. */
function* walk({pattern, queues}: Search, seen: Seen, totalKeys: number | undefined, pace: Pace): Reading<Refusal | undefined> {
	const bytes = keyBytes(pattern);
	let lookedAt = 0;
	for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
		const count = scanCount(pace);
		const told = `${progress(lookedAt, totalKeys)}, ${formatCount(seen.matched)} match; Esc leaves`;
		const replies: readonly unknown[] = yield {argvs: [scanCommand(cursor, bytes, count)], micros: count * microsPerScannedKey, told, encoding: 'bytes'};
		const page = pageOf(replies[0]);
		if (!page) return {refused: `The keys could not be counted: ${replies[0] instanceof Error ? replies[0].message : 'SCAN was answered by no page'}`};
		const owned = page.keys.find(key => queues.ownerOf(key) !== undefined);
		if (owned !== undefined) return ofQueue(pattern, queues.ownerOf(owned) ?? '', owned);
		seen.add(page.keys);
		const finding = yield* seen.suspects.ofBases();
		if (finding !== undefined) return refusalOf(pattern, finding, page.keys[0] ?? '');
		lookedAt += count;
		cursor = page.next;
	}
	return undefined;
}

const progress = (lookedAt: number, totalKeys: number | undefined): string =>
	totalKeys === undefined
		? `About ${formatCount(lookedAt)} keys seen`
		: `About ${formatCount(Math.min(lookedAt, totalKeys))} of ${formatCount(totalKeys)} keys seen`;

const ofQueue = (pattern: string, queue: string, key: string): Refusal => ({
	refused: `${pattern} matches keys of the queue ${queue}, as ${keyText(key, 60)}: jobs would be lost. queue.clean removes finished ones`,
});

const refusalOf = (pattern: string, finding: Finding, key: string): Refusal =>
	'queue' in finding
		? ofQueue(pattern, finding.queue, key)
		: {refused: `Whether ${pattern} matches keys of a queue cannot be told: ${finding.unsure}. Name a narrower pattern, or ask as a user who may read them`};

class Seen {
	matched = 0;
	readonly sample = new KeySample();
	readonly suspects: QueueSuspects;
	readonly #components: readonly {readonly component: Component; readonly matchers: readonly ((key: string) => boolean)[]; keys: number}[];

	constructor({pattern, isCluster, components}: Search) {
		this.suspects = new QueueSuspects(keyBytes(literalStart(pattern)), isCluster);
		this.#components = components.map(component => ({component, matchers: component.keys.map(own => globMatcher(keyBytes(own))), keys: 0}));
	}

	add(keys: readonly string[]): void {
		this.matched += keys.length;
		this.sample.see(keys);
		this.suspects.see(keys);
		for (const entry of this.#components) entry.keys += keys.filter(key => entry.matchers.some(matches => matches(key))).length;
	}

	components(): DryRun['components'] {
		return this.#components
			.filter(({keys}) => keys > 0)
			.toSorted((a, b) => b.keys - a.keys)
			.map(({component, keys}) => ({component, keys}));
	}
}

function* sampleReplies(keys: readonly string[], pace: Pace): Reading<readonly unknown[]> {
	const replies: unknown[] = [];
	for (let from = 0; from < keys.length; ) {
		const some = keys.slice(from, from + Math.max(5, pace.fit(microsPerQuestion * questionsPerKey)));
		const argvs = some.flatMap(questionsOf);
		replies.push(...(yield {argvs, micros: argvs.length * microsPerQuestion, encoding: 'bytes', told: 'Measuring a sample …'}));
		from += some.length;
	}
	return replies;
}

/** Nearly all of the database: that is no part of it that could be cleared. */
export const nearlyAll = ({matched, totalKeys}: DryRun): boolean => totalKeys !== undefined && matched > totalKeys * 0.9;
