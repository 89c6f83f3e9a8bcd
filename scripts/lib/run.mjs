import {spawnSync} from 'node:child_process';
import {binPath, root} from './root.mjs';

/** Runs a tool of this repository to its end. `output`: `inherit` shows what it writes, `pipe` returns it. */
export function run([command, ...args], output, env = {}) {
	const result = spawnSync(command, args, {
		cwd: root,
		env: {...process.env, PATH: binPath, ...env},
		stdio: ['ignore', output, output],
		encoding: 'utf8',
		maxBuffer: Number.POSITIVE_INFINITY,
	});
	if (result.error) throw result.error;
	return result;
}
