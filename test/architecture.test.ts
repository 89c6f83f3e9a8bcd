import {describe, expect, it} from 'vitest';
import {parseSource, type SourceFile, sourceFiles} from './helpers/source-file.ts';

type Rule = {
	/** Layers whose code it may import, besides its own. */
	readonly layers: readonly string[];
	/** Layers of which it may only `import type`. */
	readonly types?: readonly string[];
	/** Packages it may import; `node:` stands for every module of Node's own. */
	readonly packages: readonly string[];
};

const everythingBelowCommands = [
	'errors',
	'clock',
	'pace',
	'in-slices',
	'text',
	'redis/parse',
	'redis',
	'queues',
	'store',
	'diagnosis',
	'config',
	'actions',
	'incident',
	'poll',
	'survey',
	'keymap',
	'hooks',
	'views',
	'app',
];

/**
 * Who may import what. A layer is a folder (`store` is src/store/) or a file (`errors` is src/errors.ts) of src; the longest name that fits wins.
 * Imports go one way, from the bottom of this table to its top. If a row is in your way: most often the code is in the wrong layer.
 */
const rules: Readonly<Record<string, Rule>> = {
	launcher: {layers: [], packages: ['node:', 'node:process']},
	'promise-with-resolvers': {layers: [], packages: []},
	errors: {layers: [], packages: []},
	clock: {layers: [], packages: []},
	pace: {layers: [], packages: []},
	'in-slices': {layers: [], packages: []},
	text: {layers: [], packages: []},
	keymap: {layers: [], packages: []},
	'redis/parse': {layers: [], packages: []},
	redis: {layers: ['redis/parse', 'errors', 'clock'], packages: ['ioredis', 'node:']},
	queues: {layers: ['redis/parse', 'errors', 'text'], packages: []},
	store: {layers: ['redis/parse', 'errors', 'text'], types: ['queues'], packages: ['zustand']},
	diagnosis: {layers: ['store', 'redis/parse', 'errors', 'text'], types: ['queues'], packages: []},
	config: {layers: ['redis', 'diagnosis', 'errors', 'text'], packages: ['yaml', 'zod', 'node:']},
	actions: {layers: ['queues', 'store', 'redis/parse', 'errors', 'clock', 'pace', 'in-slices', 'text'], packages: []},
	incident: {layers: ['actions', 'store', 'redis/parse', 'errors', 'clock', 'text'], packages: ['node:']},
	poll: {layers: ['redis', 'redis/parse', 'queues', 'store', 'diagnosis', 'errors', 'clock', 'in-slices', 'text'], packages: []},
	survey: {layers: ['redis', 'redis/parse', 'store', 'errors', 'clock', 'pace', 'text'], packages: []},
	hooks: {layers: ['store', 'keymap', 'text'], types: ['redis/parse', 'queues', 'clock'], packages: ['react', 'ink', 'zustand']},
	views: {layers: ['hooks', 'store', 'keymap', 'text'], types: ['redis/parse', 'queues'], packages: ['react', 'ink', 'ink-table', 'string-width']},
	app: {layers: ['views', 'hooks', 'store', 'keymap', 'text'], packages: ['react', 'ink']},
	terminal: {layers: ['errors', 'clock', 'text'], packages: ['react', 'ink', 'string-width', 'node:', 'node:process']},
	demo: {layers: ['errors', 'clock'], packages: ['node:', 'bullmq6']},
	commands: {layers: [...everythingBelowCommands, 'terminal', 'demo', 'package.json'], packages: ['react', 'ink', 'ink-table', 'meow', 'node:']},
	cli: {layers: ['promise-with-resolvers', 'commands', 'terminal', 'errors', 'text', 'package.json'], packages: ['meow', 'node:', 'node:process']},
};

const src = sourceFiles('src');

describe('imports go one way', () => {
	it.each(src)('$path', file => {
		expect(forbiddenImports(file)).toEqual([]);
	});

	it('the table itself has no circle', () => {
		const reachable = (layer: string): readonly string[] =>
			[...(rules[layer]?.layers ?? []), ...(rules[layer]?.types ?? [])].flatMap(next => [next, ...reachable(next)]);
		const inCircles = Object.keys(rules).filter(layer => reachable(layer).includes(layer));
		expect(inCircles).toEqual([]);
	});

	it.each([
		['src/views/clients.tsx', "import {Redis} from 'ioredis';", "views may not import the package 'ioredis'"],
		['src/views/clients.tsx', "import {link} from '../redis/link.ts';", 'views may not import src/redis/link.ts (redis)'],
		['src/views/clients.tsx', "import {parseInfo} from '../redis/parse/info.ts';", 'views may only `import type` from src/redis/parse/info.ts (redis/parse)'],
		['src/actions/kill.ts', "export {Text} from 'ink';", "actions may not import the package 'ink'"],
		['src/store/store.ts', "const load = () => import('../poll/poller.ts');", 'store may not import src/poll/poller.ts (poll)'],
		['src/redis/parse/info.ts', "import {Link} from '../link.ts';", 'redis/parse may not import src/redis/link.ts (redis)'],
		['src/keymap/keymap.ts', "import {readFileSync} from 'node:fs';", "keymap may not import the package 'node:'"],
		['src/utils/misc.ts', '', 'src/utils/misc.ts belongs to no layer: give its folder a row in the table'],
	])('finds what is wrong in %s: %s', (path, text, problem) => {
		expect(forbiddenImports(parseSource(path, text))).toEqual([problem]);
	});

	it('leaves alone what is right', () => {
		const text = "import type {ClientRow} from '../redis/parse/client-list.ts';\nimport {Text} from 'ink';\n// import {Redis} from 'ioredis';";
		expect(forbiddenImports(parseSource('src/views/clients.tsx', text))).toEqual([]);
	});
});

