#!/usr/bin/env node
// What the console costs a large server: 500,000 keys, 200 queues, 10,000 clients, a minute on the overview from the very start (the search for
// queues is under way then). Server time from INFO commandstats before and after; nobody else sends anything. `npm run bench:cost` prints the table.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {binPath, root} from './lib/root.mjs';

const keys = 500_000;
const queues = 200;
const clients = 10_000;
const minuteSeconds = 60;
/** No command of ours may hold the server up for longer; CLIENT LIST, whose length is the server's, is excepted. */
const longestMicros = 5000;
const file = join(root, 'dist/redis-triage.mjs');
const state = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));
const env = {...process.env, PATH: binPath, XDG_STATE_HOME: state, TERM: 'xterm-256color'};
const port = 20_000 + (process.pid % 20_000);

async function main() {
	const conf = ['--save', '', '--dir', state, '--maxclients', String(clients + 200), '--enable-debug-command', 'local'];
	const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...conf], {env, stdio: 'ignore'});
	const sockets = [];
	try {
		await until(() => canConnect());
		cli('DEBUG', 'POPULATE', String(keys - queues * 9), 'user', '64');
		await seedQueues();
		sockets.push(...(await openClients()));
		cli('CONFIG', 'SET', 'slowlog-log-slower-than', String(longestMicros));
		cli('SLOWLOG', 'RESET');
		cli('CONFIG', 'RESETSTAT');
		report(await runConsole());
	} finally {
		for (const socket of sockets) socket.destroy();
		server.kill('SIGKILL');
	}
}

async function runConsole() {
	const startedAt = performance.now();
	const child = spawn('script', ['-qfec', `stty cols 120 rows 40; exec node ${file} -p ${port}`, '/dev/null'], {env, stdio: ['pipe', 'ignore', 'inherit']});
	await sleep(minuteSeconds * 1000);
	const seconds = (performance.now() - startedAt) / 1000;
	const stats = commandStats();
	const slow = cli('SLOWLOG', 'GET', '128');
	const listed = cli('CLIENT', 'LIST', 'TYPE', 'normal').split('\n').length - 1;
	child.stdin.write('q');
	await new Promise(resolve => child.once('exit', resolve));
	return {seconds, stats, slow, listed};
}

/** The console's own: our one CONFIG RESETSTAT, INFO and the like are left out by name or cost nothing that shows. */
function commandStats() {
	return cli('INFO', 'commandstats')
		.split('\n')
		.map(line => /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/.exec(line))
		.filter(hit => hit && hit[1] !== 'config|resetstat')
		.map(([, name, calls, micros]) => ({name, calls: Number(calls), micros: Number(micros)}))
		.sort((a, b) => b.micros - a.micros);
}

function report({seconds, stats, slow, listed}) {
	const total = stats.reduce((sum, {micros}) => sum + micros, 0);
	const percent = micros => `${(micros / seconds / 10_000).toFixed(3)} %`;
	const slowOnes = slow.split('\n').filter(line => /^[A-Za-z]+$/.test(line) && !/^(CLIENT|LIST)$/i.test(line));
	console.log(`${keys.toLocaleString('en')} keys, ${queues} queues, ${listed.toLocaleString('en')} clients, ${seconds.toFixed(0)} s\n`);
	console.log('| command | calls | server time | of a core |\n| --- | ---: | ---: | ---: |');
	for (const {name, calls, micros} of stats.slice(0, 12)) console.log(`| ${name} | ${calls} | ${(micros / 1000).toFixed(1)} ms | ${percent(micros)} |`);
	console.log(`| all | ${stats.reduce((sum, {calls}) => sum + calls, 0)} | ${(total / 1000).toFixed(1)} ms | ${percent(total)} |`);
	const kept = total / seconds / 1_000_000 < 0.01;
	console.log(`\nbelow 1 % of a core: ${kept ? 'kept' : 'MISSED'}`);
	console.log(`commands above ${longestMicros / 1000} ms, CLIENT LIST excepted: ${slowOnes.length === 0 ? 'none' : `MISSED ${slowOnes.join(' ')}`}`);
	if (!kept || slowOnes.length > 0) process.exitCode = 1;
}

/** BullMQ 5 queues with jobs waiting, active with locks, finished ones: nine keys and more each. */
async function seedQueues() {
	const socket = connect(port, '127.0.0.1');
	socket.resume();
	for (let index = 0; index < queues; index++) {
		const base = `bull:queue${index}`;
		const ids = (from, length) => Array.from({length}, (_, job) => String(from + job));
		const commands = [
			['HSET', `${base}:meta`, 'version', 'bullmq:5.81.5', 'opts.maxLenEvents', '10000'],
			['SET', `${base}:id`, '2000'],
			['LPUSH', `${base}:wait`, ...ids(100, 500)],
			['LPUSH', `${base}:active`, '1', '2', '3'],
			...['1', '2', '3'].map(id => ['SET', `${base}:${id}:lock`, 'token', 'PX', '600000']),
			['ZADD', `${base}:completed`, ...ids(1200, 300).flatMap(id => [id, id])],
			['ZADD', `${base}:failed`, ...ids(1600, 100).flatMap(id => [id, id])],
			['HSET', `${base}:100`, 'name', 'work', 'timestamp', '1', 'opts', '{}'],
			['XADD', `${base}:events`, '*', 'event', 'added', 'jobId', '1'],
		];
		socket.write(commands.map(toResp).join(''));
	}
	await until(() => Number(cli('EXISTS', `bull:queue${queues - 1}:events`)) === 1);
	socket.destroy();
}

const toResp = argv => `*${argv.length}\r\n${argv.map(arg => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;

async function openClients() {
	const sockets = [];
	while (sockets.length < clients) {
		const batch = Array.from(
			{length: 500},
			() =>
				new Promise((resolve, reject) => {
					const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
				}),
		);
		sockets.push(...(await Promise.all(batch)));
	}
	await until(() => Number(/connected_clients:(\d+)/.exec(cli('INFO', 'clients'))[1]) >= clients);
	return sockets;
}

const cli = (...argv) => execFileSync('redis-cli', ['-p', String(port), ...argv], {env, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2});

const canConnect = () =>
	new Promise(resolve => {
		const socket = connect(port, '127.0.0.1', () => socket.end()).once('error', () => resolve(false));
		socket.once('connect', () => resolve(true));
	});

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, timeoutMs = 30_000) {
	const endsAt = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > endsAt) throw new Error('it never came about');
		await sleep(20);
	}
}

try {
	await main();
} finally {
	rmSync(state, {recursive: true, force: true});
}
