import type {SurveyGroup} from '../store/survey.ts';
import {keyText} from '../text/key-text.ts';
import {detached, maxPrefixBytes, placeOf, shapeOf} from './key-names.ts';
import {type Extent, sigmas, Tally} from './tally.ts';

/** `children` is undefined once there were too many of them: then the branch is one group. */
type Branch = {total: Tally; children: Map<string, Tally> | undefined};

const maxBranches = 2000;
const maxChildren = 500;
const maxChildrenInAll = 20_000;
/** Below this share of all keys and of all bytes a prefix within a branch is no group of its own. */
const leastShare = 0.01;
const leastShareOfBranch = 0.25;
/** So many branches that differ in a number only (`tenant17:`) are one group. */
const maxAlike = 20;
const maxGroups = 200;

type Named = {readonly name: string; readonly tally: Tally; readonly isWhole?: boolean};

/**
 * Keys by prefix, in bounded memory: up to the first separator, and up to the second one where that splits a branch into few parts that
 * matter. A thousand prefixes with a key each are one group, whichever way they come about.
 */
export class PrefixTree {
	readonly #branches = new Map<string, Branch>();
	#childrenInAll = 0;

	/** The tally of a key; always ask again, for branches grow together. */
	find(key: string): Tally {
		const place = placeOf(key);
		const branch = this.#branch(place.branch);
		if (!branch.children) return branch.total;
		const known = branch.children.get(place.child);
		if (known) return known;
		if (branch.children.size >= maxChildren || this.#childrenInAll >= maxChildrenInAll) {
			this.#close(branch);
			return branch.total;
		}
		const child = new Tally();
		branch.children.set(detached(place.child), child);
		this.#childrenInAll += 1;
		return child;
	}

	/** Largest first. */
	groups(extent: Extent): {readonly groups: readonly SurveyGroup[]; readonly total: SurveyGroup} {
		const branches = this.#alike().map(([name, branch]) => ({name, branch, tally: sum(branch)}));
		const total = totalOf(branches, extent);
		const named = branches.flatMap(({name, branch, tally}) =>
			branch.children ? split(name, branch.children, total, extent) : [{name: labelOf(name, 'all'), tally}],
		);
		const ranked = named
			.map(({name, tally, isWhole}) => ({tally, group: tally.toGroup(name, isWhole ? itself : extent)}))
			.sort((a, b) => compareGroups(a.group, b.group));
		const small = ranked.slice(maxGroups);
		const folded = small.length === 0 ? [] : [sumOf(small.map(({tally}) => tally)).toGroup(`(${small.length} smaller prefixes)`, extent)];
		return {groups: [...ranked.slice(0, maxGroups).map(({group}) => group), ...folded], total};
	}

	#branch(name: string): Branch {
		const known = this.#branches.get(name);
		if (known) return known;
		if (this.#branches.size < maxBranches) return this.#grow(name, new Map());
		// Names that begin with an id make a branch each: from here on only what they have in common counts.
		const shape = shapeOf(name);
		const kept = this.#branches.has(shape) || this.#branches.size < 2 * maxBranches ? shape : others;
		return this.#branches.get(kept) ?? this.#grow(kept, undefined);
	}

	#grow(name: string, children: Branch['children']): Branch {
		const branch: Branch = {total: new Tally(), children};
		this.#branches.set(detached(name), branch);
		return branch;
	}

	#close(branch: Branch): void {
		this.#childrenInAll -= branch.children?.size ?? 0;
		branch.total = sum(branch);
		branch.children = undefined;
	}

	/** Branches of one shape as one where there are many of them. */
	#alike(): readonly (readonly [string, Branch])[] {
		const byShape = new Map<string, (readonly [string, Branch])[]>();
		for (const entry of this.#branches) {
			const shape = shapeOf(entry[0]);
			const members = byShape.get(shape);
			if (members) members.push(entry);
			else byShape.set(shape, [entry]);
		}
		return [...byShape].flatMap(([shape, members]) => {
			if (members.length <= maxAlike) return members;
			return [[shape, {total: sumOf(members.map(([, branch]) => sum(branch))), children: undefined}] as const];
		});
	}
}

/** A whole name is one key, however much of the database has been seen. */
const itself: Extent = {seen: 1};

/** No key name is empty before its separator, so no branch has this name. */
const others = ':';

const sum = ({total, children}: Branch): Tally => sumOf([total, ...(children?.values() ?? [])]);

const sumOf = (tallies: readonly Tally[]): Tally => tallies.reduce((all, tally) => all.plus(tally), new Tally());

