import process from 'node:process';
import type {ReadStream, WriteStream} from 'node:tty';
import {messageOf} from '../errors.ts';
import {Answers} from './answers.ts';
import {Stage} from './stage.ts';
import {TerminalWriter} from './terminal-writer.ts';

/** Alternate screen, hidden cursor, no wrapping. Bracketed paste is Ink's, but is switched off here too: Ink may not get to it. */
const enterModes = '\u001B[?1049h\u001B[?25l\u001B[?7l';
const leaveModes = '\u001B[?7h\u001B[?2004l\u001B[?25h\u001B[0m\u001B[?1049l';
const bracketedPaste = '\u001B[?2004h';

/** Why the console must end. `code` is the exit code; `signal`: by which it has been asked to. */
export type EndReason = {readonly code: number; readonly message: string | undefined; readonly signal?: NodeJS.Signals};

export type TerminalOptions = {
	readonly stdin: ReadStream;
	readonly stdout: WriteStream & {readonly fd: number};
	/** What Ink has laid out, as it is to be shown. */
	readonly unfold: (frame: string) => string;
	/** Called once, after the terminal has been given back: for signals, a lost terminal and errors nobody caught. */
	readonly onEnd: (reason: EndReason) => void;
	/** Ctrl-Z had no effect: nobody here could continue us, so the system does not stop us. The terminal has been taken again. */
	readonly onCannotSuspend?: () => void;
	/** Print stack traces (REDIS_TRIAGE_DEBUG=1). */
	readonly isDebug: boolean;
};

/** In the end we die of them, for the shell to see; but not of SIGQUIT, which would leave a core file with the password in it. */
const fatalSignals = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;

/**
 * Whoever closes a window sends SIGHUP on top of what has been heard already, and an impatient one a second Ctrl-C: what is under way is still ended and
 * written down first. Also, were its own listener the only one left, Ink (signal-exit) would send the signal again, here and now.
 */
const deaf = () => {};

/** A stop reaches the process within the call that asks for it; this is for one that reaches another thread first. */
const stoppedWithinMs = 100;

/** Node sets terminals to blocking: with nobody reading, one write would stop the whole process. Its streams have no public switch for that. */
type Blocking = {readonly _handle?: {readonly setBlocking?: (isBlocking: boolean) => unknown}};

/** Sole owner of the terminal's modes and of the signals that concern it: it leaves the terminal as it found it, on every way out. */
export class Terminal {
	readonly stage: Stage;
	readonly #options: TerminalOptions;
	readonly #writer: TerminalWriter;
	#suspension: NodeJS.Timeout | undefined;
	#isEntered = false;
	#hasEnded = false;
	readonly #answers: Answers;
	#listeners: {readonly event: string; readonly listener: (...args: never[]) => void}[] = [];

	constructor(options: TerminalOptions) {
		this.#options = options;
		this.#writer = new TerminalWriter(options.stdout.fd, () => this.#lost());
		this.stage = new Stage(options.stdout, this.#writer, {unfold: options.unfold});
		this.#answers = new Answers(options.stdin, {onAnswer: () => this.stage.answered(), onKey: () => this.stage.hurry(), isOwed: () => this.stage.isAnswerOwed});
	}

	/** For Ink to read: what is typed, without the terminal's answers. */
	get keys(): Answers['keys'] {
		return this.#answers.keys;
	}

	enter(): void {
		this.#listen();
		this.#answers.listen();
		this.#take();
	}

	/**
	 * Give the terminal back, and hear no signal any more: the process ends soon. Synchronous and safe to call twice: it also runs while the process is going
	 * down. `isCrash`: a defect has been told, and those that follow from it (a screen that cannot be drawn cannot be taken down either) would only hide it.
	 */
	leave(isCrash = false): void {
		this.#hasEnded = true;
		clearTimeout(this.#suspension);
		this.#release();
		this.#answers.ignore();
		for (const signal of Object.keys(fatalSignals)) if (!process.listeners(signal as NodeJS.Signals).includes(deaf)) process.on(signal, deaf);
		this.#off();
		if (isCrash) for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, () => {});
	}

	/**
	 * Ctrl-Z: give the terminal back and stop the whole job, as a shell expects; `fg` continues at #resume. Without a shell above us (docker exec,
	 * tmux new-window, process 1) the system discards the signal (POSIX: orphaned process groups), and the terminal is taken back.
	 */
	suspend(): void {
		this.#release();
		// The signal's default action must stop us; a listener would swallow it. npm and its shell, if any, stop with us.
		this.#off('SIGTSTP');
		process.kill(0, 'SIGTSTP');
		clearTimeout(this.#suspension);
		// After fg this timer may be due before SIGCONT is heard; a round of the event loop later it has been.
		this.#suspension = setTimeout(() => setImmediate(() => this.#takeBack()), stoppedWithinMs);
	}

	/** Put text on the clipboard of whoever looks at this terminal, through SSH and tmux (OSC 52). */
	copy(text: string): void {
		this.#writer.write(`\u001B]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`);
	}

	#take(modes = enterModes): void {
		this.#isEntered = true;
		this.#options.stdin.setRawMode(true);
		this.#setBlocking(false);
		this.stage.open(modes);
	}

	#release(): void {
		if (!this.#isEntered) return;
		this.#isEntered = false;
		const owed = this.stage.release();
		try {
			this.#writer.writeLast(leaveModes);
			this.#swallow(owed);
			this.#options.stdin.setRawMode(false);
			// Where the terminal could not be opened anew, the shell shares this setting.
			this.#setBlocking(true);
		} catch {
			// The terminal is gone (its window was closed): there is nothing left to be put back.
		}
	}

	#swallow(owed: number): void {
		try {
			this.#answers.swallow(owed);
		} catch {
			// Not to be read (no /dev/tty here): a shell may show a letter or two, but it gets its modes back.
		}
	}

