import type {z} from 'zod';
import {closest} from '../text/closest.ts';
import {about, type Path, type Problem} from './problem.ts';
import {pathId, type Tree} from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

/** What the schema has found, in words that name the key and say what would be right. */
export function schemaProblems(issues: readonly Issue[], tree: Tree): readonly Problem[] {
	return issues.flatMap(issue => toProblems(issue, [], tree));
}

function toProblems(issue: Issue, base: Path, tree: Tree): readonly Problem[] {
	const path = [...base, ...(issue.path as Path)];
	// A variable that is not set has been told already.
	if (tree.faulty.has(pathId(path))) return [];
	if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, issue.message.split(' '), path, tree));
	if (issue.code === 'invalid_key') return [{offset: tree.offsetOf(path, 'key'), text: about(path, issue.issues[0]?.message ?? issue.message)}];
	const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors, path, tree) : undefined;
	if (meant) return meant.flatMap(inner => toProblems(inner, path, tree));
	const isThere = valueAt(tree.data, path) !== undefined;
	const what = isThere || issue.code === 'custom' ? issue.message : issue.message.replace(/^must be/, 'is missing: it must be');
	return [{offset: tree.offsetOf(path, 'value'), text: about(path, what)}];
}

function unknownKey(key: string, known: readonly string[], path: Path, tree: Tree): Problem {
	const left = known.filter(name => valueAt(tree.data, [...path, name]) === undefined);
	const meant = closest(key, left);
	const inner = [...path, key];
	return {offset: tree.offsetOf(inner, 'key'), text: about(inner, `is unknown here: ${meant ? `did you mean ${meant}?` : `known are ${known.join(', ')}`}`)};
}

/** Of a map or something else, a map was meant where a map stands. */
function meantBranch(branches: readonly (readonly Issue[])[], path: Path, tree: Tree): readonly Issue[] | undefined {
	if (!isMap(valueAt(tree.data, path))) return undefined;
	return branches.find(issues => issues.some(({code, path: inner}) => code === 'unrecognized_keys' || inner.length > 0 || code === 'custom'));
}

function valueAt(data: unknown, path: Path): unknown {
	let value = data;
	for (const part of path) {
		if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
		value = (value as Readonly<Record<string | number, unknown>>)[part];
	}
	return value;
}

const isMap = (value: unknown): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The names in each list of things with names: an action or a tick is told by its name. */
export function repeatedNames(tree: Tree): readonly Problem[] {
	return ['components', 'hooks', 'checks'].flatMap(section => {
		const items = valueAt(tree.data, [section]);
		const names = Array.isArray(items) ? items.map((_, index) => valueAt(items, [index, 'name'])) : [];
		return names.flatMap((name, index) => {
			const path = [section, index, 'name'];
			const isRepeated = typeof name === 'string' && names.indexOf(name) < index;
			return isRepeated ? [{offset: tree.offsetOf(path, 'value'), text: about(path, 'is the name of an earlier one: give it another')}] : [];
		});
	});
}
