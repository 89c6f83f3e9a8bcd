import {systemClock} from '../clock.ts';
import {ReplyError} from './resp.ts';
import type {RespClient} from './resp-client.ts';
import {openNamed, type Role} from './traffic.ts';

type Argv = readonly string[];

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({length: count}, (_, index) => make(index));
const kilobyte = 'v'.repeat(1024);

/** Many members in few commands. */
const inChunks = (count: number, argv: Argv, member: (index: number) => Argv): readonly Argv[] =>
	times(Math.ceil(count / 250), chunk => [...argv, ...times(Math.min(250, count - chunk * 250), index => member(chunk * 250 + index)).flat()]);

/** Sessions, caches, rate limits and one large key of every type: about 25 MB. Every fourth rate limit is kept for ever, by mistake. */
function shopKeys(): readonly Argv[] {
	return [
		...times(6000, index => ['SET', `sess:${scattered(index)}`, JSON.stringify({uid: index, csrf: 'a'.repeat(32), cart: [1, 2, 3]}), 'EX', `${1800 + index}`]),
		...times(4000, index => ['SET', `cache:product:${index}`, kilobyte + kilobyte.slice(index % 800), 'EX', `${600 + index}`]),
		...times(9000, index => ['SET', `rl:${index % 3 ? 'ip' : 'user'}:${index}`, `${index % 200}`, ...(index % 4 ? ['EX', `${60 + (index % 3600)}`] : [])]),
		...times(40, index => ['HSET', `cb:${index % 2 ? 'stripe' : 'smtp'}:${index}`, 'state', index % 3 ? 'closed' : 'open', 'failures', `${index}`]),
		...inChunks(20_000, ['ZADD', 'leaderboard:global'], index => [`${(index * 7919) % 1_000_000}`, `player-${index}`]),
		...inChunks(8000, ['HSET', 'catalog:index'], index => [`sku-${index}`, `{"price":${index},"stock":7}`]),
		...inChunks(20_000, ['RPUSH', 'log:requests'], index => [`GET /product/${index} 200 ${index % 90}ms a-rather-ordinary-user-agent`]),
		...inChunks(10_000, ['SADD', 'newsletter:subscribers'], index => [`u${index}@example.com`]),
		...times(2000, index => ['XADD', 'audit:events', '*', 'user', `u${index}`, 'what', 'login']),
		['SET', 'report:export:2025', kilobyte.repeat(4096)],
	];
}

const scattered = (index: number): string => ((index * 2_654_435_761) >>> 0).toString(16);

const batchSize = 400;
const batchPauseMs = 12;

/** Fill the server bit by bit, so that the console beside it starts as fast as ever. Resolves when done, aborted or disconnected. */
export async function write(port: number, commands: readonly Argv[], signal: AbortSignal): Promise<void> {
	const client = await openNamed(port, {name: 'seed', hostNumber: 1});
	try {
		for (let at = 0; at < commands.length && !signal.aborted; at += batchSize) {
			await client.pipeline(commands.slice(at, at + batchSize));
			await systemClock.sleep(batchPauseMs, signal);
		}
	} catch (error) {
		// Killed by the operator, or with the server: what is missing is missing.
		if (!(error instanceof Error)) throw error;
	} finally {
		client.close();
	}
}

export const seedShop = (port: number, signal: AbortSignal): Promise<void> => write(port, shopKeys(), signal);

export type Growth = {
	readonly startsAtMs: number;
	readonly bytesPerSecond: number;
	/** It stops there; of maxmemory. Above 1 it goes on until it is refused. */
	readonly untilRatio: number;
};

/** However high maxmemory is set: a demo does not eat the machine. */
const mostBytes = 140 * 1024 ** 2;
const tickMs = 250;
const refusedTickMs = 1000;
/** On average, as the server keeps it. */
const entryBytes = 1536;

/** A cache whose time to live was forgotten: it grows, and nothing in it ever goes away. */
export function renderCache(growth: Growth): Role {
	let written = 0;
	const entry = (): Argv => ['SET', `cache:render:${written++}`, kilobyte + kilobyte.slice(written % 512)];
	return {name: 'renderer', hostNumber: 41, session: (client, signal) => grow(client, {...growth, entry}, signal)};
}

async function grow(
	client: RespClient,
	{startsAtMs, bytesPerSecond, untilRatio, entry}: Growth & {readonly entry: () => Argv},
	signal: AbortSignal,
): Promise<void> {
	const perTick = Math.ceil((bytesPerSecond / entryBytes) * (tickMs / 1000));
	let isRefused = false;
	await systemClock.sleep(Math.max(0, startsAtMs - performance.now()), signal);
	while (!signal.aborted) {
		const isFull = await hasReached(client, untilRatio);
		if (!isFull) isRefused = await isAnyRefused(client, times(isRefused ? 5 : perTick, entry));
		await systemClock.sleep(isFull || isRefused ? refusedTickMs : tickMs, signal);
	}
}

async function hasReached(client: RespClient, ratio: number): Promise<boolean> {
	const info = String(await client.call('INFO', 'memory'));
	const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
	return field('used_memory') >= Math.min((field('maxmemory') || mostBytes) * ratio, mostBytes);
}

const isAnyRefused = async (client: RespClient, commands: readonly Argv[]): Promise<boolean> =>
	(await client.pipeline(commands)).some(reply => reply instanceof ReplyError);
