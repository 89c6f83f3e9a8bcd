import {writeSync} from 'node:fs';
import process from 'node:process';
import type {ReadStream, WriteStream} from 'node:tty';
import {Stage} from './stage.ts';

/** Alternate screen, hidden cursor. Bracketed paste is Ink's, but is switched off here too: Ink may not get to it. */
const enterModes = '\u001B[?1049h\u001B[?25l';
const leaveModes = '\u001B[?2004l\u001B[?25h\u001B[0m\u001B[?1049l';

/** Why the console must end. `code` is the exit code. */
export type EndReason = {readonly code: number; readonly message: string | undefined};

export type TerminalOptions = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream & {readonly fd: number};
	/** Called once, after the terminal has been given back: for signals, a lost terminal and errors nobody caught. */
	readonly onEnd: (reason: EndReason) => void;
	/** Print stack traces (REDIS_TRIAGE_DEBUG=1). */
	readonly isDebug: boolean;
};

const fatalSignals = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const;

/** Sole owner of the terminal's modes and of the signals that concern it: it leaves the terminal as it found it, on every way out. */
export class Terminal {
	readonly stage: Stage;
	readonly #options: TerminalOptions;
	#isEntered = false;
	#hasEnded = false;
	#listeners: {readonly event: string; readonly listener: (...args: never[]) => void}[] = [];

	constructor(options: TerminalOptions) {
		this.#options = options;
		this.stage = new Stage(options.stdout);
	}

	enter(): void {
		this.#listen();
		this.#take();
	}

	/** Give the terminal back. Synchronous and safe to call twice: it also runs while the process is going down. */
	leave(): void {
		this.#release();
		for (const {event, listener} of this.#listeners) process.removeListener(event, listener as () => void);
		this.#listeners = [];
	}

	/** Ctrl-Z: give the terminal back and stop the whole job, as a shell expects; `fg` continues at #resume. */
	suspend(): void {
		this.#release();
		// The signal's default action must stop us; a listener would swallow it. npm and its shell, if any, stop with us.
		process.removeAllListeners('SIGTSTP');
		process.kill(0, 'SIGTSTP');
	}

	/** Put text on the clipboard of whoever looks at this terminal, through SSH and tmux (OSC 52). */
	copy(text: string): void {
		this.#options.stdout.write(`\u001B]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`);
	}

	#take(): void {
		this.#isEntered = true;
		this.#options.stdin.setRawMode(true);
		this.#options.stdout.write(enterModes);
		this.stage.open();
	}

	#release(): void {
		if (!this.#isEntered) return;
		this.#isEntered = false;
		this.stage.close();
		try {
			this.#options.stdin.setRawMode(false);
			writeSync(this.#options.stdout.fd, leaveModes);
		} catch {
			// The terminal is gone (its window was closed): there is nothing left to be put back.
		}
	}

	/** After fg, or after a SIGSTOP that nobody could announce: raw mode and screen may be anybody's, so take all of it again. */
	#resume(): void {
		if (this.#hasEnded) return;
		this.#isEntered = true;
		this.#options.stdin.setRawMode(false);
		this.#take();
		this.#options.stdout.write('\u001B[?2004h');
		this.#onStop();
	}

	#onStop(): void {
		if (process.listenerCount('SIGTSTP') === 0) this.#on('SIGTSTP', () => this.suspend());
	}

	#listen(): void {
		for (const [signal, code] of Object.entries(fatalSignals)) this.#on(signal, () => this.#end({code, message: undefined}));
		this.#on('SIGCONT', () => this.#resume());
		this.#onStop();
		this.#on('exit', () => this.#release());
		this.#on('uncaughtException', (error: unknown) => this.#end({code: 1, message: this.crashText(error)}));
		this.#on('unhandledRejection', (error: unknown) => this.#end({code: 1, message: this.crashText(error)}));
		const lost = () => this.#end({code: fatalSignals.SIGHUP, message: undefined});
		this.#options.stdin.once('end', lost).once('close', lost).once('error', lost);
		this.#options.stdout.once('error', lost);
	}

	#on(event: string, listener: (...args: never[]) => void): void {
		process.on(event, listener as () => void);
		this.#listeners.push({event, listener});
	}

	#end(reason: EndReason): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		this.leave();
		this.#options.onEnd(reason);
	}

	/** One line for whoever meets a defect of ours; the stack only where it was asked for. */
	crashText(error: unknown): string {
		if (this.#options.isDebug && error instanceof Error && error.stack) return error.stack;
		const text = error instanceof Error ? error.message : String(error);
		return `redis-triage: internal error: ${text.split('\n', 1)[0]} (REDIS_TRIAGE_DEBUG=1 shows where)`;
	}
}
