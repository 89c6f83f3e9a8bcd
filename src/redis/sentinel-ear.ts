import type {Socket} from 'node:net';
import type {Clock} from '../clock.ts';
import {greet} from './greet.ts';
import type {Target} from './target.ts';
import {openTransport} from './transport.ts';

type EarOptions = {
	readonly target: Target;
	readonly name: string;
	readonly clock: Clock;
	readonly onNews: (event: string, message: string) => void;
};

/** Whatever goes wrong, it is not tried more often than this. */
const pauseMs = 1000;

/** One connection that listens to all that a Sentinel publishes. It says nothing of its troubles: who asks the same Sentinel hears of them. */
export class SentinelEar {
	readonly #options: EarOptions;
	#socket: Socket | undefined;
	#isOn = false;
	#isClosed = false;
	#notBeforeMs = 0;

	constructor(options: EarOptions) {
		this.#options = options;
	}

	/** Begin to listen, unless it does so already, or has just failed to. */
	listen(): void {
		const {clock} = this.#options;
		if (this.#isOn || this.#isClosed || clock.now() < this.#notBeforeMs) return;
		this.#isOn = true;
		void this.#hear().finally(() => {
			this.#isOn = false;
			this.#notBeforeMs = clock.now() + pauseMs;
		});
	}

	close(): void {
		this.#isClosed = true;
		this.#socket?.destroy();
	}

	/** Resolves when the connection has ended, or could not be had. Rejects with a defect of this program alone. */
	async #hear(): Promise<void> {
		const {target, name, onNews} = this.#options;
		const {socket, standing} = openTransport(target, () => {});
		this.#socket = socket;
		const [failure, {clientOn}] = await Promise.all([standing, import('./client.ts')]);
		if (failure || this.#isClosed) return void socket.destroy();
		const redis = clientOn(socket);
		const ended = new Promise<void>(resolve => redis.once('end', () => resolve()));
		// What a broken connection has to say, its end says as well.
		redis.on('error', () => socket.destroy());
		redis.on('pmessage', (_pattern: string, event: string, message: string) => onNews(event, message));
		try {
			await redis.connect();
			await greet(([command = '', ...args]) => redis.call(command, ...args), target, name);
			await redis.psubscribe('*');
			await ended;
		} catch (error) {
			// Refused, or lost on the way: the same as an end.
			socket.destroy();
			if (error instanceof TypeError) throw error;
		}
	}
}
