#!/usr/bin/env node
// Writes docs/faults.md anew from what is seen: every fault happens to a real server, one file of them after the other, then the table is put in order.
import {spawnSync} from 'node:child_process';
import {binPath, root} from './lib/root.mjs';

const folder = 'test/integration/faults';
const env = {...process.env, PATH: binPath, UPDATE_FAULTS: '1'};
const run = argv => spawnSync(argv[0], argv.slice(1), {cwd: root, env, stdio: 'inherit'}).status ?? 1;

process.exitCode =
	run(['node', 'scripts/ensure-redis.mjs']) ||
	run(['vitest', 'run', '--project', 'integration', '--no-file-parallelism', folder, '--exclude', `${folder}/table.test.ts`]) ||
	run(['vitest', 'run', '--project', 'integration', `${folder}/table.test.ts`]);
