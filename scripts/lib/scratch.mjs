import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {binPath} from './root.mjs';

/** A folder for one benchmark, and the environment of what it starts: a plain terminal, and nothing of the operator's own. Removed afterwards. */
export async function inScratch(measure) {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));
	const env = {...process.env, PATH: binPath, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, TERM: 'xterm-256color', COLORTERM: ''};
	try {
		return await measure({folder, env});
	} finally {
		rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 50});
	}
}
