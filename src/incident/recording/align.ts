import {none} from './delta-format.ts';
import {isFields} from './plain-data.ts';

/** Where in the list before each element of the list after comes from; -1: it is new. */
export type Sources = readonly number[];

/** What names a row among others of its list. */
const idFields = ['id', 'address', 'node', 'name', 'shape'] as const;

/**
 * Which element was which one before, so that only what has changed in it need be told. Rows with an id are followed by it, wherever they go.
 * Of others it is tried whether the list has lost some at its beginning and got some at its end. If not, they count by their place.
 */
export function align(before: readonly unknown[], after: readonly unknown[]): Sources {
	if (before.length === 0) return after.map(() => -1);
	const sources = byId(before, after);
	if (sources) return sources;
	const {lost, kept} = shifted(before, after) ?? {lost: 0, kept: before.length};
	return after.map((_, index) => (index < kept ? lost + index : -1));
}

/** Rows with the ids of those before, one by one, and perhaps some more: of a long list that is seen sooner than where each has gone. */
function staysInPlace(before: readonly unknown[], after: readonly unknown[], field: string): boolean {
	if (before.length > after.length) return false;
	for (let index = 0; index < before.length; index++) {
		const was = before[index];
		const is = after[index];
		if (was !== is && !(isFields(was) && isFields(is) && was[field] !== undefined && was[field] === is[field])) return false;
	}
	return true;
}

/** Of lists in which nothing comes twice: keys of a Map, members of a Set. */
export function alignUnique(before: readonly unknown[], after: readonly unknown[]): Sources {
	const indexes = new Map(before.map((each, index) => [each, index]));
	return after.map(each => indexes.get(each) ?? -1);
}

function byId(before: readonly unknown[], after: readonly unknown[]): Sources | undefined {
	const field = idFields.find(name => hasId(after[0], name));
	if (field === undefined) return undefined;
	if (staysInPlace(before, after, field)) return after.map((_, index) => (index < before.length ? index : -1));
	const [oldIds, newIds] = [idsOf(before, field), idsOf(after, field)];
	return oldIds && newIds ? alignUnique(oldIds, newIds) : undefined;
}

const hasId = (row: unknown, field: string): boolean => isFields(row) && (typeof row[field] === 'string' || typeof row[field] === 'number');

/** Undefined where a row has no id, or two have the same. */
function idsOf(rows: readonly unknown[], field: string): readonly unknown[] | undefined {
	const ids = new Set<unknown>();
	for (const row of rows) {
		if (!isFields(row) || !hasId(row, field)) return undefined;
		ids.add(row[field]);
	}
	return ids.size === rows.length ? [...ids] : undefined;
}

/** What each element is compared with: itself as it was; for the first of new ones its neighbour, which it often resembles; for others the one above. */
export function pick(before: readonly unknown[], sources: Sources): readonly unknown[] {
	return sources.map((from, row) => {
		if (from >= 0) return before[from];
		const neighbour = row === 0 ? 0 : (sources[row - 1] ?? -1);
		return neighbour >= 0 && neighbour < before.length ? before[neighbour] : none;
	});
}

/** So many lost at the beginning, so many kept as they were, and the rest new. */
export type Slide = {readonly lost: number; readonly kept: number};

/** Whether figures have only gone on, which those of all vitals do in every frame: told without a look at where each comes from. */
export function slideOf(before: readonly unknown[], after: readonly unknown[]): Slide | undefined {
	const slide = isFields(after[0]) ? undefined : shifted(before, after);
	return slide && slide.kept === before.length - slide.lost ? slide : undefined;
}

/** Rows that have only gone on, by their ids. */
export function rowSlideOf(before: readonly unknown[], after: readonly unknown[], sources: Sources): Slide | undefined {
	const [lost = -1] = sources;
	const kept = before.length - lost;
	if (lost < 0 || kept > after.length) return undefined;
	for (let row = 0; row < after.length; row++) {
		if (sources[row] !== (row < kept ? lost + row : -1)) return undefined;
		if (row < kept && !Object.is(before[lost + row], after[row])) return undefined;
	}
	return {lost, kept};
}

/** Lists of equal figures would otherwise be compared as often as they are long. */
const mostTries = 16;

function shifted(before: readonly unknown[], after: readonly unknown[]): Slide | undefined {
	let tries = 0;
	for (let lost = 0; lost < before.length && tries < mostTries; lost++) {
		if (!Object.is(before[lost], after[0])) continue;
		tries++;
		const kept = Math.min(before.length - lost, after.length);
		if (isRun(before, after, {lost, kept})) return {lost, kept};
	}
	return undefined;
}

function isRun(before: readonly unknown[], after: readonly unknown[], {lost, kept}: {readonly lost: number; readonly kept: number}): boolean {
	for (let index = kept - 1; index >= 0; index--) if (!Object.is(before[lost + index], after[index])) return false;
	return true;
}
