import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {constants, tmpdir} from 'node:os';
import {join} from 'node:path';
import {binPath} from './root.mjs';

/** For an orderly end. */
const graceMs = 500;

/** A folder for one benchmark, and the environment of what it starts: a plain terminal, and nothing of the operator's own. Removed afterwards. */
export async function inScratch(measure) {
	const folder = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));
	const env = {...process.env, PATH: binPath, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, TERM: 'xterm-256color', COLORTERM: ''};
	const remove = () => rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 50});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
		process.once(signal, () => {
			endDescendants();
			remove();
			process.exit(128 + constants.signals[signal]);
		});
	try {
		return await measure({folder, env});
	} finally {
		// What has failed may have left something; what has gone well leaves nothing.
		if (descendants().length > 0) endDescendants();
		remove();
	}
}

/** Servers and terminals of a benchmark that is broken off would go on for ever. Nothing else has its turn meanwhile: nobody is to miss them. */
function endDescendants() {
	for (const signal of ['SIGTERM', 'SIGKILL']) {
		for (const pid of descendants()) end(pid, signal);
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, graceMs);
	}
}

function descendants() {
	const pairs = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], {encoding: 'utf8'})
		.trim()
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([, , name]) => name !== 'ps')
		.map(([pid, parent]) => [Number(pid), Number(parent)]);
	const found = [];
	for (let parents = [process.pid]; parents.length > 0; ) {
		parents = pairs.filter(([, parent]) => parents.includes(parent)).map(([pid]) => pid);
		found.push(...parents);
	}
	return found;
}

function end(pid, signal) {
	try {
		process.kill(pid, signal);
	} catch (error) {
		// It has ended meanwhile, with the one that had started it.
		if (error.code !== 'ESRCH') throw error;
	}
}
