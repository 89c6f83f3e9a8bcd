import {createConnection, type Socket} from 'node:net';
import {type ConnectionOptions, connect as connectTls} from 'node:tls';
import {encodeCommand, parseReply, type Reply, ReplyError} from './resp.ts';

/** Where to connect, and optionally from which local address, so that a client can look like another host of 127.0.0.0/8. */
export type Destination = {
	readonly port: number;
	readonly host?: string | undefined;
	readonly path?: string | undefined;
	readonly localAddress?: string | undefined;
	readonly tls?: ConnectionOptions | undefined;
};

type Waiting = {readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void};

/**
 * A bare Redis connection: no handshake, no retries, no state of its own. It is the traffic of the demo and the impartial
 * witness of the tests, so it shares nothing with the connections of the console.
 */
export class RespClient {
	/** Called for what nobody asked for: pub/sub messages, and the error of a server that refuses the connection. */
	onUnasked: (reply: Reply) => void = () => {};
	/** Resolves when the connection is gone, for whatever reason. Never rejects. */
	readonly closed: Promise<void>;
	readonly #socket: Socket;
	readonly #isPlainTcp: boolean;
	readonly #waiting: Waiting[] = [];
	#unread: Buffer = Buffer.alloc(0);
	#failure: Error | undefined;

	private constructor(socket: Socket, isPlainTcp: boolean) {
		this.#socket = socket;
		this.#isPlainTcp = isPlainTcp;
		socket.setNoDelay(true);
		socket.on('data', chunk => this.#read(chunk));
		socket.on('error', error => {
			this.#failure = error;
		});
		this.closed = new Promise(resolve => {
			socket.once('close', () => {
				const error = this.#failure ?? new Error('connection closed');
				for (const {reject} of this.#waiting.splice(0)) reject(error);
				resolve();
			});
		});
	}

	/** Resolves once the TCP (and TLS) connection stands; the server may still refuse to talk. Rejects with the socket's error. */
	static open({tls, host = '127.0.0.1', ...rest}: Destination): Promise<RespClient> {
		return new Promise((resolve, reject) => {
			const to = {...rest, host} as {port: number; host: string};
			const socket = tls ? connectTls({...to, ...tls}) : createConnection(to);
			const fail = (error: Error) => reject(error);
			socket.once('error', fail);
			socket.once(tls ? 'secureConnect' : 'connect', () => {
				socket.off('error', fail);
				resolve(new RespClient(socket, !tls && rest.path === undefined));
			});
		});
	}

	/** Send one command. Resolves to its reply; rejects with a ReplyError for an error reply, or when the connection ends first. */
	call(...argv: readonly string[]): Promise<Reply> {
		return new Promise((resolve, reject) => {
			if (this.#socket.destroyed) {
				reject(this.#failure ?? new Error('connection closed'));
				return;
			}
			this.#waiting.push({resolve, reject});
			this.#socket.write(encodeCommand(argv));
		});
	}

	/** Send many commands in one write; error replies come back as values among the others. */
	async pipeline(commands: readonly (readonly string[])[]): Promise<readonly Reply[]> {
		this.#socket.cork();
		const replies = commands.map(argv => this.call(...argv).catch((error: unknown) => toReply(error)));
		this.#socket.uncork();
		return Promise.all(replies);
	}

	/** Drop the connection at once, without leaving a socket in TIME_WAIT. */
	close(): void {
		// A reset amid an orderly end leaves a handle that is never closed, and the process then spins in its own clean-up (Node 20, libuv's EINVAL).
		if (this.#isPlainTcp && !this.#socket.writableEnded) this.#socket.resetAndDestroy();
		else this.#socket.destroy();
	}

	#read(chunk: Buffer): void {
		this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
		try {
			this.#unread = this.#unread.subarray(this.#deliverAll());
		} catch (error) {
			// What follows cannot be matched to commands any more.
			this.#socket.destroy(error instanceof Error ? error : new Error(String(error)));
		}
	}

	/** Returns the offset of the first byte that is not part of a complete reply. */
	#deliverAll(): number {
		let at = 0;
		for (let parsed = parseReply(this.#unread, at); parsed; parsed = parseReply(this.#unread, at)) {
			at = parsed.next;
			this.#deliver(parsed.value, parsed.isPush);
		}
		return at;
	}

	#deliver(reply: Reply, isPush: boolean): void {
		const waiting = isPush ? undefined : this.#waiting.shift();
		if (!waiting) this.onUnasked(reply);
		else if (reply instanceof ReplyError) waiting.reject(reply);
		else waiting.resolve(reply);
	}
}

function toReply(error: unknown): Reply {
	if (error instanceof ReplyError) return error;
	throw error;
}
