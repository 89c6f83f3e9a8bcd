import type {z} from 'zod';
import type {Config} from './config.ts';
import {exposedPassword} from './passwords.ts';
import {ConfigError, type Path, type Problem, printable} from './problem.ts';
import {schema, type Written} from './schema.ts';
import {repeatedNames, schemaProblems} from './schema-problems.ts';
import {toConfig} from './to-config.ts';
import {parseYaml, pathId, type Tree, type YamlFile} from './yaml-tree.ts';

export type Surroundings = {readonly env: Readonly<Record<string, string | undefined>>; readonly homeFolder: string};

/** A config file as it was read. `mode` is its permission bits. */
export type ConfigText = {readonly file: string; readonly text: string; readonly mode: number};

/** Read the text of a config file. Throws a ConfigError with all its problems, in the order of the lines. */
export function parseConfig({file, text, mode}: ConfigText, {env, homeFolder}: Surroundings): Config {
	const yaml = parseYaml(text);
	refuse(file, yaml, yaml.problems);
	const {tree, result} = validate(yaml, env);
	refuse(file, yaml, [
		...tree.problems,
		...schemaProblems(result.error?.issues ?? [], tree),
		...repeatedNames(tree),
		...halfVariables(tree),
		...exposedPassword(tree.leaves, {file, mode}),
	]);
	// Without problems there is data; the schema's own word for it, in case its issues were not understood.
	if (!result.success) throw new ConfigError([`${printable(file)}: cannot be read`], file);
	return toConfig(result.data, {file, homeFolder, where: path => `${printable(file)}:${yaml.positionOf(tree.offsetOf(path, 'key')).line}`});
}

/** A variable is text; where text will not do, it is tried as a number, true or false. */
function validate(yaml: YamlFile, env: Surroundings['env']): {readonly tree: Tree; readonly result: z.ZodSafeParseResult<Written>} {
	const tree = yaml.read(env);
	const result = schema.safeParse(tree.data);
	const fromEnvironment = new Set(tree.leaves.filter(leaf => leaf.isFromEnvironment).map(({path}) => pathId(path)));
	const wrong = (result.error?.issues ?? []).map(({path}) => pathId(path as Path)).filter(id => fromEnvironment.has(id));
	if (wrong.length === 0) return {tree, result};
	const typed = yaml.read(env, new Set(wrong));
	return {tree: typed, result: schema.safeParse(typed.data)};
}

/** `redis://:${PW}@host` would be taken as it stands, and tried as the password. */
function halfVariables({leaves}: Tree): readonly Problem[] {
	return leaves
		.filter(({path, value, isFromEnvironment}) => path[0] === 'targets' && !isFromEnvironment && typeof value === 'string' && /\$\{\w+\}/.test(value))
		.map(({offset}) => ({offset, text: 'a variable can only be a whole value: put the whole value into the environment'}));
}

const maxShown = 50;

function refuse(file: string, {positionOf}: YamlFile, problems: readonly Problem[]): void {
	if (problems.length === 0) return;
	const lines = problems
		.toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1))
		.map(({offset, text}) => {
			if (offset === undefined) return `${printable(file)}: ${text}`;
			const {line, column} = positionOf(offset);
			return `${printable(file)}:${line}:${column}: ${text}`;
		});
	const more = lines.length - maxShown;
	throw new ConfigError(more > 0 ? [...lines.slice(0, maxShown), `${printable(file)}: and ${more} more`] : [...new Set(lines)], file);
}