	#setBlocking(isBlocking: boolean): void {
		(this.#options.stdout as Blocking)._handle?.setBlocking?.(isBlocking);
	}

	#takeBack(): void {
		if (this.#isEntered || this.#hasEnded) return;
		this.#resume();
		this.#options.onCannotSuspend?.();
	}

	/** After fg, or after a SIGSTOP that nobody could announce: raw mode and screen may be anybody's, so take all of it again. */
	#resume(): void {
		if (this.#hasEnded) return;
		this.#isEntered = true;
		this.stage.close();
		// While we were stopped the shell's group heard of a new size, we did not: Node asks for it anew.
		process.emit('SIGWINCH', 'SIGWINCH');
		this.#options.stdin.setRawMode(false);
		this.#take(enterModes + bracketedPaste);
		this.#onStop();
	}

	#onStop(): void {
		if (!this.#listeners.some(({event}) => event === 'SIGTSTP')) this.#on('SIGTSTP', () => this.suspend());
	}

	#listen(): void {
		for (const [signal, code] of Object.entries(fatalSignals))
			this.#on(signal, () => this.#end({code, message: undefined, ...(signal === 'SIGQUIT' ? {} : {signal: signal as NodeJS.Signals})}));
		this.#on('SIGCONT', () => this.#resume());
		this.#onStop();
		this.#on('exit', () => this.#release());
		this.#on('uncaughtException', (error: unknown) => this.#end({code: 1, message: this.crashText(error)}));
		this.#on('unhandledRejection', (error: unknown) => this.#end({code: 1, message: this.crashText(error)}));
		const lost = () => this.#lost();
		this.#options.stdin.once('end', lost).once('close', lost).once('error', lost);
		this.#options.stdout.once('error', lost);
	}

	#on(event: string, listener: (...args: never[]) => void): void {
		process.on(event, listener as () => void);
		this.#listeners.push({event, listener});
	}

	/** Of one event, or of all. */
	#off(event?: string): void {
		const isMeant = (one: {readonly event: string}) => event === undefined || one.event === event;
		for (const {event: name, listener} of this.#listeners.filter(isMeant)) process.removeListener(name, listener as () => void);
		this.#listeners = this.#listeners.filter(one => !isMeant(one));
	}

	#lost(): void {
		this.#end({code: fatalSignals.SIGHUP, message: undefined});
	}

	#end(reason: EndReason): void {
		if (this.#hasEnded) return;
		this.leave(reason.code === 1);
		this.#options.onEnd(reason);
	}

	/** One line for whoever meets a defect of ours; the stack only where it was asked for. */
	crashText(error: unknown): string {
		if (this.#options.isDebug && error instanceof Error && error.stack) return error.stack;
		const text = messageOf(error);
		return `redis-triage: internal error: ${text.split('\n', 1)[0]} (REDIS_TRIAGE_DEBUG=1 shows where)`;
	}
}
