import type {ChildProcess} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {UsageError} from '../errors.ts';
import {demoMaster} from './failover.ts';
import type {HostMessage} from './host.ts';
import {hasQueueLibrary, queueLibraryFile} from './queue-process.ts';
import {parseScenario, type ScenarioName} from './scenarios.ts';
import {type Environment, findServerBinary} from './server-binary.ts';

/** A demo under way, seen from the console. */
export type Demo = {
	readonly scenario: ScenarioName;
	readonly port: number;
	readonly url: string;
	/** Those that watch it, and the name under which they do; undefined where there are none. */
	readonly sentinel: {readonly master: string; readonly ports: readonly number[]} | undefined;
	/** End it and remove server and folder. Resolves when nothing is left; safe to call twice. */
	readonly stop: () => Promise<void>;
};

/** The parts of a process that starting a demo needs. */
export type DemoSeat = {
	/**
	 * Runs `demo-host SCENARIO` of this program with stdin, stdout and stderr as pipes and `detached: true`, so that
	 * Ctrl-C and Ctrl-Z in the console's terminal do not reach the server.
	 */
	readonly spawnHost: (scenario: ScenarioName) => ChildProcess;
	readonly env: Environment;
	/** `process.kill`: needed for the servers when their host died before it could clean up. Queue workers end with it. */
	readonly kill: (pid: number, signal: NodeJS.Signals) => void;
};

type Announced = Extract<HostMessage, {readonly port: number}>;

const stopGraceMs = 3000;

const noQueueLibrary = `the demo's queues need BullMQ: copy ${queueLibraryFile}, which lies beside the program in dist/, along with it`;

/**
 * Start a scenario in a host process of its own and wait until its server answers. Throws a UsageError for an unknown
 * scenario or when no server program is installed; rejects when the host cannot start it.
 */
export async function startDemo(scenarioName: string | undefined, {spawnHost, env, kill}: DemoSeat): Promise<Demo> {
	const scenario = parseScenario(scenarioName);
	findServerBinary(env);
	// Elsewhere BullMQ is one thing among others, and missed by nobody who has copied the program alone.
	if (scenario === 'queues' && !hasQueueLibrary()) throw new UsageError(noQueueLibrary);

	const host = spawnHost(scenario);
	let server: Announced | undefined;
	const hostGone = new Promise<void>(resolve => {
		host.once('exit', () => {
			if (server) removeLeftovers(server, kill);
			resolve();
		});
	});
	// Writing to a host that has just died is not an error of ours; its exit says all.
	host.stdin?.on('error', () => {});

	server = await firstServer(host, next => {
		server = next;
	});
	const stop = async () => {
		host.stdin?.end();
		const timer = setTimeout(() => host.kill('SIGKILL'), stopGraceMs);
		await hostGone;
		clearTimeout(timer);
	};
	const {port, sentinels} = server;
	return {scenario, port, url: `redis://127.0.0.1:${port}`, sentinel: sentinels.length === 0 ? undefined : {master: demoMaster, ports: sentinels}, stop};
}

/** Resolves to the first server announced that is ready for the console; `onLater` gets every one that a restart brings. */
function firstServer(host: ChildProcess, onLater: (server: Announced) => void): Promise<Announced> {
	return new Promise((resolve, reject) => {
		let complaints = '';
		host.stderr?.on('data', chunk => {
			complaints = (complaints + String(chunk)).slice(-2000);
		});
		if (!host.stdout) throw new Error('the demo host has no stdout pipe');
		createInterface({input: host.stdout}).on('line', line => {
			const message = JSON.parse(line) as HostMessage;
			if ('error' in message) {
				reject(new Error(`the demo server did not start: ${message.error}`));
				return;
			}
			onLater(message);
			if (message.isReady) resolve(message);
		});
		host.once('error', error => reject(new Error(`cannot start the demo's host process: ${error.message}`)));
		host.once('close', () => reject(new Error(`the demo's host process ended at once${complaints && `: ${complaints.trim()}`}`)));
	});
}

/** A host that ended in order has removed the folder last of all; if it is still there, so may be the servers. */
function removeLeftovers({pids, dir}: Announced, kill: DemoSeat['kill']): void {
	if (!existsSync(dir)) return;
	for (const pid of pids) {
		try {
			kill(pid, 'SIGKILL');
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
		}
	}
	rmSync(dir, {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
}
