import {basename, join} from 'node:path';
import {build, loadConfigFromFile} from 'vite';
import {root} from './root.mjs';

/** Bundle an entry of the tests or benchmarks into `outDir`, as a production program that plain Node can run. Resolves to its path. */
export async function bundled(entry, outDir) {
	// What the tests need of the build to run our views.
	const tests = await loadConfigFromFile({command: 'build', mode: 'production'}, join(root, 'vitest.config.ts'), root, 'silent');
	const program = basename(entry).replace(/\.\w+$/, '.mjs');
	await build({
		root,
		configFile: false,
		logLevel: 'warn',
		plugins: tests?.config.plugins ?? [],
		define: {'process.env.NODE_ENV': '"production"'},
		ssr: {noExternal: true},
		build: {
			ssr: entry,
			outDir,
			emptyOutDir: false,
			target: 'node20',
			reportCompressedSize: false,
			rolldownOptions: {output: {entryFileNames: program, codeSplitting: false}},
		},
	});
	return join(outDir, program);
}
