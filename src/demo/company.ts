import type {ChildProcess} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {QueuePlan} from './queue-process.ts';
import {type LaunchOptions, launchServer, type ScratchServer} from './scratch-server.ts';
import type {QueueProcess} from './stage.ts';

export type CompanySeat = {
	/** Runs `demo-host worker PLAN` of this program, with a pipe as stdin that nobody else holds. */
	readonly spawnWorker: (planJson: string) => ChildProcess;
	readonly binary: string;
	readonly dir: string;
	/** Called with the pids of all other servers whenever there is another one. */
	readonly onServers: (pids: readonly number[]) => void;
};

/** The processes besides the server: replicas, Sentinels and queue workers. None of them outlives `end`. */
export class Company {
	readonly #seat: CompanySeat;
	readonly #workers = new Map<ChildProcess, Promise<void>>();
	readonly #servers: Promise<ScratchServer>[] = [];
	#hasEnded = false;

	constructor(seat: CompanySeat) {
		this.#seat = seat;
	}

	startQueueProcess(plan: QueuePlan): QueueProcess {
		const child = this.#seat.spawnWorker(JSON.stringify(plan));
		// One that cannot be started says so by its end, as one does that dies.
		const ended = new Promise<void>(resolve => {
			for (const event of ['exit', 'error']) child.once(event, () => resolve());
		});
		child.stdin?.on('error', () => {});
		this.#workers.set(child, ended);
		const killHard = () => void child.kill('SIGKILL');
		if (this.#hasEnded) killHard();
		return {killHard};
	}

	async startReplica(masterPort: number): Promise<void> {
		if (this.#hasEnded) return;
		await this.#launch('replica', {config: () => [`replicaof 127.0.0.1 ${masterPort}`], until: 'listening'});
	}

	/** Three of them, with this configuration. Resolves to their ports. */
	async startSentinels(config: readonly string[]): Promise<readonly number[]> {
		const names = this.#hasEnded ? [] : ['sentinel-1', 'sentinel-2', 'sentinel-3'];
		const sentinels = await Promise.all(names.map(name => this.#launch(name, {config: () => config, isSentinel: true})));
		return sentinels.map(({port}) => port);
	}

	async #launch(name: string, options: Pick<LaunchOptions, 'config' | 'until' | 'isSentinel'>): Promise<ScratchServer> {
		const {binary, onServers} = this.#seat;
		const dir = join(this.#seat.dir, name);
		mkdirSync(dir, {recursive: true});
		const starting = launchServer({binary, dir, ...options});
		this.#servers.push(starting);
		const server = await starting;
		onServers((await Promise.all(this.#servers)).map(({pid}) => pid));
		return server;
	}

	/** Resolves when all of them are gone. Never rejects. */
	async end(): Promise<void> {
		this.#hasEnded = true;
		for (const child of this.#workers.keys()) child.kill('SIGKILL');
		const servers = await Promise.allSettled(this.#servers);
		const started = servers.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
		for (const server of started) server.signal('SIGKILL');
		await Promise.all([...this.#workers.values(), ...started.map(({exited}) => exited)]);
	}
}
