import {createRequire} from 'node:module';
import type {Plugin} from 'vite';
import {hits} from './hits.ts';

/** What the program does not have to do before its first frames are on the screen, or not at all: see docs/adr/0011-one-file-and-its-code-cache.md. */
export const quickStart = (): readonly Plugin[] => [yogaAtOnce(), withoutPackageFile(), withoutHashNames(), lateBuiltins(), lateSegmenters(), fewCommands()];

const yogaFile = /[\\/]yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/;
const yogaBinaryFile = /[\\/]yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/;

/**
 * Yoga waits for its WebAssembly at the top level, which CommonJS has no way to do, and takes its time to decode it (for a `data:` URL Node even loads an
 * HTTP client). Compiled at once instead: a few milliseconds, and no promise that all that draws would have to wait for.
 */
function yogaAtOnce(): Plugin {
	const {met, mustBeMet} = hits('yoga-at-once', ['its WebAssembly', 'its loader']);
	return {
		name: 'yoga-at-once',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			if (yogaBinaryFile.test(id)) {
				met('its WebAssembly');
				const [, base64] = /"data:application\/octet-stream;base64,([\w+/=]+)"/.exec(code) ?? [];
				if (base64 === undefined || !code.includes('.instantiateWasm')) this.error('yoga-layout no longer holds its WebAssembly as it did');
				return {code: `${code.replace(base64, '')}\nexport const binary = () => Buffer.from('${base64}', 'base64');`, map: null};
			}
			if (!yogaFile.test(id)) return undefined;
			met('its loader');
			const loads = /^const Yoga = .*$/m;
			if (!loads.test(code)) this.error('yoga-layout no longer loads itself as it did');
			const atOnce = [
				"import {binary} from '../binaries/yoga-wasm-base64-esm.js';",
				'const library = {instantiateWasm(imports, done) {',
				'\tconst instance = new WebAssembly.Instance(new WebAssembly.Module(binary()), imports);',
				'\tdone(instance);',
				'\treturn instance.exports;',
				'}};',
				'loadYoga(library);',
				'const Yoga = wrapAssembly(library);',
			];
			return {code: code.replace(loads, atOnce.join('\n')), map: null};
		},
	};
}

const meowFile = /[\\/]meow[\\/]build[\\/](dependencies|options)\.js$/;
const packageReaders = "import { a as readPackageUpSync, n as normalizePackageData } from './dependencies.js';";
const madeReady = /^(?:var|const) \w+ = (?=(?:require\w+(?:\$\d)?\(\)|getDefaultExportFromCjs\(\w+\));$)/gm;

/** meow makes ready to read a package.json and to tidy it up, with a list of all licences and a highlighter of code, and is given what it would find. */
function withoutPackageFile(): Plugin {
	const {met, mustBeMet} = hits('without-package-file', ['dependencies', 'options']);
	return {
		name: 'without-package-file',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			const [, part] = meowFile.exec(id) ?? [];
			if (part === undefined) return undefined;
			met(part);
			if (!(part === 'options' ? code.includes(packageReaders) : code.search(madeReady) >= 0))
				this.error('meow no longer makes ready to read a package.json: see whether this plugin is still needed');
			return {
				code: code
					.replace(packageReaders, 'const readPackageUpSync = () => undefined, normalizePackageData = () => {};')
					.replace(madeReady, '$&/* @__PURE__ */ ')
					.replace(/^promisify\(execFile\);$/m, ''),
				map: null,
			};
		},
	};
}

const objectHashFile = /[\\/]object-hash[\\/]index\.js$/;

/** object-hash (inside ink-table) asks OpenSSL for all of its hashes, to know their names, and uses one. */
function withoutHashNames(): Plugin {
	const {met, mustBeMet} = hits('without-hash-names', ['object-hash']);
	return {
		name: 'without-hash-names',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			if (!objectHashFile.test(id)) return undefined;
			met('object-hash');
			const asks = 'crypto.getHashes ? crypto.getHashes().slice() : ';
			if (!code.includes(asks)) this.error('object-hash no longer asks for the names of all hashes: see whether this plugin is still needed');
			return {code: code.replace(asks, ''), map: null};
		},
	};
}

/** Milliseconds each, and nobody needs them before the first frames. Of `util` it is the parts: to look at them all loads them all. */
const late = new Set(['assert', 'child_process', 'crypto', 'dns', 'readline', 'timers/promises', 'tls', 'util', 'zlib']);
const loadedLate = '\0late:';

/** Node's own modules, each loaded when something of it is used for the first time. */
function lateBuiltins(): Plugin {
	const require = createRequire(import.meta.url);
	const {met, mustBeMet} = hits('late-builtins', [...late]);
	return {
		name: 'late-builtins',
		enforce: 'pre',
		...mustBeMet,
		resolveId(source, importer) {
			const name = source.replace(/^node:/, '');
			if (!late.has(name) || importer?.startsWith(loadedLate)) return undefined;
			met(name);
			return `${loadedLate}${name}`;
		},
		load(id) {
			if (!id.startsWith(loadedLate)) return undefined;
			const name = `node:${id.slice(loadedLate.length)}`;
			const module: unknown = require(name);
			const keys = Object.keys(module ?? {}).filter(key => /^\w+$/.test(key));
			return [
				'let loaded;',
				`const load = () => (loaded ??= require('${name}'));`,
				typeof module === 'function' ? 'module.exports = (...args) => load()(...args);' : '',
				...keys.map(key => `Object.defineProperty(module.exports, '${key}', {enumerable: true, get: () => load().${key}});`),
			].join('\n');
		},
	};
}

const moduleSegmenter = /^const (\w+) = (new Intl\.Segmenter\([^;\n]*\));$/gm;

/** The first segmenter of a process takes milliseconds, and only letters beyond the plain ones need one: made when it is used. */
function lateSegmenters(): Plugin {
	const expected = ['wrap-ansi', 'slice-ansi', '@alcalzone/ansi-tokenize'];
	const {met, mustBeMet} = hits('late-segmenters', expected);
	return {
		name: 'late-segmenters',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			if (!id.includes('node_modules') || code.search(moduleSegmenter) < 0) return undefined;
			for (const name of expected) if (id.includes(`/${name}/`)) met(name);
			return {code: code.replace(moduleSegmenter, 'let $1Made;\nconst $1 = {segment: text => ($1Made ??= $2).segment(text)};'), map: null};
		},
	};
}

const commanderFile = /[\\/]ioredis[\\/]built[\\/]utils[\\/]Commander\.js$/;
/** What ioredis sends by itself, and the one command that puts it into another mode. All else that we send goes by `call`, `callBuffer` and `sendCommand`. */
export const ownCommands: readonly string[] = ['auth', 'client', 'hello', 'info', 'select', 'psubscribe'];

/** ioredis makes two methods of each of 240 commands, twice. */
function fewCommands(): Plugin {
	const {met, mustBeMet} = hits('few-commands', ['Commander']);
	return {
		name: 'few-commands',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			if (!commanderFile.test(id)) return undefined;
			met('Commander');
			const makes = 'commands.forEach(function (commandName) {';
			if (!code.includes(makes)) this.error('ioredis no longer makes methods of all commands: see whether this plugin is still needed');
			return {code: code.replace(makes, makes.replace('commands', JSON.stringify(ownCommands))), map: null};
		},
	};
}
