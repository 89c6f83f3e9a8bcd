import {onTestFinished} from 'vitest';
import {phases} from './action-server.ts';
import {doer} from './do-run.ts';
import {startProxy} from './proxy.ts';
import type {RedisOptions} from './redis-server.ts';
import {startForTest} from './server-session.ts';

export const busySoon: RedisOptions = {conf: {'busy-reply-threshold': 50}};

/** A server, a proxy that keeps account, and `do` on it. */
export async function openDo(options: RedisOptions = {}) {
	const redis = await startForTest(options);
	const proxy = await startProxy(redis.port);
	onTestFinished(proxy.close);
	const own = doer();
	const run = (argv: readonly string[], surroundings?: Parameters<typeof own.run>[1]) => own.run([...argv, proxy.url], surroundings);
	const setting = async () => String((await redis.call('CONFIG', 'GET', 'busy-reply-threshold')) as readonly string[]).split(',')[1];
	return {...own, redis, proxy, run, setting, sent: () => proxy.sentBy('act'), raise: ['script.raise-limit', '--set', 'ms=9000']};
}

export const phasesOf = ({audit}: {readonly audit: () => ReturnType<ReturnType<typeof doer>['audit']>}) => phases(audit());
