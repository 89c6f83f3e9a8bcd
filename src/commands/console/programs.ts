import {type ChildProcess, spawn} from 'node:child_process';
import type {ProgramEnding, ServerDeps} from '../../actions/deps.ts';
import type {Program} from '../../actions/types.ts';
import {NotSentError} from '../../errors.ts';
import type {Environment} from '../flags.ts';
import {ProgramOutput} from './program-output.ts';

/** What running programs needs of the process. `kill` of a negative pid is for its whole group; 0 asks whether it is there. */
export type Machine = {readonly env: Environment; readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void};

type OnOutput = (lines: readonly string[]) => void;

const usualPatienceMs = 2000;
/** The same when the console itself ends. */
const lastPatienceMs = 400;
/** A program that has ended, and whose output something else still holds open. */
const graceMs = 300;
const tellEveryMs = 100;
const lookEveryMs = 20;
/** More in one tenth of a second waits: a program that floods its output must not take the console's whole processor. */
const longestBurstBytes = 1_000_000;

/** The programs that this console runs, each in a process group of its own. */
export class Programs {
	readonly #machine: Machine;
	/** After SIGTERM, until SIGKILL. */
	readonly #patienceMs: number;
	readonly #running = new Set<Running>();
	#isClosed = false;

	constructor(machine: Machine, patienceMs = usualPatienceMs) {
		this.#machine = machine;
		this.#patienceMs = patienceMs;
	}

