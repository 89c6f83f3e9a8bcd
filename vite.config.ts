import {defineConfig} from 'vite';
import {oneFile} from './build/one-file.ts';
import {notices, papers} from './build/papers.ts';
import {executable, inkTable, rowOutputs, visibleWidths, withoutInkDevMode} from './build/plugins.ts';
import {queueLibrary} from './build/queue-library.ts';
import {quickStart} from './build/quick-start.ts';

/** One file with every dependency inside, to `scp` to a bastion: Node is all it needs there. A second one is for the demo's queues alone. */
export default defineConfig({
	plugins: [inkTable(), withoutInkDevMode(), visibleWidths(), rowOutputs(), ...quickStart(), oneFile(), executable(), notices(), papers(), queueLibrary()],
	define: {'process.env.NODE_ENV': '"production"'},
	ssr: {noExternal: true},
	build: {
		ssr: 'src/cli.tsx',
		target: 'node20',
		reportCompressedSize: false,
		rolldownOptions: {
			// Half the bytes over a slow link to a bastion, and 10 ms less to parse at every start.
			output: {format: 'cjs', minify: true, comments: false, entryFileNames: 'redis-triage.cjs', codeSplitting: false},
		},
	},
});
