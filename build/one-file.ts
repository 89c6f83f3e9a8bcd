import {createHash} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {build, type Plugin} from 'vite';

/** The program as one CommonJS file, for whoever makes something else of it than `redis-triage.mjs`. It runs as it is, and keeps no code cache. */
const commonJsFile = join(import.meta.dirname, '../.build/redis-triage.cjs');

const launcherFile = join(import.meta.dirname, '../src/launcher/launcher.ts');
const fileName = 'redis-triage.mjs';

/**
 * Makes `redis-triage.mjs` of the CommonJS program: the launcher, and below it the program in a block comment, which costs 5 ms to be passed over
 * (as a string 15). See docs/adr/0011-one-file-and-its-code-cache.md.
 */
export function oneFile(): Plugin {
	return {
		name: 'one-file',
		async generateBundle(_options, output) {
			const [program, ...others] = Object.values(output);
			if (program?.type !== 'chunk' || others.length > 0) this.error('the program is meant to be one file');
			const text = inAscii(program.code);
			mkdirSync(dirname(commonJsFile), {recursive: true});
			writeFileSync(commonJsFile, text);
			delete output[program.fileName];
			this.emitFile({type: 'asset', fileName, source: await withLauncher(text)});
		},
	};
}

/** Text with other characters is two bytes each in V8, and takes longer to decode. The escape means the same in strings, templates and regular expressions. */
function inAscii(code: string): string {
	const changed = /(?:^|[^\\])(?:\\\\)*\\[^\0-\x7F]|String\.raw`[^`]*[^\0-\x7F`]/.exec(code);
	if (changed) throw new Error(`an escape would change the meaning of ${code.slice(changed.index, changed.index + 60)}`);
	return code.replace(/[^\0-\x7F]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const before = '/*';
const after = '*/\n';

async function withLauncher(code: string): Promise<string> {
	const text = `(function(exports,require,module,__filename,__dirname){${code}\n})`;
	const slashes = [...text.matchAll(/\*\//g)].map(({index}) => index + 1);
	const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
	const launcher = await launcherWith({hash, length: text.length, tail: after.length, slashes});
	return `${launcher}${before}${text.replaceAll('*/', '*\0')}${after}`;
}

/** Stands for a number that is not known before. */
const linesAbove = 987_654_321;

async function launcherWith(bundle: Readonly<Record<string, unknown>>): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'warn',
		plugins: [withoutImports()],
		define: {bundle: JSON.stringify({...bundle, linesAbove})},
		build: {
			ssr: launcherFile,
			write: false,
			// As old as a Node that knows modules: it is to be told that it is too old.
			target: 'es2018',
			minify: true,
			rolldownOptions: {output: {banner: '#!/usr/bin/env node', comments: false, codeSplitting: false}},
		},
	});
	const [chunk] = 'output' in result ? result.output : [];
	if (chunk?.type !== 'chunk') throw new Error('the launcher is meant to be one file');
	return chunk.code.replace(String(linesAbove), String(chunk.code.split('\n').length - 1));
}

/** An import of one of Node's modules reads all that is in it (of `process` the streams), and one that an old Node does not have would be a syntax error. */
function withoutImports(): Plugin {
	return {
		name: 'without-imports',
		enforce: 'pre',
		resolveId: (source, importer) => (source.startsWith('node:') && importer?.endsWith('.ts') ? `\0${source}` : undefined),
		load: id => (id.startsWith('\0node:') ? `export default process.getBuiltinModule('${id.slice(1)}');` : undefined),
	};
}
