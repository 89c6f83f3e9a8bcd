import {type CST, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, Parser, parseDocument, type Scalar, type YAMLMap} from 'yaml';
import {about, type Path, type Problem} from './problem.ts';
import {yamlFault} from './yaml-faults.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One value that is no map and no list. */
export type Leaf = {
	readonly path: Path;
	readonly value: unknown;
	readonly offset: number;
	/** It came from the environment, as text. */
	readonly isFromEnvironment: boolean;
};

/** A YAML file as plain data, and where in the text each value of it stands. */
export type Tree = {
	/** Maps have no prototype. */
	readonly data: unknown;
	readonly leaves: readonly Leaf[];
	readonly problems: readonly Problem[];
	/** `pathId`s of what the problems are about. */
	readonly faulty: ReadonlySet<string>;
	/** Where to look for the key or the value; where there is none, for what it is missing from. */
	readonly offsetOf: (path: Path, part: 'key' | 'value') => number;
};

export type YamlFile = {
	/** Syntax errors; then there is nothing to read. */
	readonly problems: readonly Problem[];
	/** From 1. */
	readonly positionOf: (offset: number) => {readonly line: number; readonly column: number};
	/** The data with `${VAR}` filled in; at `typed` paths a variable may also stand for a number, true or false. */
	readonly read: (env: Environment, typed?: ReadonlySet<string>) => Tree;
};

const maxDepth = 20;
/** Aliases unfold, and their aliases with them. */
const maxValues = 10_000;

/** Parse YAML 1.2. Never throws, whatever the text is. */
export function parseYaml(text: string): YamlFile {
	const counter = new LineCounter();
	const deep = nestedTooDeep(text);
	// Pretty errors quote the file.
	const document = parseDocument(deep === undefined ? text : '', {
		lineCounter: counter,
		prettyErrors: false,
		logLevel: 'error',
		stringKeys: true,
		uniqueKeys: false,
		schema: 'core',
	});
	// What follows a syntax error is mostly its consequence.
	const [fault] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
	const problem = deep ?? (fault && {offset: fault.pos[0], text: yamlFault(fault.code, fault.message)});
	return {
		problems: problem ? [problem] : [],
		positionOf: offset => {
			const {line, col} = counter.linePos(offset);
			return {line: Math.max(line, 1), column: Math.max(col, 1)};
		},
		read: (env, typed) => new TreeReader(env, typed ?? new Set()).read(document.contents),
	};
}

/**
 * The package's composer recurses, and where that ends near the end of the stack, a regular expression that V8 compiles there ends the process
 * ("RegExpCompiler Allocation failed", Node 20). Its parser does not recurse, and neither does this.
 */
function nestedTooDeep(text: string): Problem | undefined {
	let level: readonly CST.Token[] = [...new Parser().parse(text)];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > maxDepth) return {offset: undefined, text: `is nested deeper than ${maxDepth} levels`};
		level = level.flatMap(tokensIn);
	}
	return undefined;
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
	if (token.type === 'document') return token.value ? [token.value] : [];
	if (!('items' in token)) return [];
	return token.items.flatMap(({key, value}) => [...(key ? [key] : []), ...(value ? [value] : [])]);
}

/** Two paths are the same when these are. */
export const pathId = (path: Path): string => JSON.stringify(path);

class TreeReader {
	readonly #env: Environment;
	readonly #typed: ReadonlySet<string>;
	readonly #problems: Problem[] = [];
	readonly #faulty = new Set<string>();
	readonly #leaves: Leaf[] = [];
	readonly #keyOffsets = new Map<string, number>();
	readonly #valueOffsets = new Map<string, number>();
	readonly #anchors = new Map<string, Node>();
	#valueCount = 0;
	#isStopped = false;

	constructor(env: Environment, typed: ReadonlySet<string>) {
		this.#env = env;
		this.#typed = typed;
	}

	read(root: Node | null): Tree {
		const data = this.#value(root, []);
		return {
			data: data === undefined || data === null ? {} : data,
			leaves: this.#leaves,
			problems: this.#problems,
			faulty: this.#faulty,
			offsetOf: (path, part) => this.#offsetOf(path, part),
		};
	}

	#offsetOf(path: Path, part: 'key' | 'value'): number {
		const id = pathId(path);
		const key = this.#keyOffsets.get(id);
		const found = part === 'key' ? (key ?? this.#valueOffsets.get(id)) : (this.#valueOffsets.get(id) ?? key);
		if (found !== undefined || path.length === 0) return found ?? 0;
		return this.#offsetOf(path.slice(0, -1), 'key');
	}

