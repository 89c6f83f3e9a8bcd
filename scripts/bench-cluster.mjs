#!/usr/bin/env node
// What a cluster of 100 small real servers costs the console, and the console each of them: half masters, half replicas, all in one process each on
// this machine. `npm run bench:cluster [NODES]` prints the table; the servers themselves gossip, so they run for a while before anything is measured.
import {execFileSync, spawn} from 'node:child_process';
import {randomInt} from 'node:crypto';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {binPath, root} from './lib/root.mjs';

const count = Number(process.argv[2] ?? 100);
const masters = Math.ceil(count / 2);
const windowSeconds = Number(process.env.BENCH_SECONDS ?? 20);
const presses = 40;
const allSlots = 16_384;
const file = join(root, 'dist/redis-triage.mjs');
const folder = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));
const env = {...process.env, PATH: binPath, XDG_STATE_HOME: folder, TERM: 'xterm-256color', COLORTERM: ''};
const firstPort = await freePorts(2 * count);
const ports = Array.from({length: count}, (_, index) => firstPort + index);
const busPort = port => port + count;

async function main() {
	const servers = ports.map(start);
	try {
		for (const port of ports) await until(() => canConnect(port));
		await makeCluster();
		print(await measure());
	} finally {
		for (const server of servers) server.kill('SIGKILL');
	}
}

function start(port) {
	const dir = join(folder, String(port));
	mkdirSync(dir);
	const conf = [
		'--port',
		port,
		'--bind',
		'127.0.0.1',
		'--dir',
		dir,
		'--save',
		'',
		'--appendonly',
		'no',
		'--maxmemory',
		'64mb',
		'--repl-diskless-sync-delay',
		'0',
	];
	const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '15000', '--cluster-port', busPort(port)];
	return spawn('redis-server', [...conf, ...cluster].map(String), {env, stdio: 'ignore', cwd: dir});
}

