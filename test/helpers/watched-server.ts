import {onTestFinished} from 'vitest';
import {startProxy} from './proxy.ts';
import type {RedisOptions} from './redis-server.ts';
import {startForTest} from './server-session.ts';

/** What a console sends to greet and to look: the first word, or the first two. */
const looking: ReadonlySet<string> = new Set([
	'HELLO',
	'PING',
	'SELECT',
	'INFO',
	'CONFIG GET',
	'SLOWLOG GET',
	'COMMANDLOG GET',
	'SCRIPT SHOW',
	'CLUSTER INFO',
	// The search for queues; a database without any is asked no more.
	'SCAN',
	'TIME',
	'CLIENT LIST',
	'FUNCTION STATS',
	'ACL WHOAMI',
	'ACL DRYRUN',
]);

/** A real server, and a proxy in front of it that keeps account of what a console sends. Both end with the test. */
export async function startWatched(options: RedisOptions = {}) {
	const redis = await startForTest(options);
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	return {
		redis,
		proxy,
		/** Every command so far that does more than greet and look, in the order in which they were passed on. */
		orders: () => proxy.commands.filter(([first = '', second = '']) => !looking.has(first) && !looking.has(`${first} ${second}`)),
		/** How often the server itself has carried out a command, as `INFO commandstats` names it: `script|kill`. */
		async executed(command: string): Promise<number> {
			const stats = String(await redis.call('INFO', 'commandstats'));
			const row = stats.split('\r\n').find(line => line.startsWith(`cmdstat_${command}:`));
			return Number(/calls=(\d+)/.exec(row ?? '')?.[1] ?? 0);
		},
	};
}

export type Watched = Awaited<ReturnType<typeof startWatched>>;
