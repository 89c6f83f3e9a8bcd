import {build, type Plugin} from 'vite';
import {hits} from './hits.ts';
import {notices} from './papers.ts';

const bullmqIndexFile = /[\\/]bullmq6[\\/]dist[\\/]esm[\\/]index\.js$/;

/** BullMQ can keep its queues in Postgres, too: a quarter of its code, and none of it is for us. */
function withoutPostgres(): Plugin {
	const nothing = '\0no-postgres';
	const {met, mustBeMet} = hits('bullmq-without-postgres', ['./postgres of BullMQ']);
	return {
		name: 'bullmq-without-postgres',
		enforce: 'pre',
		...mustBeMet,
		resolveId(source, importer) {
			if (source !== './postgres' || !bullmqIndexFile.test(importer ?? '')) return undefined;
			met('./postgres of BullMQ');
			return nothing;
		},
		load: id => (id === nothing ? 'export {};' : undefined),
	};
}

/**
 * Puts `redis-triage-queues.cjs` beside the program: BullMQ with all that it needs, for the demo's worker processes alone. The program itself neither
 * grows by it nor loads it, and does without it wherever it is copied alone.
 */
export function queueLibrary(): Plugin {
	return {
		name: 'queue-library',
		async writeBundle({dir}) {
			await build({
				configFile: false,
				logLevel: 'warn',
				plugins: [withoutPostgres(), notices()],
				define: {'process.env.NODE_ENV': '"production"'},
				ssr: {noExternal: true},
				build: {
					ssr: 'src/demo/bullmq.ts',
					outDir: dir ?? 'dist',
					emptyOutDir: false,
					target: 'node20',
					minify: true,
					reportCompressedSize: false,
					rolldownOptions: {output: {format: 'cjs', entryFileNames: 'redis-triage-queues.cjs', codeSplitting: false}},
				},
			});
		},
	};
}
