import {spawnSync} from 'node:child_process';

/** Whether a process with this pid runs. One that has ended and only waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
	const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'}).stdout.trim();
	return state !== '' && !state.startsWith('Z');
}
