#!/usr/bin/env node
// Start-up and steady state of the built file, measured from outside through a pseudo terminal (util-linux `script`).
// Ratios within one run mean something; the milliseconds belong to this machine. `npm run bench` prints the README's table.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {binPath, root} from './lib/root.mjs';

const columns = 120;
const rows = 40;
const runs = 11;
const windowSeconds = 20;
const clients = 60;
const file = join(root, 'dist/redis-triage.mjs');
const state = mkdtempSync(join(tmpdir(), 'redis-triage-bench-'));
const env = {...process.env, PATH: binPath, XDG_STATE_HOME: state, TERM: 'xterm-256color', COLORTERM: ''};

async function main() {
	const server = await startServer();
	const sockets = await openClients(server.port);
	try {
		const floor = median(await repeat(() => timeToExit(['node', '-e', '0'])));
		const start = median(await repeat(() => timeToScreen(`node ${file} -p ${server.port}`, / master /)));
		const demo = median(await repeat(() => timeToScreen(`node ${file} demo script`, / master /)));
		const steady = await steadyState(`node ${file} -p ${server.port}`);
		const limit = floor * 4 + 300;
		print([
			['`node -e 0`, the floor', `${floor.toFixed(0)} ms`],
			['first full screen with live data, a running server', `${start.toFixed(0)} ms`],
			[
				'first full screen with live data, `demo` (starts its server too)',
				`${demo.toFixed(0)} ms, bound 4 × floor + 300 = ${limit.toFixed(0)} ms: ${demo < limit ? 'kept' : 'MISSED'}`,
			],
			[`steady state, ${clients} clients listed at ${columns}x${rows}, 1 s: bytes a second`, `${steady.bytesPerSecond.toFixed(0)}`],
			['… whole-screen erases (`ESC[2J`, `ESC[3J`, `ESC[J`)', String(steady.erases)],
			['… CPU of the console', `${steady.cpuPercent.toFixed(1)} %`],
			['… resident memory', `${steady.rssMiB.toFixed(0)} MiB`],
			['… server time of its commands (INFO commandstats)', `${steady.serverPercent.toFixed(3)} % of a core`],
		]);
		if (demo >= limit) process.exitCode = 1;
	} finally {
		for (const socket of sockets) socket.destroy();
		server.process.kill('SIGKILL');
	}
}

function print(lines) {
	console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, medians of ${runs} starts, ${new Date().toISOString().slice(0, 10)}\n`);
	console.log('| what | measured |\n| --- | --- |');
	for (const [what, value] of lines) console.log(`| ${what} | ${value} |`);
}

async function repeat(measure) {
	const values = [];
	for (let run = 0; run < runs; run++) values.push(await measure());
	return values;
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function timeToExit([command, ...args]) {
	const startedAt = performance.now();
	const child = spawn(command, args, {env, stdio: 'ignore'});
	await new Promise(resolve => child.once('exit', resolve));
	return performance.now() - startedAt;
}

/** A program on a terminal of its own: what it has written, as text without colours. */
function onTerminal(command) {
	const startedAt = performance.now();
	const child = spawn('script', ['-qfec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'inherit']});
	const terminal = {child, startedAt, raw: '', closed: new Promise(resolve => child.once('exit', resolve))};
	child.stdout.setEncoding('latin1').on('data', chunk => {
		terminal.raw += chunk;
	});
	return terminal;
}

const plain = raw => raw.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '');

async function timeToScreen(command, ready) {
	const terminal = onTerminal(command);
	const took = await new Promise((resolve, reject) => {
		terminal.child.stdout.on('data', () => {
			if (ready.test(plain(terminal.raw))) resolve(performance.now() - terminal.startedAt);
		});
		terminal.child.once('exit', () => reject(new Error(`${command} ended early:\n${plain(terminal.raw)}`)));
	});
	terminal.child.stdin.write('q');
	await terminal.closed;
	return took;
}

async function steadyState(command) {
	const terminal = onTerminal(`${command} `);
	await until(() => / master /.test(plain(terminal.raw)));
	terminal.child.stdin.write('2');
	await sleep(3000);
	const pid = childOf(terminal.child.pid);
	const before = {raw: terminal.raw.length, cpu: cpuSeconds(pid), server: serverMicros(command)};
	await sleep(windowSeconds * 1000);
	const output = terminal.raw.slice(before.raw);
	const result = {
		bytesPerSecond: output.length / windowSeconds,
		erases: output.match(/\x1b\[[23]?J/g)?.length ?? 0,
		cpuPercent: ((cpuSeconds(pid) - before.cpu) / windowSeconds) * 100,
		rssMiB: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024,
		serverPercent: (serverMicros(command) - before.server) / windowSeconds / 10_000,
	};
	terminal.child.stdin.write('q');
	await terminal.closed;
	return result;
}

/** `script` runs a shell that becomes the program. */
function childOf(pid) {
	const child = readdirSync('/proc').find(name => /^\d+$/.test(name) && parentOf(name) === pid);
	return Number(child);
}

function parentOf(pid) {
	try {
		return Number(
			readFileSync(`/proc/${pid}/stat`, 'utf8')
				.replace(/^.*\) /, '')
				.split(' ')[1],
		);
	} catch (error) {
		if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
		throw error;
	}
}

function cpuSeconds(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Microseconds of all commands so far. The 60 clients are idle, so in the window they are the console's alone. */
function serverMicros(command) {
	const port = / -p (\d+)/.exec(command)[1];
	const stats = execFileSync('redis-cli', ['-p', port, 'INFO', 'commandstats'], {env, encoding: 'utf8'});
	return [...stats.matchAll(/usec=(\d+)/g)].reduce((sum, [, micros]) => sum + Number(micros), 0);
}

async function startServer() {
	const port = 20_000 + (process.pid % 20_000);
	const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', state], {env, stdio: 'ignore'});
	await until(() => canConnect(port));
	return {port, process: child};
}

const canConnect = port =>
	new Promise(resolve => {
		const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.end());
	});

async function openClients(port) {
	return Promise.all(
		Array.from(
			{length: clients},
			(_, index) =>
				new Promise((resolve, reject) => {
					const socket = connect(port, '127.0.0.1', () => socket.write(`CLIENT SETNAME bench-${index}\r\n`)).once('error', reject);
					socket.once('data', () => resolve(socket));
				}),
		),
	);
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(condition, timeoutMs = 10_000) {
	const endsAt = Date.now() + timeoutMs;
	while (!(await condition())) {
		if (Date.now() > endsAt) throw new Error('it never came about');
		await sleep(10);
	}
}

try {
	await main();
} finally {
	rmSync(state, {recursive: true, force: true});
}