describe('one place for each', () => {
	it('only cli.tsx, terminal/ and launcher/ touch the process: the rest gets streams, arguments and environment handed in', () => {
		const touching = src.filter(touchesProcess).map(file => file.path);
		expect(touching.filter(path => path !== 'src/cli.tsx' && !/^src\/(terminal|launcher)\//.test(path))).toEqual([]);
	});

	it.each(['useInput', 'usePaste'])('%s is called once, by app.tsx: every key is a row of the keymap', hook => {
		expect(src.flatMap(file => file.calls.filter(name => name === hook).map(() => file.path))).toEqual(['src/app.tsx']);
	});

	it('views have no effects: what happens over time happens in poll, what is shown is derived from the store', () => {
		const views = src.filter(file => file.path.startsWith('src/views/'));
		expect(views.filter(file => file.calls.some(name => /^use(Layout|Insertion)?Effect$/.test(name))).map(file => file.path)).toEqual([]);
	});

	it.each([
		['process.exit(1);', true],
		['const {env} = process;', true],
		["import {env} from 'node:process';", true],
		['row.process; const row = {process: 1}; // process.env', false],
		["const text = 'process.env';", false],
	])('knows whether the process is touched in: %s', (text, expected) => {
		expect(touchesProcess(parseSource('src/a.ts', text))).toBe(expected);
	});
});

describe('nothing is hidden', () => {
	const all = [...src, ...sourceFiles('test', 'build')];

	it('errors are not swallowed by an empty catch', () => {
		expect(all.filter(file => file.hasEmptyCatch).map(file => file.path)).toEqual([]);
	});

	it('no check is switched off without its reason', () => {
		expect(all.flatMap(file => file.comments.filter(isUnexplained).map(comment => `${file.path}: ${comment}`))).toEqual([]);
	});

	it.each([
		['biome-ignore lint/suspicious/noExplicitAny: ioredis types this reply as any', false],
		['biome-ignore lint/suspicious/noExplicitAny: <explanation>', true],
		['biome-ignore lint/suspicious/noExplicitAny:', true],
		['@ts-expect-error ink-table has no types for this prop', false],
		['@ts-expect-error', true],
		['@ts-ignore because it is quicker', true],
		['eslint-disable-next-line', true],
		['an ordinary comment', false],
	])('calls unexplained only what is: %s', (comment, expected) => {
		expect(isUnexplained(comment)).toBe(expected);
	});
});

function forbiddenImports({path, imports}: SourceFile): readonly string[] {
	const layer = layerOf(path);
	const rule = rules[layer ?? ''];
	if (layer === undefined || rule === undefined) return [`${path} belongs to no layer: give its folder a row in the table`];

	return imports.flatMap(({from, isType}) => {
		const target = layerOf(from);
		if (target === undefined) return rule.packages.includes(from) ? [] : [`${layer} may not import the package '${from}'`];
		if (target === layer || rule.layers.includes(target)) return [];
		if (!rule.types?.includes(target)) return [`${layer} may not import ${from} (${target})`];
		return isType ? [] : [`${layer} may only \`import type\` from ${from} (${target})`];
	});
}

/** The layer of a file; undefined for a package. */
function layerOf(path: string): string | undefined {
	if (path === 'package.json') return path;
	const fitting = Object.keys(rules).filter(layer => path.startsWith(`src/${layer}/`) || path === `src/${layer}.ts` || path === `src/${layer}.tsx`);
	return fitting.sort((a, b) => b.length - a.length)[0];
}

function touchesProcess({variables, imports}: SourceFile): boolean {
	return variables.has('process') || imports.some(({from}) => from === 'node:process');
}

function isUnexplained(comment: string): boolean {
	if (/^(@ts-(ignore|nocheck)|eslint-disable)/.test(comment)) return true;
	const [, reason] = /^(?:biome-ignore\S*\s+[^\s:]+:?|@ts-expect-error)(.*)/s.exec(comment) ?? [];
	return reason !== undefined && !/\w+ \w+ \w+/.test(reason);
}
