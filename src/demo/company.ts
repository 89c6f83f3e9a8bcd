import type {ChildProcess} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {QueuePlan} from './queue-process.ts';
import {launchServer, type ScratchServer} from './scratch-server.ts';
import type {QueueProcess} from './stage.ts';

export type CompanySeat = {
	/** Runs `demo-host worker PLAN` of this program, with a pipe as stdin that nobody else holds. */
	readonly spawnWorker: (planJson: string) => ChildProcess;
	readonly binary: string;
	readonly dir: string;
	/** Called with the pids of all replicas whenever there is another one. */
	readonly onReplicas: (pids: readonly number[]) => void;
};

/** The processes besides the server: replicas and queue workers. None of them outlives `end`. */
export class Company {
	readonly #seat: CompanySeat;
	readonly #workers = new Map<ChildProcess, Promise<void>>();
	readonly #replicas: Promise<ScratchServer>[] = [];
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
		const {binary, onReplicas} = this.#seat;
		const dir = join(this.#seat.dir, 'replica');
		mkdirSync(dir, {recursive: true});
		const config = () => [`replicaof 127.0.0.1 ${masterPort}`];
		const starting = launchServer({binary, dir, config, until: 'listening'});
		this.#replicas.push(starting);
		await starting;
		onReplicas((await Promise.all(this.#replicas)).map(({pid}) => pid));
	}

	/** Resolves when all of them are gone. Never rejects. */
	async end(): Promise<void> {
		this.#hasEnded = true;
		for (const child of this.#workers.keys()) child.kill('SIGKILL');
		const replicas = await Promise.allSettled(this.#replicas);
		const started = replicas.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
		for (const replica of started) replica.signal('SIGKILL');
		await Promise.all([...this.#workers.values(), ...started.map(({exited}) => exited)]);
	}
}
