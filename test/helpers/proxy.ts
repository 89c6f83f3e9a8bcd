import {type AddressInfo, createConnection, createServer, type Socket} from 'node:net';
import {parseReply} from '../../src/demo/resp.ts';

type Argv = readonly string[];

export type Proxy = {
	readonly port: number;
	readonly url: string;
	/** Every command passed on to the server so far, in order, over all connections. */
	readonly commands: readonly Argv[];
	/** The same, of the connections that call themselves `redis-triage:…:ROLE`, without their greeting. */
	readonly sentBy: (role: string) => readonly Argv[];
	/** Bytes passed on to the server, and back to the clients. */
	readonly bytes: {readonly up: number; readonly down: number};
	readonly openConnections: () => number;
	/**
	 * The next command that matches is passed on; once the server has answered it, that reply is thrown away and the
	 * connection is closed. Resolves then, with the command. `instead`: a reply that still goes out in its place.
	 */
	readonly loseReplyTo: (matches: (argv: Argv) => boolean, instead?: Buffer) => Promise<Argv>;
	/** Pass nothing in either direction, and keep what arrives; connections stay open, and new ones are accepted. */
	readonly stall: () => void;
	/** Pass on what was kept, and go on. */
	readonly resume: () => void;
	/** Cut every connection now; new ones are served. */
	readonly cut: () => void;
	/** Cut everything and listen no more. */
	readonly close: () => Promise<void>;
};

type Trap = {readonly matches: (argv: Argv) => boolean; readonly sprung: (argv: Argv) => void; readonly instead: Buffer | undefined};

type State = {
	readonly commands: Argv[];
	readonly senders: Pipe[];
	readonly bytes: {up: number; down: number};
	readonly pipes: Set<Pipe>;
	isStalled: boolean;
	trap: Trap | undefined;
};

/**
 * Stand between a client and a real server on 127.0.0.1 and look at commands and replies (RESP2 or RESP3) one by one. Replies
 * are counted against commands, so lose none on a RESP2 connection that is subscribed: its messages look like replies.
 */
export async function startProxy(serverPort: number): Promise<Proxy> {
	const state: State = {commands: [], senders: [], bytes: {up: 0, down: 0}, pipes: new Set(), isStalled: false, trap: undefined};
	const listener = createServer(client => new Pipe(client, serverPort, state));
	await new Promise<void>((resolve, reject) => {
		listener.once('error', reject);
		listener.listen(0, '127.0.0.1', resolve);
	});
	const {port} = listener.address() as AddressInfo;
	const cut = () => {
		for (const pipe of state.pipes) pipe.end();
	};
	return {
		port,
		url: `redis://127.0.0.1:${port}`,
		commands: state.commands,
		sentBy: role =>
			state.commands.filter(
				(argv, index) => state.senders[index]?.name.endsWith(`:${role}`) && argv[0] !== 'HELLO' && argv[1] !== 'SETNAME' && argv[1] !== 'ID',
			),
		bytes: state.bytes,
		openConnections: () => state.pipes.size,
		loseReplyTo: (matches, instead) =>
			new Promise(resolve => {
				state.trap = {matches, sprung: resolve, instead};
			}),
		stall() {
			state.isStalled = true;
		},
		resume() {
			state.isStalled = false;
			for (const pipe of state.pipes) pipe.pump();
		},
		cut,
		close: () =>
			new Promise(resolve => {
				listener.close(() => resolve());
				cut();
			}),
	};
}

/** One client connection and its counterpart to the server. */
class Pipe {
	/** As the client calls itself. */
	name = '';
	readonly #client: Socket;
	readonly #server: Socket;
	readonly #state: State;
	#fromClient: Buffer = Buffer.alloc(0);
	#fromServer: Buffer = Buffer.alloc(0);
	/** Commands passed on whose replies are still to come. */
	#owed = 0;
	/** Set while the reply to be lost is under way: it is the one that brings `#owed` to zero, as nothing is passed on after its command. */
	#caught: {readonly argv: Argv; readonly trap: Trap} | undefined;

	constructor(client: Socket, serverPort: number, state: State) {
		this.#client = client;
		this.#server = createConnection(serverPort, '127.0.0.1');
		this.#state = state;
		state.pipes.add(this);
		for (const socket of [this.#client, this.#server]) {
			socket.setNoDelay(true);
			// A reset on one side is passed on as the end of the other; there is nobody here to tell more.
			socket.on('error', () => this.end());
			socket.on('close', () => this.end());
		}
		this.#client.on('data', chunk => {
			this.#fromClient = Buffer.concat([this.#fromClient, chunk]);
			this.pump();
		});
		this.#server.on('data', chunk => {
			this.#fromServer = Buffer.concat([this.#fromServer, chunk]);
			this.pump();
		});
	}

	pump(): void {
		if (this.#state.isStalled) return;
		this.#passCommands();
		this.#passReplies();
	}

	end(): void {
		this.#state.pipes.delete(this);
		// What was already passed on still goes out.
		this.#client.destroySoon();
		this.#server.destroySoon();
	}

	#passCommands(): void {
		while (!this.#caught) {
			const command = parseReply(this.#fromClient);
			if (!command) return;
			const argv = (command.value as readonly unknown[]).map(String);
			this.#state.commands.push(argv);
			this.#state.senders.push(this);
			this.name = nameIn(argv) ?? this.name;
			this.#owed++;
			this.#state.bytes.up += command.next;
			this.#server.write(this.#fromClient.subarray(0, command.next));
			this.#fromClient = this.#fromClient.subarray(command.next);

			const {trap} = this.#state;
			if (!trap?.matches(argv)) continue;
			this.#state.trap = undefined;
			this.#caught = {argv, trap};
		}
	}

	#passReplies(): void {
		for (let reply = parseReply(this.#fromServer); reply; reply = parseReply(this.#fromServer)) {
			if (!reply.isPush && --this.#owed === 0 && this.#caught) {
				const {argv, trap} = this.#caught;
				if (trap.instead) this.#client.write(trap.instead);
				this.end();
				trap.sprung(argv);
				return;
			}
			this.#state.bytes.down += reply.next;
			this.#client.write(this.#fromServer.subarray(0, reply.next));
			this.#fromServer = this.#fromServer.subarray(reply.next);
		}
	}
}

/** From `HELLO 3 … SETNAME name` and `CLIENT SETNAME name`. */
function nameIn(argv: Argv): string | undefined {
	const at = argv.findIndex(word => word.toUpperCase() === 'SETNAME');
	return at > 0 && (argv[0] === 'HELLO' || argv[0] === 'CLIENT') ? argv[at + 1] : undefined;
}