/** The sum of the branches: their errors are independent, and what differs between prefixes is not taken for chance. */
function totalOf(branches: readonly {readonly tally: Tally}[], extent: Extent): SurveyGroup {
	const all = sumOf(branches.map(({tally}) => tally));
	// How many keys there are in all is known, however few have been seen.
	const whole = {...all.toGroup('', extent), keys: Math.round(all.keys / extent.seen), isAtLeast: false};
	const parts = branches.map(({tally}) => tally.toGroup('', extent));
	if (parts.every(({bytes}) => bytes === undefined)) return whole;
	const unseen = unseenRare(parts, whole.keys, extent);
	const bytes = sumBy(parts, part => part.bytes ?? 0) + unseen.bytes;
	const squares = sumBy(parts, part => ((part.bytes ?? 0) * (part.bytesError ?? 1)) ** 2) + unseen.error ** 2;
	return {...whole, bytes, bytesError: bytes === 0 ? 0 : Math.sqrt(squares) / bytes};
}

/** From fewer rare branches than these, what is usual among them cannot be told. */
const leastRare = 5;

/**
 * What the unseen keys of rare kinds may take: so many as are left of all keys, each as large as is usual among the rare ones, or among
 * all others. Not as large as the few that happen to have been seen: one large key would then stand for twenty.
 */
function unseenRare(parts: readonly SurveyGroup[], allKeys: number, {seen}: Extent): {readonly bytes: number; readonly error: number} {
	const rare = parts.filter(({isAtLeast, bytes}) => isAtLeast && bytes !== undefined);
	const common = parts.filter(({isAtLeast, bytes}) => !isAtLeast && bytes !== undefined);
	if (rare.length === 0) return {bytes: 0, error: 0};
	const perKey = ({keys, bytes = 0}: Size) => bytes / keys;
	const usual = rare.map(perKey).sort((a, b) => a - b)[Math.floor((rare.length - 1) / 2)] ?? 0;
	const commonKeys = sumBy(common, ({keys}) => keys);
	const each = rare.length >= leastRare || commonKeys === 0 ? usual : sumBy(common, ({bytes = 0}) => bytes) / commonKeys;
	const bytes = Math.max(0, allKeys - sumBy(parts, ({keys}) => keys)) * each;
	const rareKeys = sumBy(rare, ({keys}) => keys);
	const rareBytes = sumBy(rare, part => part.bytes ?? 0);
	// How many of them the unseen part holds is chance besides: few were seen, so few more or less make much of a difference.
	const chance = (rareBytes / rareKeys) * sigmas * (Math.sqrt((rareKeys + 1) * (1 - seen)) / seen);
	return {bytes, error: Math.abs(rareBytes * (1 / seen - 1) - bytes) + chance};
}

/** The children that matter one by one, the others as one. */
function split(branch: string, children: ReadonlyMap<string, Tally>, total: SurveyGroup, extent: Extent): readonly Named[] {
	const all = [...children].map(([name, tally]) => ({name, tally, group: tally.toGroup(name, isPrefix(name) ? extent : itself)}));
	const ofBranch = {keys: sumBy(all, ({group}) => group.keys), bytes: sumBy(all, ({group}) => group.bytes ?? 0)};
	// A single key has a row of its own only where its branch is hardly more than that key.
	const matters = ({name, group}: (typeof all)[number]) =>
		isPrefix(name) ? isPartOf(group, total, leastShare) : isPartOf(group, ofBranch, leastShareOfBranch);
	const small = all.filter(child => !matters(child));
	const large = all.filter(matters).map(({name, tally}) => ({name: childLabel(name), tally, isWhole: !isPrefix(name)}));
	const [only] = small;
	if (!only) return large;
	if (small.length === 1) return [...large, {name: childLabel(only.name), tally: only.tally, isWhole: !isPrefix(only.name)}];
	return [...large, {name: labelOf(branch, large.length > 0 ? 'others' : 'all'), tally: sumOf(small.map(({tally}) => tally))}];
}

type Size = Pick<SurveyGroup, 'keys' | 'bytes'>;

const isPartOf = (part: Size, whole: Size, leastPart: number): boolean =>
	part.keys >= whole.keys * leastPart || (whole.bytes ? (part.bytes ?? 0) >= whole.bytes * leastPart : false);

const sumBy = <T>(all: readonly T[], read: (one: T) => number): number => all.reduce((sum, one) => sum + read(one), 0);

function labelOf(branch: string, part: 'all' | 'others'): string {
	if (branch === others) return '(other prefixes)';
	if (branch === '') return part === 'all' ? '(no prefix)' : '(no prefix, others)';
	return `${keyText(branch)}*${part === 'others' ? ' (others)' : ''}`;
}

/** Does it end in a separator, or was it cut? Any other child is a whole name. */
const isPrefix = (child: string): boolean => /[:/|]$/.test(child) || child.length >= maxPrefixBytes;

const childLabel = (child: string): string => `${keyText(child)}${isPrefix(child) ? '*' : ''}`;

/** By size; where sizes cannot be read, by keys. */
const compareGroups = (a: SurveyGroup, b: SurveyGroup): number => (b.bytes ?? 0) - (a.bytes ?? 0) || b.keys - a.keys || (a.name < b.name ? -1 : 1);