	/** Resolves when it has ended, or has been ended. Rejects with NotSentError when it cannot be started. */
	readonly run: ServerDeps['runProgram'] = async (argv, program, onOutput, signal) => {
		if (this.#isClosed || signal.aborted) throw new NotSentError('stopped before it was started');
		const running = new Running(await start(argv, childEnv(this.#machine.env, program.env)), this.#machine, onOutput, this.#patienceMs);
		this.#running.add(running);
		try {
			return await running.untilEnd(program, signal, this.#isClosed);
		} finally {
			this.#running.delete(running);
		}
	};

	/** The console ends: whatever still runs is ended with it, soon. */
	close(): void {
		this.#isClosed = true;
		for (const running of this.#running) void running.end(lastPatienceMs);
	}
}

/** Its own user's environment, without what could log it in to a server by mistake, and without what this program has set for itself. */
function childEnv(own: Environment, told: Program['env']): Record<string, string> {
	const kept = Object.entries(own).filter(([name]) => !/^(?:REDISCLI_AUTH|REDIS_URL|FORCE_COLOR|REDIS_TRIAGE_.*)$/.test(name));
	return {...(Object.fromEntries(kept) as Record<string, string>), ...told};
}

/** Resolves when it runs. */
function start([command = '', ...args]: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
	return new Promise((resolve, reject) => {
		const fail = (error: unknown) => reject(new NotSentError(whyNotStarted(command, error)));
		try {
			// A session of its own: it cannot ask at our terminal, and its group can be ended as a whole.
			const child = spawn(command, args, {env, detached: true, stdio: ['ignore', 'pipe', 'pipe']});
			child.once('error', fail);
			child.once('spawn', () => {
				child.off('error', fail);
				resolve(child);
			});
		} catch (error) {
			fail(error);
		}
	});
}

function whyNotStarted(command: string, error: unknown): string {
	const {code, message} = error instanceof Error ? (error as NodeJS.ErrnoException) : {code: undefined, message: String(error)};
	if (code === 'ENOENT') return `there is no program ${command}${command.includes('/') ? '' : ' in PATH'}`;
	if (code === 'EACCES') return `${command} may not be executed (EACCES)`;
	return `${command}: ${message}`;
}

class Running {
	readonly #child: ChildProcess;
	readonly #machine: Machine;
	readonly #patienceMs: number;
	readonly #output = new ProgramOutput();
	readonly #onOutput: OnOutput;
	readonly #ended: Promise<unknown>;
	readonly #closed: Promise<unknown>;
	#hasNews = false;
	#burstBytes = 0;
	#ending: Promise<void> | undefined;
	/** It was us who ended it, not itself. */
	#isEndedByUs = false;
	/** It would not end, or may not be ended: nothing more to wait for. */
	#giveUp: () => void = () => {};

	constructor(child: ChildProcess, machine: Machine, onOutput: OnOutput, patienceMs: number) {
		this.#child = child;
		this.#patienceMs = patienceMs;
		this.#machine = machine;
		this.#onOutput = onOutput;
		this.#ended = new Promise(resolve => child.once('exit', resolve));
		this.#closed = new Promise(resolve => child.once('close', resolve));
		for (const name of ['stdout', 'stderr'] as const) {
			child[name]?.on('data', (chunk: Buffer) => this.#take(name, chunk));
			// The program's own end of the pipe decides when there is no more; a broken one ends it too.
			child[name]?.on('error', error => this.#output.note(`its ${name} could not be read: ${error.message}`));
		}
	}

	async untilEnd({timeoutMs}: Program, signal: AbortSignal, isClosed: boolean): Promise<ProgramEnding> {
		let isTimedOut = false;
		const telling = setInterval(() => this.#tick(), tellEveryMs);
		const limit = setTimeout(() => {
			isTimedOut = this.#isRunning() && this.#ending === undefined;
			void this.end(this.#patienceMs);
		}, timeoutMs);
		const stop = () => void this.end(this.#patienceMs);
		signal.addEventListener('abort', stop, {once: true});
		if (isClosed) void this.end(lastPatienceMs);
		else if (signal.aborted) stop();
		const given = new Promise<void>(resolve => {
			this.#giveUp = resolve;
		});
		await Promise.race([this.#ended, given]);
		clearTimeout(limit);
		signal.removeEventListener('abort', stop);
		await this.#drained(given);
		clearInterval(telling);
		// Of what it has started nothing is left either, when it was us who ended it.
		await this.#ending;
		const {exitCode, signalCode} = this.#child;
		return {
			exitCode: exitCode ?? undefined,
			signal: signalCode ?? undefined,
			isTimedOut,
			isStopped: this.#isEndedByUs && !isTimedOut,
			output: this.#output.lines,
		};
	}

	/** SIGTERM for all of them; for those who are still there after a while SIGKILL. */
	end(withinMs: number): Promise<void> {
		this.#isEndedByUs ||= this.#isRunning();
		const hurried = this.#ending !== undefined && withinMs < this.#patienceMs;
		if (this.#ending === undefined || hurried) this.#ending = this.#endGroup(withinMs);
		return this.#ending;
	}

	async #endGroup(withinMs: number): Promise<void> {
		const untilMs = performance.now() + withinMs;
		this.#kill('SIGTERM');
		while (this.#isThere() && performance.now() < untilMs) await sleep(lookEveryMs);
		if (this.#isThere()) this.#kill('SIGKILL');
		await Promise.race([this.#ended, sleep(graceMs)]);
		this.#giveUp();
	}

	/** What it has said last is read to its end, unless something else holds that open: then it is left alone. */
	async #drained(given: Promise<void>): Promise<void> {
		this.#resume();
		let isClosed = false;
		const closed = this.#closed.then(() => {
			isClosed = true;
		});
		// While the rest of them are being ended, they may still have something to say.
		await Promise.race([closed, this.#ending ?? sleep(graceMs), given]);
		if (isClosed) return;
		if (this.#ending === undefined) this.#output.note('it has ended; something it has started still holds its output open and goes on');
		this.#child.stdout?.destroy();
		this.#child.stderr?.destroy();
	}

	#take(name: 'stdout' | 'stderr', chunk: Buffer): void {
		this.#output.add(name, chunk);
		this.#hasNews = true;
		this.#burstBytes += chunk.length;
		if (this.#burstBytes < longestBurstBytes) return;
		this.#child.stdout?.pause();
		this.#child.stderr?.pause();
	}

	#tick(): void {
		this.#resume();
		if (!this.#hasNews) return;
		this.#hasNews = false;
		this.#onOutput(this.#output.lines);
	}

	#resume(): void {
		this.#burstBytes = 0;
		this.#child.stdout?.resume();
		this.#child.stderr?.resume();
	}

	/** The program itself; of its group others may still be there. */
	#isRunning(): boolean {
		return this.#child.exitCode === null && this.#child.signalCode === null;
	}

	#isThere(): boolean {
		return this.#kill(0);
	}

	/** False when nobody is left in the group. */
	#kill(signal: NodeJS.Signals | 0): boolean {
		try {
			this.#machine.kill(-(this.#child.pid ?? Number.NaN), signal);
			return true;
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? error.code : undefined;
			if (code === 'ESRCH') return false;
			if (code !== 'EPERM') throw error;
			// It has become another user's (sudo).
			if (signal === 'SIGKILL') this.#output.note('it runs as another user and could not be ended from here: it may still run');
			return true;
		}
	}
}

const sleep = (ms: number): Promise<void> => new Promise(resolve => void setTimeout(resolve, ms));
