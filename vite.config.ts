import {defineConfig} from 'vite';
import {executable, inkTable, withoutInkDevMode} from './build/plugins.ts';

/** One file with every dependency inside, to `scp` to a bastion: Node is all it needs there. */
export default defineConfig({
	plugins: [inkTable(), withoutInkDevMode(), executable()],
	define: {'process.env.NODE_ENV': '"production"'},
	ssr: {noExternal: true},
	build: {
		ssr: 'src/cli.tsx',
		target: 'node20',
		reportCompressedSize: false,
		rolldownOptions: {
			output: {entryFileNames: 'redis-triage.mjs', banner: '#!/usr/bin/env node', codeSplitting: false},
		},
	},
});
