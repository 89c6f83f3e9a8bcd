#!/usr/bin/env node
// Writes src/redis/parse/known-script-shas.ts: by which SHA-1 the server knows each Lua script of BullMQ and Bull. Run by hand, when either has a new minor:
//
//   add its newest patch to `versions`, then: node scripts/known-scripts.mjs [FOLDER]
//
// It fetches each version with `npm pack` (with a FOLDER, into that, and what is there already is not fetched again), unpacks it and loads
// the scripts as the library itself does. They are loaded, not run: no dependency is installed, no Redis is needed.
// The file comes out as the formatter wants it.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, join, resolve} from 'node:path';
import {root} from './lib/root.mjs';

// The newest patch of a minor. Minors were chosen by halving the spans in which scripts changed most; those that brought no new script (Bull 3.29.3 is one) are left out.
const versions = {
	BullMQ: [
		'bullmq',
		`1.0.1 1.78.2 1.91.1 2.0.0 2.4.0 3.0.0 3.6.6 3.11.0 3.16.2 4.0.0 4.6.3 4.9.0 4.14.4 4.18.3
		5.0.0 5.1.12 5.2.1 5.5.4 5.7.15 5.8.7 5.9.0 5.10.4 5.12.15 5.15.0 5.20.1 5.31.2 5.38.0 5.39.2 5.40.5 5.41.9 5.42.0 5.43.1 5.46.1 5.47.3
		5.48.1 5.49.2 5.50.0 5.51.1 5.56.10 5.59.0 5.61.2 5.63.2 5.66.7 5.71.1 5.73.5 5.76.11 5.81.5 6.0.11 6.2.2 6.3.16 6.4.0 6.5.4 6.7.0`,
	],
	Bull: ['bull', '3.0.0 3.22.11 4.0.0 4.8.5 4.11.5 4.12.9 4.16.5'],
};
const prefixLength = 12;
const output = 'src/redis/parse/known-script-shas.ts';
const require = createRequire(import.meta.url);

const scratch = mkdtempSync(join(tmpdir(), 'known-scripts-'));
try {
	const packs = resolve(process.argv[2] ?? join(scratch, 'packs'));
	mkdirSync(packs, {recursive: true});
	provideGlob(scratch);
	const found = await collect(packs);
	const text = moduleText(found);
	writeFileSync(join(root, output), text);
	console.log(`${output}: ${found.size} scripts, ${text.length} bytes`);
} finally {
	rmSync(scratch, {recursive: true, force: true});
}

/** Which scripts have which SHA-1: sha → `{library, name}`s. */
async function collect(packs) {
	const found = new Map();
	for (const [library, [packageName, list]] of Object.entries(versions)) {
		for (const version of list.split(/\s+/)) {
			const scripts = await scriptsOf(unpack(packageName, version, packs));
			if (scripts.length < 15) throw new Error(`${packageName} ${version}: only ${scripts.length} scripts found; it may keep them elsewhere`);
			for (const {name, lua} of scripts) {
				const sha = createHash('sha1').update(lua).digest('hex');
				found.set(sha, [...(found.get(sha) ?? []), {library, name}]);
			}
			console.log(`${packageName} ${version}: ${scripts.length} scripts`);
		}
	}
	return found;
}

function unpack(packageName, version, packs) {
	const tarball = join(packs, `${packageName}-${version}.tgz`);
	if (!existsSync(tarball)) execFileSync('npm', ['pack', `${packageName}@${version}`, '--silent'], {cwd: packs, stdio: ['ignore', 'ignore', 'inherit']});
	const folder = join(scratch, `${packageName}-${version}`);
	mkdirSync(folder);
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	return folder;
}

/**
 * The three ways in which the versions keep their scripts, newest first: finished texts in modules (seen from Bull 4.12.9 and BullMQ 2.4.0 on), Lua files
 * with includes and a loader that resolves them and drops empty lines, and Lua files sent as they are. All clients (ioredis, node-redis,
 * Valkey Glide, Bun) then hash and send that text unchanged.
 */
async function scriptsOf(folder) {
	const existing = paths => paths.map(path => join(folder, path)).find(path => existsSync(path));
	const modules = existing(['dist/cjs/scripts', 'lib/scripts']);
	if (modules) return files(modules, /-\d+\.js$/).map(fromModule);

	const commands = existing(['dist/cjs/commands', 'dist/commands', 'lib/commands']);
	if (!commands) return [];
	if (!existsSync(join(commands, 'script-loader.js'))) return files(commands, /\.lua$/).map(fromLua);
	const {ScriptLoader} = require(join(commands, 'script-loader.js'));
	return (await new ScriptLoader().loadScripts(commands)).map(({name, options}) => ({name, lua: options.lua}));
}

function files(folder, pattern) {
	return readdirSync(folder)
		.filter(name => pattern.test(name))
		.map(name => join(folder, name));
}

/** Bull's modules are the script itself, BullMQ's export it under its name. */
function fromModule(path) {
	const exported = require(path);
	const script = [exported, ...Object.values(exported)].find(({content}) => typeof content === 'string');
	if (!script) throw new Error(`${path} exports no script`);
	return {name: script.name, lua: script.content};
}

function fromLua(path) {
	return {name: basename(path).split('-')[0], lua: readFileSync(path, 'utf8')};
}

/** The loader requires `glob` for includes with wildcards, of which there are none: this stands in, so that nothing need be installed. */
function provideGlob(folder) {
	const place = join(folder, 'node_modules/glob');
	mkdirSync(place, {recursive: true});
	writeFileSync(
		join(place, 'index.js'),
		`exports.hasMagic = path => {
	if (/[*?[{!]/.test(path)) throw new Error('include with a wildcard: ' + path);
	return false;
};
`,
	);
}

function moduleText(found) {
	const byLibrary = new Map();
	const prefixes = new Map();
	for (const [sha, uses] of found) {
		const prefix = sha.slice(0, prefixLength);
		if (prefixes.has(prefix)) throw new Error(`${sha} and ${prefixes.get(prefix)} begin alike: prefixLength must grow`);
		prefixes.set(prefix, sha);
		const libraries = Object.keys(versions)
			.filter(library => uses.some(use => use.library === library))
			.join('/');
		const names = byLibrary.get(libraries) ?? new Map();
		const name = unique(uses.map(use => use.name)).join('/');
		byLibrary.set(libraries, names.set(name, [...(names.get(name) ?? []), prefix]));
	}
	const libraries = sorted(byLibrary).map(([library, names]) => {
		const entries = sorted(names).map(([name, list]) => `\t\t${property(name)}: ${literal(list.sort())},\n`);
		return `\t${property(library)}: {\n${entries.join('')}\t},\n`;
	});
	return `// Written by scripts/known-scripts.mjs: change that, not this.

/** How many leading hex digits of a SHA-1 are kept. */
export const shaPrefixLength = ${prefixLength};

/** Library → script → how its SHA-1 began in each version that changed it, separated by blanks. */
export const knownScriptShas: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${libraries.join('')}};
`;
}

/** Plain text where it fits into one line, else a template of several. */
function literal(list) {
	const perLine = 10;
	if (list.length <= perLine) return `'${list.join(' ')}'`;
	const lines = Array.from({length: Math.ceil(list.length / perLine)}, (_, index) => list.slice(index * perLine, (index + 1) * perLine).join(' '));
	return `\`\n${lines.join('\n')}\n\``;
}

function property(name) {
	return /^\w+$/.test(name) ? name : `'${name}'`;
}

function unique(values) {
	return [...new Set(values)].sort();
}

function sorted(map) {
	return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
