import {ReplyError} from '../../src/demo/resp.ts';
import type {TestRedis} from './redis-server.ts';
import {until} from './until.ts';

/** Reads only, so that SCRIPT KILL is taken. */
export const endlessEval = ['EVAL', 'while true do end', '0'] as const;
/** Has written before it loops: UNKILLABLE. */
export const endlessWriter = ['EVAL', "redis.call('SET', 'written', '1') while true do end", '0'] as const;
/** The function of `loadEndlessFunction`. */
export const endlessFcall = ['FCALL', 'spin', '0', 'the-argument'] as const;

export const loadEndlessFunction = (redis: TestRedis) =>
	redis.call('FUNCTION', 'LOAD', "#!lua name=lib\nredis.register_function('spin', function() while true do end end)");

/** Send what never ends on a connection of its own; resolves to the error that its caller gets once it has been killed. */
export async function startEndless(redis: TestRedis, argv: readonly string[]): Promise<{readonly ended: Promise<string>}> {
	const caller = await redis.connect();
	const ended = caller.call(...argv).then(
		reply => `it ended by itself: ${String(reply)}`,
		(error: unknown) => (error instanceof Error ? error.message : String(error)),
	);
	return {ended};
}

/**
 * When the server began the next EVAL, in ms since 1970 by this machine's clock. MONITOR tells it to the microsecond, as soon as
 * the server talks to anybody again: when it is BUSY.
 */
export async function watchNextEval(redis: TestRedis): Promise<() => Promise<number>> {
	const monitor = await redis.connect();
	let begunAtMs = 0;
	monitor.onUnasked = reply => {
		const [, seconds] = /^(\d+\.\d+) .* "EVAL" /.exec(String(reply)) ?? [];
		if (seconds !== undefined) begunAtMs ||= Number(seconds) * 1000;
	};
	await monitor.call('MONITOR');
	return () => until('MONITOR tells of an EVAL', () => begunAtMs);
}

/** Resolves when the server answers BUSY to a stranger. */
export async function untilBusy(redis: TestRedis): Promise<void> {
	await until('BUSY is answered', () =>
		redis.call('PING').then(
			() => false,
			(error: unknown) => error instanceof ReplyError && error.message.startsWith('BUSY'),
		),
	);
}

const countLoop = 'for i = 1, tonumber(ARGV[1]) do end';

/** A script that writes first, and then computes for about so long: no clock moves inside a script, so the machine's speed is measured. */
export async function longWriter(redis: TestRedis, ms: number): Promise<readonly string[]> {
	const rounds = 5_000_000;
	const startedAtMs = performance.now();
	await redis.call('EVAL', countLoop, '0', String(rounds));
	const tookMs = performance.now() - startedAtMs;
	return ['EVAL', `redis.call('SET', 'written', '1') ${countLoop} return 'finished'`, '0', String(Math.round((rounds * ms) / tookMs))];
}
