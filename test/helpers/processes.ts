import {spawnSync} from 'node:child_process';

/** Whether a process with this pid runs. One that has ended and only waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
	const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'}).stdout.trim();
	return state !== '' && !state.startsWith('Z');
}

/** The pids of a process's children, one that has ended and not been noticed included. */
export function childrenOf(pid: number): readonly number[] {
	return spawnSync('ps', ['-A', '-o', 'pid=,ppid='], {encoding: 'utf8'})
		.stdout.split('\n')
		.map(row => row.trim().split(/\s+/).map(Number))
		.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

/** The words that a process was started with; none once it has ended. */
export const argvOf = (pid: number): readonly string[] =>
	spawnSync('ps', ['-o', 'args=', '-p', String(pid)], {encoding: 'utf8'})
		.stdout.trim()
		.split(' ');
