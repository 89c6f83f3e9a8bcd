import {basename, join} from 'node:path';
import {build, loadConfigFromFile} from 'vite';
import {root} from './root.mjs';

/** Bundle an entry of the tests or benchmarks into `outDir`, as a production program that plain Node can run. Resolves to its path. */
export async function bundled(entry, outDir) {
	const program = await loadConfigFromFile({command: 'build', mode: 'production'}, join(root, 'vite.config.ts'), root, 'silent');
	// All that has a say in what is imported; not what is done with the program's own file, nor what all of the program must hold (renderStart).
	const plugins = (program?.config.plugins ?? [])
		.filter(({writeBundle, closeBundle, generateBundle}) => !writeBundle && !closeBundle && !generateBundle)
		.map(({renderStart: _all, ...plugin}) => plugin);
	const fileName = basename(entry).replace(/\.\w+$/, '.mjs');
	await build({
		root,
		configFile: false,
		logLevel: 'warn',
		plugins,
		define: {'process.env.NODE_ENV': '"production"'},
		ssr: {noExternal: true},
		build: {
			ssr: entry,
			outDir,
			emptyOutDir: false,
			target: 'node20',
			reportCompressedSize: false,
			rolldownOptions: {output: {entryFileNames: fileName, codeSplitting: false}},
		},
	});
	return join(outDir, fileName);
}
