import type {ChildProcess} from 'node:child_process';
import {setMaxListeners} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Readable, Writable} from 'node:stream';
import {systemClock} from '../clock.ts';
import {messageOf} from '../errors.ts';
import {Company} from './company.ts';
import {sentinelConfig, untilReplicated} from './failover.ts';
import {hasSentinels, parseScenario, runRecovered, runScenario, type ScenarioName, scenarioConfig} from './scenarios.ts';
import {launchServer, type ScratchServer} from './scratch-server.ts';
import {type Environment, findServerBinary} from './server-binary.ts';
import {defaultTiming, type Timing} from './stage.ts';

/** What the host process tells its console, one JSON object a line: the server that is up now and all servers' pids, or why there is none. */
export type HostMessage =
	| {
			readonly port: number;
			readonly pids: readonly number[];
			readonly dir: string;
			/** Ports of the Sentinels; empty where the scenario has none. */
			readonly sentinels: readonly number[];
			/** All is there that the console is to start with. */
			readonly isReady: boolean;
	  }
	| {readonly error: string};

/** The parts of a process that the host needs; `process` itself is touched only by the command line. */
export type HostSeat = {
	/** A pipe from the console: its end means that the console has gone, however it went. */
	readonly stdin: Readable;
	readonly stdout: Writable;
	readonly env: Environment;
	/** Calls back on SIGTERM, SIGINT and SIGHUP. */
	readonly onSignal: (end: () => void) => void;
	readonly exit: (code: number) => void;
	/** Runs `demo-host worker PLAN` of this program, with a pipe as stdin. */
	readonly spawnWorker: (planJson: string) => ChildProcess;
	readonly timing?: Partial<Timing>;
};

const supervisorPauseMs = 1000;

/**
 * The process behind the console of `redis-triage demo`: a throwaway server, its clients, and the incident. Announces the
 * server on stdout, and again when it had to start it anew, as a supervisor would, after a shutdown. Ends, and removes
 * server and folder, when stdin ends or a signal comes.
 */
export async function runDemoHost(scenarioName: string | undefined, seat: HostSeat): Promise<void> {
	const stop = new AbortController();
	const end = () => stop.abort();
	seat.onSignal(end);
	for (const event of ['end', 'close', 'error']) seat.stdin.on(event, end);
	seat.stdin.resume();
	// Nobody is left to read: the same as the end of stdin.
	seat.stdout.on('error', end);
	const tell = (message: HostMessage) => seat.stdout.write(`${JSON.stringify(message)}\n`);

	const dir = mkdtempSync(join(tmpdir(), 'redis-triage-demo-'));
	let exitCode = 0;
	try {
		const timing = {...defaultTiming, ...seat.timing};
		await superviseServer({scenario: parseScenario(scenarioName), dir, timing, seat, tell, signal: stop.signal});
	} catch (error) {
		tell({error: messageOf(error)});
		exitCode = 1;
	} finally {
		rmSync(dir, {recursive: true, force: true, maxRetries: 5, retryDelay: 20});
	}
	seat.exit(exitCode);
}

type Supervision = {
	readonly scenario: ScenarioName;
	readonly dir: string;
	readonly timing: Timing;
	readonly seat: Pick<HostSeat, 'env' | 'spawnWorker'>;
	readonly tell: (message: HostMessage) => void;
	readonly signal: AbortSignal;
};

async function superviseServer({scenario, dir, timing, seat, tell, signal}: Supervision): Promise<void> {
	const binary = findServerBinary(seat.env);
	const config = () => scenarioConfig(scenario, dir, timing);
	const isWatched = hasSentinels(scenario);
	let company: Company | undefined;
	let server: ScratchServer | undefined;
	let others: readonly number[] = [];
	let sentinels: readonly number[] = [];
	const announce = () => {
		if (server) tell({port: server.port, pids: [server.pid, ...others], dir, sentinels, isReady: !isWatched || sentinels.length > 0});
	};
	const onServers = (pids: readonly number[]) => {
		others = pids;
		announce();
	};
	try {
		for (let start = 1; !signal.aborted; start++) {
			server = await launchServer({binary, dir, port: server?.port, config});
			const {port} = server;
			announce();
			company ??= new Company({binary, dir, spawnWorker: seat.spawnWorker, onServers});
			if (isWatched && start === 1) {
				sentinels = await surround(port, company, timing, signal);
				announce();
			}
			const stage = {
				port,
				dir,
				timing,
				sentinels,
				startQueueProcess: company.startQueueProcess.bind(company),
				startReplica: company.startReplica.bind(company, port),
			};
			await whileRunning(server, (start === 1 ? runScenario : runRecovered).bind(undefined, scenario, stage), signal);
			// Where others can take over they go on without it.
			if (!isWatched) {
				await company.end();
				company = undefined;
				others = [];
			}
			await systemClock.sleep(supervisorPauseMs, signal);
		}
	} finally {
		await company?.end();
	}
}

/** A replica that is in sync, and then three Sentinels: they look for replicas at once, and again only ten seconds later. */
async function surround(port: number, company: Company, {downAfterMs}: Timing, signal: AbortSignal): Promise<readonly number[]> {
	await company.startReplica(port);
	await untilReplicated(port, signal);
	return company.startSentinels(sentinelConfig(port, downAfterMs));
}

/** Let the clients work until the server ends or we are to stop; afterwards the server is gone. */
async function whileRunning(server: ScratchServer, play: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
	const serverGone = new AbortController();
	void server.exited.then(() => serverGone.abort());
	const either = AbortSignal.any([signal, serverGone.signal]);
	// Every client of the demo waits on it.
	setMaxListeners(0, either);
	try {
		await play(either);
	} catch (error) {
		// A connection that broke in the middle of seeding is news of a dying server, which may arrive a moment before its exit does.
		await systemClock.sleep(supervisorPauseMs, either);
		if (!either.aborted) throw error;
	} finally {
		// A stopped or busy process takes SIGKILL too.
		server.signal('SIGKILL');
		await server.exited;
	}
}
