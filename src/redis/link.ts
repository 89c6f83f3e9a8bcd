import type {Socket} from 'node:net';
import type {Redis} from 'ioredis';
import {type Clock, Wake} from '../clock.ts';
import {DeadlineError, NotSentError, ServerRefusedError} from '../errors.ts';
import {type ConnectFailure, type FirstWords, hearFirstWords, socketFailure} from './connect-failure.ts';
import {explainFailure, greetingFailure} from './explain-failure.ts';
import {type Greeting, greet} from './greet.ts';
import {type Encoding, type MakeCommand, repliesTo, replyTo, toRefusal} from './reply.ts';
import type {Target} from './target.ts';
import {openTransport} from './transport.ts';

export type LinkStatus =
	| {readonly kind: 'connecting'; readonly sinceMs: number}
	/** TCP is up, and the TLS handshake or the login has not been answered yet. */
	| {readonly kind: 'greeting'; readonly sinceMs: number}
	| {readonly kind: 'open'; readonly sinceMs: number; readonly greeting: Greeting}
	| {readonly kind: 'broken'; readonly sinceMs: number; readonly failure: ConnectFailure; readonly nextTryAtMs: number}
	| {readonly kind: 'closed'};

export type LinkOptions = {
	readonly target: Target;
	/** What CLIENT LIST calls this connection; no blanks. */
	readonly name: string;
	readonly clock: Clock;
};

type Pending = {readonly command: string; readonly sentAtMs: number; overdue: boolean};

const firstRetryMs = 250;
/** Some servers lock a user out after a few wrong passwords. */
const firstLoginRetryMs = 5000;
/** A full or restarting server frees up at any moment; a refused login does not get better by asking, and fills ACL LOG. */
const longestRetryMs: Record<ConnectFailure['kind'], number> = {
	down: 1000,
	maxclients: 1000,
	lost: 1000,
	refused: 2000,
	unreachable: 2000,
	unresolved: 2000,
	denied: 10_000,
	tls: 10_000,
	noauth: 10_000,
	wrongpass: 60_000,
};

/**
 * One connection to one server, kept open in the background. A command is sent at most once, never queued, never
 * repeated; its deadline is ours and leaves the socket alone, so a late reply still finds its own command and is dropped.
 * While a reply is overdue nothing more is sent: a frozen server thaws to one command of ours, not to a minute of them.
 */
