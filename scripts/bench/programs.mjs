import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {root} from '../lib/root.mjs';
import {sleep} from '../lib/wait.mjs';
import {readyScene} from './scene.mjs';
import {key} from './terminal.mjs';

const node = process.execPath;

/** The built console at a server. Its first full paint has what INFO and CLIENT LIST tell. */
export const console_ = (port, on = node) => ({
	name: 'redis-triage',
	argv: () => [on, join(root, 'dist/redis-triage.mjs'), '-p', String(port)],
	ready: () => / master [\s\S]*\d clients? \(/,
	// The list of clients in full: its ages change in every row.
	prepare: clientsByName,
	keys: ['j', 'k'],
	asksServer: true,
});

/** The list of clients, in an order that stays: every press of a key moves the cursor, until an end of the list. The cursor is on the first. */
export async function clientsByName(terminal) {
	await terminal.type([['2', 0.3]]);
	await terminal.waitFor(/2 Clients +by /);
	for (let turn = 0; turn < 12 && !/by name/.test(terminal.text()); turn++) {
		await terminal.type([['s', 0.1]]);
		await sleep(300);
	}
	await terminal.waitFor(/by name/);
	await terminal.type([['g', 0.5]]);
}

/** One line a second, and no screen: it has nothing to be erased and no keys. */
export const redisCliStat = port => ({
	name: 'redis-cli --stat',
	argv: () => ['redis-cli', '-p', String(port), '--stat', '-i', '1'],
	ready: () => /requests +connections[\s\S]*\d \(/,
	asksServer: true,
});

export const htop = {
	name: 'htop',
	argv: () => ['htop', '-d', '10'],
	ready: () => /Tasks:[\s\S]*PID/,
	keys: [key.down, key.up],
	mayIgnoreKeys: true,
};

export const pgActivity = postgres => ({
	name: 'pg_activity',
	argv: () => ['pg_activity', ...postgres.at, '--refresh', '1'],
	ready: () => /psql +bench/,
	keys: [key.down, key.up],
	mayIgnoreKeys: true,
});

export const plainInk = {
	name: 'plain Ink app',
	argv: () => [node, join(root, 'scripts/bench/plain-ink.mjs')],
	env: {NODE_ENV: 'production'},
	ready: ({rows}) => readyScene(rows),
	keys: ['j', 'k'],
};

export const stageScene = (program, mode = 'scene') => ({
	name: 'Ink through our stage',
	argv: () => [node, program, mode],
	ready: ({rows}) => readyScene(rows),
	keys: ['j', 'k'],
});

export const nodeFloor = (on = node) => ({name: 'node -e 0', argv: () => [on, '-e', '0']});

export const isInstalled = (name, {PATH = ''}) => PATH.split(delimiter).some(folder => existsSync(join(folder, name)));

/** As in `htop 3.2.2`. */
export const versionsOf = (names, env) => names.map(name => execFileSync(name, ['--version'], {env, encoding: 'utf8'}).trim().split('\n')[0]);
