import type {Socket} from 'node:net';
import {DeadlineError, NotSentError, ReplyLostError, ServerRefusedError} from '../errors.ts';
import {type Greeting, greet} from './greet.ts';
import type {Target} from './target.ts';
import {openTransport} from './transport.ts';

export type TapOptions = {
	readonly target: Target;
	/** What CLIENT LIST calls this connection; no blanks. */
	readonly name: string;
	/** After so many bytes it is closed, whatever they say. */
	readonly maxBytes: number;
	/** How long the server may take until it has let us in, and then until MONITOR is answered. */
	readonly patienceMs?: number;
	readonly signal: AbortSignal;
	/** One line of MONITOR, of a long one the beginning. */
	readonly onLine: (line: string) => void;
};

/** A connection on which MONITOR runs. */
export type MonitorTap = {
	readonly clientId: string | undefined;
	readonly bytes: () => number;
	/** Resolves when the connection is no more. Never rejects. */
	readonly ended: Promise<'bytes' | 'ended' | 'lost'>;
	/** Close it at once. A server that nobody reads from would keep every command for us in its memory. */
	readonly end: () => void;
};

const usualPatienceMs = 5000;

/**
 * Log in on a socket of its own and say MONITOR, once. Lines instead of replies are nothing for a client library, so this is a bare socket.
 * Rejects with NotSentError (MONITOR has not been sent), ServerRefusedError, ReplyLostError or DeadlineError; the connection is closed then.
 */
export async function openMonitorTap(options: TapOptions): Promise<MonitorTap> {
	const {target, name, maxBytes, signal, onLine, patienceMs = usualPatienceMs} = options;
	const {socket, standing} = openTransport(target, () => {});
	const talk = new Talk(socket, maxBytes);
	const stop = () => talk.end();
	signal.addEventListener('abort', stop, {once: true});
	if (signal.aborted) stop();
	try {
		const greeting = await within(patienceMs, logIn(standing, talk, target, name), new NotSentError(`the server has not let us in in ${patienceMs} ms`));
		await within(patienceMs, talk.call(['MONITOR'], onLine), new DeadlineError(`no reply to MONITOR in ${patienceMs} ms`));
		void talk.ended.then(() => signal.removeEventListener('abort', stop));
		return {clientId: greeting.clientId, bytes: () => talk.bytes, ended: talk.ended, end: () => talk.end()};
	} catch (error) {
		stop();
		signal.removeEventListener('abort', stop);
		throw error;
	}
}

async function logIn(standing: ReturnType<typeof openTransport>['standing'], talk: Talk, target: Target, name: string): Promise<Greeting> {
	const failure = await standing;
	if (failure) throw new NotSentError(failure.detail);
	try {
		return await greet(argv => talk.call(argv), target, name);
	} catch (error) {
		if (error instanceof ServerRefusedError) throw error;
		throw new NotSentError('the connection ended in the login');
	}
}

/** Rejects with `late` when it takes longer. */
async function within<T>(ms: number, work: Promise<T>, late: Error): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(late), ms);
	});
	try {
		return await Promise.race([work, tooLate]);
	} finally {
		clearTimeout(timer);
	}
}

/** Of a longer line the beginning is kept: a value of megabytes is in it too. */
const longestLine = 16_384;
const lineFeed = 10;

/** What is said on one socket, line by line: replies to our commands first, then the lines of MONITOR. */
class Talk {
	readonly ended: Promise<'bytes' | 'ended' | 'lost'>;
	readonly #socket: Socket;
	readonly #maxBytes: number;
	readonly #unread: string[] = [];
	#waiting: {readonly resolve: (line: string) => void; readonly reject: (error: Error) => void} | undefined;
	#onLine: ((line: string) => void) | undefined;
	#line = '';
	#bytes = 0;
	#why: 'bytes' | 'ended' | 'lost' = 'lost';

	constructor(socket: Socket, maxBytes: number) {
		this.#socket = socket;
		this.#maxBytes = maxBytes;
		socket.on('data', (chunk: Buffer) => this.#take(chunk));
		this.ended = new Promise(resolve => {
			socket.once('close', () => {
				this.#waiting?.reject(new ReplyLostError('the connection ended before the reply'));
				resolve(this.#why);
			});
		});
	}

	/** Since MONITOR has begun. */
	get bytes(): number {
		return this.#bytes;
	}

	end(): void {
		if (!this.#socket.destroyed) this.#why = 'ended';
		this.#socket.destroy();
	}

	/** Send one command. `onLine`: what comes behind its reply. */
	async call(argv: readonly string[], onLine?: (line: string) => void): Promise<unknown> {
		if (this.#socket.destroyed) throw new NotSentError('the connection has just closed');
		this.#socket.write(encoded(argv));
		const reply = await this.#reply();
		this.#onLine = onLine;
		// What came in the same moment as the reply.
		for (const line of onLine ? this.#unread.splice(0) : []) onLine?.(line.slice(1));
		return reply;
	}

	/** None of the replies that we get here has a line end within. */
	async #reply(): Promise<unknown> {
		const line = await this.#nextLine();
		const text = line.slice(1);
		switch (line[0]) {
			case '-':
				throw new ServerRefusedError(text);
			case ':':
				return Number(text);
			case '$':
				return text === '-1' ? null : this.#nextLine();
			case '*': {
				const items: unknown[] = [];
				for (let left = Number(text); left > 0; left--) items.push(await this.#reply());
				return items;
			}
			default:
				return text;
		}
	}

	#nextLine(): Promise<string> {
		const line = this.#unread.shift();
		if (line !== undefined) return Promise.resolve(line);
		return new Promise((resolve, reject) => {
			if (this.#socket.destroyed) reject(new ReplyLostError('the connection ended before the reply'));
			this.#waiting = {resolve, reject};
		});
	}

	#take(chunk: Buffer): void {
		if (this.#onLine) this.#bytes += chunk.length;
		let from = 0;
		for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
			this.#extend(chunk, from, end);
			this.#deliver(this.#line.replace(/\r$/, ''));
			this.#line = '';
			from = end + 1;
		}
		this.#extend(chunk, from, chunk.length);
		if (this.#bytes < this.#maxBytes || this.#socket.destroyed) return;
		this.#why = 'bytes';
		this.#socket.destroy();
	}

	#extend(chunk: Buffer, from: number, end: number): void {
		const room = longestLine - this.#line.length;
		if (room > 0) this.#line += chunk.toString('latin1', from, Math.min(end, from + room));
	}

	#deliver(line: string): void {
		if (this.#onLine) this.#onLine(line.slice(1));
		else if (this.#waiting) {
			const {resolve} = this.#waiting;
			this.#waiting = undefined;
			resolve(line);
		} else this.#unread.push(line);
	}
}

const encoded = (argv: readonly string[]): string => `*${argv.length}\r\n${argv.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
