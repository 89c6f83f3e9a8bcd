#!/usr/bin/env node
// What a cluster of 100 small real servers costs the console, and the console each of them: half masters, half replicas, all in one process each on
// this machine. `npm run bench:cluster [NODES]` prints the table; the servers themselves gossip, so they run for a while before anything is measured.
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {keyLatencies, presses, replay, spread, steadyFigures} from './bench/figures.mjs';
import {openTerminal} from './bench/terminal.mjs';
import {canConnect, freePorts} from './lib/ports.mjs';
import {commandStats, redisCli} from './lib/redis.mjs';
import {root} from './lib/root.mjs';
import {inScratch} from './lib/scratch.mjs';
import {sleep, until} from './lib/wait.mjs';

const count = Number(process.argv[2] ?? 100);
const masters = Math.ceil(count / 2);
const windowSeconds = Number(process.env.BENCH_SECONDS ?? 20);
const pressed = 40;
const allSlots = 16_384;
const file = join(root, 'dist/redis-triage.mjs');
const firstPort = await freePorts(2 * count);
const ports = Array.from({length: count}, (_, index) => firstPort + index);
const busPort = port => port + count;

async function main({folder, env}) {
	const cli = (port, ...argv) => redisCli(port, env)(...argv);
	const servers = ports.map(port => start(port, {folder, env}));
	try {
		for (const port of ports) await until(() => canConnect(port));
		await makeCluster(cli);
		print(await measure(env));
	} finally {
		for (const server of servers) server.kill('SIGKILL');
	}
}

function start(port, {folder, env}) {
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

async function makeCluster(cli) {
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

async function measure(env) {
	const terminal = openTerminal([process.execPath, file, '--cluster', '-p', String(firstPort)], {columns: 120, rows: 40, env});
	try {
		await terminal.waitFor(/ master /);
		await terminal.type([['5', 0]]);
		const foundMs = await terminal.waitFor(new RegExp(`${count} nodes, worst first`), 180_000);
		// The first search for queues on every master belongs to the start.
		await sleep(20_000);
		const statsBefore = ports.map(port => ourMicros(port, env));
		const before = await terminal.sample();
		let most = 0;
		const endsAt = performance.now() + windowSeconds * 1000;
		while (performance.now() < endsAt) {
			await sleep(100);
			most = Math.max(most, openConnections(terminal.pid()));
		}
		const after = await terminal.sample();
		const seconds = (after.sample - before.sample) / 1000;
		const costs = ports.map((port, index) => (ourMicros(port, env) - statsBefore[index]) / seconds);
		await terminal.type(presses(['j', 'k'], pressed, 0.137));
		await sleep(1000);
		const reads = await replay(terminal);
		return {
			foundMs,
			most,
			perNode: costs.reduce((sum, cost) => sum + cost, 0) / count,
			worst: Math.max(...costs.slice(1)),
			focus: costs[0],
			cpu: (after.cpuMs - before.cpuMs) / seconds / 10,
			rss: after.rssKib / 1024,
			bytes: steadyFigures(reads, before.sample, after.sample).bytesPerSecond,
			keys: spread(keyLatencies(terminal, reads, {fromMs: after.sample})),
		};
	} finally {
		await terminal.close();
	}
}

/** What a console sends a node that it does not look at; gossip and replication are others' commands. */
const ours = /^(ping|info|hello|cluster\|nodes|cluster\|info|cluster\|myid|scan|dbsize|time|type|hmget)$/;

const ourMicros = (port, env) => commandStats(redisCli(port, env)).reduce((sum, {name, micros}) => sum + (ours.test(name) ? micros : 0), 0);

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
		[`a key to the first changed cell, median and worst of ${pressed}`, `${keys.median.toFixed(1)} ms, ${keys.max.toFixed(1)} ms`],
	])
		console.log(`| ${row.join(' | ')} |`);
}

await inScratch(main);
