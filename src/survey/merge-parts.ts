import type {SurveyGroup, SurveyProgress, SurveyResult} from '../store/survey.ts';

/** What one server of several has told so far. */
export type SurveyPart = {readonly node: string; readonly progress: SurveyProgress | undefined; readonly result: SurveyResult | undefined};

const mostBigKeys = 50;

/** Several servers' results as one: keys of one name belong together wherever they are, as in a cluster each has a part of them. */
export function mergeResults(parts: readonly SurveyPart[]): SurveyResult | undefined {
	const told = parts.flatMap(({node, result}) => (result ? [{node, result}] : []));
	const [only] = told;
	if (!only || parts.length === 1) return only?.result;
	const total = mergeGroups(told.map(({result}) => result.total));
	return {
		total: total[0] ?? only.result.total,
		prefixes: mergeGroups(told.flatMap(({result}) => result.prefixes.map(group => ({...group, name: plainName(group.name)})))).toSorted(largestFirst),
		components: mergeGroups(told.flatMap(({result}) => result.components)),
		bigKeys: told
			.flatMap(({node, result}) => result.bigKeys.map(key => ({...key, node})))
			.toSorted((a, b) => b.bytes - a.bytes)
			.slice(0, mostBigKeys),
	};
}

/** How many prefixes are small differs from one to the other. */
const plainName = (name: string): string => name.replace(/^\(\d+ smaller prefixes\)$/, '(smaller prefixes)');

const largestFirst = (a: SurveyGroup, b: SurveyGroup): number => (b.bytes ?? 0) - (a.bytes ?? 0) || b.keys - a.keys;

/** By name, in the order in which the names come first. */
function mergeGroups(groups: readonly SurveyGroup[]): readonly SurveyGroup[] {
	const byName = new Map<string, SurveyGroup[]>();
	for (const group of groups) byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
	return [...byName.values()].map(mergeOne);
}

function mergeOne(groups: readonly SurveyGroup[]): SurveyGroup {
	const [first] = groups as readonly [SurveyGroup, ...SurveyGroup[]];
	const keys = sum(groups.map(group => group.keys));
	const measured = groups.filter(group => group.bytes !== undefined);
	const shares = groups.filter(group => group.withoutTtl !== undefined);
	const shareOf = (weigh: (group: SurveyGroup) => number) =>
		shares.length === 0 ? undefined : sum(shares.map(weigh)) / Math.max(1, sum(shares.map(group => group.keys)));
	return {
		name: first.name,
		keys,
		keysError: relative(
			groups.map(group => group.keysError * group.keys),
			keys,
		),
		isAtLeast: groups.some(({isAtLeast}) => isAtLeast),
		bytes: measured.length === 0 ? undefined : sum(measured.map(group => group.bytes ?? 0)),
		bytesError: measured.some(({bytesError}) => bytesError === undefined)
			? undefined
			: relative(
					measured.map(group => (group.bytesError ?? 0) * (group.bytes ?? 0)),
					sum(measured.map(group => group.bytes ?? 0)),
				),
		withoutTtl: shareOf(group => (group.withoutTtl ?? 0) * group.keys),
		withoutTtlError: shares.some(({withoutTtlError}) => withoutTtlError === undefined)
			? undefined
			: shareOf(group => (group.withoutTtlError ?? 0) * group.keys),
	};
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The errors of different servers are independent of each other. */
const relative = (errors: readonly number[], whole: number): number => (whole === 0 ? 0 : Math.sqrt(sum(errors.map(error => error ** 2))) / whole);

/** `count`: of servers in all; those whose turn has not come are taken to have as many keys as those that have told, as hashing gives them. */
export function mergeProgress(parts: readonly SurveyPart[], count: number): SurveyProgress | undefined {
	const told = parts.flatMap(({progress}) => progress ?? []);
	const last = told.at(-1);
	if (!last || count === 1) return last;
	const totals = told.flatMap(({totalKeys}) => totalKeys ?? []);
	const refused = told.flatMap(progress => progress.refused);
	return {
		...last,
		scannedKeys: sum(told.map(({scannedKeys}) => scannedKeys)),
		totalKeys: totals.length < told.length ? undefined : Math.round((sum(totals) / told.length) * count),
		measuredKeys: sum(told.map(({measuredKeys}) => measuredKeys)),
		everyNth: Math.max(...told.map(({everyNth}) => everyNth)),
		isExtended: told.every(({isExtended}) => isExtended),
		serverMs: sum(told.map(({serverMs}) => serverMs)),
		slowestRoundMs: Math.max(...told.map(({slowestRoundMs}) => slowestRoundMs)),
		refused: refused.filter(({command}, index) => refused.findIndex(other => other.command === command) === index),
		hiddenKeys: sum(told.map(({hiddenKeys}) => hiddenKeys)),
		node: {address: parts.at(-1)?.node ?? '', position: parts.length, count},
	};
}
