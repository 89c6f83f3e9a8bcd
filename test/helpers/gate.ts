import {type AddressInfo, createConnection, createServer, type Socket} from 'node:net';

/** What the way to the server does to replies; commands pass, but for `stalls`. */
export type Weather =
	| {readonly kind: 'passes'}
	/** Nothing gets through in either direction; connections stay, new ones are taken. */
	| {readonly kind: 'stalls'}
	/** Of every reply the first half, and then a reset. */
	| {readonly kind: 'resets'}
	/** Of every reply the first half, and the rest once it is fair again. */
	| {readonly kind: 'halves'}
	/** Bytes that are no reply. */
	| {readonly kind: 'garbles'}
	/** Whoever connects is told this and shown the door, and whoever is inside is thrown out. */
	| {readonly kind: 'denies'; readonly line: string}
	/** So long each way; what is lost comes so much later, and all that was sent behind it, as TCP has it. */
	| {readonly kind: 'delays'; readonly oneWayMs: number; readonly lossRatio: number; readonly resentAfterMs: number};

export type Gate = {
	readonly port: number;
	readonly turn: (weather: Weather) => void;
	readonly openConnections: () => number;
	readonly close: () => Promise<void>;
};

/** A way to a real server on 127.0.0.1 that goes wrong on demand, byte by byte: it knows nothing of Redis. */
export async function startGate(serverPort: number): Promise<Gate> {
	const passages = new Set<Passage>();
	let weather: Weather = {kind: 'passes'};
	const listener = createServer(client => {
		if (weather.kind === 'denies') return void denied(client, weather.line);
		const passage = new Passage(client, serverPort, () => weather);
		passages.add(passage);
		void passage.ended.then(() => passages.delete(passage));
	});
	await new Promise<void>((resolve, reject) => {
		listener.once('error', reject);
		listener.listen(0, '127.0.0.1', resolve);
	});
	return {
		port: (listener.address() as AddressInfo).port,
		turn(next) {
			weather = next;
			for (const passage of passages) {
				if (next.kind === 'denies') passage.reset();
				else passage.pump();
			}
		},
		openConnections: () => passages.size,
		close: () =>
			new Promise(resolve => {
				listener.close(() => resolve());
				for (const passage of passages) passage.reset();
			}),
	};
}

function denied(client: Socket, line: string): void {
	client.on('error', () => client.destroy());
	client.end(`-${line}\r\n`);
	client.resume();
}

class Passage {
	readonly ended: Promise<void>;
	readonly #client: Socket;
	readonly #server: Socket;
	readonly #weather: () => Weather;
	#up: Buffer[] = [];
	#down: Buffer[] = [];
	/** When the last thing of each direction arrives: nothing overtakes it. */
	readonly #dueMs = {up: 0, down: 0};

	constructor(client: Socket, serverPort: number, weather: () => Weather) {
		this.#client = client;
		this.#server = createConnection(serverPort, '127.0.0.1');
		this.#weather = weather;
		for (const socket of [this.#client, this.#server]) {
			socket.setNoDelay(true);
			socket.on('error', () => socket.destroy());
		}
		this.ended = new Promise(resolve => {
			this.#client.once('close', () => {
				this.#server.destroy();
				resolve();
			});
			this.#server.once('close', () => this.#client.destroySoon());
		});
		this.#client.on('data', chunk => {
			this.#up.push(chunk);
			this.pump();
		});
		this.#server.on('data', chunk => {
			this.#down.push(chunk);
			this.pump();
		});
	}

	reset(): void {
		this.#client.resetAndDestroy();
	}

	/** Let through what may pass now. */
	pump(): void {
		const weather = this.#weather();
		if (weather.kind === 'stalls') return;
		for (const chunk of this.#up.splice(0)) this.#pass('up', chunk, weather);
		const chunks = this.#down.splice(0);
		if (weather.kind === 'halves') this.#down = this.#passHalf(chunks);
		else for (const chunk of chunks) this.#passReply(chunk, weather);
	}

	#passReply(chunk: Buffer, weather: Weather): void {
		if (weather.kind === 'garbles') this.#client.write('@\u0001 not a reply of Redis\r\n');
		// What was written has to be on its way before the reset throws it away.
		else if (weather.kind === 'resets') this.#client.write(firstHalf(chunk), () => this.reset());
		else this.#pass('down', chunk, weather);
	}

	/** Returns what is kept. The first thing kept is the second half of something: no more of that. */
	#passHalf([first, ...rest]: readonly Buffer[]): Buffer[] {
		if (!first) return [];
		if (this.#isHalfWay) return [first, ...rest];
		this.#isHalfWay = true;
		this.#client.write(firstHalf(first));
		return [first.subarray(firstHalf(first).length), ...rest];
	}

	#isHalfWay = false;

	#pass(way: 'up' | 'down', chunk: Buffer, weather: Weather): void {
		this.#isHalfWay = false;
		const to = way === 'up' ? this.#server : this.#client;
		const lateMs = weather.kind === 'delays' ? weather.oneWayMs + (Math.random() < weather.lossRatio ? weather.resentAfterMs : 0) : 0;
		const nowMs = performance.now();
		this.#dueMs[way] = Math.max(this.#dueMs[way], nowMs + lateMs);
		if (this.#dueMs[way] <= nowMs) to.write(chunk);
		else setTimeout(() => to.destroyed || to.write(chunk), this.#dueMs[way] - nowMs);
	}
}

const firstHalf = (chunk: Buffer): Buffer => chunk.subarray(0, Math.max(1, Math.floor(chunk.length / 2)));
