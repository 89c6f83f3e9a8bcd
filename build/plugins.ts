import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';
import {hits} from './hits.ts';

const inkTableFile = /[\\/]ink-table[\\/]dist[\\/]index\.js$/;
const inkDevModeFile = /[\\/]ink[\\/]build[\\/](reconciler|ink)\.js$/;
const inkDevModeTest = "process.env['DEV'] === 'true'";
const inkDevModeLoads = /await import\('\.\/devtools\.js'\)|await loadPackageJson\(\)/g;

/**
 * `ink-table` is CommonJS and `require()`s Ink, which is ESM with top-level await: Node refuses that with `ERR_REQUIRE_ASYNC_MODULE`.
 * Served as ESM instead, around its own unchanged code. The build and vitest share this.
 */
export function inkTable(): Plugin {
	const {met, mustBeMet} = hits('ink-table-as-esm', ['ink-table']);
	return {
		name: 'ink-table-as-esm',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			if (!inkTableFile.test(id)) return undefined;
			met('ink-table');
			const before = [
				"import react from 'react';",
				"import * as ink from 'ink';",
				"import objectHash from 'object-hash';",
				"const require = name => ({react, ink, 'object-hash': objectHash})[name];",
				'const exports = {};',
			];
			const after = ['export default exports.default;', 'export {Header, Cell, Skeleton};'];
			return {code: [...before, code, ...after].join('\n'), map: null};
		},
	};
}

/**
 * Ink does extra work when the environment says `DEV=true`: it loads `react-devtools-core` (not installed here) and reads a package.json
 * that lies nowhere near a bundle. An operator's environment must not change what the console does, so the bundle leaves all of it out.
 */
export function withoutInkDevMode(): Plugin {
	const {met, mustBeMet} = hits('without-ink-dev-mode', ['reconciler', 'ink']);
	return {
		name: 'without-ink-dev-mode',
		enforce: 'pre',
		...mustBeMet,
		transform(code, id) {
			const [, part] = inkDevModeFile.exec(id) ?? [];
			if (part === undefined) return undefined;
			met(part);
			if (!code.includes(inkDevModeTest)) this.error(`ink no longer tests ${inkDevModeTest}: see whether this plugin is still needed`);
			return {code: code.replaceAll(inkDevModeTest, 'false').replace(inkDevModeLoads, 'undefined'), map: null};
		},
	};
}

const widthModule = '\0width-of-visible-text';

/** Ink and its helpers measure text that is visible already (src/text/styled-width.ts says what string-width would say, and faster). */
export function visibleWidths(): Plugin {
	const file = fileURLToPath(new URL('../src/text/styled-width.ts', import.meta.url));
	const {met, mustBeMet} = hits('visible-widths', ['string-width']);
	return {
		name: 'visible-widths',
		enforce: 'pre',
		...mustBeMet,
		resolveId(source) {
			if (source !== 'string-width') return undefined;
			met(source);
			return widthModule;
		},
		load: id => (id === widthModule ? `export {styledWidth as default} from ${JSON.stringify(file)};` : undefined),
	};
}

const inkRendererFile = /[\\/]ink[\\/]build[\\/]renderer\.js$/;
const outputModule = '\0row-output';

/** Ink puts the frame together from whole texts instead of cells where it can (src/terminal/row-output.ts, ADR 13). */
export function rowOutputs(): Plugin {
	const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
	const {met, mustBeMet} = hits('row-outputs', ["./output.js of Ink's renderer"]);
	return {
		name: 'row-outputs',
		enforce: 'pre',
		...mustBeMet,
		resolveId(source, importer) {
			if (source !== './output.js' || !inkRendererFile.test(importer ?? '')) return undefined;
			met("./output.js of Ink's renderer");
			return outputModule;
		},
		load(id) {
			if (id !== outputModule) return undefined;
			return [
				`import Original from ${JSON.stringify(file('../node_modules/ink/build/output.js'))};`,
				`import {rowOutput} from ${JSON.stringify(file('../src/terminal/row-output.ts'))};`,
				`import {styledWidth} from ${JSON.stringify(file('../src/text/styled-width.ts'))};`,
				'export default rowOutput(Original, styledWidth);',
			].join('\n');
		},
	};
}

/** The built files can be run as they are: `./dist/redis-triage.mjs`. */
export function executable(): Plugin {
	return {
		name: 'executable',
		writeBundle({dir = '.'}, bundle) {
			const programs = Object.keys(bundle).filter(fileName => fileName.endsWith('.mjs'));
			if (programs.length === 0) this.error('there is no .mjs to make executable');
			for (const fileName of programs) chmodSync(join(dir, fileName), 0o755);
		},
	};
}