	#value(node: Node | null, path: Path): unknown {
		if (!node || !this.#isWithinBounds(node, path)) return undefined;
		if (!isAlias(node) && node.anchor) this.#anchors.set(node.anchor, node);
		if (isAlias(node)) return this.#aliased(node.source, node, path);
		if (isMap(node)) return this.#map(node, path);
		if (isSeq(node)) return node.items.map((item, index) => this.#value(item as Node | null, this.#noteItem(item, [...path, index])));
		return isScalar(node) ? this.#leaf(node, path) : undefined;
	}

	#isWithinBounds(node: Node, path: Path): boolean {
		this.#valueCount++;
		const problem = path.length > maxDepth ? `is nested deeper than ${maxDepth} levels` : this.#valueCount > maxValues ? tooMany : undefined;
		if (problem !== undefined && !this.#isStopped) this.#problem(path, offsetIn(node), problem);
		this.#isStopped ||= problem !== undefined;
		return !this.#isStopped;
	}

	#aliased(name: string, alias: Node, path: Path): unknown {
		const node = this.#anchors.get(name);
		if (node) return this.#value(node, path);
		this.#problem(path, offsetIn(alias), 'has an alias (*) whose anchor (&) is not above it: put the value in quotes if * is part of it');
		return undefined;
	}

	#noteItem(item: unknown, path: Path): Path {
		const offset = offsetIn(item);
		// A map in a list begins with its first key, which is what its line is known by.
		if (offset !== undefined) this.#valueOffsets.set(pathId(path), offset);
		return path;
	}

	#map(map: YAMLMap, path: Path): unknown {
		const data: Record<string, unknown> = Object.create(null);
		for (const {key, value} of map.items as Pair<Scalar, Node | null>[]) {
			const name = String(key.value);
			const inner = [...path, name];
			if (Object.hasOwn(data, name)) this.#problem(inner, offsetIn(key), 'is here twice: keep one of them');
			this.#note(inner, offsetIn(key), value);
			const read = this.#value(value, inner);
			// A section with nothing in it, or only comments.
			const isEmptySection = path.length === 0 && (read === null || read === undefined);
			if (!isEmptySection) data[name] = read ?? null;
		}
		return data;
	}

	#note(path: Path, key: number | undefined, value: Node | null): void {
		if (key !== undefined) this.#keyOffsets.set(pathId(path), key);
		// An empty value has its place on the line below.
		const isEmpty = !value || (isScalar(value) && value.range?.[0] === value.range?.[1]);
		const offset = isEmpty || isMap(value) || isSeq(value) ? key : offsetIn(value);
		if (offset !== undefined) this.#valueOffsets.set(pathId(path), offset);
	}

	#leaf(scalar: Scalar, path: Path): unknown {
		const offset = offsetIn(scalar) ?? 0;
		const [, variable] = (typeof scalar.value === 'string' && /^\$\{([A-Za-z_]\w*)\}$/.exec(scalar.value)) || [];
		const value = variable === undefined ? scalar.value : isShown(path) ? this.#refuseShown(variable, path, offset) : this.#variable(variable, path, offset);
		this.#leaves.push({path, value, offset, isFromEnvironment: variable !== undefined});
		return value;
	}

	#refuseShown(name: string, path: Path, offset: number): undefined {
		this.#problem(path, offset, `must not be \${${name}}: it is shown and audited as it is; the program has ${name} from the environment`);
	}

	#variable(name: string, path: Path, offset: number): unknown {
		const value = this.#env[name];
		if (typeof value === 'string' && value !== '') return this.#typed.has(pathId(path)) ? toTyped(value) : value;
		this.#problem(path, offset, `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`);
		return undefined;
	}

	#problem(path: Path, offset: number | undefined, what: string): void {
		this.#problems.push({offset, text: about(path, what)});
		this.#faulty.add(pathId(path));
	}
}

/** The command of a hook: dialog, audit log and report have it word by word. */
const isShown = (path: Path): boolean => path[0] === 'hooks' && path[2] === 'command';

const tooMany = `is more than ${maxValues} values, its aliases unfolded`;

function offsetIn(node: unknown): number | undefined {
	return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && node.range ? node.range[0] : undefined;
}

function toTyped(text: string): unknown {
	if (text === 'true' || text === 'false') return text === 'true';
	return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
