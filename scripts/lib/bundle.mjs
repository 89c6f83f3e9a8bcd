import {join} from 'node:path';
import {build} from 'vite';
import {root} from './root.mjs';

/** Bundle a TypeScript entry of the tests into `outDir`, as a program that plain Node can run. Resolves to its path. */
export async function bundled(entry, outDir) {
	await build({
		root,
		configFile: false,
		logLevel: 'warn',
		ssr: {noExternal: true},
		build: {
			ssr: entry,
			outDir,
			emptyOutDir: false,
			target: 'node20',
			rolldownOptions: {output: {entryFileNames: 'program.mjs'}},
		},
	});
	return join(outDir, 'program.mjs');
}
