import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build, type Plugin} from 'vite';

/** A program that plain Node can run. */
export type Bundle = {readonly file: string; readonly remove: () => void};

/** Bundle a TypeScript entry (a path from the root of the repository) for tests that need it as a process of its own; about 200 ms. */
export async function bundle(entry: string, plugins: readonly Plugin[] = []): Promise<Bundle> {
	const outDir = mkdtempSync(join(tmpdir(), 'redis-triage-bundle-'));
	await build({
		configFile: false,
		logLevel: 'warn',
		plugins: [...plugins],
		build: {ssr: entry, outDir, emptyOutDir: false, target: 'node20', rolldownOptions: {output: {entryFileNames: 'program.mjs'}}},
	});
	return {file: join(outDir, 'program.mjs'), remove: () => rmSync(outDir, {recursive: true, force: true})};
}
