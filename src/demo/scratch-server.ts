import {type ChildProcess, spawn} from 'node:child_process';
import {randomInt} from 'node:crypto';
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

/** A running redis-server or valkey-server that belongs to us. */
export type ScratchServer = {
	readonly port: number;
	readonly pid: number;
	/** Send it a signal; returns false when it has already gone. Goes through the child handle, so a recycled pid is never hit. */
	readonly signal: (name: NodeJS.Signals) => boolean;
	/** Resolves when the process has ended, in whatever way. Never rejects. */
	readonly exited: Promise<void>;
};

export type LaunchOptions = {
	readonly binary: string;
	/** An existing folder; gets `redis.conf` and `redis.log`, and is the server's working directory. */
	readonly dir: string;
	/** Fixed port; without it a free one is found. */
	readonly port?: number | undefined;
	/** Lines for `redis.conf`, after ours, so that they win. */
	readonly config?: ((port: number) => readonly string[]) | undefined;
	/** `ready`: answers commands (after loading); `listening`: accepts connections, may still be loading. */
	readonly until?: 'ready' | 'listening' | undefined;
	readonly deadlineMs?: number | undefined;
	/** As a Sentinel: it rewrites `redis.conf` itself. */
	readonly isSentinel?: boolean | undefined;
};

const pollMs = 2;
const bindAttempts = 20;

/** Start a server on 127.0.0.1. Rejects with the end of its log when it does not come up. */
export async function launchServer(options: LaunchOptions): Promise<ScratchServer> {
	for (let attempt = 1; ; attempt++) {
		// Below the range from which the system takes ports for outgoing connections.
		const port = options.port ?? randomInt(20_000, 32_000);
		try {
			return await launchOn(port, options);
		} catch (error) {
			if (!(error instanceof PortTakenError) || options.port !== undefined || attempt >= bindAttempts) throw error;
		}
	}
}

class PortTakenError extends Error {}

async function launchOn(port: number, {binary, dir, config, until = 'ready', deadlineMs = 10_000, isSentinel = false}: LaunchOptions): Promise<ScratchServer> {
	const logFile = join(dir, 'redis.log');
	const logStart = statSync(logFile, {throwIfNoEntry: false})?.size ?? 0;
	const ours = [`port ${port}`, 'bind 127.0.0.1', 'protected-mode no', `dir ${quote(dir)}`, 'logfile redis.log', 'save ""', 'appendonly no', 'daemonize no'];
	writeFileSync(join(dir, 'redis.conf'), `${[...ours, ...(config?.(port) ?? [])].join('\n')}\n`, {mode: 0o600});

	// Only a bad redis.conf is reported on stderr; everything later goes to the log.
	const child = spawn(binary, [join(dir, 'redis.conf'), ...(isSentinel ? ['--sentinel'] : [])], {stdio: ['ignore', 'ignore', 'pipe'], cwd: dir});
	const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
	const closed = new Promise<void>(resolve => child.once('close', () => resolve()));
	let complaints = '';
	child.stderr.on('data', chunk => {
		complaints += String(chunk);
	});
	await spawned(child, binary);

	const log = () => complaints + (statSync(logFile, {throwIfNoEntry: false}) ? readFileSync(logFile).subarray(logStart).toString() : '');
	// That something accepts connections on the port does not say that it is this one: a server says so in its log, and so does a Sentinel.
	const readyWords = isSentinel ? 'Sentinel ID is' : 'Ready to accept connections';
	const isUp = until === 'ready' ? async () => log().includes(readyWords) : () => accepts(port);
	const deadlineAt = performance.now() + deadlineMs;
	while (!(await isUp())) {
		if (hasEnded(child)) throw await closed.then(() => failure(binary, port, log()));
		if (performance.now() > deadlineAt) {
			child.kill('SIGKILL');
			throw new Error(`${binary} was not up after ${deadlineMs} ms: ${lastLines(log())}`);
		}
		await sleep(pollMs);
	}
	return {port, pid: child.pid ?? 0, exited, signal: name => child.kill(name)};
}

/** Quote one argument for redis.conf, which knows C-like escapes inside double quotes. */
export function quote(argument: string): string {
	return `"${argument.replace(/["\\]/g, '\\$&')}"`;
}

function hasEnded(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

function spawned(child: ChildProcess, binary: string): Promise<void> {
	return new Promise((resolve, reject) => {
		child.once('spawn', resolve);
		child.on('error', error => reject(new Error(`cannot run ${binary}: ${error.message}`)));
	});
}

function accepts(port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

function failure(binary: string, port: number, log: string): Error {
	const isPortTaken = /Address already in use|Failed listening on port/.test(log);
	return isPortTaken ? new PortTakenError(`port ${port} is taken`) : new Error(`${binary} ended at once: ${lastLines(log)}`);
}

function lastLines(log: string): string {
	return log.trim().split('\n').slice(-3).join(' / ') || 'its log is empty';
}