export class Link {
	readonly #options: LinkOptions;
	readonly #stop = new AbortController();
	readonly #pending = new Set<Pending>();
	readonly #listeners = new Set<() => void>();
	/** The present attempt or connection: destroyed, it ends whatever waits for it. */
	#transport: Socket | undefined;
	#socket: Redis | undefined;
	#status: LinkStatus;
	#makeCommand: MakeCommand | undefined;
	readonly #ears = {
		heard: () => {
			this.lastReplyAtMs = this.#options.clock.now();
		},
		isRefusal: (_error: unknown): boolean => false,
	};
	#wakeRetry = new AbortController();
	/** `reconnect` ended the present attempt or connection: no failure to explain, and none to wait after. */
	#isRenewing = false;
	/** When the server last said anything on this link, error replies included. */
	lastReplyAtMs: number | undefined;
	/** When the last bytes came in on this link: a big reply on a slow line is a sign of life long before it is whole. */
	lastByteAtMs: number | undefined;

	constructor(options: LinkOptions) {
		this.#options = options;
		this.#status = {kind: 'connecting', sinceMs: options.clock.now()};
	}

	get status(): LinkStatus {
		return this.#status;
	}

	/** Since when the oldest unanswered command has been waiting, and which it is. */
	get waiting(): {readonly command: string; readonly sinceMs: number} | undefined {
		const [oldest] = this.#pending;
		return oldest && {command: oldest.command, sinceMs: oldest.sentAtMs};
	}

	/** Since when a reply is owed and not a byte has come; undefined when none is owed. */
	get quietSinceMs(): number | undefined {
		const {waiting} = this;
		return waiting && Math.max(waiting.sinceMs, this.lastByteAtMs ?? 0);
	}

	/** What another, fresh connection hears when it says PING, without a login: any line at all comes from a server that runs. */
	askAnew(): Promise<FirstWords> {
		return hearFirstWords(this.#options.target, {timeoutMs: 2000, listenMs: 2000, say: 'PING\r\n'});
	}

	/** Start connecting, and reconnecting whenever the connection ends, until `close`. */
	open(): this {
		void this.#keepOpen();
		return this;
	}

	close(): void {
		this.#stop.abort();
		this.#wakeRetry.abort();
		this.#transport?.destroy();
		this.#set({kind: 'closed'});
	}

	/** Give up the present socket, or the wait for the next attempt, and connect afresh. */
	reconnect(): void {
		this.#isRenewing = true;
		this.#transport?.destroy();
		this.#wakeRetry.abort();
	}

	/** Called on every change of status, with every command and on every reply. Returns the way to unsubscribe. */
	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Send one command, once. Rejects with ServerRefusedError (answered by an error), DeadlineError (no answer in time, it
	 * may still run), ReplyLostError (the connection ended first, it may have run) or NotSentError (it never left).
	 */
	async send(argv: readonly string[], deadlineMs: number, encoding: Encoding = 'utf8'): Promise<unknown> {
		const redis = this.#openConnection();
		return this.#await(argv[0] ?? '', () => this.#reply(redis, argv, encoding), deadlineMs);
	}

	/**
	 * Send several plain commands in one write, each once. Resolves to their replies in order, an error reply as a ServerRefusedError in its
	 * place. One deadline for all; where an answer is missing it rejects as `send` does, and whatever has been answered is not told.
	 * `bytes`: every character of arguments and replies is one byte (U+0000 to U+00FF), so that names that are no UTF-8 survive.
	 */
	async sendAll(argvs: readonly (readonly string[])[], deadlineMs: number, encoding: Encoding = 'utf8'): Promise<readonly unknown[]> {
		const redis = this.#openConnection();
		return this.#await(argvs[0]?.[0] ?? '', () => this.#replies(redis, argvs, encoding), deadlineMs);
	}

	/** Throws NotSentError when nothing may be sent now. */
	#openConnection(): Redis {
		const redis = this.#socket;
		if (!redis || this.#status.kind !== 'open') throw new NotSentError(`no connection (${this.#status.kind})`);
		const overdue = [...this.#pending].find(entry => entry.overdue);
		if (overdue) throw new NotSentError(`the server still owes the reply to ${overdue.command}`);
		return redis;
	}

	async #keepOpen(): Promise<void> {
		const {clock} = this.#options;
		let failuresInRow = 0;
		let wasLogin = false;
		while (!this.#stop.signal.aborted) {
			const openedAtMs = clock.now();
			this.#isRenewing = false;
			const failure = await this.#connectOnce();
			if (this.#stop.signal.aborted) return;
			if (this.#isRenewing) continue;
			const wasUp = clock.now() - openedAtMs > 5000;
			const isLogin = failure.kind === 'wrongpass' || failure.kind === 'noauth';
			failuresInRow = wasUp || isLogin !== wasLogin ? 1 : failuresInRow + 1;
			wasLogin = isLogin;
			const waitMs = Math.min((isLogin ? firstLoginRetryMs : firstRetryMs) * 2 ** (failuresInRow - 1), longestRetryMs[failure.kind]);
			this.#set({kind: 'broken', sinceMs: clock.now(), failure, nextTryAtMs: clock.now() + waitMs});
			this.#wakeRetry = new AbortController();
			await clock.sleep(waitMs, this.#wakeRetry.signal);
		}
	}

	/** Resolves when the connection has ended, or could not be had, with the reason. */
	async #connectOnce(): Promise<ConnectFailure> {
		const {socket, standing} = openTransport(this.#options.target, () => this.#shakeHands(standing));
		this.#transport = socket;
		// ioredis takes longer to load than a server that is near to answer: while the connection is on its way.
		const [failure, {clientOn, makeCommand, isRefusal}] = await Promise.all([standing, import('./client.ts')]);
		this.#ears.isRefusal = isRefusal;
		this.#makeCommand = makeCommand;
		if (failure) return this.#explain(failure);

		const redis = clientOn(socket);
		let lastError: Error | undefined;
		redis.on('error', error => {
			lastError = error;
		});
		const ended = new Promise<void>(resolve => redis.once('end', resolve));
		try {
			await redis.connect();
		} catch (error) {
			return this.#explain(socketFailure(lastError ?? error));
		}
		this.#socket = redis;
		// Not earlier: a first listener sets the socket flowing, and ioredis' parser must be there by then.
		socket.on('data', () => {
			this.lastByteAtMs = this.#options.clock.now();
		});
		const refusal = await this.#greet(redis);
		const wasOpen = this.#status.kind === 'open';
		if (refusal) socket.destroy();
		await ended;
		this.#socket = undefined;
		// Finding the reason takes a moment, and meanwhile nobody may take it for open.
		this.#set({kind: 'connecting', sinceMs: this.#options.clock.now()});
		return refusal ?? this.#explain(socketFailure(lastError ?? new Error('the server closed the connection')), wasOpen);
	}

	/** TCP stands. With TLS the server owes us its part of the handshake, and may be as silent about it as about a command. */
	#shakeHands(standing: Promise<unknown>): void {
		const {target, clock} = this.#options;
		if (!target.tls) return;
		const entry: Pending = {command: 'the TLS handshake', sentAtMs: clock.now(), overdue: false};
		this.#pending.add(entry);
		this.#set({kind: 'greeting', sinceMs: clock.now()});
		void standing.then(() => {
			this.#pending.delete(entry);
			this.#tell();
		});
	}

	async #greet(redis: Redis): Promise<ConnectFailure | undefined> {
		const {target, name, clock} = this.#options;
		this.#set({kind: 'greeting', sinceMs: clock.now()});
		try {
			const greeting = await greet(argv => this.#await(argv[0] ?? '', () => this.#reply(redis, argv), undefined), target, name);
			this.#set({kind: 'open', sinceMs: clock.now(), greeting});
			return undefined;
		} catch (error) {
			// A lost reply here is a lost connection: #connectOnce explains that one from the socket's own error.
			return error instanceof ServerRefusedError ? greetingFailure(error.message) : undefined;
		}
	}

	async #explain(failure: ConnectFailure, wasOpen = false): Promise<ConnectFailure> {
		if (this.#isRenewing || this.#stop.signal.aborted) return failure;
		return explainFailure(this.#options.target, failure, wasOpen);
	}

	/** Call `ask`, and keep account of what it waits for. */
	async #await<T>(command: string, ask: () => Promise<T>, deadlineMs: number | undefined): Promise<T> {
		const {clock} = this.#options;
		const entry: Pending = {command, sentAtMs: clock.now(), overdue: false};
		this.#pending.add(entry);
		this.#tell();
		const reply = ask().finally(() => {
			this.#pending.delete(entry);
			this.#tell();
		});
		if (deadlineMs === undefined) return reply;

		const answered = new Wake();
		const deadline = clock.sleep(deadlineMs, answered).then(() => {
			if (answered.aborted) return;
			entry.overdue = true;
			throw new DeadlineError(`no reply to ${entry.command} in ${deadlineMs} ms: it may still run`);
		});
		try {
			return await Promise.race([reply, deadline.then(() => reply)]);
		} finally {
			answered.abort();
			// Past the deadline nobody waits for this reply any more; it must not surface as an unhandled rejection.
			if (entry.overdue) reply.catch(() => {});
		}
	}

	async #replies(redis: Redis, argvs: readonly (readonly string[])[], encoding: Encoding): Promise<readonly unknown[]> {
		if (encoding === 'utf8' && this.#makeCommand) return repliesTo(redis, argvs, this.#makeCommand, this.#ears);
		this.#transport?.cork();
		const replies = argvs.map(argv => this.#reply(redis, argv, encoding).catch(toRefusal));
		this.#transport?.uncork();
		return Promise.all(replies);
	}

	#reply(redis: Redis, argv: readonly string[], encoding: Encoding = 'utf8'): Promise<unknown> {
		return replyTo(redis, argv, encoding, this.#ears);
	}

	#set(status: LinkStatus): void {
		if (this.#status.kind === 'closed') return;
		this.#status = status;
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
	}
}
