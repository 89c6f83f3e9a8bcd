#!/usr/bin/env node
// Builds dist/ and .build/ unless all of it is newer than everything it is made from.
import {spawnSync} from 'node:child_process';
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {binPath, root} from './lib/root.mjs';

const outputs = ['redis-triage.mjs', 'redis-triage-queues.cjs', 'redis-triage.1', 'THIRD-PARTY-NOTICES.txt'].map(name => join(root, 'dist', name));
const built = [...outputs, join(root, '.build/redis-triage.cjs')];
const madeFrom = ['src', 'build', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json'];

if (newestChange(madeFrom) > Math.min(...built.map(changedAt))) {
	const {status, stdout, error} = spawnSync('vite', ['build', '--logLevel', 'warn'], {
		cwd: root,
		env: {...process.env, PATH: binPath},
		stdio: ['ignore', 'pipe', 'inherit'],
		encoding: 'utf8',
	});
	if (error) throw error;
	if (status !== 0) process.stderr.write(stdout);
	process.exitCode = status ?? 1;
}

/** Newest change among the files and folders, in ms since 1970. A folder's own time counts too: it moves when a file in it is removed. */
function newestChange(paths) {
	const inside = path => (statSync(path).isDirectory() ? readdirSync(path, {recursive: true}).map(name => join(path, name)) : []);
	const all = paths.map(path => join(root, path)).flatMap(path => [path, ...inside(path)]);
	return Math.max(...all.map(changedAt));
}

function changedAt(path) {
	return statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;
}
