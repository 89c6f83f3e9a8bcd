import {spawnSync} from 'node:child_process';

/** Whether a program is on PATH. Where packages can be installed, `ensure-redis.mjs --tests` has seen to it. */
export const hasProgram = (name: string): boolean => spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;
