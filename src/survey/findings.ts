import type {SurveyGroup, SurveyResult} from '../store/survey.ts';
import {globMatcher} from '../text/glob.ts';
import {keyBytes} from '../text/key-text.ts';
import {BigKeys} from './big-keys.ts';
import {shapeOf} from './key-names.ts';
import {PrefixTree} from './prefix-tree.ts';
import type {KeyFacts} from './questions.ts';
import {type Extent, Tally} from './tally.ts';

/** A part of the application, told by its keys (Redis patterns). */
export type SurveyComponent = {readonly name: string; readonly keys: readonly string[]};

/** So many of every kind of name are measured, whatever one in N says: what there is only once is often what is large. */
const certainPerShape = 20;
const maxShapes = 20_000;
/** Of one in N, at most, so that names without a pattern (words, tokens) cannot make a sample a census. */
const maxCertain = 25_000;

type Component = {readonly name: string; readonly matches: (key: string) => boolean; readonly tally: Tally};

/** What a survey has seen so far, in bounded memory. */
export class Findings {
	readonly everyNth: number;
	scannedKeys = 0;
	measuredKeys = 0;
	readonly #tree = new PrefixTree();
	readonly #bigKeys = new BigKeys();
	readonly #components: readonly Component[];
	readonly #shapes = new Map<string, number>();
	/** Keys picked and not measured yet; true: for certain. */
	readonly #picked = new Map<string, boolean>();
	#certainCount = 0;
	#restCount = 0;

	constructor(components: readonly SurveyComponent[], everyNth: number) {
		this.everyNth = everyNth;
		this.#components = components.map(({name, keys}) => {
			const matchers = keys.map(pattern => globMatcher(keyBytes(pattern)));
			return {name, matches: key => matchers.some(matches => matches(key)), tally: new Tally()};
		});
	}

	/** Count these keys, and say which of them to measure. */
	see(keys: readonly string[]): readonly string[] {
		this.#picked.clear();
		for (const key of keys) {
			const isCertain = this.#isCertain(key);
			this.#restCount += isCertain ? 0 : 1;
			if (isCertain || this.#restCount % this.everyNth === 0) this.#picked.set(key, isCertain);
			this.#tree.find(key).count(isCertain);
			for (const {matches, tally} of this.#components) if (matches(key)) tally.count(isCertain);
		}
		this.scannedKeys += keys.length;
		return [...this.#picked.keys()];
	}

	record(key: string, {isGone, bytes, type, hasTtl, ttlMs}: KeyFacts): void {
		const isCertain = this.#picked.get(key);
		const isTold = bytes !== undefined || type !== undefined || hasTtl !== undefined;
		if (isGone || !isTold || isCertain === undefined) return;
		this.measuredKeys += 1;
		const measure = {bytes, hasTtl};
		this.#tree.find(key).record(measure, isCertain);
		for (const {matches, tally} of this.#components) if (matches(key)) tally.record(measure, isCertain);
		if (bytes !== undefined) this.#bigKeys.offer(key, type, bytes, {ttlMs, hasTtl});
	}

	lengthQuestions(): ReturnType<BigKeys['lengthQuestions']> {
		return this.#bigKeys.lengthQuestions();
	}

	/** `totalKeys`: the figures are to stand for so many keys; undefined: for those that have been seen. */
	result(totalKeys: number | undefined): SurveyResult {
		const extent: Extent = {seen: totalKeys ? Math.min(1, this.scannedKeys / totalKeys) : 1};
		const {groups, total} = this.#tree.groups(extent);
		const components: readonly SurveyGroup[] = this.#components.map(({name, tally}) => tally.toGroup(name, extent));
		return {total, prefixes: groups, components, bigKeys: this.#bigKeys.list()};
	}

	#isCertain(key: string): boolean {
		if (this.everyNth === 1) return true;
		if (this.#certainCount >= maxCertain) return false;
		const shape = shapeOf(key);
		const known = this.#shapes.get(shape) ?? 0;
		if (known >= certainPerShape || (known === 0 && this.#shapes.size >= maxShapes)) return false;
		this.#shapes.set(shape, known + 1);
		this.#certainCount += 1;
		return true;
	}
}
