import {readdirSync, readFileSync} from 'node:fs';
import {posix} from 'node:path';
import {type ParseResult, parseSync, Visitor} from 'vite';

/** One import or re-export. */
type Import = {
	/** A package (`ioredis`), `node:` for every module of Node's own but `node:process`, or a file's path from the repository's root. */
	readonly from: string;
	/** True when nothing of it exists at run time. */
	readonly isType: boolean;
};

/** What a rule about the source can ask of a file, found by a real parser: comments and strings never count as code. */
export type SourceFile = {
	/** From the repository's root, `src/redis/link.ts`. */
	readonly path: string;
	readonly imports: readonly Import[];
	/** Names of the functions called, once for each call. */
	readonly calls: readonly string[];
	/** Names used as a variable; members (`x.name`) and keys (`{name: 1}`) are not. */
	readonly variables: ReadonlySet<string>;
	readonly comments: readonly string[];
	readonly hasEmptyCatch: boolean;
};

/** The TypeScript files in the folders, in order. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
	return folders
		.flatMap(folder => readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(name => posix.join(folder, name)))
		.filter(path => /\.tsx?$/.test(path))
		.sort()
		.map(path => parseSource(path, readFileSync(path, 'utf8')));
}

/** @throws when the text is not TypeScript */
export function parseSource(path: string, text: string): SourceFile {
	const {program, module, comments, errors} = parseSync(path, text);
	const [error] = errors;
	if (error) throw new Error(`${path}: ${error.message}`);

	const requests = staticRequests(module);
	const calls: string[] = [];
	const names = new Map<number, string>();
	const notVariables = new Set<number>();
	let hasEmptyCatch = false;
	const noteKey = (node: {readonly computed: boolean; readonly key: {readonly start: number}}) => {
		if (!node.computed) notVariables.add(node.key.start);
	};

	new Visitor({
		Identifier: node => {
			names.set(node.start, node.name);
		},
		MemberExpression: node => {
			if (!node.computed) notVariables.add(node.property.start);
		},
		Property: node => {
			if (!node.shorthand) noteKey(node);
		},
		PropertyDefinition: noteKey,
		MethodDefinition: noteKey,
		TSPropertySignature: noteKey,
		CallExpression: node => {
			if (node.callee.type === 'Identifier') calls.push(node.callee.name);
		},
		ImportExpression: node => {
			if (node.source.type === 'Literal') requests.push({from: String(node.source.value), isType: false});
		},
		TSImportType: node => {
			requests.push({from: node.source.value, isType: true});
		},
		CatchClause: node => {
			const isExplained = comments.some(({start, end}) => start > node.body.start && end < node.body.end);
			if (node.body.body.length === 0 && !isExplained) hasEmptyCatch = true;
		},
	}).visit(program);

	return {
		path,
		imports: requests.map(({from, isType}) => ({from: resolve(path, from), isType})),
		calls,
		variables: new Set([...names].filter(([start]) => !notVariables.has(start)).map(([, name]) => name)),
		comments: comments.map(({value}) => value.trim()),
		hasEmptyCatch,
	};
}

/** The `import … from` and `export … from` of a module, as written. */
function staticRequests({staticImports, staticExports}: ParseResult['module']): Import[] {
	const imported = staticImports.map(({moduleRequest, entries}) => ({
		from: moduleRequest.value,
		isType: entries.length > 0 && entries.every(entry => entry.isType),
	}));
	const exported = staticExports
		.flatMap(({entries}) => entries)
		.flatMap(({moduleRequest, isType}) => (moduleRequest ? [{from: moduleRequest.value, isType}] : []));
	return [...imported, ...exported];
}

function resolve(path: string, request: string): string {
	if (request.startsWith('.')) return posix.join(posix.dirname(path), request);
	if (request.startsWith('node:')) return request === 'node:process' ? request : 'node:';
	return request.split('/', request.startsWith('@') ? 2 : 1).join('/');
}
