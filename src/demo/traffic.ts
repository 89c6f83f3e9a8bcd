import {systemClock} from '../clock.ts';
import {ReplyError} from './resp.ts';
import {RespClient} from './resp-client.ts';

type Argv = readonly string[];

/** What one client does with its connection until it is closed or told to stop. A rejection means the connection was lost. */
type Session = (client: RespClient, signal: AbortSignal) => Promise<void>;

/** One application client as an operator meets it in CLIENT LIST. */
export type Role = {
	readonly name: string;
	/** Last number of its address, 127.0.0.N, so that clients look like several hosts. */
	readonly hostNumber: number;
	readonly session: Session;
};

const reconnectMs = 500;
const afterErrorMs = 1000;
const waveSeconds = 24;

/** Keep every role connected and at work until aborted. Resolves when all of them have stopped. */
export async function runTraffic(port: number, roles: readonly Role[], signal: AbortSignal): Promise<void> {
	await Promise.all(roles.map(role => keepConnected(port, role, signal)));
}

async function keepConnected(port: number, role: Role, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			await withClient(port, role, signal, client => role.session(client, signal));
		} catch (error) {
			// Killed by the operator, or the server is gone or full: what an application does then is come back.
			if (!(error instanceof Error)) throw error;
		}
		await systemClock.sleep(reconnectMs, signal);
	}
}

async function withClient(port: number, role: Role, signal: AbortSignal, use: (client: RespClient) => Promise<void>): Promise<void> {
	const client = await openNamed(port, role);
	const close = () => client.close();
	signal.addEventListener('abort', close, {once: true});
	try {
		if (!signal.aborted) await use(client);
	} finally {
		signal.removeEventListener('abort', close);
		client.close();
	}
}

/** Connect as the role's host and under its name. Rejects when the server is not there or refuses the client. */
export async function openNamed(port: number, {name, hostNumber}: Pick<Role, 'name' | 'hostNumber'>): Promise<RespClient> {
	const client = await openFrom(port, `127.0.0.${hostNumber}`);
	try {
		await client.call('CLIENT', 'SETNAME', name);
		return client;
	} catch (error) {
		client.close();
		throw error;
	}
}

async function openFrom(port: number, localAddress: string): Promise<RespClient> {
	try {
		return await RespClient.open({port, localAddress});
	} catch (error) {
		// Only Linux answers for the whole of 127.0.0.0/8; elsewhere all clients share one address.
		if (!isErrno(error) || error.code !== 'EADDRNOTAVAIL') throw error;
		return RespClient.open({port});
	}
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
	return error instanceof Error && 'code' in error;
}

/** A session that runs a few commands in one round trip, about every `everyMs`, in slow waves so that the graphs move. */
function repeat(everyMs: number, commands: (turn: number) => readonly Argv[]): Session {
	return async (client, signal) => {
		for (let turn = 0; !signal.aborted; turn++) {
			const replies = await client.pipeline(commands(turn));
			const wave = 1 + 0.35 * Math.sin((performance.now() / 1000 / waveSeconds) * 2 * Math.PI);
			const pauseMs = everyMs * wave * (0.6 + 0.8 * Math.random());
			await systemClock.sleep(replies.some(reply => reply instanceof ReplyError) ? afterErrorMs : pauseMs, signal);
		}
	};
}

function subscribe(channel: string): Session {
	return async client => {
		await client.call('SUBSCRIBE', channel);
		await client.closed;
	};
}

const userCount = 500;
const randomUser = () => Math.floor(Math.random() * userCount);

const web =
	(queue: string): ((turn: number) => readonly Argv[]) =>
	turn => {
		const user = randomUser();
		const commands: Argv[] = [
			['GET', `session:${user}`],
			['HGETALL', `user:${user}`],
		];
		if (turn % 4 === 0) commands.push(['SET', `session:${user}`, `token-${turn}`, 'EX', '3600']);
		if (turn % 5 === 0) commands.push(['LPUSH', queue, JSON.stringify({user, turn})]);
		if (turn % 20 === 0) commands.push(['PUBLISH', 'events', `user ${user} signed in`]);
		return commands;
	};

/** An ordinary small application: four web processes, queue workers, a scheduler, a subscriber, metrics. About 300 ops/s. */
export const healthyRoles: readonly Role[] = [
	...[1, 2, 3, 4].map(number => ({name: `web-${number}`, hostNumber: 10 + number, session: repeat(35, web(number % 2 ? 'queue:mail' : 'queue:images'))})),
	{name: 'worker-mail-1', hostNumber: 21, session: repeat(4, () => [['BLPOP', 'queue:mail', '5']])},
	{name: 'worker-mail-2', hostNumber: 22, session: repeat(4, () => [['BLPOP', 'queue:mail', '5']])},
	{name: 'worker-images', hostNumber: 23, session: repeat(4, () => [['BLPOP', 'queue:images', '5']])},
	{name: 'scheduler', hostNumber: 25, session: repeat(120, () => [['ZRANGEBYSCORE', 'schedule', '0', String(Date.now()), 'LIMIT', '0', '10']])},
	{name: 'metrics', hostNumber: 26, session: repeat(100, () => [['HINCRBY', 'metrics:requests', `minute:${Math.floor(Date.now() / 60_000)}`, '1']])},
	{name: 'notifier', hostNumber: 27, session: subscribe('events')},
];

/** Fill the empty server with what the clients read. */
export async function seed(port: number): Promise<void> {
	const client = await openNamed(port, {name: 'seed', hostNumber: 1});
	const numbers = Array.from({length: userCount}, (_, index) => index);
	await client.pipeline([
		...numbers.map(id => ['SET', `session:${id}`, `token-${id}`, 'EX', '3600']),
		...numbers.map(id => ['HSET', `user:${id}`, 'name', `User ${id}`, 'plan', id % 9 ? 'free' : 'team']),
		['ZADD', 'schedule', String(Date.now() + 86_400_000), 'nightly-report'],
		['RPUSH', 'orders:customer:1', '1290', '450', '2200'],
		['RPUSH', 'orders:customer:7', '990', '-450', '1800'],
	]);
	client.close();
}