async function makeCluster() {
	const [first] = ports;
	for (const [index, port] of ports.entries()) {
		if (index < masters) {
			const [from, next] = [index, index + 1].map(part => Math.floor((allSlots * part) / masters));
			cli(port, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(next - 1));
		}
		cli(port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
		if (index > 0) cli(port, 'CLUSTER', 'MEET', '127.0.0.1', String(first), String(busPort(first)));
	}
	const nodes = port => cli(port, 'CLUSTER', 'NODES').trim().split('\n');
	for (const port of ports) await until(() => nodes(port).length === count && nodes(port).every(line => !/handshake|noaddr/.test(line)));
	const ids = ports.slice(0, masters).map(port => cli(port, 'CLUSTER', 'MYID').trim());
	for (const [index, port] of ports.slice(masters).entries()) cli(port, 'CLUSTER', 'REPLICATE', ids[index]);
	for (const port of ports.slice(masters)) await until(() => cli(port, 'INFO', 'replication').includes('master_link_status:up'));
	await until(() => cli(first, 'CLUSTER', 'INFO').includes('cluster_state:ok'));
}

async function measure() {
	const child = spawn('script', ['-qfec', `stty cols 120 rows 40; exec node ${file} --cluster -p ${firstPort} `, '/dev/null'], {
		env,
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const terminal = {raw: '', at: 0};
	child.stdout.setEncoding('latin1').on('data', chunk => {
		terminal.raw += chunk;
		terminal.at = performance.now();
	});
	const startedAt = performance.now();
	await until(() => / master /.test(plain(terminal.raw)));
	child.stdin.write('5');
	await until(() => new RegExp(`${count} nodes, worst first`).test(plain(terminal.raw)));
	const foundMs = performance.now() - startedAt;
	// The first search for queues on every master belongs to the start.
	await sleep(20_000);
	const pid = childOf(child.pid);
	const before = {raw: terminal.raw.length, cpu: cpuSeconds(pid), stats: ports.map(statsOf), at: performance.now()};
	let most = 0;
	while (performance.now() - before.at < windowSeconds * 1000) {
		await sleep(100);
		most = Math.max(most, openConnections(pid));
	}
	const seconds = (performance.now() - before.at) / 1000;
	const stats = ports.map(statsOf);
	const costs = stats.map(({micros}, index) => (micros - before.stats[index].micros) / seconds);
	const result = {
		foundMs,
		most,
		perNode: costs.reduce((sum, cost) => sum + cost, 0) / count,
		worst: Math.max(...costs.slice(1)),
		focus: costs[0],
		cpu: ((cpuSeconds(pid) - before.cpu) / seconds) * 100,
		rss: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024,
		bytes: (terminal.raw.length - before.raw) / seconds,
		keys: await answerTimes(child, terminal),
	};
	child.stdin.write('q');
	await new Promise(resolve => child.once('exit', resolve));
	return result;
}

/** From a key to the first byte of the frame that it changes. */
async function answerTimes(child, terminal) {
	const times = [];
	for (let press = 0; press < presses; press++) {
		await sleep(137);
		const [sentAt, length] = [performance.now(), terminal.raw.length];
		child.stdin.write(press % 20 < 10 ? 'j' : 'k');
		await until(() => terminal.raw.length > length, 1);
		times.push(terminal.at - sentAt);
	}
	return times.toSorted((a, b) => a - b);
}

/** What a console sends a node that it does not look at; gossip and replication are others' commands. */
const ours = /^cmdstat_(ping|info|hello|cluster\|nodes|cluster\|info|cluster\|myid|scan|dbsize|time|type|hmget):calls=(\d+),usec=(\d+)/;

function statsOf(port) {
	const hits = cli(port, 'INFO', 'commandstats')
		.split('\n')
		.flatMap(line => ours.exec(line) ?? []);
	const rows = Array.from({length: hits.length / 4}, (_, row) => hits.slice(row * 4, row * 4 + 4));
	return {micros: rows.reduce((sum, [, , , micros]) => sum + Number(micros), 0)};
}

/** Sockets of the console to the servers at one moment, without its three to the one that is looked at. */
function openConnections(pid) {
	const own = new Set(readdirSync(`/proc/${pid}/fd`).flatMap(fd => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? []));
	const rows = readFileSync('/proc/net/tcp', 'utf8')
		.trim()
		.split('\n')
		.slice(1)
		.map(row => row.trim().split(/\s+/));
	return (
		rows.filter(([, , remote, state, , , , , , inode]) => state === '01' && own.has(inode) && ports.includes(Number.parseInt(remote.split(':')[1], 16)))
			.length - 3
	);
}

function linkOf(path) {
	try {
		return readlinkSync(path);
	} catch (error) {
		if (error.code === 'ENOENT') return '';
		throw error;
	}
}

function print({foundMs, most, perNode, worst, focus, cpu, rss, bytes, keys}) {
	console.log(`${count} servers, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${windowSeconds} s at 120x40, ${new Date().toISOString().slice(0, 10)}\n`);
	console.log('| what | measured |\n| --- | --- |');
	const percent = micros => `${(micros / 10_000).toFixed(4)} % of a core`;
	for (const row of [
		['all nodes found and shown', `${(foundMs / 1000).toFixed(1)} s`],
		['light connections open at once, at most', String(most)],
		['cost to a node, mean', percent(perNode)],
		['… to the dearest of those that are not looked at', percent(worst)],
		['… to the one that is looked at (INFO, PING and CLUSTER)', percent(focus)],
		['CPU of the console', `${cpu.toFixed(1)} %`],
		['resident memory', `${rss.toFixed(0)} MiB`],
		['bytes a second to the terminal', bytes.toFixed(0)],
		[`a key to the first byte of its frame, median and worst of ${presses}`, `${keys[Math.floor(presses / 2)].toFixed(1)} ms, ${keys.at(-1).toFixed(1)} ms`],
	])
		console.log(`| ${row.join(' | ')} |`);
}

const plain = raw => raw.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '');

const cli = (port, ...argv) => execFileSync('redis-cli', ['-p', String(port), ...argv], {env, encoding: 'utf8', maxBuffer: 1 << 26});

/** `script` runs a shell that becomes the program. */
const childOf = pid => Number(readdirSync('/proc').find(name => /^\d+$/.test(name) && parentOf(name) === pid));

const statOf = pid =>
	readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');

function parentOf(pid) {
	try {
		return Number(statOf(pid)[1]);
	} catch (error) {
		if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
		throw error;
	}
}

const cpuSeconds = pid => (Number(statOf(pid)[11]) + Number(statOf(pid)[12])) / 100;

/** The first of so many in a row that nobody listens on, below those that the system gives to outgoing connections. */
async function freePorts(length) {
	for (;;) {
		const first = randomInt(20_000, 32_000 - length);
		const isFree = await Promise.all(Array.from({length}, (_, index) => canListen(first + index)));
		if (isFree.every(Boolean)) return first;
	}
}

function canListen(port) {
	return new Promise(resolve => {
		const server = createServer().once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

function canConnect(port) {
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(ask, everyMs = 50) {
	const deadline = performance.now() + 180_000;
	while (!(await ask())) {
		if (performance.now() > deadline) throw new Error(`waited 3 minutes for ${ask}`);
		await sleep(everyMs);
	}
}

try {
	await main();
} finally {
	rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}
